//! What sales are priced and taxed by as a whole, besides the items in them.

use std::collections::{BTreeMap, BTreeSet};

use evertill_core::pricing::{CouponUse, CouponUses, Promotion};
use evertill_core::{CustomerId, TaxTemplate};
use jiff::civil::Date;
use rusqlite::Connection;
use serde::de::DeserializeOwned;

use crate::cursors;
use crate::error::StoreError;
use crate::store::Store;
use crate::value::{bad, parsed, text_or_none};

impl Store {
    /// The charges of whole sales, ordered by id. None: each item is charged by its own rule.
    ///
    /// # Errors
    /// `store_value` if one cannot be read, and database errors.
    pub fn tax_templates(&self) -> Result<Vec<TaxTemplate>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, category, charges FROM tax_templates ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(TaxTemplate {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    category: row.get(2)?,
                    charges: json(row, 3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// All promotions, ordered by id, and their version: see [`Store::promotions_version`].
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
    /// (which holds how sales are reckoned and the price lists of groups and tills). One look-up:
    /// whoever keeps these in memory asks before each use.
    ///
    /// # Errors
    /// Database errors.
    pub fn promotions_version(&self) -> Result<u64, StoreError> {
        self.read(|conn| Ok(cursors::get(conn, cursors::PROMOTIONS)?.unwrap_or(0)))
    }

    /// How often coupons were used at this till before. Uses by other customers than the one
    /// given count, but do not say whose they were.
    ///
    /// # Errors
    /// Database errors.
    pub fn coupon_uses(
        &self,
        codes: &[String],
        customer: Option<&CustomerId>,
    ) -> Result<CouponUses, StoreError> {
        let customer = customer.map_or("", |customer| customer.as_str());
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT business_date, CASE customer WHEN ?2 THEN customer ELSE '' END
                 FROM coupon_uses WHERE code = ?1 ORDER BY invoice",
            )?;
            let mut uses = BTreeMap::new();
            for code in codes {
                let rows = statement.query_map((code, customer), |row| {
                    Ok(CouponUse {
                        on: parsed::<Date>(row, 0)?,
                        customer: text_or_none(row, 1)?,
                    })
                })?;
                let found: Vec<CouponUse> = rows.collect::<Result<_, _>>()?;
                if !found.is_empty() {
                    uses.insert(code.clone(), found);
                }
            }
            Ok(CouponUses(uses))
        })
    }
}

/// Notes that a sale used coupons. A code that was scanned twice is used once.
pub(crate) fn use_coupons(
    conn: &Connection,
    invoice: i64,
    codes: &[String],
    customer: Option<&CustomerId>,
    on: Date,
) -> Result<(), StoreError> {
    if codes.is_empty() {
        return Ok(());
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO coupon_uses (code, invoice, customer, business_date) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let customer = customer.map_or("", |customer| customer.as_str());
    for code in codes.iter().collect::<BTreeSet<_>>() {
        insert.execute((code, invoice, customer, on.to_string()))?;
    }
    Ok(())
}

/// A column with JSON.
pub(crate) fn json<T: DeserializeOwned>(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| bad(column, error))
}
