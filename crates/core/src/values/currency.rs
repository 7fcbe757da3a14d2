//! A currency: how its amounts are written and read.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::values::money::{Money, MoneyError};

/// A currency and its minor unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Currency {
    /// ISO 4217 code: "EUR".
    pub code: String,
    /// What stands beside the amount: "€".
    pub symbol: String,
    /// Decimals of the minor unit: 2 for the euro, 0 for the yen, 3 for the Kuwaiti dinar. At
    /// most [`Currency::MAX_DECIMALS`]; more is read as that many.
    pub decimals: u8,
}

#[derive(Deserialize)]
struct Wire {
    code: String,
    symbol: String,
    decimals: u8,
}

impl TryFrom<Wire> for Currency {
    type Error = MoneyError;

    fn try_from(wire: Wire) -> Result<Self, MoneyError> {
        Self::new(wire.code, wire.symbol, wire.decimals)
    }
}

impl Currency {
    /// No currency of ISO 4217 has more decimals.
    pub const MAX_DECIMALS: u8 = 4;

    /// A currency, or `currency_decimals`.
    pub fn new(
        code: impl Into<String>,
        symbol: impl Into<String>,
        decimals: u8,
    ) -> Result<Self, MoneyError> {
        if decimals > Self::MAX_DECIMALS {
            return Err(MoneyError::CurrencyDecimals {
                decimals,
                max_decimals: Self::MAX_DECIMALS,
            });
        }
        Ok(Self {
            code: code.into(),
            symbol: symbol.into(),
            decimals,
        })
    }

    fn scale(&self) -> usize {
        usize::from(self.decimals.min(Self::MAX_DECIMALS))
    }

    /// The amount as it is shown, without the symbol: "1,234.56", "-0.32".
    pub fn format(&self, amount: Money) -> String {
        let digits = format!(
            "{:0>width$}",
            amount.minor().unsigned_abs(),
            width = self.scale() + 1
        );
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(self.scale()));
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 2);
        if amount.is_negative() {
            text.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        text
    }

    /// An amount as a person types it. Reads everything [`Currency::format`] writes, and one
    /// comma in place of the point ("12,5") wherever it cannot be a thousands separator. What
    /// could mean two things is refused rather than guessed.
    ///
    /// Errors: `amount_malformed`, `amount_too_precise`, `amount_overflow`.
    pub fn parse(&self, text: &str) -> Result<Money, MoneyError> {
        let trimmed = text.trim();
        let malformed = || MoneyError::Malformed {
            text: trimmed.to_owned(),
        };
        let (negative, bare) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let (whole, fraction) = split_number(bare).ok_or_else(malformed)?;
        if fraction.len() > self.scale() {
            return Err(MoneyError::TooPrecise {
                text: trimmed.to_owned(),
                currency: self.code.clone(),
                decimals: self.decimals,
            });
        }
        let digits = format!("{whole}{fraction:0<width$}", width = self.scale());
        // Only digits are left, so what does not fit is too large.
        let minor: i128 = digits.parse().map_err(|_| MoneyError::Overflow)?;
        Money::from_wide(if negative { -minor } else { minor })
    }

    /// The amount in whole units of the currency: 12.34 for 1,234 cents.
    pub fn to_decimal(&self, amount: Money) -> Decimal {
        let scale = self.decimals.min(Self::MAX_DECIMALS);
        Decimal::new(amount.minor(), u32::from(scale))
    }

    /// An amount from whole units of the currency. It is never rounded here: what computed it
    /// knows how, and a fraction of a minor unit would move without a sign.
    ///
    /// Errors: `amount_too_precise`, `amount_overflow`.
    pub fn from_decimal(&self, value: Decimal) -> Result<Money, MoneyError> {
        let scale = self.decimals.min(Self::MAX_DECIMALS);
        let factor = Decimal::from(10_u32.pow(u32::from(scale)));
        let minor = value.checked_mul(factor).ok_or(MoneyError::Overflow)?;
        if !minor.is_integer() {
            return Err(MoneyError::TooPrecise {
                text: value.normalize().to_string(),
                currency: self.code.clone(),
                decimals: scale,
            });
        }
        Money::from_wide(minor.to_i128().ok_or(MoneyError::Overflow)?)
    }
}

/// Digits before and after the decimal separator, thousands separators taken out.
fn split_number(text: &str) -> Option<(String, &str)> {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = if let Some((whole, fraction)) = text.split_once('.') {
        (whole, Some(fraction))
    } else {
        match text.split_once(',') {
            // One comma with three digits after it groups thousands, as `format` writes them.
            Some((whole, fraction)) if fraction.len() != 3 && !fraction.contains(',') => {
                (whole, Some(fraction))
            }
            _ => (text, None),
        }
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if first.is_empty() || !is_digits(first) {
        return None;
    }
    let mut digits = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !is_digits(group) {
            return None;
        }
        digits.push_str(group);
    }
    match fraction {
        None => Some((digits, "")),
        Some(fraction) if !fraction.is_empty() && is_digits(fraction) => Some((digits, fraction)),
        Some(_) => None,
    }
}
