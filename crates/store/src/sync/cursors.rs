//! How far the till has followed the hub.

use rusqlite::{Connection, OptionalExtension};

use crate::db::value::{count, integer};
use crate::db::{Database, StoreError};

/// The hub's change feed.
pub(crate) const FEED: &str = "feed";
/// The snapshot the rows belong to.
pub(crate) const GENERATION: &str = "generation";
/// How often promotions, tax templates or the shop changed.
pub(crate) const PROMOTIONS: &str = "promotions";
/// 1 while a snapshot is being taken.
pub(crate) const SNAPSHOT: &str = "snapshot";

impl Database {
    /// Up to where the change feed was applied; `None` before the first snapshot is complete.
    ///
    /// # Errors
    /// Database errors.
    pub fn cursor(&self) -> Result<Option<u64>, StoreError> {
        self.read(|conn| get(conn, FEED))
    }

    /// Says up to where the change feed was applied. [`Database::apply_changes`] does it in the
    /// transaction of the changes; this is for a page of the feed that brought none.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn set_cursor(&self, cursor: u64) -> Result<(), StoreError> {
        self.write(|tx| set(tx, FEED, cursor))
    }
}

pub(crate) fn get(conn: &Connection, name: &str) -> Result<Option<u64>, StoreError> {
    let found = conn
        .prepare_cached("SELECT value FROM sync_cursors WHERE name = ?1")?
        .query_row([name], |row| count(row, 0))
        .optional()?;
    Ok(found)
}

pub(crate) fn set(conn: &Connection, name: &str, value: u64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO sync_cursors (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute((name, integer("cursor", value)?))?;
    Ok(())
}
