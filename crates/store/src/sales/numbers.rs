//! The till's fiscal numbers.

use evertill_core::{ReceiptNumber, TillId};
use rusqlite::{Connection, OptionalExtension};

use crate::db::value::{count, integer};
use crate::db::{Database, StoreError};

impl Database {
    /// The number the next sale will have, `None` before enrolment. Nothing is taken by asking.
    ///
    /// # Errors
    /// Database errors.
    pub fn next_number(&self) -> Result<Option<ReceiptNumber>, StoreError> {
        self.read(|conn| {
            let found: Option<(String, u64)> = conn
                .prepare_cached("SELECT prefix, next FROM numbers WHERE active = 1")?
                .query_row([], |row| Ok((row.get(0)?, count(row, 1)?)))
                .optional()?;
            found
                .map(|(prefix, next)| ReceiptNumber::new(prefix, next))
                .transpose()
                .map_err(StoreError::from)
        })
    }

    /// Sets the numbers a till goes on with, as enrolment gave them.
    ///
    /// # Errors
    /// As [`crate::WriteTx::set_numbering`].
    pub fn set_numbering(&self, till: &TillId, prefix: &str, next: u64) -> Result<(), StoreError> {
        self.write(|tx| set(tx, till, prefix, next))
    }
}

/// Sets the numbers a till goes on with. A prefix this till used before never goes back, not even if
/// the hub says so.
pub(crate) fn set(
    conn: &Connection,
    till: &TillId,
    prefix: &str,
    next: u64,
) -> Result<(), StoreError> {
    let number = ReceiptNumber::new(prefix, next)?;
    conn.execute(
        "UPDATE numbers SET active = 0 WHERE active = 1 AND prefix <> ?1",
        [prefix],
    )?;
    conn.execute(
        "INSERT INTO numbers (prefix, till, next, active) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (prefix) DO UPDATE SET till = excluded.till, active = 1,
             next = max(next, excluded.next)",
        (
            &number.prefix,
            till.as_str(),
            integer("number", number.counter)?,
        ),
    )?;
    Ok(())
}

/// Takes the next number; it is given back if the transaction fails.
pub(crate) fn take(conn: &Connection) -> Result<ReceiptNumber, StoreError> {
    let taken: Option<(String, u64)> = conn
        .prepare_cached(
            "UPDATE numbers SET next = next + 1 WHERE active = 1 RETURNING prefix, next - 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, count(row, 1)?)))
        .optional()?;
    let (prefix, counter) = taken.ok_or(StoreError::NotEnrolled)?;
    Ok(ReceiptNumber::new(prefix, counter)?)
}
