//! How the upstream wants sales worked out.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calc::{Arithmetic, DiscountOn, InvoiceKind, RoundingMethod, Settings};
use crate::fault::Coded;
use crate::values::currency::Currency;
use crate::values::money::Money;

/// How sales are worked out, so that the till comes to the same cent as the books. The upstream
/// chooses; an invoice records which, because the shop may choose another later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TotalsPolicy {
    /// Exact decimals, or ERPNext's own doubles.
    #[serde(default)]
    pub arithmetic: Arithmetic,
    /// Which document of the upstream a sale becomes; some of its rules differ.
    #[serde(default)]
    pub document: InvoiceKind,
    /// How a tie is rounded.
    #[serde(default)]
    pub rounding: RoundingMethod,
    /// Whether the tax of each line is rounded before it is added up.
    #[serde(default)]
    pub round_row_wise_tax: bool,
    /// Whether the total may miss the prices on the shelf where these hold many taxes, as it does
    /// in ERPNext: see [`Settings::keep_included_difference`].
    #[serde(default)]
    pub drop_included_difference: bool,
    /// What a discount on the whole sale is taken of.
    #[serde(default)]
    pub discount_on: DiscountOn,
    /// How the amount due is rounded; none: it is paid to the minor unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_rounding: Option<CashRounding>,
}

/// Rounding of the amount due, where coins below an increment are not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashRounding {
    /// What the amount due is a multiple of, in minor units: 5 for 0.05. 0 is one whole unit of the
    /// currency, as in ERPNext.
    pub increment: Money,
    /// Which payments it applies to.
    pub applies_to: RoundedPayments,
}

/// Which payments cash rounding applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundedPayments {
    /// Those of which any part is in cash.
    Cash,
    /// All, by card too.
    All,
}

/// Decimals of quantities and tax rates; ERPNext's own default, and all that [`crate::Quantity`]
/// and [`crate::Percent`] can hold.
const FLOAT_PRECISION: u32 = 3;

impl TotalsPolicy {
    /// The same as the engine takes it, for amounts of a currency. Units that are sold whole are
    /// checked when they are rung up, not here.
    #[must_use]
    pub fn settings(&self, currency: &Currency) -> Settings {
        Settings {
            rounding_method: self.rounding,
            currency_precision: u32::from(currency.decimals),
            float_precision: FLOAT_PRECISION,
            round_row_wise_tax: self.round_row_wise_tax,
            disable_rounded_total: self.cash_rounding.is_none(),
            round_cash_only: self.rounds(RoundedPayments::Cash),
            keep_included_difference: !self.drop_included_difference,
            smallest_currency_fraction: self.increment_of(currency),
            allow_foreign_on_company_account: true,
            allow_negative_rates: false,
            whole_units: Vec::new(),
        }
    }

    /// Checks that a sale can be rounded by it.
    ///
    /// Errors: `increment_negative`.
    pub fn validate(&self) -> Result<(), TotalsPolicyError> {
        match self.cash_rounding {
            Some(rounding) if rounding.increment.is_negative() => {
                Err(TotalsPolicyError::IncrementNegative)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether exactly these payments are rounded.
    #[must_use]
    pub fn rounds(&self, payments: RoundedPayments) -> bool {
        let rounding = self.cash_rounding;
        rounding.is_some_and(|rounding| rounding.applies_to == payments)
    }

    /// The increment in whole units of the currency.
    fn increment_of(&self, currency: &Currency) -> Decimal {
        let increment = self.cash_rounding.map(|rounding| rounding.increment);
        currency.to_decimal(increment.unwrap_or_default())
    }
}

/// Why no sale can be calculated by a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Coded)]
pub enum TotalsPolicyError {
    /// An increment below zero.
    #[error("The increment of cash rounding is below 0.")]
    #[coded("increment_negative")]
    IncrementNegative,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_rounds_what_the_shop_does() {
        let euro = Currency::new("EUR", "€", 2).unwrap();
        // Never rounded, rounded for cash only.
        let table = [
            (None, (true, false), "0.00"),
            (Some(RoundedPayments::Cash), (false, true), "0.05"),
            (Some(RoundedPayments::All), (false, false), "0.05"),
        ];
        for (payments, expected, increment) in table {
            let totals_policy = TotalsPolicy {
                cash_rounding: payments.map(|applies_to| CashRounding {
                    increment: Money::from_minor(5),
                    applies_to,
                }),
                ..TotalsPolicy::default()
            };
            let settings = totals_policy.settings(&euro);
            let found = (settings.disable_rounded_total, settings.round_cash_only);
            assert_eq!(found, expected, "{payments:?}");
            assert_eq!(settings.smallest_currency_fraction.to_string(), increment);
        }
    }
}
