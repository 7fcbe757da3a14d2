//! All promotions of a shop, found by what lies in the basket.

use std::borrow::Cow;
use std::collections::HashMap;

use super::claim::Meant;
use super::context::{Basket, PricingContext};
use super::explain::WhyNot;
use super::promotion::{Effect, Promotion};
use super::selector::Selector;

/// Which side of a promotion an item is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Buy,
    Get,
}

type Entries = HashMap<String, Vec<(usize, Side)>>;

/// All promotions of a shop, in order of precedence: higher priority first,
/// then by id.
#[derive(Debug, Clone, Default)]
pub struct Promotions {
    list: Vec<Promotion>,
    /// Those that mean every item without exception.
    everything: Vec<(usize, Side)>,
    /// Those that mean every item but some.
    nearly_everything: Vec<(usize, Side)>,
    items: Entries,
    categories: Entries,
    brands: Entries,
}

/// A promotion that means lines of the basket.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    /// Its place in the order of precedence.
    pub(super) order: usize,
    pub(super) promotion: &'a Promotion,
    pub(super) meant: Meant<'a>,
}

impl Promotions {
    /// Takes promotions in, in any order.
    #[must_use]
    pub fn new(promotions: impl IntoIterator<Item = Promotion>) -> Self {
        let mut list: Vec<Promotion> = promotions.into_iter().collect();
        list.sort_by(|left, right| {
            right
                .priority
                .cmp(&left.priority)
                .then_with(|| left.id.cmp(&right.id))
        });
        let mut all = Self::default();
        for (order, promotion) in list.iter().enumerate() {
            let [buy, get] = promotion.looks_at();
            for (selector, side) in [(buy, Side::Buy), (get, Side::Get)] {
                if side == Side::Get && buy == get {
                    continue;
                }
                if selector.everything {
                    let all = if selector.except.is_empty() {
                        &mut all.everything
                    } else {
                        &mut all.nearly_everything
                    };
                    all.push((order, side));
                    continue;
                }
                let named = [
                    (&mut all.items, &selector.items),
                    (&mut all.categories, &selector.categories),
                    (&mut all.brands, &selector.brands),
                ];
                for (entries, names) in named {
                    for name in names {
                        entries.entry(name.clone()).or_default().push((order, side));
                    }
                }
            }
        }
        all.list = list;
        all
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The coupon some promotion takes under this code, as the promotion spells it: people type
    /// small letters.
    #[must_use]
    pub fn coupon(&self, typed: &str) -> Option<&str> {
        let coupons = self.list.iter().filter_map(|one| one.coupon.as_ref());
        let mut codes = coupons.map(|coupon| coupon.code.as_str());
        codes.find(|code| code.eq_ignore_ascii_case(typed))
    }

    /// The promotions that take a coupon with this code.
    pub fn of_coupon<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Promotion> {
        self.list.iter().filter(move |promotion| {
            let coupon = promotion.coupon.as_ref();
            coupon.is_some_and(|coupon| coupon.code == code)
        })
    }

    /// The promotions that mean lines of a basket, in order of precedence.
    /// `all` is every line they may mean.
    pub(super) fn candidates<'a>(
        &'a self,
        basket: &Basket,
        all: &'a [usize],
    ) -> Vec<Candidate<'a>> {
        let mut found: Vec<(usize, Side, usize)> = Vec::new();
        for index in all {
            let Some(line) = basket.lines.get(*index) else {
                continue;
            };
            let mut add = |entries: Option<&Vec<(usize, Side)>>| {
                let entries = entries.map_or(&[][..], Vec::as_slice);
                found.extend(entries.iter().map(|(order, side)| (*order, *side, *index)));
            };
            add(Some(&self.nearly_everything));
            add(self.items.get(&line.item));
            for category in &line.categories {
                add(self.categories.get(category));
            }
            if let Some(brand) = &line.brand {
                add(self.brands.get(brand));
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut sides: Vec<(usize, Side, Cow<'a, [usize]>)> = Vec::new();
        for group in found.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            let Some((order, side, _)) = group.first().copied() else {
                continue;
            };
            let lines = self.without_exceptions(order, side, basket, group);
            if !lines.is_empty() {
                sides.push((order, side, Cow::Owned(lines)));
            }
        }
        if !all.is_empty() {
            let every = self.everything.iter();
            sides.extend(every.map(|(order, side)| (*order, *side, Cow::Borrowed(all))));
            sides.sort_by_key(|(order, side, _)| (*order, *side));
        }
        self.gather(sides)
    }

    fn selector(&self, order: usize, side: Side) -> Option<&Selector> {
        let [buy, get] = self.list.get(order)?.looks_at();
        Some(if side == Side::Buy { buy } else { get })
    }

    fn without_exceptions(
        &self,
        order: usize,
        side: Side,
        basket: &Basket,
        found: &[(usize, Side, usize)],
    ) -> Vec<usize> {
        let except = self
            .selector(order, side)
            .map_or(&[][..], |selector| &selector.except);
        let lines = found.iter().map(|(_, _, line)| *line);
        lines
            .filter(|line| {
                let item = basket.lines.get(*line).map(|line| &line.item);
                item.is_some_and(|item| !except.contains(item))
            })
            .collect()
    }

    /// Brings the two sides of each promotion together.
    fn gather<'a>(&'a self, sides: Vec<(usize, Side, Cow<'a, [usize]>)>) -> Vec<Candidate<'a>> {
        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        for (order, side, lines) in sides {
            let Some(promotion) = self.list.get(order) else {
                continue;
            };
            if candidates.last().is_none_or(|last| last.order != order) {
                let [buy, get] = promotion.looks_at();
                let meant = Meant {
                    same: buy == get,
                    ..Meant::default()
                };
                candidates.push(Candidate {
                    order,
                    promotion,
                    meant,
                });
            }
            if let Some(last) = candidates.last_mut() {
                match side {
                    Side::Buy => last.meant.buy = lines,
                    Side::Get => last.meant.get = lines,
                }
            }
        }
        candidates
    }
}

impl Candidate<'_> {
    /// Why the promotion is not for this sale, if it is not.
    pub(super) fn refusal(&self, basket: &Basket, context: &PricingContext) -> Option<WhyNot> {
        let promotion = self.promotion;
        if !promotion.window.holds(context.now) {
            return Some(WhyNot::NotNow);
        }
        if !promotion.tills.is_empty() && !promotion.tills.contains(&context.till) {
            return Some(WhyNot::NotHere);
        }
        let groups = &promotion.customer_groups;
        if !groups.is_empty()
            && !context
                .customer_groups
                .iter()
                .any(|group| groups.contains(group))
        {
            return Some(WhyNot::OtherCustomers);
        }
        if promotion.loyalty_only && !context.loyalty {
            return Some(WhyNot::NeedsLoyalty);
        }
        let coupon = promotion.coupon.as_ref()?;
        if !basket.coupons.contains(&coupon.code) {
            return Some(WhyNot::NeedsCoupon);
        }
        coupon.refusal(
            &context.coupon_uses,
            context.customer.as_deref(),
            context.now.date(),
        )
    }

    /// Whether it works on lines, not on the ticket.
    pub(super) fn is_on_lines(&self) -> bool {
        !matches!(self.promotion.effect, Effect::Ticket { .. })
    }
}
