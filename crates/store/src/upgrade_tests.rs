//! Upgrading a store: a backup first, forward only, and never half.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use evertill_core::{Clock, Coded, TotalsPolicy};
use evertill_protocol::{CustomerRecord, Shop};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::db::migrate::Migration;
use crate::schema::MIGRATIONS;
use crate::{
    Database, DeviceSecret, SHOP_SETTING, Secret, SecretError, Store, StoreConfig, StoreError,
};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_767_348_000).unwrap()
    }
}

#[derive(Default)]
struct Keyring(Mutex<Option<[u8; 32]>>);

impl DeviceSecret for Keyring {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        Ok(self.0.lock().unwrap().map(Secret::new))
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        *self.0.lock().unwrap() = Some(*secret);
        Ok(())
    }
}

struct Till {
    folder: TempDir,
    keyring: Keyring,
}

impl Till {
    /// A till of today's version, with a setting to lose.
    fn old() -> Self {
        let till = Self {
            folder: TempDir::new().unwrap(),
            keyring: Keyring::default(),
        };
        let store = till.open(MIGRATIONS).unwrap();
        store.set_setting("name", &"Till 3").unwrap();
        till
    }

    fn open(&self, steps: &[Migration]) -> Result<Store, StoreError> {
        let config = StoreConfig::new(self.folder.path());
        Store::open_with(&config, &self.keyring, Arc::new(Noon), steps)
    }

    fn backups(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.folder.path().join("backups")) else {
            return Vec::new();
        };
        let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }

    fn names(&self) -> Vec<String> {
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        self.backups().into_iter().map(name).collect()
    }
}

/// The step of a version to come.
const MORE: Migration = Migration {
    name: "more",
    sql: "CREATE TABLE more (a TEXT NOT NULL) STRICT",
};

const BROKEN: Migration = Migration {
    name: "broken",
    sql: "CREATE TABLE half (a TEXT) STRICT; INSERT INTO nowhere;",
};

fn today_and(steps: &[Migration]) -> Vec<Migration> {
    [MIGRATIONS, steps].concat()
}

fn tables(store: &Store) -> i64 {
    let count = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";
    store
        .read(|conn| Ok(conn.query_row(count, [], |row| row.get(0))?))
        .unwrap()
}

#[test]
fn a_new_store_has_every_step_and_no_backup() {
    let till = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    let store = till.open(MIGRATIONS).unwrap();
    assert!(till.backups().is_empty());
    let steps: Vec<(i64, String)> = store
        .read(|conn| {
            let mut statement = conn.prepare("SELECT version, name FROM schema_migrations")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .unwrap();
    let names: Vec<_> = steps.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "0001_house",
            "0002_catalogue",
            "0003_selling",
            "0004_pricing"
        ]
    );
    let (pragmas, synchronous): (String, i64) = Database::write(&store, |tx| {
        let mode = tx.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        Ok((
            mode,
            tx.query_row("PRAGMA synchronous", [], |row| row.get(0))?,
        ))
    })
    .unwrap();
    assert_eq!((pragmas.as_str(), synchronous), ("wal", 2));
}

#[test]
fn every_table_is_strict_and_every_column_not_null() {
    let till = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    let store = till.open(MIGRATIONS).unwrap();
    let loose: Vec<String> = store
        .read(|conn| {
            let mut statement = conn.prepare(
                "SELECT t.name || '.' || c.name FROM pragma_table_list t, pragma_table_info(t.name) c
                 WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
                   AND (NOT t.strict OR NOT c.\"notnull\")",
            )?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .unwrap();
    assert_eq!(loose, Vec::<String>::new());
}

#[test]
fn the_backup_before_a_migration_can_be_restored() {
    let till = Till::old();
    let store = till.open(&today_and(&[MORE])).unwrap();
    assert_eq!(store.setting::<String>("name").unwrap().unwrap(), "Till 3");
    store
        .set_setting("name", &"changed after the upgrade")
        .unwrap();
    let upgraded = tables(&store);
    drop(store);
    assert_eq!(till.names(), ["till-000001-v4.db"]);

    fs::copy(&till.backups()[0], till.folder.path().join("till.db")).unwrap();
    let restored = till.open(MIGRATIONS).unwrap();
    assert_eq!(
        restored.setting::<String>("name").unwrap().unwrap(),
        "Till 3"
    );
    assert!(tables(&restored) < upgraded);
    assert_eq!(restored.check().unwrap(), Vec::<String>::new());
}

#[test]
fn the_backup_has_what_was_still_in_the_log() {
    let till = Till::old();
    // A till that died: its last setting is in the log only.
    let store = till.open(MIGRATIONS).unwrap();
    store
        .set_setting("name", &"set just before the power cut")
        .unwrap();
    let crashed = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    for name in ["till.db", "till.db-wal", "till.key"] {
        fs::copy(
            till.folder.path().join(name),
            crashed.folder.path().join(name),
        )
        .unwrap();
    }
    *crashed.keyring.0.lock().unwrap() = *till.keyring.0.lock().unwrap();
    drop(crashed.open(&today_and(&[MORE])).unwrap());
    fs::copy(&crashed.backups()[0], crashed.folder.path().join("till.db")).unwrap();
    let restored = crashed.open(MIGRATIONS).unwrap();
    let name = restored.setting::<String>("name").unwrap().unwrap();
    assert_eq!(name, "set just before the power cut");
}

#[test]
fn a_step_that_fails_leaves_the_version_before_it() {
    let till = Till::old();
    let steps = today_and(&[MORE, BROKEN]);
    assert_eq!(till.open(&steps).unwrap_err().code(), "store_database");
    let store = till.open(&today_and(&[MORE])).unwrap();
    assert_eq!(store.setting::<String>("name").unwrap().unwrap(), "Till 3");
    assert_eq!(till.names(), ["till-000001-v4.db"]);
    drop(store);
    assert!(matches!(
        till.open(MIGRATIONS).unwrap_err(),
        StoreError::Newer { found: 5, known: 4 }
    ));
}

/// What a till of the schema before prices with conditions may hold.
const THIRD: &str = "
    INSERT INTO settings VALUES ('shop', '{\"name\":\"Corner Grocer\",\"address_lines\":[],
        \"tax_id\":\"\",\"currency\":{\"code\":\"EUR\",\"symbol\":\"€\",\"decimals\":2},
        \"time_zone\":\"Europe/Berlin\",\"price_list\":\"retail\",\"receipt_footer\":\"\"}');
    INSERT INTO sync_cursors VALUES ('feed', 42), ('generation', 3);
    INSERT INTO tax_rules VALUES ('food', 'Food 7 %', '7', 1, 3);
    INSERT INTO items VALUES (1, 'milk', 'Milk', 'DAIRY', 'pc', 1, 'food', 'HOUSE 7', 9, 0, 3);
    INSERT INTO barcodes VALUES ('HOUSE 7', 1);
    INSERT INTO prices VALUES ('milk', 'retail', 119, 3);
    INSERT INTO customers VALUES (1, 'c1', 'Zoe', '0300', '', '', 0, 3);
    INSERT INTO documents VALUES (1, 'key', 'invoice', '03', '03-000001', '2026-01-02', 1, '', '');
    INSERT INTO invoices VALUES (1, '03', '03', 1, 'cart', '2026-01-02', 1, 'ana', '', 'EUR',
        119, 0, 0, 111, 8, 119, 119, 0);
    INSERT INTO invoice_lines (id, item, name, quantity, list_price, price, discount,
        invoice_discount, amount, tax_rule)
        VALUES (1025, 'milk', 'Milk', '1', 119, 119, 0, 0, 119, 'food');
";

#[test]
fn a_store_from_before_prices_with_conditions_keeps_all_it_has() {
    let till = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    let old = till.open(&MIGRATIONS[..3]).unwrap();
    old.tamper(THIRD).unwrap();
    drop(old);

    let store = till.open(MIGRATIONS).unwrap();
    assert_eq!(till.names(), ["till-000001-v3.db"]);
    let shop: Shop = store.setting(SHOP_SETTING).unwrap().unwrap();
    assert_eq!(shop.totals_policy, TotalsPolicy::default());
    let retail = "retail".into();
    let milk = store.item_by_barcode("HOUSE 7", &retail).unwrap().unwrap();
    assert_eq!((milk.price.minor(), milk.brand.as_str()), (119, ""));
    assert!(milk.prices.is_empty() && milk.tax.rates.is_empty());
    let zoe = store.customer(&"c1".into()).unwrap().unwrap();
    let plain = CustomerRecord::named("c1".into(), "Zoe");
    let phone = "0300".to_owned();
    assert_eq!(zoe, CustomerRecord { phone, ..plain });
    let sums: (i64, i64, String) = store
        .read(|conn| {
            let sql = "SELECT total, net + tax + difference + rounding, arithmetic FROM invoices";
            Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
        })
        .unwrap();
    assert_eq!(sums, (119, 119, String::new()));
    // The fields and kinds that the till did not know then are asked for again, and no snapshot
    // is needed for it.
    assert_eq!(store.cursor().unwrap(), Some(0));
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn only_the_newest_backups_are_kept() {
    let till = Till::old();
    let steps = today_and(&[BROKEN]);
    for _ in 0..5 {
        assert_eq!(till.open(&steps).unwrap_err().code(), "store_database");
    }
    assert_eq!(
        till.names(),
        [
            "till-000003-v4.db",
            "till-000004-v4.db",
            "till-000005-v4.db"
        ]
    );
}

#[test]
fn without_a_backup_there_is_no_upgrade() {
    let till = Till::old();
    let before = fs::read(till.folder.path().join("till.db")).unwrap();
    // A file where the folder should be: no backup can be written.
    fs::write(till.folder.path().join("backups"), b"in the way").unwrap();
    let steps = today_and(&[MORE]);
    assert_eq!(till.open(&steps).unwrap_err().code(), "store_file");
    assert_eq!(
        fs::read(till.folder.path().join("till.db")).unwrap(),
        before
    );
    fs::remove_file(till.folder.path().join("backups")).unwrap();
    till.open(&steps).unwrap();
}

/// A disk with no room left, as the kernel says it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_for_files_too() {
    let full = std::path::Path::new("/dev/full");
    let written = fs::File::options()
        .write(true)
        .open(full)
        .and_then(|mut file| std::io::Write::write_all(&mut file, b"x"))
        .map_err(StoreError::file("written"));
    assert_eq!(written.unwrap_err().code(), "disk_full");
}

/// Every file of the till with its bytes. SQLite's wal-index is memory that lies in a file.
fn files(till: &Till) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(till.folder.path()).unwrap();
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().is_none_or(|end| end != "db-shm"))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    found.sort();
    found
}

fn looked_into(till: &Till) -> Result<Store, StoreError> {
    let config = StoreConfig::new(till.folder.path());
    Store::open_existing(&config, &till.keyring, Arc::new(Noon))
}

#[test]
fn looking_makes_no_store() {
    let till = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    assert_eq!(looked_into(&till).unwrap_err().code(), "store_missing");
    assert_eq!(fs::read_dir(till.folder.path()).unwrap().count(), 0);
    assert!(till.keyring.0.lock().unwrap().is_none());
}

#[test]
fn looking_migrates_nothing() {
    let till = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    drop(till.open(&MIGRATIONS[..3]).unwrap());
    let before = files(&till);
    let error = looked_into(&till).unwrap_err();
    assert_eq!(error.code(), "store_older");
    assert!(error.to_string().contains("Start the till once"), "{error}");
    assert_eq!(files(&till), before);
    assert!(till.backups().is_empty());
}

#[test]
fn looking_writes_nothing_not_even_what_a_dead_till_left_in_the_log() {
    let till = Till::old();
    let store = till.open(MIGRATIONS).unwrap();
    store.set_setting("name", &"in the log only").unwrap();
    let dead = Till {
        folder: TempDir::new().unwrap(),
        keyring: Keyring::default(),
    };
    for name in ["till.db", "till.db-wal", "till.key"] {
        let copy = dead.folder.path().join(name);
        fs::copy(till.folder.path().join(name), copy).unwrap();
    }
    *dead.keyring.0.lock().unwrap() = *till.keyring.0.lock().unwrap();
    let before = files(&dead);
    let looked = looked_into(&dead).unwrap();
    let name: String = looked.setting("name").unwrap().unwrap();
    assert_eq!(name, "in the log only");
    assert_eq!(looked.check().unwrap(), Vec::<String>::new());
    let refused = looked.set_setting("name", &"changed").unwrap_err();
    assert_eq!(refused.code(), "store_database");
    drop(looked);
    assert_eq!(files(&dead), before);
}
