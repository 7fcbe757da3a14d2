//! The till's store: the database with all its tables.

use std::ops::Deref;
use std::sync::Arc;

use evertill_core::Clock;

use crate::catalogue::search;
use crate::db::migrate::Migration;
use crate::db::{Database, DeviceSecret, Maintained, StoreConfig, StoreError};
use crate::sales::carts;
use crate::schema::MIGRATIONS;
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
