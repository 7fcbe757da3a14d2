//! The opened file, and the two ways into it: one that writes and some that read.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use evertill_core::Clock;
use jiff::Timestamp;
use rusqlite::Connection;

use super::connection;
use super::error::StoreError;
use super::files;
use super::migrate::{self, Migration};
use super::readers::Readers;
use super::transaction::{self, Tx};
use super::vault::{self, DeviceSecret};

/// The database in the till's folder.
const DATABASE: &str = "till.db";

/// Where the store lies and how it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// The till's folder. Holds `till.db`, `till.key`, `till.lock` and `backups/`.
    pub dir: PathBuf,
    /// How many connections read beside the one that writes; at least one is opened.
    pub readers: usize,
}

impl StoreConfig {
    /// The store in `dir`, with three readers: the counter, the sync worker and the sync desk.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            readers: 3,
        }
    }

    fn database(&self) -> PathBuf {
        self.dir.join(DATABASE)
    }
}

/// The till's encrypted database. Cheap to clone. Every call blocks until it is done; those that
/// write return when the data is safe on disk. Each table adds its reads and writes to it.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

// The order of the fields is the order of closing: the lock goes last.
struct Inner {
    readers: Readers,
    upkeep: Mutex<Connection>,
    writer: Mutex<Connection>,
    /// Changes of the feed written since the log was last brought into the file.
    logged: AtomicUsize,
    clock: Arc<dyn Clock>,
    dir: PathBuf,
    /// Whether the file is to stay as it is.
    looks_only: bool,
    _lock: Option<File>,
}

/// What [`crate::Store::maintain`] found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maintained {
    /// Pages in the write-ahead log.
    pub wal_pages: i64,
    /// How many of them are in the database file by now.
    pub checkpointed: i64,
}

impl Database {
    /// Opens the file, creating it if there is none and bringing it up to date if it is older.
    pub(crate) fn open(
        config: &StoreConfig,
        device: &dyn DeviceSecret,
        clock: Arc<dyn Clock>,
        steps: &[Migration],
    ) -> Result<Self, StoreError> {
        files::private_folder(&config.dir)?;
        let lock = lock(&config.dir.join("till.lock"))?;
        let path = config.database();
        let exists = files::length(&path)?.is_some();
        let key = vault::unlock(&config.dir.join("till.key"), exists, device)?;
        let now = whole_milliseconds(clock.now());
        if !exists {
            migrate::create(&path, &key, steps, now)?;
        }
        let mut writer = connection::probe(&path, &key)?;
        migrate::version(&writer, steps)?;
        connection::set_up_writer(&writer)?;
        migrate::upgrade(&mut writer, &path, &config.dir.join("backups"), steps, now)?;
        let first = connection::reader(&path, &key)?;
        let more = (1..config.readers).map(|_| connection::reader(&path, &key));
        let more = more.collect::<Result<_, _>>()?;
        Ok(Self {
            inner: Arc::new(Inner {
                readers: Readers::new(first, more),
                upkeep: Mutex::new(connection::upkeep(&path, &key)?),
                writer: Mutex::new(writer),
                logged: AtomicUsize::new(0),
                clock,
                dir: config.dir.clone(),
                looks_only: false,
                _lock: Some(lock),
            }),
        })
    }

    /// Opens a file that is there and up to date, to look into it: nothing is made, brought up to
    /// date or written, and a call that tries to write is refused.
    pub(crate) fn open_existing(
        config: &StoreConfig,
        device: &dyn DeviceSecret,
        clock: Arc<dyn Clock>,
        steps: &[Migration],
    ) -> Result<Self, StoreError> {
        let path = config.database();
        if files::length(&path)?.is_none() {
            return Err(StoreError::Missing {
                dir: config.dir.display().to_string(),
            });
        }
        let lock = lock_if_there(&config.dir.join("till.lock"))?;
        let key = vault::unlock(&config.dir.join("till.key"), true, device)?;
        let writer = connection::looker(&path, &key)?;
        migrate::refuse_older(&writer, steps)?;
        let first = connection::looker(&path, &key)?;
        let more = (1..config.readers).map(|_| connection::looker(&path, &key));
        let more = more.collect::<Result<_, _>>()?;
        Ok(Self {
            inner: Arc::new(Inner {
                readers: Readers::new(first, more),
                upkeep: Mutex::new(connection::looker(&path, &key)?),
                writer: Mutex::new(writer),
                logged: AtomicUsize::new(0),
                clock,
                dir: config.dir.clone(),
                looks_only: true,
                _lock: lock,
            }),
        })
    }

    /// The till's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// Runs `work` in one transaction: all of it is safe on disk when this returns, or none.
    ///
    /// # Errors
    /// What `work` gives back, and `disk_full`.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let now = self.now();
        transaction::write(&mut held(&self.inner.writer), now, work)
    }

    /// Runs `work` on a connection that only reads and sees everything committed so far.
    ///
    /// Several statements may see different states; give them a transaction where that matters.
    ///
    /// # Errors
    /// What `work` gives back.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.readers.with(work)
    }

    /// Counts changes of the feed that went into the log; gives back how many there are in it.
    pub(crate) fn changes_logged(&self, more: usize) -> usize {
        self.inner
            .logged
            .fetch_add(more, Ordering::Relaxed)
            .saturating_add(more)
    }

    /// Brings the log into the file on a connection of its own, so that the one that writes need
    /// not wait for it.
    pub(crate) fn checkpoint(&self) -> Result<Maintained, StoreError> {
        self.inner.logged.store(0, Ordering::Relaxed);
        held(&self.inner.upkeep)
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok(Maintained {
                    wal_pages: row.get(1)?,
                    checkpointed: row.get(2)?,
                })
            })
            .map_err(StoreError::from)
    }

    /// Reads every page and checks it: its authentication code, then SQLite's structures.
    /// Gives back what is wrong, nothing if all is well. Takes seconds on a large store.
    ///
    /// # Errors
    /// Database errors other than damage.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let upkeep = held(&self.inner.upkeep);
        // Pages still in the log would be reported as missing from the file.
        let in_log = if self.inner.looks_only {
            let database = self.inner.dir.join(DATABASE);
            connection::wal_pages(&database).map_err(StoreError::file("read"))?
        } else {
            upkeep.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            BTreeSet::new()
        };
        let superseded = |line: &str| {
            line.rsplit(' ')
                .find_map(|word| word.parse().ok())
                .is_some_and(|page: u64| in_log.contains(&page))
        };
        let mut found = Vec::new();
        for (pragma, of_file) in [
            ("PRAGMA cipher_integrity_check", true),
            ("PRAGMA integrity_check", false),
        ] {
            let mut statement = upkeep.prepare(pragma)?;
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            for line in lines {
                match line.map_err(StoreError::from) {
                    Ok(line) if line == "ok" || (of_file && superseded(&line)) => {}
                    Ok(line) => found.push(line),
                    Err(StoreError::Damaged { reason }) => found.push(reason),
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(found)
    }

    /// Now, in whole milliseconds, which is what the store keeps.
    pub(crate) fn now(&self) -> Timestamp {
        whole_milliseconds(self.inner.clock.now())
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("dir", &self.inner.dir)
            .finish_non_exhaustive()
    }
}

/// A panic in a transaction rolled it back, so the connection is as good as before.
fn held(conn: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    conn.lock().unwrap_or_else(PoisonError::into_inner)
}

fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// The same as [`lock`] without making the file: where there is none, no till runs.
fn lock_if_there(path: &Path) -> Result<Option<File>, StoreError> {
    match files::length(path)? {
        Some(_) => lock(path).map(Some),
        None => Ok(None),
    }
}

/// Takes the lock that only one process can have. The system drops it when the process dies.
fn lock(path: &Path) -> Result<File, StoreError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(StoreError::file("opened"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(StoreError::file("locked")(error)),
    }
}
