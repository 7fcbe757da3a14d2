//! A few connections that only read.

use std::sync::{Mutex, PoisonError, TryLockError};

use rusqlite::Connection;

/// The connections. There is at least one.
pub(crate) struct Readers {
    first: Mutex<Connection>,
    more: Vec<Mutex<Connection>>,
}

impl Readers {
    pub(crate) fn new(first: Connection, more: Vec<Connection>) -> Self {
        Self {
            first: Mutex::new(first),
            more: more.into_iter().map(Mutex::new).collect(),
        }
    }

    /// Runs `work` on a connection that is free; waits for the first if none is.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        for conn in std::iter::once(&self.first).chain(&self.more) {
            match conn.try_lock() {
                Ok(conn) => return work(&conn),
                // A panic while reading leaves nothing half-done: the statement was reset.
                Err(TryLockError::Poisoned(conn)) => return work(&conn.into_inner()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        work(&self.first.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
