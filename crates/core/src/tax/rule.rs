//! The tax rule of an item.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::tax_error::TaxError;
use super::trial::try_out;
use crate::calc::TaxRow;
use crate::values::id::TaxRuleId;
use crate::values::percent::Percent;

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
    /// Its rates by account, where the shop charges by [`TaxTemplate`](super::TaxTemplate)s: what ERPNext calls an
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
