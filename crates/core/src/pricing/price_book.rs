//! Price lists: which price applies, and why.

use core::cmp::Reverse;
use core::fmt;
use std::collections::HashMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::calc::{RoundingMethod, round_exact};
use crate::catalogue::price::{ListOrigin, PriceRule, PriceWhy};

/// A price list to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// Its name.
    pub name: String,
    /// Why it is looked at.
    pub origin: ListOrigin,
}

/// What a price is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRequest<'a> {
    /// The item.
    pub item: &'a str,
    /// The unit it is sold in.
    pub uom: &'a str,
    /// The unit it is kept in.
    pub stock_uom: &'a str,
    /// Units kept in one unit sold.
    pub conversion_factor: Decimal,
    /// How many units are sold.
    pub qty: Decimal,
    /// The day.
    pub on: Date,
    /// Price lists in the order they are looked at: the first with a price for
    /// the item wins.
    pub lists: &'a [PriceList],
    /// The customer, if known.
    pub customer: Option<&'a str>,
    /// The batch, if known.
    pub batch: Option<&'a str>,
    /// Decimals of a price.
    pub places: u32,
    /// How a converted price is rounded.
    pub rounding: RoundingMethod,
}

/// The price that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceAnswer {
    /// Price of one unit sold.
    pub rate: Decimal,
    /// The rule it comes from.
    pub rule: String,
    /// Why that rule.
    pub why: PriceWhy,
}

/// Why another price of the item does not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyLost {
    /// Its list is not looked at.
    OtherList,
    /// An earlier list has a price.
    ListBehind,
    /// It holds later.
    NotYet(Date),
    /// It has ended.
    Ended(Date),
    /// It is for another customer.
    OtherCustomer,
    /// It is for another batch.
    OtherBatch,
    /// It is for another unit.
    OtherUnit,
    /// More must be bought.
    TooFew(Decimal),
    /// The price that applies fits better: customer before everyone, batch
    /// before all, the unit itself before a converted one, a higher quantity,
    /// a later start.
    LessSpecific,
}

impl fmt::Display for WhyLost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherList => out.write_str("its price list is not used here"),
            Self::ListBehind => out.write_str("another price list comes first"),
            Self::NotYet(from) => write!(out, "it holds from {from} on"),
            Self::Ended(to) => write!(out, "it ended on {to}"),
            Self::OtherCustomer => out.write_str("it is for another customer"),
            Self::OtherBatch => out.write_str("it is for another batch"),
            Self::OtherUnit => out.write_str("it is for another unit"),
            Self::TooFew(min) => write!(out, "it needs {min}"),
            Self::LessSpecific => out.write_str("another price fits better"),
        }
    }
}

/// All prices of a shop.
#[derive(Debug, Clone, Default)]
pub struct PriceBook {
    rules: HashMap<String, Vec<PriceRule>>,
}

/// How well a price fits; the greatest wins.
type Fit<'a> = (
    usize,
    bool,
    bool,
    bool,
    Decimal,
    Option<Date>,
    Reverse<&'a str>,
);

impl PriceBook {
    /// A book of these prices.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = PriceRule>) -> Self {
        let mut book = Self::default();
        for rule in rules {
            book.rules.entry(rule.item.clone()).or_default().push(rule);
        }
        book
    }

    /// The price that applies; `None` if the item has none.
    #[must_use]
    pub fn price(&self, request: &PriceRequest<'_>) -> Option<PriceAnswer> {
        let rules = self.rules.get(request.item)?;
        let (_, rule) = rules
            .iter()
            .filter_map(|rule| Some((fit(rule, request).ok()?, rule)))
            .max_by(|left, right| left.0.cmp(&right.0))?;
        answer(rule, request)
    }

    /// All other prices of the item, with the reason each does not apply, in
    /// the order of their ids.
    #[must_use]
    pub fn lost(&self, request: &PriceRequest<'_>) -> Vec<(&PriceRule, WhyLost)> {
        let winner = self.price(request);
        let winner_list = winner.as_ref().map(|winner| winner.why.list.as_str());
        let rules = self.rules.get(request.item).map_or(&[][..], Vec::as_slice);
        let mut lost: Vec<(&PriceRule, WhyLost)> = rules
            .iter()
            .filter(|rule| winner.as_ref().is_none_or(|winner| winner.rule != rule.id))
            .map(|rule| {
                let why = match fit(rule, request) {
                    Err(why) => why,
                    Ok(_) if winner_list != Some(rule.list.as_str()) => WhyLost::ListBehind,
                    Ok(_) => WhyLost::LessSpecific,
                };
                (rule, why)
            })
            .collect();
        lost.sort_by(|left, right| left.0.id.cmp(&right.0.id));
        lost
    }
}

/// How many units sold make one unit of the rule, if it fits the unit at all.
fn factor_of(rule: &PriceRule, request: &PriceRequest<'_>) -> Option<Decimal> {
    if rule.uom == request.uom {
        Some(Decimal::ONE)
    } else if rule.uom == request.stock_uom {
        Some(request.conversion_factor)
    } else {
        None
    }
}

fn fit<'a>(rule: &'a PriceRule, request: &PriceRequest<'_>) -> Result<Fit<'a>, WhyLost> {
    let list = request.lists.iter().position(|list| list.name == rule.list);
    let list = list.ok_or(WhyLost::OtherList)?;
    if let Some(from) = rule.from.filter(|from| request.on < *from) {
        return Err(WhyLost::NotYet(from));
    }
    if let Some(to) = rule.to.filter(|to| *to < request.on) {
        return Err(WhyLost::Ended(to));
    }
    if rule.customer.is_some() && rule.customer.as_deref() != request.customer {
        return Err(WhyLost::OtherCustomer);
    }
    if rule.batch.is_some() && rule.batch.as_deref() != request.batch {
        return Err(WhyLost::OtherBatch);
    }
    let factor = factor_of(rule, request).ok_or(WhyLost::OtherUnit)?;
    let qty = request
        .qty
        .abs()
        .checked_mul(factor)
        .unwrap_or(Decimal::MAX);
    if qty < rule.min_qty {
        return Err(WhyLost::TooFew(rule.min_qty));
    }
    let exact_unit = rule.uom == request.uom;
    // A quantity is compared in units kept, whatever unit it was given in.
    let min_qty = if exact_unit {
        rule.min_qty
            .checked_mul(request.conversion_factor)
            .unwrap_or(Decimal::MAX)
    } else {
        rule.min_qty
    };
    Ok((
        usize::MAX - list,
        rule.customer.is_some(),
        rule.batch.is_some(),
        exact_unit,
        min_qty,
        rule.from,
        Reverse(rule.id.as_str()),
    ))
}

fn answer(rule: &PriceRule, request: &PriceRequest<'_>) -> Option<PriceAnswer> {
    let list = request.lists.iter().find(|list| list.name == rule.list)?;
    let factor = factor_of(rule, request)?;
    let converted = (rule.uom != request.uom).then(|| (rule.uom.clone(), factor));
    let rate = rule.rate.checked_mul(factor)?;
    Some(PriceAnswer {
        rate: round_exact(rate, request.places, request.rounding),
        rule: rule.id.clone(),
        why: PriceWhy {
            list: list.name.clone(),
            origin: list.origin,
            for_customer: rule.customer.is_some(),
            for_batch: rule.batch.is_some(),
            from_qty: Some(rule.min_qty).filter(|qty| *qty > Decimal::ZERO),
            since: rule.from,
            until: rule.to,
            converted,
        },
    })
}
