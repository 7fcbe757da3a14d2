//! The calculation in ERPNext's own IEEE doubles.
//!
//! This is the only floating point near money. It takes exact decimals in and
//! gives exact decimals out, and exists because ERPNext computes in doubles:
//! where an exact result lies on a tie, binary noise decides which way its
//! cent goes, and the till's total must be the ERP's total. The rounding
//! methods are those of section 7 and 7.7 of the ERPNext contract.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "this module is the one place where decimals and doubles meet; each cast is bounded where it stands"
)]

use core::cmp::Ordering;
use core::ops::{Add, Div, Mul, Neg, Sub};

use rust_decimal::Decimal;

use super::arithmetic::{BANKERS_NOISE, LEGACY_NOISE, Number, RoundingMethod};

/// A double as ERPNext would hold it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Double(f64);

/// Whole numbers up to here have a double of their own.
const EXACT_INTEGERS: u64 = 1 << 53;

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

fn power(exponent: u32) -> f64 {
    POWERS.get(exponent as usize).copied().unwrap_or(f64::NAN)
}

/// Rounds the binary value of `x` to `places` decimals, correctly (ties of the
/// binary value to even), and gives the double nearest to that decimal: what
/// Python's `round(x, places)` and Rust's `{:.places}` read back give.
fn round_binary(x: f64, places: u32) -> f64 {
    let bits = x.to_bits();
    let biased = ((bits >> 52) & 0x7ff) as i32;
    if biased == 0x7ff {
        return x;
    }
    let fraction = bits & ((1_u64 << 52) - 1);
    let (mantissa, exponent) = if biased == 0 {
        (fraction, -1074)
    } else {
        (fraction | (1_u64 << 52), biased - 1075)
    };
    if exponent >= 0 || mantissa == 0 {
        return x;
    }
    // x = mantissa / 2^shift. Where the doubles lie further apart than the
    // decimals, x is already the one nearest to its rounded self.
    let shift = (-exponent) as u32;
    if shift < 64 && (1_u64 << shift) as f64 <= power(places) {
        let spacing = 1.0 / (1_u64 << shift) as f64;
        if spacing * power(places) > 1.0 {
            return x;
        }
    }
    let scaled = u128::from(mantissa) * (power(places) as u128);
    let whole = if shift >= 127 {
        0
    } else {
        let whole = scaled >> shift;
        let rest = scaled - (whole << shift);
        let half = 1_u128 << (shift - 1);
        match rest.cmp(&half) {
            Ordering::Less => whole,
            Ordering::Greater => whole + 1,
            Ordering::Equal => whole + (whole & 1),
        }
    };
    let magnitude = whole as f64 / power(places);
    if x.is_sign_negative() {
        -magnitude
    } else {
        magnitude
    }
}

/// One unit in the last place, as ERPNext works it out: through logarithms.
fn push(x: f64) -> f64 {
    2_f64.powf(x.abs().ln() / 2_f64.ln() - 52.0)
}

fn nearest_even(x: f64) -> f64 {
    x.round_ties_even()
}

fn bankers(x: f64, places: u32) -> f64 {
    let scaled = round_binary(x * power(places), BANKERS_NOISE);
    if scaled == 0.0 {
        return 0.0;
    }
    let floor = scaled.floor();
    let rest = scaled - floor;
    // The logarithm is slow and only matters next to a tie.
    let near = (rest - 0.5).abs() < scaled.abs() * (4.0 * f64::EPSILON);
    let whole = if near && (rest - 0.5).abs() < push(scaled) {
        if floor % 2.0 == 0.0 {
            floor
        } else {
            floor + 1.0
        }
    } else {
        nearest_even(scaled)
    };
    whole / power(places)
}

fn bankers_legacy(x: f64, places: u32) -> f64 {
    let scaled = round_binary(x * power(places), LEGACY_NOISE);
    let floor = scaled.floor();
    let whole = if scaled - floor != 0.5 {
        nearest_even(scaled)
    } else if places == 0 && floor % 2.0 == 0.0 {
        floor
    } else {
        floor + 1.0
    };
    whole / power(places)
}

fn commercial(x: f64, places: u32) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    round_binary(x + push(x).copysign(x), places)
}

impl Add for Double {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Double {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul for Double {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl Div for Double {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        Self(self.0 / other.0)
    }
}

impl Neg for Double {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl PartialOrd for Double {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

impl Number for Double {
    const ZERO: Self = Self(0.0);

    /// The double nearest to the decimal.
    fn from_decimal(value: Decimal) -> Self {
        let mantissa = value.mantissa();
        let scale = value.scale();
        if scale <= 22 && mantissa.unsigned_abs() <= u128::from(EXACT_INTEGERS) {
            return Self(mantissa as f64 / power(scale));
        }
        Self(value.to_string().parse().unwrap_or(f64::NAN))
    }

    fn from_int(value: i32) -> Self {
        Self(f64::from(value))
    }

    fn to_decimal(self, places: u32) -> Option<Decimal> {
        if !self.0.is_finite() {
            return None;
        }
        let scaled = (self.0 * power(places)).round();
        if scaled.abs() < 4e15 {
            let exact = Decimal::try_from_i128_with_scale(scaled as i128, places).ok()?;
            return Some(exact.normalize());
        }
        // The shortest text that reads back as this double is what ERPNext
        // sends to its database.
        let text = format!("{}", self.0);
        let exact: Decimal = text.parse().ok()?;
        let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        Some(exact.round_dp_with_strategy(places, strategy).normalize())
    }

    fn round(self, places: u32, method: RoundingMethod) -> Self {
        Self(match method {
            RoundingMethod::Bankers => bankers(self.0, places),
            RoundingMethod::BankersLegacy => bankers_legacy(self.0, places),
            RoundingMethod::Commercial => commercial(self.0, places),
        })
    }

    fn floored_remainder(self, divisor: Self) -> Self {
        let remainder = self.0 % divisor.0;
        if remainder != 0.0 && (remainder < 0.0) != (divisor.0 < 0.0) {
            Self(remainder + divisor.0)
        } else {
            Self(remainder)
        }
    }

    fn is_zero(self) -> bool {
        self.0 == 0.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{Double, Number, RoundingMethod, round_binary};

    fn rounded(value: &str, places: u32, method: RoundingMethod) -> String {
        let value = Double::from_decimal(value.parse().unwrap());
        value
            .round(places, method)
            .to_decimal(9)
            .unwrap()
            .to_string()
    }

    #[test]
    fn ties_fall_as_they_do_in_erpnext() {
        use RoundingMethod::{Bankers, BankersLegacy, Commercial};
        // Value, decimals, and what each method makes of it (contract 7, 7.7).
        let cases = [
            ("0.015", 2, ["0.02", "0.02", "0.02"]),
            ("0.025", 2, ["0.02", "0.03", "0.03"]),
            ("1.005", 2, ["1", "1.01", "1.01"]),
            ("-0.125", 2, ["-0.12", "-0.12", "-0.13"]),
            ("0.5", 0, ["0", "0", "1"]),
            ("2.5", 0, ["2", "2", "3"]),
            ("-1.5", 0, ["-2", "-2", "-2"]),
            ("0.0005", 3, ["0", "0.001", "0.001"]),
            ("0", 2, ["0", "0", "0"]),
        ];
        for (value, places, expected) in cases {
            let found =
                [Bankers, BankersLegacy, Commercial].map(|method| rounded(value, places, method));
            assert_eq!(found, expected, "{value} to {places}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_double_is_rounded_as_its_text_would_be(
            bits in any::<u64>(),
            small in -1e9_f64..1e9,
            places in 0_u32..=12,
        ) {
            for value in [f64::from_bits(bits), small, small / 1e6, small * 1e4] {
                if !value.is_finite() || value.abs() > 1e15 {
                    continue;
                }
                let text = format!("{value:.*}", usize::try_from(places).unwrap());
                let expected: f64 = text.parse().unwrap();
                prop_assert_eq!(round_binary(value, places), expected, "{} to {}", value, places);
            }
        }

        #[test]
        fn a_decimal_survives_the_way_there_and_back(
            mantissa in -1_000_000_000_000_i64..=1_000_000_000_000,
            scale in 0_u32..=9,
        ) {
            let value = Decimal::new(mantissa, scale);
            prop_assert_eq!(Double::from_decimal(value).to_decimal(9), Some(value.normalize()));
            let text: f64 = value.to_string().parse().unwrap();
            prop_assert_eq!(Double::from_decimal(value).0, text);
        }
    }
}
