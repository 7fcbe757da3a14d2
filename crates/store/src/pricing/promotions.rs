//! Promotions: checked, then kept as they came.

use evertill_core::pricing::Promotion;
use rusqlite::OptionalExtension;

use crate::db::value::json;
use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, refused, text_id, text_name};
use crate::sync::cursors;

impl Database {
    /// All promotions, ordered by id, and their version: see [`Database::promotions_version`].
    ///
    /// # Errors
    /// `store_value` if one cannot be read, and database errors.
    pub fn promotions(&self) -> Result<(u64, Vec<Promotion>), StoreError> {
        self.read(|conn| {
            // The version first: a change in between makes it too old, and the promotions are
            // read once more; the other way round a change would be missed.
            let version = cursors::get(conn, cursors::PROMOTIONS)?.unwrap_or(0);
            let mut statement = conn.prepare_cached("SELECT body FROM promotions ORDER BY id")?;
            let rows = statement.query_map([], |row| json(row, 0))?;
            Ok((version, rows.collect::<Result<_, _>>()?))
        })
    }

    /// A number that grows whenever the feed changes a promotion, a tax template or the shop
    /// (which holds how sales are calculated and the price lists of groups and tills). One look-up:
    /// whoever keeps these in memory asks before each use.
    ///
    /// # Errors
    /// Database errors.
    pub fn promotions_version(&self) -> Result<u64, StoreError> {
        self.read(|conn| Ok(cursors::get(conn, cursors::PROMOTIONS)?.unwrap_or(0)))
    }
}

/// Writes a promotion. Gives back whether it is another than before.
pub(crate) fn upsert(to: Target<'_>, promotion: &Promotion) -> Result<bool, RowError> {
    text_id(&promotion.id)?;
    text_name(&promotion.name)?;
    promotion.validate().map_err(|error| refused(&error))?;
    let body =
        serde_json::to_string(promotion).map_err(|error| StoreError::value("promotion", error))?;
    let before: Option<String> = to
        .conn
        .prepare_cached("SELECT body FROM promotions WHERE id = ?1")?
        .query_row([&promotion.id], |row| row.get(0))
        .optional()?;
    // A snapshot brings all of them again; the till need not read them again for that.
    let changed = before.as_ref() != Some(&body);
    to.conn
        .prepare_cached(
            "INSERT INTO promotions (id, body, generation) VALUES (?1, ?2, ?3)
             ON CONFLICT (id)
             DO UPDATE SET body = excluded.body, generation = excluded.generation",
        )?
        .execute((&promotion.id, body, to.generation))?;
    Ok(changed)
}
