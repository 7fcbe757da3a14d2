//! Prices: the plain one of an item and list, and those that hold under conditions.
//!
//! The hub may give a plain price conditions or take them away. The record keeps its id, so a row
//! that is written in one of the two tables leaves the other.

use evertill_core::PriceRule;
use evertill_core::{Money, SaleItem};
use evertill_protocol::PriceRecord;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row};
use rust_decimal::Decimal;

use crate::db::StoreError;
use crate::db::value::{bad, parsed, text_or_none};
use crate::row::{MAX_NAME, RowError, RowRejection, Target, text_id};
use crate::settings::SHOP_SETTING;

/// Prices while a run of the feed writes them.
pub(crate) struct PriceWriter<'a> {
    to: Target<'a>,
    /// Whether any item has a price with conditions; if none has, none has to be looked for.
    any_rules: bool,
}

impl<'a> PriceWriter<'a> {
    /// Prices written to there.
    pub(crate) fn new(to: Target<'a>) -> Result<Self, StoreError> {
        let any_rules = to
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM price_rules)")?
            .query_row([], |row| row.get(0))?;
        Ok(Self { to, any_rules })
    }

    /// Writes a price.
    pub(crate) fn upsert(&mut self, price: &PriceRecord) -> Result<(), RowError> {
        text_id(price.item.as_str())?;
        text_id(price.price_list.as_str())?;
        if price.amount < Money::ZERO {
            return Err(RowRejection::new("price_negative", "The price is below 0.").into());
        }
        if price.amount > Money::MAX {
            return Err(RowRejection::new("price_too_large", "The price is too large.").into());
        }
        if price.is_plain() {
            self.put_plain(price)
        } else {
            self.put_rule(price)
        }
    }

    /// Deletes a price, of which no more than the id is known.
    pub(crate) fn delete(&self, id: &str) -> Result<(), StoreError> {
        if !self.delete_rule(id)? {
            self.delete_plain(id)?;
        }
        Ok(())
    }

    /// Keeps what the till has of a price that came but was refused.
    pub(crate) fn keep(&self, price: &PriceRecord) -> Result<(), StoreError> {
        self.to
            .conn
            .prepare_cached(
                "UPDATE prices SET generation = ?3 WHERE item = ?1 AND price_list = ?2",
            )?
            .execute((
                price.item.as_str(),
                price.price_list.as_str(),
                self.to.generation,
            ))?;
        if self.any_rules {
            self.to
                .conn
                .prepare_cached("UPDATE price_rules SET generation = ?2 WHERE id = ?1")?
                .execute((&price.id, self.to.generation))?;
        }
        Ok(())
    }

    fn put_plain(&self, price: &PriceRecord) -> Result<(), RowError> {
        // The tombstone of a price has nothing but this id.
        if price
            .id
            .strip_prefix(price.price_list.as_str())
            .and_then(|rest| rest.strip_prefix('/'))
            != Some(price.item.as_str())
        {
            return Err(
                RowRejection::new("price_id_wrong", "The id is not price list/item.").into(),
            );
        }
        self.delete_rule(&price.id)?;
        self.to
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
                self.to.generation,
            ))?;
        Ok(())
    }

    fn put_rule(&mut self, price: &PriceRecord) -> Result<(), RowError> {
        if price.id.trim().is_empty() || price.id.len() > MAX_NAME {
            return Err(RowRejection::new(
                "price_id_wrong",
                "The row has no id, or a very long one.",
            )
            .into());
        }
        let min_qty = least(&price.min_qty)?;
        if let (Some(from), Some(to)) = (price.from, price.to)
            && to < from
        {
            let message = format!("The price ends on {to}, before it begins on {from}.");
            return Err(RowRejection::new("price_never_holds", message).into());
        }
        self.delete_plain(&price.id)?;
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        self.to
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
                self.to.generation,
            ))?;
        self.any_rules = true;
        Ok(())
    }

    /// Deletes a price with conditions. Gives back whether it was there.
    fn delete_rule(&self, id: &str) -> Result<bool, StoreError> {
        if !self.any_rules {
            return Ok(false);
        }
        let deleted = self
            .to
            .conn
            .prepare_cached("DELETE FROM price_rules WHERE id = ?1")?
            .execute([id])?;
        Ok(deleted > 0)
    }

    fn delete_plain(&self, id: &str) -> Result<(), StoreError> {
        let mut delete = self
            .to
            .conn
            .prepare_cached("DELETE FROM prices WHERE item = ?1 AND price_list = ?2")?;
        // Either id may have a slash in it; the pair that exists decides.
        for (at, _) in id.match_indices('/') {
            let (list, item) = id.split_at(at);
            delete.execute((item.strip_prefix('/').unwrap_or(item), list))?;
        }
        Ok(())
    }
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

/// All prices of an item in every list.
pub(crate) fn of_item(conn: &Connection, item: &SaleItem) -> Result<Vec<PriceRule>, StoreError> {
    let decimals = decimals(conn)?;
    let mut statement = conn.prepare_cached(
        "SELECT price_list || '/' || item, price_list, '', amount, '', '', '0', '', ''
         FROM prices WHERE item = ?1
         UNION ALL
         SELECT id, price_list, unit, amount, first_day, last_day, min_qty, customer, batch
         FROM price_rules WHERE item = ?1",
    )?;
    let rows = statement.query_map([item.id.as_str()], |row| price_rule(row, item, decimals))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn price_rule(row: &Row<'_>, item: &SaleItem, decimals: u32) -> rusqlite::Result<PriceRule> {
    let day = |column| match row.get_ref(column)?.as_str()? {
        "" => Ok(None),
        _ => parsed::<Date>(row, column).map(Some),
    };
    Ok(PriceRule {
        id: row.get(0)?,
        list: row.get(1)?,
        item: item.id.to_string(),
        uom: text_or_none(row, 2)?.unwrap_or_else(|| item.unit.clone()),
        rate: Decimal::try_new(row.get(3)?, decimals).map_err(|error| bad(3, error))?,
        from: day(4)?,
        to: day(5)?,
        min_qty: parsed(row, 6)?,
        customer: text_or_none(row, 7)?,
        batch: text_or_none(row, 8)?,
    })
}

/// The decimals of the shop's currency, which turn minor units into prices.
fn decimals(conn: &Connection) -> Result<u32, StoreError> {
    let found: Option<u32> = conn
        .prepare_cached(
            "SELECT json_extract(value, '$.currency.decimals') FROM settings WHERE key = ?1",
        )?
        .query_row([SHOP_SETTING], |row| row.get(0))
        .optional()?;
    found.ok_or_else(|| StoreError::value("price", "the shop and its currency are not known"))
}
