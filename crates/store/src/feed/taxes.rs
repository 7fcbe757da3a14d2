//! Tax rules of items and the charges of whole sales.

use std::collections::BTreeSet;

use evertill_core::calc::{
    Arithmetic, Document, Line, TaxRow, ValidationError as Unbookable, calculate,
};
use evertill_core::{Money, Percent, TaxTemplate};
use evertill_protocol::TaxRuleRecord;
use rusqlite::OptionalExtension;
use rust_decimal::Decimal;

use super::batch::{Batch, RowError, RowRejection, refused};
use super::records::{text_id, text_name};
use crate::error::StoreError;

/// Writes a tax rule.
pub(super) fn put_rule(batch: &mut Batch<'_>, rule: &TaxRuleRecord) -> Result<(), RowError> {
    text_id(rule.id.as_str())?;
    text_name(&rule.name)?;
    let rate = Percent::parse(&rule.rate).map_err(|error| refused(&error))?;
    check_rates(rule)?;
    let rates = if rule.rates.is_empty() {
        String::new()
    } else {
        json("rates of a tax rule", &rule.rates)?
    };
    batch
        .conn
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
            rate.to_string(),
            rule.inclusive,
            rates,
            batch.generation,
        ))?;
    batch.tax_rules.insert(rule.id.as_str().to_owned());
    Ok(())
}

/// Writes the charges of whole sales.
pub(super) fn put_template(batch: &mut Batch<'_>, template: &TaxTemplate) -> Result<(), RowError> {
    text_id(&template.id)?;
    text_name(&template.name)?;
    for charge in &template.charges {
        text_id(charge.account.as_str())?;
    }
    let rows = template.charges.iter().map(evertill_core::TaxCharge::row);
    try_out(rows.collect(), Vec::new())
        .map_err(|why| RowRejection::new("tax_template_invalid", why.to_string()))?;
    let charges = json("charges", &template.charges)?;
    let before: Option<(String, String, String)> = batch
        .conn
        .prepare_cached("SELECT name, category, charges FROM tax_templates WHERE id = ?1")?
        .query_row([&template.id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let same = before.is_some_and(|(name, category, before)| {
        name == template.name && category == template.category && before == charges
    });
    batch.terms_changed |= !same;
    batch
        .conn
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
            batch.generation,
        ))?;
    Ok(())
}

fn check_rates(rule: &TaxRuleRecord) -> Result<(), RowError> {
    let mut accounts = BTreeSet::new();
    for rate in &rule.rates {
        text_id(rate.account.as_str())?;
        if !accounts.insert(rate.account.as_str()) {
            let message = format!("The account {} has two rates.", rate.account);
            return Err(RowRejection::new("tax_rates_invalid", message).into());
        }
    }
    let account = |rate: &evertill_core::AccountRate| rate.account.to_string();
    let rows = rule.rates.iter().map(|rate| TaxRow {
        account: account(rate),
        included: rule.inclusive,
        ..TaxRow::default()
    });
    let rates = rule.rates.iter().map(|rate| (account(rate), rate.rate));
    try_out(rows.collect(), rates.collect())
        .map_err(|why| RowRejection::new("tax_rates_invalid", why.to_string()).into())
}

/// Works out a sale of one thing for 100, for the engine knows best what it refuses. That charges
/// take more off than the sale comes to is no fault of theirs.
fn try_out(taxes: Vec<TaxRow>, rates: Vec<(String, Decimal)>) -> Result<(), Unbookable> {
    let most = Decimal::from(Money::MAX.minor());
    let numbers = taxes.iter().flat_map(|row| [row.rate, row.amount]);
    if numbers
        .chain(rates.iter().map(|(_, rate)| *rate))
        .any(|number| number.abs() > most)
    {
        // Included in the price such a rate would fit, and leave nothing of it.
        return Err(Unbookable::NumberTooLarge);
    }
    let document = Document {
        lines: vec![Line {
            qty: Decimal::ONE,
            rate: Some(Decimal::ONE_HUNDRED),
            item_tax_rates: rates,
            ..Line::default()
        }],
        taxes,
        ..Document::default()
    };
    match calculate(&document, None, Arithmetic::Exact) {
        Ok(_) | Err(Unbookable::NegativeTotal { .. }) => Ok(()),
        Err(why) => Err(why),
    }
}

fn json(what: &'static str, value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::value(what, error))
}
