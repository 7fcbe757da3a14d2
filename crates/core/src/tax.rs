//! The taxes a shop charges: the rule of an item, and the rows a whole sale is charged by.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calc::{Arithmetic, ChargeType, Document, Line, TaxRow, ValidationError, calculate};
use crate::fault::Coded;
use crate::id::TaxRuleId;
use crate::money::Money;
use crate::percent::Percent;

/// How an item is taxed: one rate, and whether shelf prices already hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRule {
    /// Key of the rule upstream.
    pub id: TaxRuleId,
    /// How it is named on the receipt: "VAT 19%".
    pub name: String,
    /// The rate in per cent.
    pub rate: Percent,
    /// `true`: the price includes the tax (most of the world); `false`: it is added at the
    /// counter (sales tax).
    pub inclusive: bool,
    /// Its rates by account, where the shop charges by [`TaxTemplate`]s: what ERPNext calls an
    /// item tax template. Empty: the rule is its own account, charged at `rate`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<AccountRate>,
}

impl TaxRule {
    /// Checks that a sale can be charged at the rule's rates by account.
    ///
    /// Errors: `tax_rates_invalid`.
    pub fn validate(&self) -> Result<(), TaxError> {
        let mut accounts = BTreeSet::new();
        let twice = self.rates.iter().find(|one| !accounts.insert(&one.account));
        if let Some(twice) = twice {
            let account = twice.account.clone();
            return Err(TaxError::AccountTwice { account });
        }
        let account = |rate: &AccountRate| rate.account.to_string();
        let rows = self.rates.iter().map(|rate| TaxRow {
            account: account(rate),
            included: self.inclusive,
            ..TaxRow::default()
        });
        let rates = self.rates.iter().map(|rate| (account(rate), rate.rate));
        try_out(rows.collect(), rates.collect()).map_err(TaxError::Rates)
    }
}

/// What is charged on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRate {
    /// The account a row of charges is booked on.
    pub account: TaxRuleId,
    /// Percent, or an amount per unit for a row that is charged by quantity. 0 counts: the item
    /// is not charged there.
    #[serde(with = "rust_decimal::serde::str")]
    pub rate: Decimal,
}

/// One row of a sale's taxes and charges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxCharge {
    /// The account it is booked on; rates of items name it.
    pub account: TaxRuleId,
    /// How it is named on the receipt.
    pub name: String,
    /// What it is charged on.
    pub charge_type: ChargeType,
    /// Percent, or for [`ChargeType::OnItemQuantity`] an amount per unit.
    #[serde(with = "rust_decimal::serde::str")]
    pub rate: Decimal,
    /// Whether the shelf price holds it already.
    pub included: bool,
    /// The earlier row (from 1) a compound row builds on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_id: Option<u32>,
    /// The amount of an [`ChargeType::Actual`] row, in whole units of the currency.
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
}

impl TaxCharge {
    /// The row as the engine takes it.
    #[must_use]
    pub fn row(&self) -> TaxRow {
        TaxRow {
            account: self.account.to_string(),
            charge_type: self.charge_type,
            rate: self.rate,
            included: self.included,
            row_id: self.row_id,
            amount: self.amount,
        }
    }
}

/// The charges of a whole sale, for customers of one tax category or for everyone else. A shop
/// without any charges each item by its own rule alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTemplate {
    /// Key of the template upstream.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tax category of the customers it is for; empty: everyone else.
    pub category: String,
    /// Its rows, in order.
    pub charges: Vec<TaxCharge>,
}

impl TaxTemplate {
    /// Checks that a sale can be charged by the template.
    ///
    /// Errors: `tax_template_invalid`.
    pub fn validate(&self) -> Result<(), TaxError> {
        let rows = self.charges.iter().map(TaxCharge::row);
        try_out(rows.collect(), Vec::new()).map_err(TaxError::Template)
    }
}

/// Calculates a sale of one thing for 100, for the engine knows best what it refuses. Charges that
/// take more off than the sale has are not wrong by themselves.
fn try_out(taxes: Vec<TaxRow>, rates: Vec<(String, Decimal)>) -> Result<(), ValidationError> {
    let max = Decimal::from(Money::MAX.minor());
    let numbers = taxes.iter().flat_map(|row| [row.rate, row.amount]);
    if numbers
        .chain(rates.iter().map(|(_, rate)| *rate))
        .any(|number| number.abs() > max)
    {
        // Included in the price such a rate would fit, and leave nothing of it.
        return Err(ValidationError::NumberTooLarge);
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
        Ok(_) | Err(ValidationError::NegativeTotal { .. }) => Ok(()),
        Err(why) => Err(why),
    }
}

/// Why no sale can be charged by a tax rule or a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum TaxError {
    /// Two rates of a rule name one account.
    #[error("The account {account} has two rates.")]
    #[coded("tax_rates_invalid")]
    AccountTwice {
        /// The account.
        #[coded(with = ToString::to_string)]
        account: TaxRuleId,
    },
    /// The engine refuses the rates of a rule.
    #[error(transparent)]
    #[coded("tax_rates_invalid")]
    Rates(#[coded(name = "reason", with = ValidationError::reason)] ValidationError),
    /// The engine refuses the rows of a template.
    #[error(transparent)]
    #[coded("tax_template_invalid")]
    Template(#[coded(name = "reason", with = ValidationError::reason)] ValidationError),
}
