//! The transaction that writes.

use std::ops::Deref;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::StoreError;

/// A transaction that writes. Dereferences to the connection for reading inside it.
pub struct WriteTx<'a> {
    tx: Transaction<'a>,
    now: Timestamp,
}

impl WriteTx<'_> {
    /// The time of this transaction, whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }
}

impl Deref for WriteTx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

/// Runs `work` in one transaction: all of it is safe on disk when this returns, or none.
pub(crate) fn write<T>(
    conn: &mut Connection,
    now: Timestamp,
    work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut tx = WriteTx { tx, now };
    let done = work(&mut tx)?;
    tx.tx.commit()?;
    Ok(done)
}
