//! Opening the encrypted file: key, pragmas, and the checks that come before anything is written.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use super::error::StoreError;
use super::files;
use super::vault::Secret;

/// SQLCipher's page size, which is also the least a sound file can have.
const PAGE: u64 = 4096;

/// A checkpoint in the middle of a sale would make that sale slow, so it is left to
/// [`crate::Store::maintain`]. This many pages (64 MiB) are the stop should nobody call it.
const WAL_PAGES: i64 = 16_384;

/// Statements kept prepared for each connection; a sale has about 15, the catalogue as many.
const STATEMENTS: usize = 96;

/// Opens the file for writing with every pragma set. The file must exist or be new.
pub(crate) fn writer(path: &Path, key: &Secret) -> Result<Connection, StoreError> {
    let conn = open(path, key, OpenFlags::SQLITE_OPEN_CREATE)?;
    set_up_writer(&conn)?;
    Ok(conn)
}

/// Opens an existing file for checking it: nothing is written to it, not even on closing.
///
/// # Errors
/// [`StoreError::Damaged`] for a file that is cut off or not opened by this key.
pub(crate) fn probe(path: &Path, key: &Secret) -> Result<Connection, StoreError> {
    let damaged = |reason: String| StoreError::Damaged { reason };
    // SQLite itself takes an empty file for a new database and deletes its WAL.
    if files::length(path)?.is_none_or(|length| length < PAGE) {
        return Err(damaged("the file is cut off".to_owned()));
    }
    let conn = open(path, key, OpenFlags::empty())?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let read = |sql| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    let pages = read("SELECT count(*) FROM sqlite_schema")
        .and_then(|_| read("PRAGMA page_count"))
        .map_err(|error| match StoreError::from(error) {
            StoreError::Database(error) => damaged(error.to_string()),
            other => other,
        })?;
    let pages = u64::try_from(pages).unwrap_or(0);
    if pages == 0 || !covers(path, pages)? {
        return Err(damaged("the file is cut off".to_owned()));
    }
    Ok(conn)
}

/// Whether each of the first `pages` pages is in the file or in its WAL.
///
/// SQLite notices a short file only without WAL: with one it reads missing pages as zeros, and
/// SQLCipher lets a page of zeros pass.
fn covers(path: &Path, pages: u64) -> Result<bool, StoreError> {
    let length = files::length(path)?.unwrap_or(0);
    let first_missing = length / PAGE + 1;
    if first_missing > pages {
        return Ok(true);
    }
    let in_wal = wal_pages(path).map_err(StoreError::file("read"))?;
    Ok((first_missing..=pages).all(|page| in_wal.contains(&page)))
}

/// The pages of which the WAL holds a version, by the frame headers of its current round
/// (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>).
pub(crate) fn wal_pages(path: &Path) -> std::io::Result<BTreeSet<u64>> {
    let mut found = BTreeSet::new();
    let Ok(file) = File::open(beside(path, "-wal")) else {
        return Ok(found);
    };
    let mut file = BufReader::new(file);
    let mut header = [0_u8; 32];
    if file.read_exact(&mut header).is_err() {
        return Ok(found);
    }
    let [.., s0, s1, s2, s3, s4, s5, s6, s7, _, _, _, _, _, _, _, _] = header;
    let salts = [s0, s1, s2, s3, s4, s5, s6, s7];
    let mut frame = [0_u8; 24];
    while file.read_exact(&mut frame).is_ok() {
        let [
            p0,
            p1,
            p2,
            p3,
            _,
            _,
            _,
            _,
            salt @ ..,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
        ] = frame;
        if salt != salts {
            break;
        }
        found.insert(u32::from_be_bytes([p0, p1, p2, p3]).into());
        file.seek(SeekFrom::Current(i64::try_from(PAGE).unwrap_or(0)))?;
    }
    Ok(found)
}

/// The path of a file SQLite keeps beside the database: `-wal` or `-shm`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes a checked connection the one that writes.
pub(crate) fn set_up_writer(conn: &Connection) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // FULL: the WAL is flushed at every commit, so what was paid survives a power cut.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    // An fsync on macOS leaves the data in the drive's cache.
    conn.pragma_update(None, "fullfsync", cfg!(target_os = "macos"))?;
    conn.pragma_update(None, "checkpoint_fullfsync", cfg!(target_os = "macos"))?;
    conn.pragma_update(None, "cache_size", -32_768)?;
    Ok(())
}

/// Opens a connection that can only read.
pub(crate) fn reader(path: &Path, key: &Secret) -> Result<Connection, StoreError> {
    let conn = open(path, key, OpenFlags::empty())?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "cache_size", -32_768)?;
    Ok(conn)
}

/// Opens a connection that leaves the files as they are, even when it is closed as the last one.
pub(crate) fn looker(path: &Path, key: &Secret) -> Result<Connection, StoreError> {
    let conn = probe(path, key)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

/// Opens a connection for checkpoints, so that these need not stop the one that writes.
pub(crate) fn upkeep(path: &Path, key: &Secret) -> Result<Connection, StoreError> {
    let conn = open(path, key, OpenFlags::empty())?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "fullfsync", cfg!(target_os = "macos"))?;
    conn.pragma_update(None, "checkpoint_fullfsync", cfg!(target_os = "macos"))?;
    Ok(conn)
}

fn open(path: &Path, key: &Secret, more: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let conn = Connection::open_with_flags(path, flags)?;
    let hex_key = Zeroizing::new(hex::encode(key.as_slice()));
    // Its errors come back as results; the lines it writes to stderr besides are of no use here.
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    // A raw key: nothing is derived from it, so opening costs no time. Must come before any other
    // access to the file.
    let statement = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex_key.as_str()));
    conn.execute_batch(&statement)?;
    // The default, SHA-512, takes a quarter of the time of a sale; processors have SHA-256 built in.
    conn.execute_batch("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    // Whatever a query spills must not reach the disk in plain text.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}
