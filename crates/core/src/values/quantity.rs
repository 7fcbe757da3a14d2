//! How much of an item is sold.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::fault::Coded;

/// A quantity above 0 and up to 99,999 with at most three decimals (grams of a kilogram). In
/// JSON it is a string, "2" or "0.345", always without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quantity(Decimal);

impl Quantity {
    /// One.
    pub const ONE: Self = Self(Decimal::ONE);
    /// The most of one line. Anything more is a scanner that typed a barcode.
    pub const MAX: Self = Self(Decimal::from_parts(99_999, 0, 0, false, 0));

    /// A quantity, or `quantity_zero`, `quantity_negative`, `quantity_too_large`,
    /// `quantity_too_precise`.
    pub fn new(value: Decimal) -> Result<Self, QuantityError> {
        let value = value.normalize();
        if value.is_zero() {
            return Err(QuantityError::Zero);
        }
        if value < Decimal::ZERO {
            return Err(QuantityError::Negative {
                value: value.to_string(),
            });
        }
        if value > Self::MAX.0 {
            return Err(QuantityError::TooLarge {
                value: value.to_string(),
            });
        }
        if value.scale() > 3 {
            return Err(QuantityError::TooPrecise {
                value: value.to_string(),
            });
        }
        Ok(Self(value))
    }

    /// A quantity as a person types it: "2", "0.345" or "0,345".
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let trimmed = text.trim();
        match parse_plain(trimmed) {
            Some(value) => Self::new(value),
            // Digits alone that do not fit a decimal are still a number, only an absurd one.
            None if is_long_number(trimmed) => Err(QuantityError::TooLarge {
                value: trimmed.to_owned(),
            }),
            None => Err(QuantityError::Malformed {
                text: trimmed.to_owned(),
            }),
        }
    }

    /// The quantity as an exact decimal.
    pub fn value(self) -> Decimal {
        self.0
    }

    /// Whole pieces, no fraction.
    pub fn is_whole(self) -> bool {
        self.0.scale() == 0
    }

    /// Both together, or `quantity_too_large`.
    pub fn checked_add(self, other: Self) -> Result<Self, QuantityError> {
        Self::new(self.0 + other.0)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Quantity {
    type Error = QuantityError;

    fn try_from(text: String) -> Result<Self, QuantityError> {
        Self::parse(&text)
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.to_string()
    }
}

/// Why something is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum QuantityError {
    /// Zero.
    #[error("The quantity is 0. Remove the line instead.")]
    #[coded("quantity_zero")]
    Zero,
    /// Below zero.
    #[error("The quantity {value} is below 0. Goods come back as a return.")]
    #[coded("quantity_negative")]
    Negative {
        /// What was asked for.
        value: String,
    },
    /// More than [`Quantity::MAX`].
    #[error("The quantity {value} is too large, 99999 is the most.")]
    #[coded("quantity_too_large")]
    TooLarge {
        /// What was asked for.
        value: String,
    },
    /// More than three decimals.
    #[error("A quantity has at most three decimals, {value} has more.")]
    #[coded("quantity_too_precise")]
    TooPrecise {
        /// What was asked for.
        value: String,
    },
    /// Not a number.
    #[error("“{text}” is not a quantity.")]
    #[coded("quantity_malformed")]
    Malformed {
        /// What was written.
        text: String,
    },
}

/// A plain number: an optional minus, digits, and one point or comma with digits after it. No
/// exponent, no thousands separators, no plus, no underscore: what those would mean is a guess.
pub(crate) fn parse_plain(text: &str) -> Option<Decimal> {
    if !is_plain(text) {
        return None;
    }
    Decimal::from_str_exact(&text.replace(',', ".")).ok()
}

fn is_plain(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let bare = text.strip_prefix('-').unwrap_or(text);
    match bare.split_once(['.', ',']) {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(bare),
    }
}

fn is_long_number(text: &str) -> bool {
    is_plain(text) && !text.starts_with('-') && text.len() > 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_quantity_and_what_is_not() {
        let table = [
            ("1", Ok("1")),
            ("2.500", Ok("2.5")),
            ("0,345", Ok("0.345")),
            ("0.001", Ok("0.001")),
            ("99999", Ok("99999")),
            ("0", Err("quantity_zero")),
            ("0.000", Err("quantity_zero")),
            ("-0", Err("quantity_zero")),
            ("-1", Err("quantity_negative")),
            ("99999.001", Err("quantity_too_large")),
            ("4006381333931", Err("quantity_too_large")),
            (
                "1111111111111111111111111111111111111111",
                Err("quantity_too_large"),
            ),
            ("0.0001", Err("quantity_too_precise")),
            ("", Err("quantity_malformed")),
            ("1e3", Err("quantity_malformed")),
            ("1,000.5", Err("quantity_malformed")),
            (".5", Err("quantity_malformed")),
            ("5.", Err("quantity_malformed")),
            ("٣", Err("quantity_malformed")),
            ("two", Err("quantity_malformed")),
        ];
        for (text, expected) in table {
            let found = Quantity::parse(text);
            let found = found.as_ref().map(ToString::to_string).map_err(Coded::code);
            assert_eq!(found.as_deref().map_err(|code| *code), expected, "{text:?}");
        }
    }

    #[test]
    fn together_they_stay_in_range() {
        let sum = Quantity::parse("0.5")
            .unwrap()
            .checked_add(Quantity::parse("1.5").unwrap());
        assert_eq!(sum.unwrap().to_string(), "2");
        assert_eq!(
            Quantity::MAX.checked_add(Quantity::ONE).unwrap_err().code(),
            "quantity_too_large"
        );
    }

    #[test]
    fn in_json_it_is_a_string() {
        let quantity: Quantity = serde_json::from_str(r#""2.50""#).unwrap();
        assert_eq!(serde_json::to_string(&quantity).unwrap(), r#""2.5""#);
        assert!(serde_json::from_str::<Quantity>("2.5").is_err());
        assert!(serde_json::from_str::<Quantity>(r#""0""#).is_err());
    }
}
