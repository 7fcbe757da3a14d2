//! Exact amounts of money in whole minor units.

use serde::{Deserialize, Serialize};

use crate::fault::Coded;

/// An amount in minor units (cents, yen, fils): whole, signed, without a currency of its own.
///
/// Arithmetic is checked: a result beyond [`Money::MAX`] is the error `amount_overflow`, never a
/// wrapped or saturated number. In JSON it is a plain integer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount the till works with: 10¹⁵ minor units, which is also exact in a
    /// JavaScript number (2⁵³ is nine times that).
    pub const MAX: Self = Self(1_000_000_000_000_000);

    /// An amount from its minor units. The range is checked where amounts meet arithmetic.
    pub const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `amount_overflow`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_wide(i128::from(self.0) + i128::from(other.0))
    }

    /// The difference, or `amount_overflow`.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_wide(i128::from(self.0) - i128::from(other.0))
    }

    /// The amount with its sign turned, or `amount_overflow`.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        Self::from_wide(-i128::from(self.0))
    }

    /// The sum of all, or `amount_overflow`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// An amount from a wide intermediate result, or `amount_overflow`.
    pub fn from_wide(minor: i128) -> Result<Self, MoneyError> {
        let narrow = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Self::try_from(narrow)
    }
}

impl TryFrom<i64> for Money {
    type Error = MoneyError;

    fn try_from(minor: i64) -> Result<Self, MoneyError> {
        if (-Self::MAX.0..=Self::MAX.0).contains(&minor) {
            Ok(Self(minor))
        } else {
            Err(MoneyError::Overflow)
        }
    }
}

impl From<Money> for i64 {
    fn from(money: Money) -> Self {
        money.0
    }
}

/// Why something is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum MoneyError {
    /// Beyond [`Money::MAX`].
    #[error("The amount is too large for this till.")]
    #[coded("amount_overflow")]
    Overflow,
    /// Not a number as a person writes one.
    #[error("“{text}” is not an amount.")]
    #[coded("amount_malformed")]
    Malformed {
        /// What was written.
        text: String,
    },
    /// More decimals than the currency has.
    #[error("{currency} has {decimals} decimals, “{text}” has more.")]
    #[coded("amount_too_precise")]
    TooPrecise {
        /// What was written.
        text: String,
        /// Code of the currency.
        currency: String,
        /// How many decimals it has.
        decimals: u8,
    },
    /// A currency with more decimals than any has.
    #[error("A currency has at most {max_decimals} decimals, not {decimals}.")]
    #[coded("currency_decimals")]
    CurrencyDecimals {
        /// What was asked for.
        decimals: u8,
        /// What is possible.
        max_decimals: u8,
    },
}
