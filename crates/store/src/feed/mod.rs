//! Taking the hub's master data: changes, snapshots, and rows that cannot be taken.
//!
//! The hub wins for master data. A row that is wrong is skipped with a code and kept for a person
//! to look at; what the till had of it before stays. It never stops the rows after it.

mod batch;
mod index;
mod items;
mod prices;
mod promotions;
mod records;
mod snapshot;
mod taxes;

use evertill_protocol::{Change, ChangeBody, RecordKind};

use crate::cursors;
use crate::error::StoreError;
use crate::store::Store;
use crate::value;
use batch::Batch;
pub(crate) use items::BARCODE_SEPARATOR;

/// The setting under which the [`evertill_protocol::Shop`] of the feed is kept.
pub const SHOP_SETTING: &str = "shop";

/// After so many changes the log is brought into the file. Left to the connection that writes, it
/// would be a sale that does it. More often would write the same pages again and again.
const CHANGES_PER_CHECKPOINT: usize = 20_000;

/// What became of a run of changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Rows written.
    pub upserted: u64,
    /// Tombstones heard, whether or not the row was there.
    pub deleted: u64,
    /// Rows that were not taken, or not all of them.
    pub skipped: Vec<SkippedRow>,
}

/// A row of the feed that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRow {
    /// The hub's sequence number of the change.
    pub seq: u64,
    /// What kind of row.
    pub kind: RecordKind,
    /// Its id within the kind.
    pub id: String,
    /// Stable code of what is wrong: `name_empty`, `tax_rule_unknown`, `price_negative`, …
    pub code: String,
    /// The same as a sentence.
    pub message: String,
}

impl Store {
    /// Applies changes in their order, in one transaction, and moves the cursor along if one is
    /// given. A caller with many changes hands over a few thousand at a time, so that a sale
    /// never waits long.
    ///
    /// # Errors
    /// `disk_full` and database errors, with nothing applied. A wrong row is no error.
    pub fn apply_changes(
        &self,
        changes: &[Change],
        cursor: Option<u64>,
    ) -> Result<Applied, StoreError> {
        let applied = self.write(|tx| {
            let mut batch = Batch::begin(tx)?;
            for change in changes {
                match &change.body {
                    ChangeBody::Upsert(record) => batch.upsert(change.seq, record)?,
                    ChangeBody::Delete { kind, id } => batch.delete(*kind, id)?,
                }
            }
            let applied = batch.finish()?;
            if let Some(cursor) = cursor {
                cursors::set(tx, cursors::FEED, cursor)?;
            }
            Ok(applied)
        })?;
        if self.changes_logged(changes.len()) >= CHANGES_PER_CHECKPOINT {
            self.checkpoint()?;
        }
        Ok(applied)
    }

    /// The rows of the feed that are still not taken, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn skipped_rows(&self, limit: u32) -> Result<Vec<SkippedRow>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT seq, kind, id, code, message FROM skipped_rows ORDER BY seq LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], |row| {
                Ok(SkippedRow {
                    seq: value::count(row, 0)?,
                    kind: value::named(row, 1)?,
                    id: row.get(2)?,
                    code: row.get(3)?,
                    message: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
