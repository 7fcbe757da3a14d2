//! One application of a promotion: the units it takes and what it saves.

use core::cmp::Reverse;
use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::context::PricingContext;
use super::pool::{Pool, Run};
use super::promotion::{Benefit, Effect};
use super::share::Part;
use crate::calc::round_exact;

/// Lines each side of a promotion means.
#[derive(Debug, Clone, Default)]
pub(super) struct Meant<'b> {
    /// Lines to buy, or all lines meant.
    pub(super) buy: Cow<'b, [usize]>,
    /// Lines that go for less, where they are others.
    pub(super) get: Cow<'b, [usize]>,
    /// Whether both sides mean the same.
    pub(super) same: bool,
}

/// What a promotion would do next.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// What one application saves.
    pub(super) saving: Decimal,
    /// How many units one application takes.
    pub(super) units: u64,
    /// How often it can be made with the same runs.
    pub(super) times: u64,
    pub(super) parts: Vec<Part>,
}

/// The price a unit has left.
pub(super) fn price_after(price: Decimal, benefit: Benefit, context: &PricingContext) -> Decimal {
    let left = match benefit {
        Benefit::Percent(percent) => {
            let part = percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED);
            let left = Decimal::ONE_HUNDRED.saturating_sub(part);
            let left = price.saturating_mul(left).checked_div(Decimal::ONE_HUNDRED);
            round_exact(left.unwrap_or(price), context.places, context.rounding)
        }
        Benefit::Amount(amount) => price.saturating_sub(amount.max(Decimal::ZERO)),
        Benefit::Price(own) => own,
        Benefit::Free => Decimal::ZERO,
    };
    left.max(Decimal::ZERO).min(price)
}

fn whole_units(run: &Run) -> u64 {
    run.qty.trunc().to_u64().unwrap_or(0)
}

/// The free runs of lines as parts with all their whole units, dearest first.
fn free_parts(pool: &Pool, lines: &[usize], stacking: Option<usize>) -> Vec<Part> {
    let mut parts = Vec::new();
    for line in lines {
        for (index, run) in pool.line(*line).iter().enumerate() {
            let units = whole_units(run);
            if units > 0 && Pool::free(run, stacking) {
                parts.push(Part {
                    line: *line,
                    run: index,
                    units,
                    price: run.price,
                });
            }
        }
    }
    // Equal prices keep the order of the basket.
    parts.sort_by_key(|part| Reverse(part.price));
    parts
}

/// Takes `units` from the front of `parts`; `None` if there are too few.
fn take(parts: &[Part], units: u64) -> Option<Vec<Part>> {
    let mut left = units;
    let mut taken = Vec::new();
    for part in parts {
        if left == 0 {
            break;
        }
        let units = part.units.min(left);
        taken.push(Part { units, ..*part });
        left -= units;
    }
    (left == 0 && units > 0).then_some(taken)
}

/// How often `taken` fits into `parts`.
fn times(parts: &[Part], taken: &[Part]) -> u64 {
    let fits = taken.iter().map(|part| {
        let same = |other: &&Part| other.line == part.line && other.run == part.run;
        let available = parts.iter().find(same).map_or(0, |found| found.units);
        let used: u64 = taken.iter().filter(same).map(|other| other.units).sum();
        available.checked_div(used).unwrap_or(0)
    });
    fits.min().unwrap_or(0)
}

fn worth(parts: &[Part]) -> Decimal {
    parts.iter().fold(Decimal::ZERO, |sum, part| {
        sum.saturating_add(part.price.saturating_mul(Decimal::from(part.units)))
    })
}

fn saving_of(parts: &[Part], benefit: Benefit, context: &PricingContext) -> Decimal {
    parts.iter().fold(Decimal::ZERO, |sum, part| {
        let less = part
            .price
            .saturating_sub(price_after(part.price, benefit, context));
        sum.saturating_add(less.saturating_mul(Decimal::from(part.units)))
    })
}

/// The best next application of a promotion that takes groups of units;
/// `None` if there is none that saves anything. `Effect::UnitDiscount` is worked out
/// line by line elsewhere.
pub(super) fn next_claim(
    effect: &Effect,
    meant: &Meant<'_>,
    pool: &Pool,
    stacking: Option<usize>,
    context: &PricingContext,
) -> Option<Claim> {
    match effect {
        Effect::MixAndMatch { units, price, .. } => {
            let parts = free_parts(pool, &meant.buy, stacking);
            let taken = take(&parts, u64::from(*units))?;
            let saving = worth(&taken).saturating_sub(*price);
            claim(saving, times(&parts, &taken), taken)
        }
        Effect::BuyGet {
            buy_units,
            get_units,
            benefit,
            ..
        } if meant.same => {
            let parts = free_parts(pool, &meant.buy, stacking);
            let taken = take(&parts, u64::from(*buy_units) + u64::from(*get_units))?;
            // The cheapest of the group, which are its last.
            let cheapest: Vec<Part> = taken.iter().rev().copied().collect();
            let lowered = take(&cheapest, u64::from(*get_units))?;
            let saving = saving_of(&lowered, *benefit, context);
            claim(saving, times(&parts, &taken), taken)
        }
        Effect::BuyGet {
            buy_units,
            get_units,
            benefit,
            ..
        } => {
            let get = free_parts(pool, &meant.get, stacking);
            let lowered = take(&get, u64::from(*get_units))?;
            let mut buy = free_parts(pool, &meant.buy, stacking);
            // What goes for less cannot be what is bought for it.
            for part in &mut buy {
                let same = |other: &&Part| other.line == part.line && other.run == part.run;
                let used: u64 = lowered.iter().filter(same).map(|other| other.units).sum();
                part.units = part.units.saturating_sub(used);
            }
            buy.retain(|part| part.units > 0);
            // The cheapest are bought for it, to leave the dearer to others.
            buy.reverse();
            let bought = take(&buy, u64::from(*buy_units))?;
            let saving = saving_of(&lowered, *benefit, context);
            let mut taken = bought;
            taken.extend(lowered);
            let mut all = free_parts(pool, &meant.buy, stacking);
            all.extend(get);
            claim(saving, times(&all, &taken), taken)
        }
        Effect::UnitDiscount { .. } | Effect::Ticket { .. } => None,
    }
}

fn claim(saving: Decimal, times: u64, parts: Vec<Part>) -> Option<Claim> {
    let units = parts.iter().map(|part| part.units).sum();
    (saving > Decimal::ZERO && times > 0).then_some(Claim {
        saving,
        units,
        times,
        parts,
    })
}
