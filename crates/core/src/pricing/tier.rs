//! Promotions of one priority, which compete for the same units.
//!
//! An application takes some units and saves something. Choosing the best set
//! of applications is the set packing problem, for which no fast exact way is
//! known. The greedy choice made here, always the application that saves most,
//! saves at least 1/k of what the best choice would, where k is the largest
//! number of units one application takes: whatever it takes first keeps at
//! most k others of the best choice from being made, none of which saves more.
//! It is made a second time by savings per unit, and the better one is kept.
//! Where nothing competes, and where every promotion takes single units, both
//! are the best choice.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use rust_decimal::Decimal;

use super::claim::{Claim, next_claim, price_after};
use super::context::PricingContext;
use super::index::Candidate;
use super::pool::{Pool, State};
use super::promotion::{Benefit, Effect, Stacking};
use super::share::share;

/// A promotion that lowered something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Application {
    /// Place of the promotion in the order of precedence.
    pub(super) order: usize,
    /// Line, units, what they cost less together.
    pub(super) lines: Vec<(usize, Decimal, Decimal)>,
}

/// What a way of applying promotions came to.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) pool: Pool,
    pub(super) applied: Vec<Application>,
}

impl Outcome {
    fn saved(&self) -> Decimal {
        let lines = self.applied.iter().flat_map(|one| &one.lines);
        lines.fold(Decimal::ZERO, |sum, (_, _, saved)| {
            sum.saturating_add(*saved)
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strategy {
    BySaving,
    ByUnit,
}

/// Applies the promotions of one priority in the way that saves most.
pub(super) fn apply(
    candidates: &[&Candidate<'_>],
    pool: Pool,
    context: &PricingContext,
) -> Outcome {
    let split = |stacking| {
        let of = |candidate: &&&Candidate<'_>| candidate.promotion.stacking == stacking;
        candidates.iter().filter(of).copied().collect::<Vec<_>>()
    };
    let exclusive = split(Stacking::Exclusive);
    let stackable = split(Stacking::Stackable);
    let start = Outcome {
        pool,
        applied: Vec::new(),
    };
    let way = |greed: Strategy, exclusive_first: bool, mut outcome: Outcome| {
        if exclusive_first {
            apply_exclusive(&exclusive, greed, &mut outcome, context);
            apply_stackable(&stackable, &mut outcome, context);
        } else {
            apply_stackable(&stackable, &mut outcome, context);
            apply_exclusive(&exclusive, greed, &mut outcome, context);
        }
        outcome
    };
    let mut others = Vec::with_capacity(3);
    if exclusive.len() > 1 {
        others.push((Strategy::ByUnit, true));
    }
    if !exclusive.is_empty() && !stackable.is_empty() {
        others.push((Strategy::BySaving, false));
        others.push((Strategy::ByUnit, false));
    }
    if others.is_empty() {
        return way(Strategy::BySaving, true, start);
    }
    let mut best = way(Strategy::BySaving, true, start.clone());
    for (greed, exclusive_first) in others {
        let other = way(greed, exclusive_first, start.clone());
        if other.saved() > best.saved() {
            best = other;
        }
    }
    best
}

/// Something an exclusive promotion could do.
#[derive(Debug, Clone, Copy)]
enum Offer {
    /// Lower the units of one line.
    Line { candidate: usize, line: usize },
    /// Take a group of units.
    Group { candidate: usize, left: Option<u64> },
}

/// Applies exclusive promotions, the best first. What is left to an offer only
/// shrinks, so one that still saves as much as when it was put into the heap
/// is the best there is.
fn apply_exclusive(
    candidates: &[&Candidate<'_>],
    greed: Strategy,
    outcome: &mut Outcome,
    context: &PricingContext,
) {
    let mut offers: Vec<Offer> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if matches!(candidate.promotion.effect, Effect::UnitDiscount { .. }) {
            let lines = candidate.meant.buy.iter();
            offers.extend(lines.map(|line| Offer::Line {
                candidate: index,
                line: *line,
            }));
        } else {
            let left = repeats(&candidate.promotion.effect);
            offers.push(Offer::Group {
                candidate: index,
                left,
            });
        }
    }
    let mut heap = BinaryHeap::new();
    for (index, offer) in offers.iter().enumerate() {
        if let Some(value) = value_of(offer, candidates, greed, &outcome.pool, context) {
            heap.push((value, Reverse(index), outcome.pool.changes()));
        }
    }
    while let Some((value, Reverse(index), seen)) = heap.pop() {
        let Some(offer) = offers.get_mut(index) else {
            continue;
        };
        if !still_holds(offer, candidates, &outcome.pool, seen) {
            match value_of(offer, candidates, greed, &outcome.pool, context) {
                Some(now) if now >= value => {}
                Some(now) => {
                    heap.push((now, Reverse(index), outcome.pool.changes()));
                    continue;
                }
                None => continue,
            }
        }
        make(offer, candidates, outcome, context);
        if let Some(next) = value_of(offer, candidates, greed, &outcome.pool, context) {
            heap.push((next, Reverse(index), outcome.pool.changes()));
        }
    }
}

/// Whether nothing has happened to the units of an offer since it was looked
/// at.
fn still_holds(offer: &Offer, candidates: &[&Candidate<'_>], pool: &Pool, seen: u64) -> bool {
    match offer {
        Offer::Line { line, .. } => pool.unchanged_since(seen, &[*line]),
        Offer::Group { candidate, .. } => candidates.get(*candidate).is_some_and(|candidate| {
            pool.unchanged_since(seen, &candidate.meant.buy)
                && pool.unchanged_since(seen, &candidate.meant.get)
        }),
    }
}

fn repeats(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::BuyGet { repeats, .. } | Effect::MixAndMatch { repeats, .. } => {
            repeats.map(u64::from)
        }
        Effect::UnitDiscount { .. } | Effect::Ticket { .. } => None,
    }
}

fn claim_of(
    candidate: &Candidate<'_>,
    left: Option<u64>,
    pool: &Pool,
    stacking: Option<usize>,
    context: &PricingContext,
) -> Option<Claim> {
    let mut claim = next_claim(
        &candidate.promotion.effect,
        &candidate.meant,
        pool,
        stacking,
        context,
    )?;
    claim.times = claim.times.min(left.unwrap_or(u64::MAX));
    (claim.times > 0).then_some(claim)
}

/// What an offer is worth now, by what greed looks at.
fn value_of(
    offer: &Offer,
    candidates: &[&Candidate<'_>],
    greed: Strategy,
    pool: &Pool,
    context: &PricingContext,
) -> Option<Decimal> {
    match *offer {
        Offer::Line { candidate, line } => {
            let benefit = unit_benefit(&candidates.get(candidate)?.promotion.effect)?;
            let run = pool.line(line).iter().find(|run| Pool::free(run, None))?;
            let less = run
                .price
                .saturating_sub(price_after(run.price, benefit, context));
            (less > Decimal::ZERO).then_some(less)
        }
        Offer::Group { candidate, left } => {
            let claim = claim_of(candidates.get(candidate)?, left, pool, None, context)?;
            match greed {
                Strategy::BySaving => Some(claim.saving),
                Strategy::ByUnit => claim.saving.checked_div(Decimal::from(claim.units)),
            }
        }
    }
}

fn unit_benefit(effect: &Effect) -> Option<Benefit> {
    match effect {
        Effect::UnitDiscount { benefit, .. } => Some(*benefit),
        _ => None,
    }
}

/// Takes an offer.
fn make(
    offer: &mut Offer,
    candidates: &[&Candidate<'_>],
    outcome: &mut Outcome,
    context: &PricingContext,
) {
    match offer {
        Offer::Line { candidate, line } => {
            let Some(candidate) = candidates.get(*candidate) else {
                return;
            };
            lower_line(candidate, *line, None, State::Taken, outcome, context);
        }
        Offer::Group { candidate, left } => {
            let Some(candidate) = candidates.get(*candidate) else {
                return;
            };
            let claim = claim_of(candidate, *left, &outcome.pool, None, context);
            let Some(claim) = claim else { return };
            *left = left.map(|left| left.saturating_sub(claim.times));
            lower_group(candidate, &claim, State::Taken, outcome, context);
        }
    }
}

/// Applies stackable promotions one after another, each on what the ones
/// before it left.
fn apply_stackable(candidates: &[&Candidate<'_>], outcome: &mut Outcome, context: &PricingContext) {
    for candidate in candidates {
        let state = State::Stacked(candidate.order);
        if unit_benefit(&candidate.promotion.effect).is_some() {
            for line in candidate.meant.buy.iter() {
                lower_line(
                    candidate,
                    *line,
                    Some(candidate.order),
                    state,
                    outcome,
                    context,
                );
            }
            continue;
        }
        let mut left = repeats(&candidate.promotion.effect);
        while let Some(claim) = claim_of(
            candidate,
            left,
            &outcome.pool,
            Some(candidate.order),
            context,
        ) {
            left = left.map(|left| left.saturating_sub(claim.times));
            lower_group(candidate, &claim, state, outcome, context);
        }
    }
}

/// Lowers every free unit of a line.
fn lower_line(
    candidate: &Candidate<'_>,
    line: usize,
    stacking: Option<usize>,
    state: State,
    outcome: &mut Outcome,
    context: &PricingContext,
) {
    let Some(benefit) = unit_benefit(&candidate.promotion.effect) else {
        return;
    };
    let mut qty = Decimal::ZERO;
    let mut saved = Decimal::ZERO;
    for index in 0..outcome.pool.line(line).len() {
        let Some(run) = outcome.pool.line(line).get(index).cloned() else {
            continue;
        };
        if !Pool::free(&run, stacking) {
            continue;
        }
        let price = price_after(run.price, benefit, context);
        let less = run.price.saturating_sub(price);
        if less > Decimal::ZERO {
            outcome.pool.lower(line, index, run.qty, price, state);
            qty = qty.saturating_add(run.qty);
            saved = saved.saturating_add(less.saturating_mul(run.qty));
        }
    }
    if saved > Decimal::ZERO {
        note(outcome, candidate.order, [(line, qty, saved)]);
    }
}

/// Lowers the units of a group, as often as the claim says.
fn lower_group(
    candidate: &Candidate<'_>,
    claim: &Claim,
    state: State,
    outcome: &mut Outcome,
    context: &PricingContext,
) {
    let mut lines = Vec::with_capacity(claim.parts.len());
    for lowered in share(&claim.parts, claim.saving, context.places) {
        let part = lowered.part;
        let units = Decimal::from(lowered.units).saturating_mul(Decimal::from(claim.times));
        let price = part.price.saturating_sub(lowered.less);
        outcome.pool.lower(part.line, part.run, units, price, state);
        lines.push((part.line, units, lowered.less.saturating_mul(units)));
    }
    note(outcome, candidate.order, lines);
}

/// Notes what a promotion did, once for each promotion and line.
fn note(
    outcome: &mut Outcome,
    order: usize,
    lines: impl IntoIterator<Item = (usize, Decimal, Decimal)>,
) {
    let known = outcome.applied.iter().position(|one| one.order == order);
    let place = known.unwrap_or(outcome.applied.len());
    if known.is_none() {
        outcome.applied.push(Application {
            order,
            lines: Vec::new(),
        });
    }
    let Some(application) = outcome.applied.get_mut(place) else {
        return;
    };
    for (line, qty, saved) in lines {
        match application
            .lines
            .iter_mut()
            .find(|(known, ..)| *known == line)
        {
            Some(entry) => {
                entry.1 = entry.1.saturating_add(qty);
                entry.2 = entry.2.saturating_add(saved);
            }
            None => application.lines.push((line, qty, saved)),
        }
    }
}
