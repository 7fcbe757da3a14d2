//! Price lists and what they are called.

use evertill_core::PriceListId;
use evertill_protocol::PriceListRecord;
use rusqlite::OptionalExtension;

use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, text_id, text_name};

impl Database {
    /// How a price list is called, if it is known.
    ///
    /// # Errors
    /// Database errors.
    pub fn price_list_name(&self, list: &PriceListId) -> Result<Option<String>, StoreError> {
        self.read(|conn| {
            let name = conn
                .prepare_cached("SELECT name FROM price_lists WHERE id = ?1")?
                .query_row([list.as_str()], |row| row.get(0))
                .optional()?;
            Ok(name)
        })
    }
}

/// Writes a price list.
pub(crate) fn put(to: Target<'_>, list: &PriceListRecord) -> Result<(), RowError> {
    text_id(list.id.as_str())?;
    text_name(&list.name)?;
    to.conn
        .prepare_cached(
            "INSERT INTO price_lists (id, name, generation) VALUES (?1, ?2, ?3)
             ON CONFLICT (id)
             DO UPDATE SET name = excluded.name, generation = excluded.generation",
        )?
        .execute((list.id.as_str(), &list.name, to.generation))?;
    Ok(())
}
