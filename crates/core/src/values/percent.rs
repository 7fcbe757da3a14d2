//! Rates of tax and discount.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::fault::Coded;
use crate::values::quantity::parse_plain;

/// A rate from 0 to 100 per cent with at most three decimals. In JSON it is a string, "19" or
/// "7.5", always without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Percent(Decimal);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// All of it.
    pub const HUNDRED: Self = Self(Decimal::ONE_HUNDRED);

    /// A rate, or `percent_out_of_range` / `percent_too_precise`.
    pub fn new(value: Decimal) -> Result<Self, PercentError> {
        let value = value.normalize();
        if value < Decimal::ZERO || value > Decimal::ONE_HUNDRED {
            return Err(PercentError::OutOfRange {
                value: value.to_string(),
            });
        }
        if value.scale() > 3 {
            return Err(PercentError::TooPrecise {
                value: value.to_string(),
            });
        }
        Ok(Self(value))
    }

    /// A rate as a person types it: "7", "7.5", "7,5" or "7.5 %".
    pub fn parse(text: &str) -> Result<Self, PercentError> {
        let bare = text.trim();
        let bare = bare.strip_suffix('%').unwrap_or(bare).trim_end();
        let value = parse_plain(bare).ok_or_else(|| PercentError::Malformed {
            text: text.trim().to_owned(),
        })?;
        Self::new(value)
    }

    /// The rate as an exact decimal: 7.5 for 7.5 %.
    pub fn value(self) -> Decimal {
        self.0
    }

    /// Zero per cent.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl Default for Percent {
    fn default() -> Self {
        Self::ZERO
    }
}

impl fmt::Display for Percent {
    /// The bare number without trailing zeros: "19", "7.5".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Percent {
    type Error = PercentError;

    fn try_from(text: String) -> Result<Self, PercentError> {
        Self::parse(&text)
    }
}

impl From<Percent> for String {
    fn from(percent: Percent) -> Self {
        percent.to_string()
    }
}

/// Why something is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum PercentError {
    /// Below 0 or over 100.
    #[error("A percentage lies between 0 and 100, not at {value}.")]
    #[coded("percent_out_of_range")]
    OutOfRange {
        /// What was asked for.
        value: String,
    },
    /// More than three decimals.
    #[error("A percentage has at most three decimals, {value} has more.")]
    #[coded("percent_too_precise")]
    TooPrecise {
        /// What was asked for.
        value: String,
    },
    /// Not a number.
    #[error("“{text}” is not a percentage.")]
    #[coded("percent_malformed")]
    Malformed {
        /// What was written.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_rate_and_what_is_not() {
        let table = [
            ("0", Ok("0")),
            ("100", Ok("100")),
            ("19.00", Ok("19")),
            ("7,5", Ok("7.5")),
            (" 8.125 % ", Ok("8.125")),
            ("100.001", Err("percent_out_of_range")),
            ("-1", Err("percent_out_of_range")),
            ("1.2345", Err("percent_too_precise")),
            ("", Err("percent_malformed")),
            ("%", Err("percent_malformed")),
            ("1e2", Err("percent_malformed")),
            ("ten", Err("percent_malformed")),
        ];
        for (text, expected) in table {
            let found = Percent::parse(text);
            let found = found.as_ref().map(ToString::to_string).map_err(Coded::code);
            assert_eq!(found.as_deref().map_err(|code| *code), expected, "{text:?}");
        }
    }

    #[test]
    fn in_json_it_is_a_string() {
        let percent: Percent = serde_json::from_str(r#""7.50""#).unwrap();
        assert_eq!(serde_json::to_string(&percent).unwrap(), r#""7.5""#);
        assert!(serde_json::from_str::<Percent>("7.5").is_err());
        assert!(serde_json::from_str::<Percent>(r#""101""#).is_err());
    }
}
