//! Tax rules of items and the charges of whole sales.

use evertill_core::{Percent, TaxRule, TaxTemplate};
use evertill_protocol::TaxRuleRecord;
use rusqlite::OptionalExtension;

use crate::db::value::json as json_column;
use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, refused, text_id, text_name};

impl Database {
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
                    charges: json_column(row, 3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Writes a tax rule.
pub(crate) fn put_rule(to: Target<'_>, record: &TaxRuleRecord) -> Result<(), RowError> {
    text_id(record.id.as_str())?;
    text_name(&record.name)?;
    for rate in &record.rates {
        text_id(rate.account.as_str())?;
    }
    let rule = TaxRule {
        id: record.id.clone(),
        name: record.name.clone(),
        rate: Percent::parse(&record.rate).map_err(|error| refused(&error))?,
        inclusive: record.inclusive,
        rates: record.rates.clone(),
    };
    rule.validate().map_err(|error| refused(&error))?;
    let rates = if rule.rates.is_empty() {
        String::new()
    } else {
        json("rates of a tax rule", &rule.rates)?
    };
    to.conn
        .prepare_cached(
            "INSERT INTO tax_rules (id, name, rate, inclusive, rates, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, rate = excluded.rate,
                 inclusive = excluded.inclusive, rates = excluded.rates,
                 generation = excluded.generation",
        )?
        .execute((
            rule.id.as_str(),
            &rule.name,
            rule.rate.to_string(),
            rule.inclusive,
            rates,
            to.generation,
        ))?;
    Ok(())
}

/// Writes the charges of whole sales. Gives back whether they are others than before.
pub(crate) fn put_template(to: Target<'_>, template: &TaxTemplate) -> Result<bool, RowError> {
    text_id(&template.id)?;
    text_name(&template.name)?;
    for charge in &template.charges {
        text_id(charge.account.as_str())?;
    }
    template.validate().map_err(|error| refused(&error))?;
    let charges = json("charges", &template.charges)?;
    let before: Option<(String, String, String)> = to
        .conn
        .prepare_cached("SELECT name, category, charges FROM tax_templates WHERE id = ?1")?
        .query_row([&template.id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let same = before.is_some_and(|(name, category, before)| {
        name == template.name && category == template.category && before == charges
    });
    to.conn
        .prepare_cached(
            "INSERT INTO tax_templates (id, name, category, charges, generation)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, category = excluded.category,
                 charges = excluded.charges, generation = excluded.generation",
        )?
        .execute((
            &template.id,
            &template.name,
            &template.category,
            charges,
            to.generation,
        ))?;
    Ok(!same)
}

fn json(what: &'static str, value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::value(what, error))
}
