//! Prices: the plain one of an item and list, and those that hold under conditions.
//!
//! The hub may give a plain price conditions or take them away. The record keeps its id, so a row
//! that is written in one of the two tables leaves the other.

use evertill_core::Money;
use evertill_protocol::PriceRecord;
use rust_decimal::Decimal;

use super::batch::{Batch, RowError, RowRejection};
use super::records::{MAX_NAME, text_id};
use crate::error::StoreError;

/// Writes a price.
pub(super) fn upsert(batch: &mut Batch<'_>, price: &PriceRecord) -> Result<(), RowError> {
    text_id(price.item.as_str())?;
    text_id(price.price_list.as_str())?;
    if price.amount < Money::ZERO {
        return Err(RowRejection::new("price_negative", "The price is below 0.").into());
    }
    if price.amount > Money::MAX {
        return Err(RowRejection::new("price_too_large", "The price is too large.").into());
    }
    if price.is_plain() {
        put_plain(batch, price)
    } else {
        put_rule(batch, price)
    }
}

/// Deletes a price, of which no more than the id is known.
pub(super) fn delete(batch: &Batch<'_>, id: &str) -> Result<(), StoreError> {
    if !delete_rule(batch, id)? {
        delete_plain(batch, id)?;
    }
    Ok(())
}

/// Keeps what the till has of a price that came but was refused.
pub(super) fn keep(batch: &Batch<'_>, price: &PriceRecord) -> Result<(), StoreError> {
    batch
        .conn
        .prepare_cached("UPDATE prices SET generation = ?3 WHERE item = ?1 AND price_list = ?2")?
        .execute((
            price.item.as_str(),
            price.price_list.as_str(),
            batch.generation,
        ))?;
    if batch.any_price_rules {
        batch
            .conn
            .prepare_cached("UPDATE price_rules SET generation = ?2 WHERE id = ?1")?
            .execute((&price.id, batch.generation))?;
    }
    Ok(())
}

fn put_plain(batch: &Batch<'_>, price: &PriceRecord) -> Result<(), RowError> {
    // The tombstone of a price has nothing but this id.
    if price
        .id
        .strip_prefix(price.price_list.as_str())
        .and_then(|rest| rest.strip_prefix('/'))
        != Some(price.item.as_str())
    {
        return Err(RowRejection::new("price_id_wrong", "The id is not price list/item.").into());
    }
    delete_rule(batch, &price.id)?;
    batch
        .conn
        .prepare_cached(
            "INSERT INTO prices (item, price_list, amount, generation) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (item, price_list)
             DO UPDATE SET amount = excluded.amount, generation = excluded.generation",
        )?
        .execute((
            price.item.as_str(),
            price.price_list.as_str(),
            price.amount.minor(),
            batch.generation,
        ))?;
    Ok(())
}

fn put_rule(batch: &mut Batch<'_>, price: &PriceRecord) -> Result<(), RowError> {
    if price.id.trim().is_empty() || price.id.len() > MAX_NAME {
        return Err(
            RowRejection::new("price_id_wrong", "The row has no id, or a very long one.").into(),
        );
    }
    let min_qty = least(&price.min_qty)?;
    if let (Some(from), Some(to)) = (price.from, price.to)
        && to < from
    {
        let message = format!("The price ends on {to}, before it begins on {from}.");
        return Err(RowRejection::new("price_never_holds", message).into());
    }
    delete_plain(batch, &price.id)?;
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    batch
        .conn
        .prepare_cached(
            "INSERT INTO price_rules (item, id, price_list, unit, amount, first_day, last_day,
                                      min_qty, customer, batch, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (id) DO UPDATE SET item = excluded.item,
                 price_list = excluded.price_list, unit = excluded.unit,
                 amount = excluded.amount, first_day = excluded.first_day,
                 last_day = excluded.last_day, min_qty = excluded.min_qty,
                 customer = excluded.customer, batch = excluded.batch,
                 generation = excluded.generation",
        )?
        .execute((
            price.item.as_str(),
            &price.id,
            price.price_list.as_str(),
            &price.unit,
            price.amount.minor(),
            day(price.from),
            day(price.to),
            min_qty.to_string(),
            &price.customer,
            &price.batch,
            batch.generation,
        ))?;
    batch.any_price_rules = true;
    Ok(())
}

/// The quantity a price holds from; nothing said is 0.
fn least(text: &str) -> Result<Decimal, RowRejection> {
    if text.is_empty() {
        return Ok(Decimal::ZERO);
    }
    let Ok(least) = Decimal::from_str_exact(text) else {
        let message = format!("“{text}” is no quantity.");
        return Err(RowRejection::new("min_qty_malformed", message));
    };
    if least < Decimal::ZERO {
        let message = format!("The price cannot hold from {least} on.");
        return Err(RowRejection::new("min_qty_negative", message));
    }
    Ok(least.normalize())
}

/// Deletes a price with conditions. Gives back whether it was there.
fn delete_rule(batch: &Batch<'_>, id: &str) -> Result<bool, StoreError> {
    if !batch.any_price_rules {
        return Ok(false);
    }
    let deleted = batch
        .conn
        .prepare_cached("DELETE FROM price_rules WHERE id = ?1")?
        .execute([id])?;
    Ok(deleted > 0)
}

fn delete_plain(batch: &Batch<'_>, id: &str) -> Result<(), StoreError> {
    let mut delete = batch
        .conn
        .prepare_cached("DELETE FROM prices WHERE item = ?1 AND price_list = ?2")?;
    // Either id may have a slash in it; the pair that exists decides.
    for (at, _) in id.match_indices('/') {
        let (list, item) = id.split_at(at);
        delete.execute((item.strip_prefix('/').unwrap_or(item), list))?;
    }
    Ok(())
}
