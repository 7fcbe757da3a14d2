//! Files that are cut off, overwritten or too new: said, and left as they are.

use std::fs;

use evertill_store::{Store, StoreError};
use tempfile::TempDir;

use crate::world::{World, bytes, code, copy};

/// A till with sales, cleanly closed: everything is in the one file.
fn closed() -> World {
    let world = World::new();
    let store = world.till();
    for _ in 0..20 {
        world.sale(&store);
    }
    drop(store);
    assert!(!world.path("till.db-wal").exists());
    world
}

#[test]
fn a_store_cut_off_anywhere_is_damaged_and_left_alone() {
    let world = closed();
    let whole = fs::read(world.path("till.db")).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 30, "{pages} pages");
    let mut lengths: Vec<usize> = (0..pages).map(|page| page * 4096).collect();
    lengths.extend([
        1,
        15,
        16,
        100,
        4095,
        4097,
        whole.len() / 2 + 77,
        whole.len() - 1,
    ]);
    for length in lengths {
        fs::write(world.path("till.db"), &whole[..length]).unwrap();
        let error = world.open().unwrap_err();
        assert!(
            matches!(error, StoreError::Damaged { .. }),
            "{length} bytes: {error:?}"
        );
        assert_eq!(
            fs::read(world.path("till.db")).unwrap(),
            whole[..length],
            "{length} bytes"
        );
    }
    fs::write(world.path("till.db"), &whole).unwrap();
    assert_eq!(world.open().unwrap().journal_verify().unwrap(), 20);
}

#[test]
fn a_store_cut_off_under_its_log_is_damaged_too() {
    let world = World::new();
    let store = world.till();
    store.maintain().unwrap();
    world.sale(&store);
    let crashed = TempDir::new().unwrap();
    copy(world.folder.path(), crashed.path());
    let path = crashed.path().join("till.db");
    let whole = fs::read(&path).unwrap();
    let log = fs::read(crashed.path().join("till.db-wal")).unwrap();
    assert!(log.len() > 4096);
    for length in [0, 4096, whole.len() / 2, whole.len() - 8192] {
        fs::write(&path, &whole[..length]).unwrap();
        let before = bytes(crashed.path());
        assert_eq!(
            code(world.open_in(crashed.path())),
            "store_damaged",
            "{length} bytes"
        );
        let kept = |files: &[(std::path::PathBuf, Vec<u8>)]| {
            let of_note = |path: &std::path::Path| !path.to_string_lossy().ends_with("-shm");
            files
                .iter()
                .filter(|(path, _)| of_note(path))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(
            kept(&bytes(crashed.path())),
            kept(&before),
            "{length} bytes"
        );
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(
        world
            .open_in(crashed.path())
            .unwrap()
            .journal_verify()
            .unwrap(),
        1
    );
}

#[test]
fn a_log_cut_off_by_a_power_cut_is_no_damage() {
    let world = World::new();
    let store = world.till();
    let first = world.sale(&store);
    store.maintain().unwrap();
    let second = world.sale(&store);
    let crashed = TempDir::new().unwrap();
    copy(world.folder.path(), crashed.path());
    // The flush of the last sale never came to its end: that sale was never confirmed.
    let log = fs::read(crashed.path().join("till.db-wal")).unwrap();
    let header_and_half_a_frame = 32 + 24 + 2048;
    fs::write(
        crashed.path().join("till.db-wal"),
        &log[..header_and_half_a_frame],
    )
    .unwrap();
    let again = world.open_in(crashed.path()).unwrap();
    assert!(again.invoice(&first.key).unwrap().is_some());
    assert!(again.invoice(&second.key).unwrap().is_none());
    assert_eq!(again.next_number().unwrap(), Some(second.number));
    assert_eq!(again.check().unwrap(), Vec::<String>::new());
}

#[test]
fn an_overwritten_page_is_found() {
    let world = closed();
    let whole = fs::read(world.path("till.db")).unwrap();
    let mut first = whole.clone();
    first[2_000] ^= 1;
    fs::write(world.path("till.db"), &first).unwrap();
    assert_eq!(code(world.open()), "store_damaged");

    let mut late = whole.clone();
    let at = whole.len() - 2_000;
    late[at] ^= 1;
    fs::write(world.path("till.db"), &late).unwrap();
    let found = world.open().unwrap().check().unwrap();
    assert!(!found.is_empty());

    fs::write(world.path("till.db"), &whole).unwrap();
    assert_eq!(world.open().unwrap().check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_store_of_a_newer_version_is_refused_untouched() {
    let world = closed();
    let set = |store: &Store, version: i64| {
        let sql = format!("PRAGMA user_version = {version}");
        store.tamper(&sql).unwrap();
    };
    set(&world.open().unwrap(), 99);
    let before = bytes(world.folder.path());
    let error = world.open().unwrap_err();
    assert!(matches!(
        error,
        StoreError::Newer {
            found: 99,
            known: 4
        }
    ));
    assert!(
        error.to_string().contains("newer version of Evertill"),
        "{error}"
    );
    let database = |files: Vec<(std::path::PathBuf, Vec<u8>)>| {
        files
            .into_iter()
            .find(|(path, _)| path.ends_with("till.db"))
            .unwrap()
    };
    assert_eq!(database(bytes(world.folder.path())), database(before));
}

#[test]
fn garbage_is_not_taken_for_a_store() {
    let world = closed();
    fs::write(world.path("till.db"), vec![0xa5; 40_960]).unwrap();
    assert_eq!(code(world.open()), "store_damaged");
    let plain = rusqlite::Connection::open(world.path("plain.db")).unwrap();
    plain
        .execute_batch("CREATE TABLE invoices (total INTEGER)")
        .unwrap();
    plain.close().unwrap();
    fs::rename(world.path("plain.db"), world.path("till.db")).unwrap();
    assert_eq!(code(world.open()), "store_damaged");
}
