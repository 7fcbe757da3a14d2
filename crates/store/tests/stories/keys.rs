//! The key: made once, wrapped, and never beside the data.

use std::fs;

use serde_json::Value;

use crate::world::{World, bytes, code};

#[test]
fn a_stolen_folder_tells_nothing() {
    let world = World::new();
    let store = world.till();
    let cart = world.cart(&store, &[("milk", "2")]);
    store.save_cart(&cart).unwrap();
    let invoice = world.sell(&store, &cart).unwrap();
    store.set_setting("token", &"a-very-secret-token").unwrap();
    store.maintain().unwrap();

    let key = invoice.key.to_string();
    let secrets = [
        "Milk 1 l",
        "03-000001",
        "Corner Grocer",
        "a-very-secret-token",
        "Müller",
        &key,
    ];
    let mut looked_at = 0;
    let mut open = Some(store);
    // While it is open, and once more after a clean end, when the log has gone into the file.
    for _ in 0..2 {
        for (path, bytes) in bytes(world.folder.path()) {
            looked_at += bytes.len();
            for secret in secrets {
                let found = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(!found, "{secret} is in {}", path.display());
            }
        }
        open.take();
    }
    assert!(
        looked_at > 100_000,
        "{looked_at} bytes are too few to have held a sale"
    );
}

#[test]
fn plain_sqlite_cannot_open_the_file() {
    let world = World::new();
    world.sale(&world.till());
    let conn = rusqlite::Connection::open(world.path("till.db")).unwrap();
    let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    });
    let error = tables.unwrap_err();
    assert_eq!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::NotADatabase)
    );
    let head = &fs::read(world.path("till.db")).unwrap()[..16];
    assert_ne!(head, b"SQLite format 3\0");
}

#[test]
fn a_second_instance_is_told_so() {
    let world = World::new();
    let store = world.till();
    assert_eq!(code(world.open()), "store_in_use");
    world.sale(&store);
    drop(store);
    world.open().unwrap();
}

#[test]
fn without_a_keyring_nothing_is_opened_or_made() {
    let world = World::new();
    *world.keyring.locked.lock().unwrap() = true;
    assert_eq!(code(world.open()), "keyring_unavailable");
    assert!(!world.path("till.db").exists() && !world.path("till.key").exists());

    *world.keyring.locked.lock().unwrap() = false;
    let number = world.sale(&world.till()).number;
    *world.keyring.locked.lock().unwrap() = true;
    let error = world.open().unwrap_err();
    assert_eq!(
        error.to_string(),
        "The keyring of this computer cannot be reached: the collection is locked. Unlock it and \
         start again."
    );
    *world.keyring.locked.lock().unwrap() = false;
    assert_eq!(
        world.open().unwrap().next_number().unwrap(),
        Some(number.next().unwrap())
    );
}

#[test]
fn a_missing_part_of_the_key_is_named_and_nothing_is_made_anew() {
    let world = World::new();
    world.sale(&world.till());
    let secret = *world.keyring.secret.lock().unwrap();
    let before = bytes(world.folder.path());

    *world.keyring.secret.lock().unwrap() = None;
    assert_eq!(code(world.open()), "key_missing");
    assert_eq!(*world.keyring.secret.lock().unwrap(), None);

    *world.keyring.secret.lock().unwrap() = Some([7; 32]);
    assert_eq!(code(world.open()), "key_wrong");

    *world.keyring.secret.lock().unwrap() = secret;
    let key_file = fs::read(world.path("till.key")).unwrap();
    fs::remove_file(world.path("till.key")).unwrap();
    assert_eq!(code(world.open()), "key_missing");
    assert!(!world.path("till.key").exists());

    fs::write(world.path("till.key"), &key_file).unwrap();
    assert_eq!(bytes(world.folder.path()), before);
    assert_eq!(
        world
            .open()
            .unwrap()
            .next_number()
            .unwrap()
            .unwrap()
            .counter,
        2
    );
}

#[test]
fn a_changed_key_file_is_noticed() {
    let world = World::new();
    world.sale(&world.till());
    let text = fs::read_to_string(world.path("till.key")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let with = |change: fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        fs::write(world.path("till.key"), file.to_string()).unwrap();
        code(world.open())
    };
    assert_eq!(
        with(|file| file["slots"][0]["wrapped"] = "00".repeat(48).into()),
        "key_wrong"
    );
    assert_eq!(
        with(|file| file["slots"][0]["nonce"] = "00".repeat(24).into()),
        "key_wrong"
    );
    assert_eq!(
        with(|file| file["slots"][0]["nonce"] = "xyz".into()),
        "key_damaged"
    );
    assert_eq!(
        with(|file| file["slots"][0]["cipher"] = "rot13".into()),
        "key_damaged"
    );
    assert_eq!(
        with(|file| file["slots"][0]["kind"] = "recovery".into()),
        "key_damaged"
    );
    assert_eq!(with(|file| file["format"] = 2.into()), "store_newer");
    fs::write(world.path("till.key"), &text[..text.len() / 2]).unwrap();
    assert_eq!(code(world.open()), "key_damaged");
    fs::write(world.path("till.key"), text).unwrap();
    world.open().unwrap();
}

#[test]
fn a_slot_of_a_later_version_is_left_alone() {
    let world = World::new();
    world.sale(&world.till());
    let text = fs::read_to_string(world.path("till.key")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let slots = file["slots"].as_array_mut().unwrap();
    slots.insert(
        0,
        serde_json::json!({"kind": "recovery", "argon2": {"m": 65536}}),
    );
    fs::write(world.path("till.key"), file.to_string()).unwrap();
    world.open().unwrap();
    assert_eq!(
        fs::read_to_string(world.path("till.key")).unwrap(),
        file.to_string()
    );
}

#[test]
fn a_till_killed_while_it_was_set_up_starts_again() {
    let world = World::new();
    drop(world.open().unwrap());
    // Killed after the keyring had the secret and before the key file was there.
    fs::remove_file(world.path("till.db")).unwrap();
    fs::remove_file(world.path("till.key")).unwrap();
    drop(world.open().unwrap());
    // Killed half-way through making the database.
    fs::rename(world.path("till.db"), world.path("till.db.new")).unwrap();
    let half = fs::read(world.path("till.db.new")).unwrap();
    fs::write(world.path("till.db.new"), &half[..half.len() / 2]).unwrap();
    fs::write(world.path("till.db.new-wal"), b"left over").unwrap();
    world.sale(&world.till());
    assert!(!world.path("till.db.new").exists());
}

#[cfg(unix)]
#[test]
fn the_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let folder = world.path("till");
    world.open_in(&folder).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("till.key")), 0o600);
}
