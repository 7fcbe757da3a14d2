//! What tests do behind the store's back. No part of the product: the feature `tampering` is for
//! tests only.

use crate::db::{Database, StoreError};

impl Database {
    /// Runs SQL in one transaction, as somebody who has the key. Gives back how many rows it
    /// changed.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn tamper(&self, sql: &str) -> Result<u64, StoreError> {
        self.write(|tx| {
            let before = tx.total_changes();
            tx.execute_batch(sql)?;
            Ok(tx.total_changes() - before)
        })
    }

    /// The integers in the first column of what a query finds. It can write nothing.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn integers(&self, sql: &str) -> Result<Vec<i64>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Lets the file grow by so many pages of 4 KiB and no more, until it is opened again: the
    /// till then meets a full disk without filling one.
    ///
    /// # Errors
    /// Database errors.
    pub fn limit_pages(&self, more: u32) -> Result<(), StoreError> {
        self.write(|tx| {
            let now: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            let most = now.saturating_add(i64::from(more));
            tx.pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))?;
            Ok(())
        })
    }
}
