//! Changes of a full-text index, collected and written in the order of its rowids.
//!
//! FTS5 gathers rows in memory only as long as rowids ascend; each step back closes a segment.
//! A batch that came in the feed's order would leave a segment a row and a slow index.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::error::StoreError;

/// The most rows one search gives: more than a screen shows.
pub const MAX_HITS: u32 = 200;

/// Pending changes of one index.
pub(crate) struct Fts {
    delete_sql: &'static str,
    insert_sql: &'static str,
    gone: BTreeSet<i64>,
    new: BTreeMap<i64, String>,
}

impl Fts {
    /// Changes that these statements write: one deletes by rowid, one inserts rowid and words.
    pub(crate) fn of(delete_sql: &'static str, insert_sql: &'static str) -> Self {
        Self {
            delete_sql,
            insert_sql,
            gone: BTreeSet::new(),
            new: BTreeMap::new(),
        }
    }

    /// Takes an indexed row out.
    pub(crate) fn remove(&mut self, rowid: i64) {
        // A row that this run put in is not in the index yet.
        if self.new.remove(&rowid).is_none() {
            self.gone.insert(rowid);
        }
    }

    /// Puts a row in that is not there, or was removed before.
    pub(crate) fn add(&mut self, rowid: i64, words: String) {
        self.new.insert(rowid, words);
    }

    /// Writes what was collected.
    pub(crate) fn write(&self, conn: &Connection) -> Result<(), StoreError> {
        if !self.gone.is_empty() {
            let mut delete = conn.prepare_cached(self.delete_sql)?;
            for rowid in &self.gone {
                delete.execute([rowid])?;
            }
        }
        if !self.new.is_empty() {
            let mut insert = conn.prepare_cached(self.insert_sql)?;
            for (rowid, words) in &self.new {
                insert.execute((rowid, words))?;
            }
        }
        Ok(())
    }
}
