//! Shares a saving out over units, to the unit of the last decimal.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Units that take part in one application of a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) line: usize,
    pub(super) run: usize,
    /// Whole units.
    pub(super) units: u64,
    /// Price of one.
    pub(super) price: Decimal,
}

/// A number of units of a part, and what each costs less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lowered {
    pub(super) part: Part,
    pub(super) units: u64,
    pub(super) less: Decimal,
}

/// Shares `saving` out over the units of all parts in proportion to their
/// prices. What rounding leaves goes to the dearest units first, so that the
/// parts add up to the saving and no unit goes below nothing.
pub(super) fn share(parts: &[Part], saving: Decimal, places: u32) -> Vec<Lowered> {
    let unit = Decimal::new(1, places);
    let worth = parts.iter().fold(Decimal::ZERO, |sum, part| {
        sum.saturating_add(part.price.saturating_mul(Decimal::from(part.units)))
    });
    if worth <= Decimal::ZERO {
        return Vec::new();
    }
    let mut left = saving.min(worth);
    let mut floors = Vec::with_capacity(parts.len());
    for part in parts {
        // The whole last decimals of the share of one unit, rounded down.
        let exact = left_share(saving.min(worth), part.price, worth);
        let less = exact.trunc_with_scale(places).min(part.price);
        floors.push(less);
        left = left.saturating_sub(less.saturating_mul(Decimal::from(part.units)));
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|left, right| {
        let price = |index: &usize| parts.get(*index).map(|part| part.price);
        price(right).cmp(&price(left)).then(left.cmp(right))
    });
    let mut lowered = Vec::with_capacity(parts.len() * 2);
    for index in order {
        let (Some(part), Some(less)) = (parts.get(index), floors.get(index)) else {
            continue;
        };
        // How many units of this part can take one unit of the last decimal
        // more.
        let wanted = (left.checked_div(unit).unwrap_or_default())
            .trunc()
            .to_u64()
            .unwrap_or(0);
        let room = part.price.saturating_sub(*less) >= unit;
        let more = if room { wanted.min(part.units) } else { 0 };
        left = left.saturating_sub(unit.saturating_mul(Decimal::from(more)));
        for (units, less) in [
            (part.units - more, *less),
            (more, less.saturating_add(unit)),
        ] {
            if units > 0 {
                lowered.push(Lowered {
                    part: *part,
                    units,
                    less,
                });
            }
        }
    }
    lowered
}

fn left_share(saving: Decimal, price: Decimal, worth: Decimal) -> Decimal {
    saving
        .checked_mul(price)
        .and_then(|product| product.checked_div(worth))
        .or_else(|| saving.checked_div(worth)?.checked_mul(price))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Part, share};

    fn part(line: usize, units: u64, cents: i64) -> Part {
        Part {
            line,
            run: 0,
            units,
            price: Decimal::new(cents, 2),
        }
    }

    #[test]
    fn shares_add_up_to_the_saving_and_leave_no_negative_price() {
        let cases: [(&[Part], i64); 5] = [
            (&[part(0, 3, 199)], 199),
            (&[part(0, 1, 199), part(1, 1, 1), part(2, 1, 1)], 200),
            (&[part(0, 2, 100), part(1, 1, 50)], 83),
            (&[part(0, 7, 1)], 5),
            (&[part(0, 1, 300), part(1, 2, 0)], 100),
        ];
        for (parts, saving) in cases {
            let lowered = share(parts, Decimal::new(saving, 2), 2);
            let sum: Decimal = lowered
                .iter()
                .map(|part| part.less * Decimal::from(part.units))
                .sum();
            assert_eq!(sum, Decimal::new(saving, 2), "{parts:?}");
            assert!(
                lowered
                    .iter()
                    .all(|lowered| lowered.less <= lowered.part.price)
            );
        }
    }
}
