//! What the calculation asks of a number, so that its steps are written once.

use core::ops::{Add, Div, Mul, Neg, Sub};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which numbers the calculation is done in. The upstream chooses, and a
/// document records which one it was calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Arithmetic {
    /// Exact decimals: what the hub uses.
    #[default]
    Exact,
    /// ERPNext's own IEEE doubles, because there binary noise may decide the
    /// last cent of a spread discount.
    Erpnext,
}

impl Arithmetic {
    /// Its name in documents and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Erpnext => "erpnext",
        }
    }
}

/// How a number is rounded; ERPNext's System Settings have the same three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMethod {
    /// A tie goes to the even neighbour.
    #[default]
    Bankers,
    /// The older banker's rounding of ERPNext: a tie goes up (to the even
    /// neighbour only with no decimals).
    BankersLegacy,
    /// A tie goes away from zero.
    Commercial,
}

/// The decimals beyond the rounded place at which banker's rounding looks for
/// a tie; anything further out is noise (ERPNext rounds there first).
pub(super) const BANKERS_NOISE: u32 = 12;

/// The same for the legacy method.
pub(super) const LEGACY_NOISE: u32 = 8;

/// A number the calculation can be done in.
///
/// A result that does not fit (too large, or a division by zero) must not
/// panic: it becomes a value that stays invalid through every further step and
/// for which [`Number::to_decimal`] answers `None`.
pub(super) trait Number:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The number nothing is added by.
    const ZERO: Self;

    /// Takes an exact number in.
    fn from_decimal(value: Decimal) -> Self;

    /// Takes a whole number in.
    fn from_int(value: i32) -> Self;

    /// Gives the exact number back, with at most `places` decimals; what lies
    /// beyond them is noise. `None` when the number does not fit.
    fn to_decimal(self, places: u32) -> Option<Decimal>;

    /// Rounds to `places` decimals.
    fn round(self, places: u32, method: RoundingMethod) -> Self;

    /// What is left after taking `divisor` away as often as it fits, with the
    /// sign of the divisor.
    fn floored_remainder(self, divisor: Self) -> Self;

    /// Whether the number is zero. An invalid one is not.
    fn is_zero(self) -> bool;

    /// `self * factor / divisor`, in this order where the order matters.
    fn times_over(self, factor: Self, divisor: Self) -> Self {
        self * factor / divisor
    }

    /// The number without its sign.
    fn magnitude(self) -> Self {
        if self < Self::ZERO { -self } else { self }
    }

    /// Ten to the power of `exponent` (at most 9).
    fn power_of_ten(exponent: u32) -> Self {
        let mut power = 1_i32;
        for _ in 0..exponent.min(9) {
            power = power.saturating_mul(10);
        }
        Self::from_int(power)
    }
}
