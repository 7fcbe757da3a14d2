//! Promotions: checked, then kept as they came.

use evertill_core::pricing::Promotion;
use rusqlite::OptionalExtension;

use super::batch::{Batch, RowError, refused};
use super::records::{text_id, text_name};
use crate::error::StoreError;

/// Writes a promotion.
pub(super) fn upsert(batch: &mut Batch<'_>, promotion: &Promotion) -> Result<(), RowError> {
    text_id(&promotion.id)?;
    text_name(&promotion.name)?;
    promotion.validate().map_err(|error| refused(&error))?;
    let body =
        serde_json::to_string(promotion).map_err(|error| StoreError::value("promotion", error))?;
    let before: Option<String> = batch
        .conn
        .prepare_cached("SELECT body FROM promotions WHERE id = ?1")?
        .query_row([&promotion.id], |row| row.get(0))
        .optional()?;
    // A snapshot brings all of them again; the till need not read them anew for that.
    batch.terms_changed |= before.as_ref() != Some(&body);
    batch
        .conn
        .prepare_cached(
            "INSERT INTO promotions (id, body, generation) VALUES (?1, ?2, ?3)
             ON CONFLICT (id)
             DO UPDATE SET body = excluded.body, generation = excluded.generation",
        )?
        .execute((&promotion.id, body, batch.generation))?;
    Ok(())
}
