//! Which coupons sales used.

use std::collections::{BTreeMap, BTreeSet};

use evertill_core::CustomerId;
use evertill_core::pricing::{CouponUse, CouponUses};
use jiff::civil::Date;
use rusqlite::Connection;

use crate::db::value::{parsed, text_or_none};
use crate::db::{Database, StoreError};

impl Database {
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
pub(crate) fn spend(
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
