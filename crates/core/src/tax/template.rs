//! The rows a whole sale is charged by.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::tax_error::TaxError;
use super::trial::try_out;
use crate::calc::{ChargeType, TaxRow};
use crate::values::id::TaxRuleId;

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
