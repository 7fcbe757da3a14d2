//! The till's store: the database with all its tables.

use std::ops::Deref;
use std::sync::Arc;

use evertill_core::{Clock, JournalEntry, TillId};
use serde::Serialize;

use crate::catalogue::search;
use crate::db::migrate::Migration;
use crate::db::{Database, DeviceSecret, Maintained, StoreConfig, StoreError, Tx};
use crate::journal;
use crate::sales::{carts, numbers};
use crate::schema::MIGRATIONS;
use crate::settings;
use crate::sync::outbox;

/// The till's store. Dereferences to the [`Database`], to which each table adds its reads and
/// writes. Cheap to clone. Every call blocks until it is done; those that write return when the
/// data is safe on disk.
#[derive(Debug, Clone)]
pub struct Store {
    db: Database,
}

impl Deref for Store {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.db
    }
}

impl Store {
    /// Opens the till's store, creating it on the first run and migrating it if it is older.
    ///
    /// # Errors
    /// `store_in_use`, `keyring_unavailable`, `key_missing`, `key_damaged`, `key_wrong`,
    /// `store_damaged`, `store_newer`, `disk_full`. None of them changes the data.
    pub fn open(
        config: &StoreConfig,
        device: &dyn DeviceSecret,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        Self::open_with(config, device, clock, MIGRATIONS)
    }

    /// Opens a store that is there and up to date, to look into it. Nothing is made, migrated or
    /// written; every call that writes is refused.
    ///
    /// # Errors
    /// `store_missing`, `store_older`, and those of [`Store::open`].
    pub fn open_existing(
        config: &StoreConfig,
        device: &dyn DeviceSecret,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let db = Database::open_existing(config, device, clock, MIGRATIONS)?;
        Ok(Self { db })
    }

    pub(crate) fn open_with(
        config: &StoreConfig,
        device: &dyn DeviceSecret,
        clock: Arc<dyn Clock>,
        steps: &[Migration],
    ) -> Result<Self, StoreError> {
        let db = Database::open(config, device, clock, steps)?;
        db.write(|tx| outbox::recover(tx))?;
        Ok(Self { db })
    }

    /// Runs `work` in one transaction: all of it is safe on disk when this returns, or none.
    ///
    /// # Errors
    /// What `work` gives back, and `disk_full`.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.db.write(|tx| work(&mut WriteTx { tx }))
    }

    /// Brings what was committed from the log into the database file and tidies the search index
    /// a little. To be called when the till is idle, every minute or so; sales go on meanwhile.
    ///
    /// # Errors
    /// `disk_full` and database errors; nothing is lost by them.
    pub fn maintain(&self) -> Result<Maintained, StoreError> {
        self.db.write(|tx| search::tidy(tx))?;
        self.db.write(|tx| carts::prune(tx))?;
        self.db.checkpoint()
    }
}

/// Writes of several tables in one transaction.
pub struct WriteTx<'a> {
    tx: &'a Tx<'a>,
}

impl WriteTx<'_> {
    /// Sets one setting along with what else the transaction does.
    ///
    /// # Errors
    /// `disk_full`, `store_value`.
    pub fn set_setting(&mut self, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
        settings::set(self.tx, key, value)
    }

    /// Sets the numbers a till goes on with, along with what else enrolment writes. A prefix
    /// this till used before never goes back, whatever the hub says.
    ///
    /// # Errors
    /// `number_malformed` for an impossible prefix or number; `disk_full` and database errors.
    pub fn set_numbering(
        &mut self,
        till: &TillId,
        prefix: &str,
        next: u64,
    ) -> Result<(), StoreError> {
        numbers::set(self.tx, till, prefix, next)
    }

    /// Writes a journal entry. `body` becomes JSON.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn journal(
        &mut self,
        kind: &str,
        subject: &str,
        body: &impl Serialize,
    ) -> Result<JournalEntry, StoreError> {
        journal::write(self.tx, kind, subject, body)
    }
}
