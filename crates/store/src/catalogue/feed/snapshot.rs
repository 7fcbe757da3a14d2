//! A snapshot: everything the hub has, taken while sales go on.
//!
//! A snapshot opens a new generation. Every row that arrives is stamped with it; at the end the
//! rows of older generations are what the hub no longer has. Until then the till sells from the
//! old and the new together. A snapshot that is cut off is simply begun again.

use evertill_protocol::RecordKind;
use rusqlite::Connection;

use super::batch::Batch;
use crate::catalogue::search;
use crate::db::Database;
use crate::db::StoreError;
use crate::db::value::integer;
use crate::sync::cursors;

/// Rows removed in one transaction, so that a sale in between waits for a few milliseconds only.
const PORTION: usize = 2_000;

/// Where the rows of older generations are found, by kind. Local customers stay: the hub has not
/// heard of them yet.
const OUTDATED: [(RecordKind, &str); 11] = [
    (
        RecordKind::Item,
        "SELECT id FROM items WHERE generation < ?1",
    ),
    (
        RecordKind::Price,
        "SELECT price_list || '/' || item FROM prices WHERE generation < ?1",
    ),
    (
        RecordKind::Price,
        "SELECT id FROM price_rules WHERE generation < ?1",
    ),
    (
        RecordKind::PriceList,
        "SELECT id FROM price_lists WHERE generation < ?1",
    ),
    (
        RecordKind::TaxRule,
        "SELECT id FROM tax_rules WHERE generation < ?1",
    ),
    (
        RecordKind::TaxTemplate,
        "SELECT id FROM tax_templates WHERE generation < ?1",
    ),
    (
        RecordKind::Category,
        "SELECT id FROM categories WHERE generation < ?1",
    ),
    (
        RecordKind::Customer,
        "SELECT id FROM customers WHERE generation < ?1 AND local = 0",
    ),
    (
        RecordKind::Promotion,
        "SELECT id FROM promotions WHERE generation < ?1",
    ),
    (
        RecordKind::PaymentMode,
        "SELECT id FROM payment_modes WHERE generation < ?1",
    ),
    (
        RecordKind::User,
        "SELECT id FROM users WHERE generation < ?1",
    ),
];

impl Database {
    /// Begins a snapshot; its rows then come through [`Database::apply_changes`] without a cursor.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn begin_snapshot(&self) -> Result<(), StoreError> {
        self.write(|tx| {
            let generation = cursors::get(tx, cursors::GENERATION)?.unwrap_or(0);
            cursors::set(tx, cursors::GENERATION, generation + 1)?;
            search::merge_lazily(tx, true)?;
            cursors::set(tx, cursors::SNAPSHOT, 1)
        })
    }

    /// Ends a snapshot that has come whole: removes what it did not bring and sets the cursor.
    /// Gives back how many rows were removed.
    ///
    /// # Errors
    /// `store_value` if no snapshot was begun; `disk_full` and database errors. The cursor then
    /// stays, so the snapshot is taken again.
    pub fn finish_snapshot(&self, cursor: u64) -> Result<u64, StoreError> {
        if self.read(|conn| cursors::get(conn, cursors::SNAPSHOT))? != Some(1) {
            return Err(StoreError::value("snapshot", "none was begun"));
        }
        let outdated = self.read(outdated)?;
        for portion in outdated.chunks(PORTION) {
            self.write(|tx| {
                let mut batch = Batch::begin(tx)?;
                for (kind, id) in portion {
                    batch.delete(*kind, id)?;
                }
                batch.finish()
            })?;
        }
        self.write(|tx| {
            cursors::set(tx, cursors::SNAPSHOT, 0)?;
            search::merge_lazily(tx, false)?;
            cursors::set(tx, cursors::FEED, cursor)
        })?;
        self.merge_search_index()?;
        Ok(u64::try_from(outdated.len()).unwrap_or(u64::MAX))
    }
}

impl Database {
    /// Makes one part of the many that a snapshot leaves of the search index, in steps between
    /// which sales go on.
    fn merge_search_index(&self) -> Result<(), StoreError> {
        let mut more = self.write(|tx| search::merge_some(tx, true))?;
        for step in 1_u32.. {
            if !more {
                break;
            }
            more = self.write(|tx| search::merge_some(tx, false))?;
            if step % 16 == 0 {
                self.checkpoint()?;
            }
        }
        self.checkpoint().map(drop)
    }
}

/// What the snapshot did not bring. Looked for by a reader, for it is every row that is looked at.
fn outdated(conn: &Connection) -> Result<Vec<(RecordKind, String)>, StoreError> {
    let generation = cursors::get(conn, cursors::GENERATION)?.unwrap_or(0);
    let generation = integer("generation", generation)?;
    let mut found = Vec::new();
    for (kind, sql) in OUTDATED {
        let mut statement = conn.prepare(sql)?;
        let ids = statement.query_map([generation], |row| row.get(0))?;
        for id in ids {
            found.push((kind, id?));
        }
    }
    Ok(found)
}
