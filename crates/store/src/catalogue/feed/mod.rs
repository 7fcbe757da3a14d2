//! Taking the hub's master data: changes, snapshots, and rows that cannot be taken.
//!
//! The hub wins for master data. A row that is wrong is skipped with a code and kept for a person
//! to look at; what the till had of it before stays. It never stops the rows after it.

pub(crate) mod batch;
mod records;
mod run;
pub(crate) mod skipped;
mod snapshot;

use evertill_protocol::{Change, ChangeBody, RecordKind};

use crate::db::value::count;
use crate::db::{Database, StoreError};
use crate::sync::cursors;
use batch::{Applied, Batch};

/// After so many changes the log is brought into the file. Left to the connection that writes, it
/// would be a sale that does it. More often would write the same pages again and again.
const CHANGES_PER_CHECKPOINT: usize = 20_000;

impl Database {
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

    /// How many rows of one kind of master data there are. Counts them, so not for each keystroke.
    ///
    /// # Errors
    /// Database errors.
    pub fn record_count(&self, kind: RecordKind) -> Result<u64, StoreError> {
        let sql = match kind {
            RecordKind::Item => "SELECT count(*) FROM items",
            RecordKind::Price => {
                "SELECT (SELECT count(*) FROM prices) + (SELECT count(*) FROM price_rules)"
            }
            RecordKind::PriceList => "SELECT count(*) FROM price_lists",
            RecordKind::TaxRule => "SELECT count(*) FROM tax_rules",
            RecordKind::TaxTemplate => "SELECT count(*) FROM tax_templates",
            RecordKind::Promotion => "SELECT count(*) FROM promotions",
            RecordKind::Category => "SELECT count(*) FROM categories",
            RecordKind::Customer => "SELECT count(*) FROM customers",
            RecordKind::PaymentMode => "SELECT count(*) FROM payment_modes",
            RecordKind::User => "SELECT count(*) FROM users",
            RecordKind::Shop => "SELECT count(*) FROM settings WHERE key = 'shop'",
        };
        self.read(|conn| {
            Ok(conn
                .prepare_cached(sql)?
                .query_row([], |row| count(row, 0))?)
        })
    }
}
