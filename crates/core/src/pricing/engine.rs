//! Goes over a basket with all promotions.

use core::cmp::Reverse;
use core::fmt;

use rust_decimal::Decimal;

use super::context::{Basket, PricingContext};
use super::explain::{NotApplied, WhyNot};
use super::index::{Candidate, Promotions};
use super::pool::{Pool, Run};
use super::promotion::{Benefit, Effect, Promotion};
use super::ticket::{Reached, TicketDiscount, choose};
use super::tier::{Application, Outcome, apply};
use crate::calc::{Line, round_exact};

/// A basket with its promotions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PricedBasket {
    /// Lines, in the order of the basket.
    pub lines: Vec<PricedLine>,
    /// Discounts on the ticket; their sum is the document's discount on the
    /// grand total.
    pub ticket: Vec<TicketDiscount>,
    /// The promotions that lowered lines, in order of precedence.
    pub applied: Vec<Applied>,
    /// The promotions that mean something in the basket and did nothing.
    pub not_applied: Vec<NotApplied>,
    /// The coupons that were used: note them with the sale.
    pub coupons: Vec<String>,
}

/// A line with its promotions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PricedLine {
    /// Its units by price, the dearest first. One line of a document each: an
    /// upstream that knows only a price per unit then comes to the same cent.
    pub pieces: Vec<Piece>,
    /// What the line costs less.
    pub saved: Decimal,
    /// Why, a sentence for each promotion.
    pub why: Vec<String>,
}

/// Units of a line that go for one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How many.
    pub qty: Decimal,
    /// What one costs.
    pub price: Decimal,
}

/// What a promotion did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its id.
    pub promotion: String,
    /// Its name.
    pub name: String,
    /// What it says.
    pub what: String,
    /// What it saved.
    pub saved: Decimal,
    /// The same by line.
    pub lines: Vec<LineSaving>,
}

/// What a promotion did to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSaving {
    /// Index of the line.
    pub line: usize,
    /// How many units it took.
    pub qty: Decimal,
    /// What they cost less.
    pub saved: Decimal,
}

impl PricedLine {
    /// The line as lines of a document: one for each piece, otherwise like
    /// `line`, with its price before promotions as the list price.
    #[must_use]
    pub fn document_lines(&self, line: &Line, price: Decimal) -> Vec<Line> {
        self.pieces
            .iter()
            .map(|piece| Line {
                uom: line.uom.clone(),
                conversion_factor: line.conversion_factor,
                item_tax_rates: line.item_tax_rates.clone(),
                return_row: line.return_row,
                ..Line::units(piece.qty, piece.price, price)
            })
            .collect()
    }
}

impl PricedBasket {
    /// The document's discount on the grand total.
    #[must_use]
    pub fn ticket_discount(&self) -> Decimal {
        self.ticket
            .iter()
            .fold(Decimal::ZERO, |sum, one| sum.saturating_add(one.amount))
    }
}

impl Promotions {
    /// Goes over a basket.
    #[must_use]
    pub fn price(&self, basket: &Basket, context: &PricingContext) -> PricedBasket {
        let mut priced = PricedBasket::default();
        let lines = basket.lines.iter().enumerate();
        let all: Vec<usize> = lines
            .filter(|(_, line)| !line.no_promotions)
            .map(|(index, _)| index)
            .collect();
        let mut eligible = Vec::new();
        for candidate in self.candidates(basket, &all) {
            match candidate.refusal(basket, context) {
                Some(why) => priced
                    .not_applied
                    .push(not_applied(candidate.promotion, why)),
                None => eligible.push(candidate),
            }
        }
        let outcome = on_lines(&eligible, basket, context);
        let sums = round_lines(&outcome.pool, context);
        report_lines(&mut priced, basket, &outcome, &sums, context);
        report_applied(&mut priced, &eligible, basket, &outcome.applied, context);
        on_ticket(&mut priced, &eligible, &sums, context);
        priced
    }
}

/// Promotions on lines, one priority after another.
fn on_lines(eligible: &[Candidate<'_>], basket: &Basket, context: &PricingContext) -> Outcome {
    let mut outcome = Outcome {
        pool: Pool::new(basket),
        applied: Vec::new(),
    };
    let ready: Vec<&Candidate<'_>> = eligible
        .iter()
        .filter(|candidate| candidate.is_on_lines() && missing(candidate, basket).is_none())
        .collect();
    for tier in ready.chunk_by(|left, right| left.promotion.priority == right.promotion.priority) {
        let next = apply(tier, outcome.pool, context);
        outcome.pool = next.pool;
        outcome.applied.extend(next.applied);
    }
    outcome
}

/// How many units a promotion on lines still needs before it can do anything.
fn missing(candidate: &Candidate<'_>, basket: &Basket) -> Option<Decimal> {
    let sum = |lines: &[usize], whole: bool| {
        lines
            .iter()
            .filter_map(|line| basket.lines.get(*line))
            .fold(Decimal::ZERO, |sum, line| {
                sum.saturating_add(if whole { line.qty.trunc() } else { line.qty })
            })
    };
    let meant = &candidate.meant;
    let needs = match &candidate.promotion.effect {
        Effect::UnitDiscount { at_least, .. } => at_least.saturating_sub(sum(&meant.buy, false)),
        Effect::MixAndMatch { units, .. } => {
            Decimal::from(*units).saturating_sub(sum(&meant.buy, true))
        }
        Effect::BuyGet {
            buy_units,
            get_units,
            ..
        } if meant.same => {
            let units = u64::from(*buy_units) + u64::from(*get_units);
            Decimal::from(units).saturating_sub(sum(&meant.buy, true))
        }
        Effect::BuyGet {
            buy_units,
            get_units,
            ..
        } => {
            let buy = Decimal::from(*buy_units).saturating_sub(sum(&meant.buy, true));
            let get = Decimal::from(*get_units).saturating_sub(sum(&meant.get, true));
            buy.max(Decimal::ZERO)
                .saturating_add(get.max(Decimal::ZERO))
        }
        Effect::Ticket { .. } => return None,
    };
    (needs > Decimal::ZERO).then_some(needs)
}

/// What each line comes to, piece by piece as a document will have it.
fn round_lines(pool: &Pool, context: &PricingContext) -> Vec<Decimal> {
    pool.lines
        .iter()
        .map(|runs| {
            pieces(runs).iter().fold(Decimal::ZERO, |sum, piece| {
                sum.saturating_add(amount(piece.price, piece.qty, context))
            })
        })
        .collect()
}

fn amount(price: Decimal, qty: Decimal, context: &PricingContext) -> Decimal {
    round_exact(price.saturating_mul(qty), context.places, context.rounding)
}

/// Runs of one price together, the dearest first.
fn pieces(runs: &[Run]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(runs.len());
    for run in runs {
        match pieces.iter_mut().find(|piece| piece.price == run.price) {
            Some(piece) => piece.qty = piece.qty.saturating_add(run.qty),
            None => pieces.push(Piece {
                qty: run.qty,
                price: run.price,
            }),
        }
    }
    pieces.sort_by_key(|piece| Reverse(piece.price));
    pieces
}

fn report_lines(
    priced: &mut PricedBasket,
    basket: &Basket,
    outcome: &Outcome,
    sums: &[Decimal],
    context: &PricingContext,
) {
    for ((line, runs), sum) in basket.lines.iter().zip(&outcome.pool.lines).zip(sums) {
        let full = amount(line.price, line.qty, context);
        priced.lines.push(PricedLine {
            pieces: pieces(runs),
            saved: full.saturating_sub(*sum),
            why: Vec::new(),
        });
    }
}

fn report_applied(
    priced: &mut PricedBasket,
    eligible: &[Candidate<'_>],
    basket: &Basket,
    applied: &[Application],
    context: &PricingContext,
) {
    for candidate in eligible.iter().filter(|candidate| candidate.is_on_lines()) {
        let promotion = candidate.promotion;
        let Some(application) = applied.iter().find(|one| one.order == candidate.order) else {
            let why = match missing(candidate, basket) {
                Some(missing) => WhyNot::MoreUnits {
                    missing: missing.normalize(),
                },
                None => WhyNot::Beaten,
            };
            priced.not_applied.push(not_applied(promotion, why));
            continue;
        };
        let mut lines: Vec<LineSaving> = application
            .lines
            .iter()
            .map(|(line, qty, saved)| LineSaving {
                line: *line,
                qty: qty.normalize(),
                saved: round_exact(*saved, context.places, context.rounding),
            })
            .collect();
        lines.sort_by_key(|saving| saving.line);
        let what = describe(&promotion.effect);
        for saving in &lines {
            if let Some(line) = priced.lines.get_mut(saving.line) {
                let LineSaving { qty, saved, .. } = saving;
                let name = &promotion.name;
                line.why
                    .push(format!("{name}: {what} ({qty} for {saved} less)"));
            }
        }
        let saved = lines
            .iter()
            .fold(Decimal::ZERO, |sum, one| sum.saturating_add(one.saved));
        use_coupon(priced, promotion);
        priced.applied.push(Applied {
            promotion: promotion.id.clone(),
            name: promotion.name.clone(),
            what,
            saved,
            lines,
        });
    }
}

fn use_coupon(priced: &mut PricedBasket, promotion: &Promotion) {
    if let Some(coupon) = &promotion.coupon
        && !priced.coupons.contains(&coupon.code)
    {
        priced.coupons.push(coupon.code.clone());
    }
}

/// Promotions on the ticket, on what the lines come to.
fn on_ticket(
    priced: &mut PricedBasket,
    eligible: &[Candidate<'_>],
    sums: &[Decimal],
    context: &PricingContext,
) {
    let add_up = |lines: &[usize]| {
        lines.iter().fold(Decimal::ZERO, |sum, line| {
            sum.saturating_add(sums.get(*line).copied().unwrap_or_default())
        })
    };
    // Most mean the whole ticket, which is added up once.
    let mut whole: Option<(&[usize], Decimal)> = None;
    let mut reached = Vec::new();
    for candidate in eligible {
        let Effect::Ticket { from, benefit, .. } = &candidate.promotion.effect else {
            continue;
        };
        let lines: &[usize] = &candidate.meant.buy;
        let sum = match whole {
            Some((known, sum)) if core::ptr::eq(known, lines) => sum,
            _ => add_up(lines),
        };
        whole = Some((lines, sum));
        if sum < *from {
            let why = WhyNot::MoreSpent {
                missing: from.saturating_sub(sum),
            };
            priced
                .not_applied
                .push(not_applied(candidate.promotion, why));
        } else {
            let promotion = candidate.promotion;
            reached.push(Reached {
                promotion,
                benefit: *benefit,
                sum,
                from: *from,
            });
        }
    }
    let chosen = choose(&reached, context);
    for one in &reached {
        if !chosen
            .iter()
            .any(|(other, _)| other.promotion.id == one.promotion.id)
        {
            priced
                .not_applied
                .push(not_applied(one.promotion, WhyNot::Beaten));
        }
    }
    for (one, amount) in chosen {
        use_coupon(priced, one.promotion);
        let what = format!("{} (from {} on)", Off(one.benefit), one.from);
        priced.ticket.push(TicketDiscount {
            promotion: one.promotion.id.clone(),
            name: one.promotion.name.clone(),
            amount,
            why: format!("{}: {what}", one.promotion.name),
            what,
        });
    }
}

fn not_applied(promotion: &Promotion, why: WhyNot) -> NotApplied {
    NotApplied {
        promotion: promotion.id.clone(),
        name: promotion.name.clone(),
        why,
    }
}

/// What a promotion does, in words.
fn describe(effect: &Effect) -> String {
    match effect {
        Effect::UnitDiscount { benefit, .. } => Off(*benefit).to_string(),
        Effect::MixAndMatch { units, price, .. } => format!("{units} for {price}"),
        Effect::BuyGet {
            buy_units,
            get_units,
            benefit,
            ..
        } => {
            format!("buy {buy_units}, get {get_units} {}", Off(*benefit))
        }
        Effect::Ticket { from, benefit, .. } => format!("{} from {from} on", Off(*benefit)),
    }
}

/// A benefit in words.
struct Off(Benefit);

impl fmt::Display for Off {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Benefit::Percent(percent) => write!(out, "{} % off", percent.normalize()),
            Benefit::Amount(amount) => write!(out, "{amount} off"),
            Benefit::Price(price) => write!(out, "for {price}"),
            Benefit::Free => out.write_str("free"),
        }
    }
}
