//! Numbered migrations, forward only, each in a transaction, none without a backup before it.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use super::connection;
use super::error::StoreError;
use super::files;
use super::vault::Secret;

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// How many backups are kept. The oldest go first, and never before a new one is safe on disk.
const BACKUPS: usize = 3;

/// How many of `steps` the store has taken.
///
/// # Errors
/// [`StoreError::Newer`] if it has taken steps this program does not know.
pub(crate) fn version(conn: &Connection, steps: &[Migration]) -> Result<usize, StoreError> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match usize::try_from(found) {
        Ok(version) if version <= steps.len() => Ok(version),
        _ => Err(StoreError::Newer {
            found,
            known: i64::try_from(steps.len()).unwrap_or(i64::MAX),
        }),
    }
}

/// Refuses a store that has not taken all of `steps`.
///
/// # Errors
/// [`StoreError::Older`], and [`StoreError::Newer`] as [`version`].
pub(crate) fn refuse_older(conn: &Connection, steps: &[Migration]) -> Result<(), StoreError> {
    let found = version(conn, steps)?;
    if found == steps.len() {
        return Ok(());
    }
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Err(StoreError::Older {
        found: number(found),
        known: number(steps.len()),
    })
}

/// Makes a new store. It appears under its name only when it is complete, so that an empty or
/// half-made file under that name is always damage.
pub(crate) fn create(
    path: &Path,
    key: &Secret,
    steps: &[Migration],
    now: Timestamp,
) -> Result<(), StoreError> {
    let half = connection::beside(path, ".new");
    for suffix in ["", "-wal", "-shm"] {
        let left_over = connection::beside(&half, suffix);
        if files::length(&left_over)?.is_some() {
            fs::remove_file(&left_over).map_err(StoreError::file("removed"))?;
        }
    }
    let mut conn = connection::writer(&half, key)?;
    apply(&mut conn, 0, steps, now)?;
    checkpoint_all(&conn)?;
    conn.close().map_err(|(_, error)| error)?;
    fs::File::open(&half)
        .and_then(|file| file.sync_all())
        .map_err(StoreError::file("written"))?;
    fs::rename(&half, path).map_err(StoreError::file("renamed"))?;
    files::sync_parent(path)
}

/// Brings an existing store up to date, after a backup into `backups`.
pub(crate) fn upgrade(
    conn: &mut Connection,
    path: &Path,
    backups: &Path,
    steps: &[Migration],
    now: Timestamp,
) -> Result<(), StoreError> {
    let from = version(conn, steps)?;
    if from == steps.len() {
        return Ok(());
    }
    let kept = back_up(conn, path, backups, from)?;
    tracing::info!(from, to = steps.len(), backup = %kept.display(), "store is migrated");
    apply(conn, from, steps, now)
}

fn apply(
    conn: &mut Connection,
    from: usize,
    steps: &[Migration],
    now: Timestamp,
) -> Result<(), StoreError> {
    for (version, step) in (1_i64..).zip(steps).skip(from) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step.sql)?;
        tx.execute_batch(
            "CREATE TABLE IF NOT EXISTS schema_migrations (
                 version    INTEGER NOT NULL PRIMARY KEY,
                 name       TEXT    NOT NULL,
                 applied_at INTEGER NOT NULL
             ) STRICT",
        )?;
        tx.execute(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
            (version, step.name, now.as_millisecond()),
        )?;
        tx.pragma_update(None, "user_version", version)?;
        tx.commit()?;
    }
    Ok(())
}

/// Copies the encrypted file as it is; the copy is opened by the same key.
fn back_up(
    conn: &Connection,
    path: &Path,
    backups: &Path,
    version: usize,
) -> Result<PathBuf, StoreError> {
    checkpoint_all(conn)?;
    files::private_folder(backups)?;
    let old = list(backups)?;
    // Counted, not dated: a clock set back must not make the newest backup look like the oldest.
    let next = old.last().map_or(1, |(count, _)| count.saturating_add(1));
    let target = backups.join(format!("till-{next:06}-v{version}.db"));
    files::copy_whole(path, &target)?;
    let surplus = (old.len() + 1).saturating_sub(BACKUPS);
    for (_, path) in old.iter().take(surplus) {
        fs::remove_file(path).map_err(StoreError::file("removed"))?;
    }
    Ok(target)
}

/// The backups in a folder with their counts, oldest first.
fn list(folder: &Path) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(StoreError::file("read"))? {
        let path = entry.map_err(StoreError::file("read"))?.path();
        let count = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| {
                name.strip_suffix(".db")?
                    .strip_prefix("till-")?
                    .split_once("-v")
            })
            .and_then(|(count, _)| count.parse().ok());
        if let Some(count) = count {
            found.push((count, path));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Moves the whole WAL into the file and empties it.
fn checkpoint_all(conn: &Connection) -> Result<(), StoreError> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 {
        Ok(())
    } else {
        Err(StoreError::value(
            "WAL",
            "it is in use and cannot be written into the file",
        ))
    }
}
