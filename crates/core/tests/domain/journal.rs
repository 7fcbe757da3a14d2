//! The journal nobody can quietly change.

use evertill_core::journal::{ChainVerifier, GENESIS, JournalEntry, verify_chain};
use evertill_core::{Coded, JournalFault};
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use crate::params;

fn start() -> Timestamp {
    "2026-03-01T08:00:00.123456Z".parse().unwrap()
}

fn journal() -> Vec<JournalEntry> {
    let mut entries: Vec<JournalEntry> = Vec::new();
    for index in 0..5_i64 {
        let at = start() + index.minutes();
        let (subject, body) = (
            format!("03-00000{index}"),
            format!(r#"{{"total":{index}}}"#),
        );
        entries.push(JournalEntry::chain(
            entries.last(),
            at,
            "sale",
            subject,
            body,
        ));
    }
    entries
}

#[test]
fn an_untouched_journal_is_good() {
    let entries = journal();
    assert_eq!(verify_chain(&entries), Ok(5));
    assert_eq!(verify_chain(Vec::<JournalEntry>::new()), Ok(0));
    assert_eq!(entries[0].previous, GENESIS);
    assert_eq!(entries[1].previous, entries[0].hash);
    let mut verifier = ChainVerifier::default();
    assert_eq!((verifier.checked(), verifier.head()), (0, GENESIS));
    verifier.push(&entries[0]).unwrap();
    assert_eq!(
        (verifier.checked(), verifier.head()),
        (1, entries[0].hash.as_str())
    );
}

#[test]
fn whatever_is_touched_is_found() {
    type Touch = fn(&mut Vec<JournalEntry>);
    let table: [(&str, Touch, &str, u64); 12] = [
        (
            "body",
            |j| j[2].body = r#"{"total":9}"#.into(),
            "journal_altered",
            3,
        ),
        ("subject", |j| j[2].subject.push('x'), "journal_altered", 3),
        ("kind", |j| j[2].kind = "void".into(), "journal_altered", 3),
        ("time", |j| j[2].at += 1.millisecond(), "journal_altered", 3),
        (
            "text moved between fields",
            |j| {
                let moved = j[2].subject.remove(0);
                j[2].kind.push(moved);
            },
            "journal_altered",
            3,
        ),
        ("hash", |j| j[2].hash = "0".repeat(64), "journal_altered", 3),
        ("removed", |j| drop(j.remove(2)), "journal_gap", 3),
        (
            "removed and renumbered",
            |j| {
                j.remove(2);
                j[2].seq = 3;
            },
            "journal_unlinked",
            3,
        ),
        ("swapped", |j| j.swap(2, 3), "journal_gap", 3),
        ("twice", |j| j.insert(2, j[2].clone()), "journal_gap", 4),
        ("first removed", |j| drop(j.remove(0)), "journal_gap", 1),
        (
            "rewritten with a right hash of its own",
            |j| {
                j[2].body = r#"{"total":9}"#.into();
                j[2].hash = j[2].compute_hash();
            },
            "journal_unlinked",
            4,
        ),
    ];
    for (what, touch, code, seq) in table {
        let mut entries = journal();
        touch(&mut entries);
        let fault = verify_chain(&entries).expect_err(what);
        assert_eq!((fault.code(), fault.seq()), (code, seq), "{what}");
        assert_eq!(
            fault.params(),
            params([("seq", &seq.to_string())]),
            "{what}"
        );
    }
    let gap = JournalFault::Gap { seq: 3, found: 4 };
    assert_eq!(
        gap.to_string(),
        "Journal entry 3 is missing: entry 4 stands in its place."
    );
}

#[test]
fn the_bytes_are_those_the_documentation_names() {
    let entry = journal().swap_remove(1);
    let mut bytes = Vec::new();
    let at = start().as_millisecond() + 60_000;
    let fields: [&str; 7] = [
        "evertill.journal.1",
        &entry.previous,
        "2",
        &at.to_string(),
        "sale",
        "03-000001",
        r#"{"total":1}"#,
    ];
    for field in fields {
        bytes.extend_from_slice(&u64::try_from(field.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(field.as_bytes());
    }
    assert_eq!(entry.hash, hex::encode(Sha256::digest(&bytes)));
}

#[test]
fn the_hash_of_the_first_entry_never_changes() {
    // Journals of tills in the field depend on it: a change of this value is a break.
    let entry = JournalEntry::chain(None, start(), "sale", "03-000001", r#"{"total":1}"#);
    expect_test::expect!["47b9115d889c530629f60b2c2db743c16f9789a3575954e54fe3d8e603fb6d9d"]
        .assert_eq(&entry.hash);
}

#[test]
fn time_is_kept_to_the_millisecond_as_the_store_keeps_it() {
    let entry = journal().swap_remove(0);
    assert_eq!(entry.at.to_string(), "2026-03-01T08:00:00.123Z");
    let json = serde_json::to_string(&entry).unwrap();
    let back: JournalEntry = serde_json::from_str(&json).unwrap();
    assert_eq!(verify_chain([back]), Ok(1));
}
