//! Modes of payment.

use evertill_core::{PaymentKind, PaymentModeId};
use evertill_protocol::PaymentModeRecord;

use crate::db::value::{self, id, named};
use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, text_id, text_name};

/// A mode of payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMode {
    /// Its id.
    pub id: PaymentModeId,
    /// What its key says.
    pub name: String,
    /// Cash, card or other.
    pub kind: PaymentKind,
}

impl Database {
    /// The modes of payment in the order of their keys.
    ///
    /// # Errors
    /// Database errors.
    pub fn payment_modes(&self) -> Result<Vec<PaymentMode>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, kind FROM payment_modes ORDER BY position, name, id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(PaymentMode {
                    id: id(row, 0)?,
                    name: row.get(1)?,
                    kind: named(row, 2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Writes a mode of payment.
pub(crate) fn put(to: Target<'_>, mode: &PaymentModeRecord) -> Result<(), RowError> {
    text_id(mode.id.as_str())?;
    text_name(&mode.name)?;
    to.conn
        .prepare_cached(
            "INSERT INTO payment_modes (id, name, kind, position, generation)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
                 position = excluded.position, generation = excluded.generation",
        )?
        .execute((
            mode.id.as_str(),
            &mode.name,
            value::name("kind of payment", &mode.kind)?,
            mode.position,
            to.generation,
        ))?;
    Ok(())
}
