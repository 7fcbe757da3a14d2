//! The taxes a shop charges: the rule of an item, and the rows a whole sale is charged by.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calc::{ChargeType, TaxRow};
use crate::id::TaxRuleId;
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
