//! Promotions on the whole ticket.

use rust_decimal::Decimal;

use super::claim::price_after;
use super::context::PricingContext;
use super::promotion::{Benefit, Promotion, Stacking};

/// Something off the whole ticket. It is the document's discount on the grand
/// total, or part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketDiscount {
    /// The promotion's id.
    pub promotion: String,
    /// Its name.
    pub name: String,
    /// What it says.
    pub what: String,
    /// What is taken off.
    pub amount: Decimal,
    /// Why, in words for the cashier.
    pub why: String,
}

/// A promotion on the ticket that has reached its sum.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached<'a> {
    pub(super) promotion: &'a Promotion,
    pub(super) benefit: Benefit,
    /// What it lowers.
    pub(super) sum: Decimal,
    /// What it needs.
    pub(super) from: Decimal,
}

impl Reached<'_> {
    /// What it takes off when `before` was taken off already.
    fn amount(&self, before: Decimal, context: &PricingContext) -> Decimal {
        let left = self.sum.saturating_sub(before).max(Decimal::ZERO);
        left.saturating_sub(price_after(left, self.benefit, context))
    }
}

/// Chooses among promotions on the ticket, which come in order of precedence:
/// one exclusive of the highest priority, or all stackable ones one after
/// another, whichever saves more.
pub(super) fn choose<'a>(
    reached: &[Reached<'a>],
    context: &PricingContext,
) -> Vec<(Reached<'a>, Decimal)> {
    let Some(highest) = reached.first().map(|first| first.promotion.priority) else {
        return Vec::new();
    };
    let mut best: Vec<(Reached<'a>, Decimal)> = Vec::new();
    let stackable: Vec<Reached<'a>> = reached
        .iter()
        .filter(|one| one.promotion.stacking == Stacking::Stackable)
        .copied()
        .collect();
    if stackable
        .first()
        .is_some_and(|first| first.promotion.priority == highest)
    {
        let mut before = Decimal::ZERO;
        for one in stackable {
            let amount = one.amount(before, context);
            before = before.saturating_add(amount);
            best.push((one, amount));
        }
    }
    let total = |chosen: &[(Reached<'a>, Decimal)]| {
        chosen.iter().fold(Decimal::ZERO, |sum, (_, amount)| {
            sum.saturating_add(*amount)
        })
    };
    for one in reached {
        if one.promotion.stacking == Stacking::Exclusive && one.promotion.priority == highest {
            let alone = vec![(*one, one.amount(Decimal::ZERO, context))];
            if total(&alone) > total(&best) {
                best = alone;
            }
        }
    }
    best.retain(|(_, amount)| *amount > Decimal::ZERO);
    best
}
