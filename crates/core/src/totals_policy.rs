//! How the upstream wants sales worked out.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::calc::{Arithmetic, DiscountOn, InvoiceKind, RoundingMethod, Settings};
use crate::currency::Currency;
use crate::money::Money;

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
    /// The smallest coin, in minor units: 5 for 0.05.
    #[serde(default)]
    pub smallest_coin: Money,
    /// When a total goes to the nearest coin.
    #[serde(default)]
    pub coin: CoinUse,
}

/// When a total goes to the nearest coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CoinUse {
    /// Never: it is paid to the minor unit.
    #[default]
    Never,
    /// Where any of it is paid in cash.
    Cash,
    /// However it is paid.
    Always,
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
            disable_rounded_total: self.coin == CoinUse::Never,
            round_cash_only: self.coin == CoinUse::Cash,
            keep_included_difference: !self.drop_included_difference,
            smallest_currency_fraction: self.coin_of(currency),
            allow_foreign_on_company_account: true,
            allow_negative_rates: false,
            whole_units: Vec::new(),
        }
    }

    /// The smallest coin in whole units of the currency. ERPNext takes 0 for whole units.
    fn coin_of(&self, currency: &Currency) -> Decimal {
        currency.to_decimal(self.smallest_coin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_rounds_to_coins_when_the_shop_does() {
        let euro = Currency::new("EUR", "€", 2).unwrap();
        // Never rounded, rounded for cash only.
        let table = [
            (CoinUse::Never, (true, false)),
            (CoinUse::Cash, (false, true)),
            (CoinUse::Always, (false, false)),
        ];
        for (coin, expected) in table {
            let totals_policy = TotalsPolicy {
                coin,
                smallest_coin: Money::from_minor(5),
                ..TotalsPolicy::default()
            };
            let settings = totals_policy.settings(&euro);
            let found = (settings.disable_rounded_total, settings.round_cash_only);
            assert_eq!(found, expected, "{coin:?}");
            assert_eq!(settings.smallest_currency_fraction, Decimal::new(5, 2));
        }
    }
}
