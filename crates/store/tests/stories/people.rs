//! Signing in while the network is away: what is kept, and attempts that count.

use evertill_store::NewCredential;
use tempfile::TempDir;

use crate::world::{World, code, copy, delete, shop, upsert, user};

fn credential(world: &World) -> NewCredential {
    NewCredential {
        password_verifier: "$argon2id$v=19$password".to_owned(),
        pin_hash: None,
        grant_issued_at: world.now(),
        grant_expires_at: world.now() + jiff::SignedDuration::from_hours(72),
    }
}

#[test]
fn an_attempt_is_counted_before_anything_is_compared() {
    let world = World::new();
    let store = world.till();
    let ana = "ana".into();
    assert_eq!(store.credential(&ana).unwrap(), None);
    assert_eq!(code(store.count_attempt(&ana)), "unknown_key");
    store.save_credential(&ana, &credential(&world)).unwrap();

    assert_eq!(store.count_attempt(&ana).unwrap(), 1);
    world.later(1_000);
    assert_eq!(store.count_attempt(&ana).unwrap(), 2);
    let crashed = TempDir::new().unwrap();
    copy(world.folder.path(), crashed.path());
    let again = world.open_in(crashed.path()).unwrap();
    let kept = again.credential(&ana).unwrap().unwrap();
    assert_eq!(
        (kept.attempts, kept.last_attempt_at),
        (2, Some(world.now()))
    );
    assert_eq!(kept.pin_hash, None);

    again.clear_attempts(&ana).unwrap();
    assert_eq!(again.credential(&ana).unwrap().unwrap().attempts, 0);
    assert!(
        !format!("{kept:?}").contains("argon2"),
        "a hash got into a log"
    );
}

#[test]
fn the_feed_changes_a_person_but_not_their_attempts() {
    let world = World::new();
    let store = world.till();
    let ana = "ana".into();
    store.save_credential(&ana, &credential(&world)).unwrap();
    store.count_attempt(&ana).unwrap();
    store
        .apply_changes(&[upsert(200, user("ana", "Ana Maria"))], None)
        .unwrap();
    assert_eq!(store.user(&ana).unwrap().unwrap().name, "Ana Maria");
    assert_eq!(store.credential(&ana).unwrap().unwrap().attempts, 1);

    let gone = delete(201, evertill_protocol::RecordKind::User, "ana");
    store.apply_changes(&[gone], None).unwrap();
    assert_eq!(store.user(&ana).unwrap(), None);
    assert_eq!(store.credential(&ana).unwrap(), None);
    store.apply_changes(&shop(), None).unwrap();
    assert_eq!(store.credential(&ana).unwrap(), None);
}
