//! Settings: one JSON value a key.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::{Database, StoreError};

/// The setting under which the [`evertill_protocol::Shop`] of the feed is kept.
pub const SHOP_SETTING: &str = "shop";

impl Database {
    /// The setting of that name, `None` if it was never set.
    ///
    /// # Errors
    /// `store_value` if it is not a `T`.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.read(|conn| get(conn, key))
    }

    /// Sets one setting.
    ///
    /// # Errors
    /// `disk_full`, `store_value`.
    pub fn set_setting(&self, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
        self.write(|tx| set(tx, key, value))
    }
}

pub(crate) fn get<T: DeserializeOwned>(
    conn: &Connection,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| StoreError::value("setting", format!("{key}: {error}")))
}

pub(crate) fn set(conn: &Connection, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::value("setting", error))?;
    conn.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute((key, text))?;
    Ok(())
}
