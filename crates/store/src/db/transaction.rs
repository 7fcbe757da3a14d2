//! The transaction that writes.

use std::ops::Deref;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::StoreError;

/// A transaction that writes. Dereferences to the connection for reading inside it.
pub(crate) struct Tx<'a> {
    tx: Transaction<'a>,
    now: Timestamp,
}

impl Tx<'_> {
    /// The time of this transaction, whole milliseconds.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

/// Runs `work` in one transaction: all of it is safe on disk when this returns, or none.
pub(crate) fn write<T>(
    conn: &mut Connection,
    now: Timestamp,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut tx = Tx { tx, now };
    let done = work(&mut tx)?;
    tx.tx.commit()?;
    Ok(done)
}
