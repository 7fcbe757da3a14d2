//! The calculation in exact decimals.

use core::cmp::Ordering;
use core::ops::{Add, Div, Mul, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};

use super::arithmetic::{BANKERS_NOISE, LEGACY_NOISE, Number, RoundingMethod};

/// An exact decimal, or the mark that a step did not fit into 28 digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Exact(Option<Decimal>);

impl Exact {
    fn combine(self, other: Self, step: fn(Decimal, Decimal) -> Option<Decimal>) -> Self {
        Self(
            self.0
                .zip(other.0)
                .and_then(|(left, right)| step(left, right)),
        )
    }
}

impl Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.combine(other, Decimal::checked_add)
    }
}

impl Sub for Exact {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.combine(other, Decimal::checked_sub)
    }
}

impl Mul for Exact {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.combine(other, Decimal::checked_mul)
    }
}

impl Div for Exact {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.combine(other, Decimal::checked_div)
    }
}

impl Neg for Exact {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.map(|value| -value))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.0?.cmp(&other.0?))
    }
}

impl Number for Exact {
    const ZERO: Self = Self(Some(Decimal::ZERO));

    fn from_decimal(value: Decimal) -> Self {
        Self(Some(value))
    }

    fn from_int(value: i32) -> Self {
        Self(Some(Decimal::from(value)))
    }

    fn to_decimal(self, places: u32) -> Option<Decimal> {
        let value = self
            .0?
            .round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        Some(value.normalize())
    }

    fn round(self, places: u32, method: RoundingMethod) -> Self {
        let Some(value) = self.0 else { return self };
        // A quotient such as a third is cut after 28 digits, and thirds added
        // up again miss the tie they stand for; so noise goes first.
        let noise = match method {
            RoundingMethod::BankersLegacy => LEGACY_NOISE,
            RoundingMethod::Bankers | RoundingMethod::Commercial => BANKERS_NOISE,
        };
        let strategy = match method {
            RoundingMethod::Bankers => RoundingStrategy::MidpointNearestEven,
            RoundingMethod::Commercial => RoundingStrategy::MidpointAwayFromZero,
            RoundingMethod::BankersLegacy if places == 0 => RoundingStrategy::MidpointNearestEven,
            // Up, not away from zero: -0.125 becomes -0.12.
            RoundingMethod::BankersLegacy if value.is_sign_negative() => {
                RoundingStrategy::MidpointTowardZero
            }
            RoundingMethod::BankersLegacy => RoundingStrategy::MidpointAwayFromZero,
        };
        let cleaned = if value.scale() > places + noise {
            value.round_dp(places + noise)
        } else {
            value
        };
        Self(Some(cleaned.round_dp_with_strategy(places, strategy)))
    }

    fn floored_remainder(self, divisor: Self) -> Self {
        self.combine(divisor, |value, divisor| {
            let remainder = value.checked_rem(divisor)?;
            if !remainder.is_zero() && remainder.is_sign_negative() != divisor.is_sign_negative() {
                remainder.checked_add(divisor)
            } else {
                Some(remainder)
            }
        })
    }

    /// The product of two large amounts may not fit although the share does.
    fn times_over(self, factor: Self, divisor: Self) -> Self {
        let product = self * factor;
        if product.0.is_some() {
            product / divisor
        } else {
            self / divisor * factor
        }
    }

    fn is_zero(self) -> bool {
        self.0.is_some_and(|value| value.is_zero())
    }
}
