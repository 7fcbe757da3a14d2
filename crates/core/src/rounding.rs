//! Where the last cent goes.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What happens to exactly half a minor unit. Everything else goes to the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Commercial rounding: half goes away from zero, 0.5 to 1 and -0.5 to -1.
    #[default]
    HalfUp,
    /// Banker's rounding: half goes to the even neighbour, 0.5 to 0 and 1.5 to 2.
    HalfEven,
}

impl Rounding {
    /// `value` with at most `decimals` decimals.
    pub fn round(self, value: Decimal, decimals: u32) -> Decimal {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
        };
        value.round_dp_with_strategy(decimals, strategy)
    }

    /// `numerator / denominator` as a whole number. Exact: no digit is lost before the decision
    /// on the half is taken. `None` for a denominator of 0 or a result out of range.
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        let quotient = numerator.checked_div(denominator)?;
        let remainder = numerator.checked_rem(denominator)?;
        let away = if (numerator < 0) == (denominator < 0) {
            1
        } else {
            -1
        };
        let twice = remainder.unsigned_abs().checked_mul(2)?;
        let up = match twice.cmp(&denominator.unsigned_abs()) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self == Self::HalfUp || quotient & 1 == 1,
        };
        if up {
            quotient.checked_add(away)
        } else {
            Some(quotient)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_their_neighbours() {
        // (numerator, denominator, half up, half even)
        let table = [
            (5, 10, 1, 0),
            (15, 10, 2, 2),
            (25, 10, 3, 2),
            (-5, 10, -1, 0),
            (-15, 10, -2, -2),
            (5, -10, -1, 0),
            (-25, -10, 3, 2),
            (4, 10, 0, 0),
            (6, 10, 1, 1),
            (-4, 10, 0, 0),
            (-6, 10, -1, -1),
            (0, 7, 0, 0),
            (1, 3, 0, 0),
            (2, 3, 1, 1),
        ];
        for (numerator, denominator, up, even) in table {
            let case = format!("{numerator}/{denominator}");
            assert_eq!(
                Rounding::HalfUp.divide(numerator, denominator),
                Some(up),
                "{case} up"
            );
            assert_eq!(
                Rounding::HalfEven.divide(numerator, denominator),
                Some(even),
                "{case} even"
            );
        }
    }

    #[test]
    fn nothing_divides_by_zero_or_overflows() {
        assert_eq!(Rounding::HalfUp.divide(1, 0), None);
        assert_eq!(Rounding::HalfUp.divide(i128::MIN, -1), None);
        assert_eq!(Rounding::HalfUp.divide(i128::MAX, 1), Some(i128::MAX));
    }

    #[test]
    fn decimals_round_the_same_way() {
        let half = Decimal::new(1005, 3);
        assert_eq!(Rounding::HalfUp.round(half, 2), Decimal::new(101, 2));
        assert_eq!(Rounding::HalfEven.round(half, 2), Decimal::new(100, 2));
    }
}
