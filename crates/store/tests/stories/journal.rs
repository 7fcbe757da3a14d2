//! A journal nobody can quietly change: the very entry that was touched is found.

use evertill_core::Coded;
use evertill_store::{Store, VerifyError};

use crate::world::World;

/// Somebody who has the key, knows SQL and takes the guards away.
fn tamper(store: &Store, sql: &str) {
    for guard in [
        "journal_fixed",
        "journal_kept",
        "documents_fixed",
        "documents_kept",
    ] {
        let drop = format!("DROP TRIGGER IF EXISTS {guard}");
        store.tamper(&drop).unwrap();
    }
    assert!(store.tamper(sql).unwrap() > 0, "{sql} changed nothing");
}

fn fault(error: &VerifyError) -> (&str, String) {
    (error.code(), error.params()["seq"].clone())
}

#[test]
fn the_very_entry_that_was_touched_is_found() {
    let table = [
        (
            "UPDATE journal SET body = replace(body, '238', '138') WHERE seq = 4",
            "journal_altered",
            "4",
        ),
        (
            "UPDATE journal SET at = at + 1 WHERE seq = 1",
            "journal_altered",
            "1",
        ),
        (
            "UPDATE journal SET subject = 'x' WHERE seq = 7",
            "journal_altered",
            "7",
        ),
        (
            "UPDATE journal SET previous = hash WHERE seq = 5",
            "journal_unlinked",
            "5",
        ),
        (
            "UPDATE journal SET hash = previous WHERE seq = 5",
            "journal_altered",
            "5",
        ),
        ("DELETE FROM journal WHERE seq = 3", "journal_gap", "3"),
        (
            "UPDATE journal SET seq = 70 WHERE seq = 7",
            "journal_gap",
            "7",
        ),
        (
            "UPDATE documents SET payload = replace(payload, 'Milk 1 l', 'Milk 2 l') WHERE seq = 6",
            "journal_document",
            "6",
        ),
        (
            "UPDATE documents SET payload_hash = 'x' WHERE seq = 2",
            "journal_document",
            "2",
        ),
        (
            "UPDATE documents SET number = '03-000009' WHERE seq = 2",
            "journal_document",
            "2",
        ),
        (
            "UPDATE documents SET key = 'x' WHERE seq = 2",
            "journal_document",
            "2",
        ),
    ];
    for (sql, code, seq) in table {
        let world = World::new();
        let store = world.till();
        for _ in 0..7 {
            world.sale(&store);
        }
        assert_eq!(store.journal_verify().unwrap(), 7);
        tamper(&store, sql);
        let error = store.journal_verify().unwrap_err();
        assert_eq!(fault(&error), (code, seq.to_owned()), "{sql}");
    }
}

#[test]
fn other_entries_take_their_place_in_the_chain() {
    let world = World::new();
    let store = world.till();
    world.sale(&store);
    let entry = store
        .write(|tx| tx.journal("sign_in", "ana", &serde_json::json!({"b": 1, "a": 2})))
        .unwrap();
    world.sale(&store);
    assert_eq!((entry.seq, entry.body.as_str()), (2, r#"{"a":2,"b":1}"#));
    assert_eq!(store.journal_verify().unwrap(), 3);
    let kinds: Vec<_> = store
        .journal_entries(2)
        .unwrap()
        .into_iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(kinds, ["sale", "sign_in"]);
}
