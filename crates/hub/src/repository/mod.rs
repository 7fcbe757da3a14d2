//! The hub's memory on embedded SQLite.
//!
//! [`Repository`] is the seam to the database: everything above it speaks of devices, people,
//! records and documents, everything below of SQL, so that a PostgreSQL of the same shape can
//! take its place for a chain. Calls block; the HTTP side runs them on the blocking pool.

mod attempts;
mod devices;
mod documents;
mod import;
mod master;
mod people;
mod report;
mod sales;

use std::path::Path;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use crate::person::{NewPerson, Person};
pub use attempts::Scope;
pub use devices::{Device, NewDevice};
pub use documents::DocumentPage;
pub use master::{ChangesPage, SnapshotRows};
pub use report::{Report, SaleRow};

use crate::error::HubError;

/// The migrations in order; the position is the version. Forward only.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../../../migrations/hub/0001_first.sql"),
    include_str!("../../../../migrations/hub/0002_pricing.sql"),
];

/// Readers kept open when nobody uses them.
const IDLE_READERS: usize = 4;

/// The database of one hub. Cheap to clone.
#[derive(Clone)]
pub struct Repository {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    // One writer: SQLite has no more than one anyway, and waiting here is fair and cheap.
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Repository {
    /// Opens the database and brings it to the newest version; creates it if it is not there.
    ///
    /// # Errors
    /// [`HubError::StoreNewer`] for a file from a newer hub, which is left as it is;
    /// [`HubError::Storage`] if the file cannot be used.
    pub fn open(path: &Path) -> Result<Self, HubError> {
        let mut writer = Connection::open(path)?;
        // Asked before the first pragma that writes: a newer hub's file is left as it is.
        version(&writer)?;
        set_up(&writer)?;
        migrate(&mut writer, path)?;
        Ok(Self::of(path, writer))
    }

    /// Opens a database that is there and up to date; neither makes nor upgrades one.
    ///
    /// # Errors
    /// [`HubError::StoreOlder`] and [`HubError::StoreNewer`] for a file of another version;
    /// [`HubError::Storage`] if there is none or it cannot be used.
    pub fn open_existing(path: &Path) -> Result<Self, HubError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let writer = Connection::open_with_flags(path, flags)?;
        let (found, known) = version(&writer)?;
        if found < known {
            return Err(HubError::StoreOlder { found, known });
        }
        set_up(&writer)?;
        Ok(Self::of(path, writer))
    }

    fn of(path: &Path, writer: Connection) -> Self {
        let inner = Inner {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Copies the database as it is now to a new file, also while a hub serves it.
    ///
    /// # Errors
    /// [`HubError::Io`] if there is a file already, [`HubError::Storage`] and the like.
    pub fn back_up_to(&self, file: &Path) -> Result<(), HubError> {
        // Never over another backup; this also refuses where nothing can be written.
        drop(std::fs::File::create_new(file)?);
        let reader = self.open_reader()?;
        reader.backup(
            rusqlite::MAIN_DB,
            file,
            None::<fn(rusqlite::backup::Progress)>,
        )?;
        Ok(())
    }

    /// Runs `work` in one write transaction: all of it or nothing.
    fn write<T>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, HubError>,
    ) -> Result<T, HubError> {
        let mut writer = lock(&self.inner.writer);
        let mut tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = work(&mut tx)?;
        tx.commit()?;
        Ok(answer)
    }

    /// Runs `work` in one read transaction: it sees one state, whatever is written meanwhile.
    fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, HubError>,
    ) -> Result<T, HubError> {
        let idle = lock(&self.inner.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.open_reader()?,
        };
        let tx = reader.transaction()?;
        let answer = work(&tx);
        // A transaction that read ends the same way by either word; dropping rolls it back.
        drop(tx);
        let mut readers = lock(&self.inner.readers);
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
        answer
    }

    fn open_reader(&self) -> Result<Connection, HubError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.inner.path, flags)?;
        reader.pragma_update(None, "query_only", true)?;
        reader.pragma_update(None, "trusted_schema", false)?;
        reader.busy_timeout(Duration::from_secs(10))?;
        Ok(reader)
    }
}

/// A panic elsewhere leaves no half transaction behind, so the connection is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the connection that writes up.
fn set_up(writer: &Connection) -> Result<(), HubError> {
    // Every acknowledged document must survive a power cut, so FULL and not NORMAL.
    writer.pragma_update(None, "journal_mode", "WAL")?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    writer.pragma_update(None, "fullfsync", true)?;
    writer.pragma_update(None, "foreign_keys", true)?;
    // A batch of 500 documents must fit into the page cache (64 MiB, in KiB below zero), or
    // its pages are spilled to the log and written twice; savepoints keep theirs in memory.
    writer.pragma_update(None, "cache_size", -65_536)?;
    writer.pragma_update(None, "temp_store", "MEMORY")?;
    writer.pragma_update(None, "trusted_schema", false)?;
    writer.busy_timeout(Duration::from_secs(10))?;
    Ok(())
}

/// The version of the file and the newest this hub knows.
fn version(connection: &Connection) -> Result<(i64, i64), HubError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(HubError::StoreNewer { found, known });
    }
    Ok((found, known))
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), HubError> {
    let (found, known) = version(connection)?;
    if found > 0 && found < known {
        back_up(connection, path, found)?;
    }
    for (version, sql) in (1_i64..)
        .zip(MIGRATIONS)
        .filter(|(version, _)| *version > found)
    {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", version)?;
        tx.commit()?;
    }
    Ok(())
}

/// Keeps the file as it was before a migration, beside it.
fn back_up(connection: &Connection, path: &Path, version: i64) -> Result<(), HubError> {
    let copy = path.with_extension(format!("before-v{}.bak", version + 1));
    connection.backup(
        rusqlite::MAIN_DB,
        &copy,
        None::<fn(rusqlite::backup::Progress)>,
    )?;
    Ok(())
}

/// A moment as it is stored: milliseconds since 1970 UTC.
fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored moment.
fn timestamp(millis: i64) -> Result<Timestamp, HubError> {
    Ok(Timestamp::from_millisecond(millis)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_from_a_newer_hub_is_refused_and_left_alone() {
        let dir = std::env::temp_dir().join(format!("evertill-hub-newer-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("hub.sqlite");
        drop(Repository::open(&path).unwrap());
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "user_version", 99).unwrap();
        drop(raw);
        let refused = Repository::open(&path).err().unwrap();
        assert!(
            matches!(
                refused,
                HubError::StoreNewer {
                    found: 99,
                    known: 2
                }
            ),
            "{refused}"
        );
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn a_command_that_upgrades_none_refuses_an_older_database() {
        let dir = std::env::temp_dir().join(format!("evertill-hub-older-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("hub.sqlite");
        assert!(Repository::open_existing(&path).is_err());
        assert!(!path.exists(), "looking made a database");
        drop(Repository::open(&path).unwrap());
        drop(Repository::open_existing(&path).unwrap());
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "user_version", 1).unwrap();
        drop(raw);
        let before = std::fs::read(&path).unwrap();
        let refused = Repository::open_existing(&path).err().unwrap();
        assert!(
            matches!(refused, HubError::StoreOlder { found: 1, .. }),
            "{refused}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn a_full_disk_is_told_apart_and_writes_nothing() {
        let dir = std::env::temp_dir().join(format!("evertill-hub-full-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let repository = Repository::open(&dir.join("hub.sqlite")).unwrap();
        let pages: i64 = repository
            .write(|tx| {
                let pages: i64 = tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
                // The database may not grow any more, which SQLite reports like a full disk.
                tx.pragma_update(None, "max_page_count", pages)?;
                Ok(pages)
            })
            .unwrap();
        assert!(pages > 0);
        let full = repository.write(|tx| {
            let insert = "INSERT INTO credentials (user_id, password_hash, pin_hash)
                          VALUES (?1, hex(zeroblob(?2)), '')";
            tx.execute(insert, ("small", 1))?;
            tx.execute(insert, ("large", 1_000_000))?;
            Ok(())
        });
        assert!(matches!(full, Err(HubError::StorageFull)), "{full:?}");
        let left: i64 = repository
            .read(|tx| Ok(tx.query_row("SELECT count(*) FROM credentials", (), |row| row.get(0))?))
            .unwrap();
        assert_eq!(left, 0, "the small row went with the large one");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
