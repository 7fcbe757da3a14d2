//! A data set's discounts as promotions: loyalty prices, coupons and the shop's match of a coupon.
//!
//! The data set says what was taken off, not which offer did it. Each discount becomes the plainest
//! promotion that says the same: an amount off each unit where it divides into whole cents, else so
//! many units for a price ("3 for 5.00"), and an amount for fuel and the whole basket. Offers are for their own basket's customer
//! and on their day only, as a loyalty programme's are, and all of a day are active at once.

use evertill_core::pricing::{
    Basket, BasketLine, Benefit, Coupon, Effect, PricingContext, Promotion, Selector, Stacking,
    Window,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::files::{self, Line, LineKind};

/// What kind of discount a promotion stands for; its id begins with the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The cent that a shelf price for several does not divide into: it comes first.
    Shelf,
    /// A price for those with a card.
    Loyalty,
    /// A coupon on an article, or on the whole basket.
    Coupon,
    /// What the shop adds to a coupon.
    Match,
}

impl Kind {
    /// In the order in which they come off.
    pub(crate) const ALL: [Self; 4] = [Self::Shelf, Self::Loyalty, Self::Coupon, Self::Match];

    /// What ids begin with.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Shelf => "shelf",
            Self::Loyalty => "loyalty",
            Self::Coupon => "coupon",
            Self::Match => "match",
        }
    }

    /// The higher comes first.
    fn priority(self) -> i32 {
        match self {
            Self::Shelf => 40,
            Self::Loyalty => 30,
            Self::Coupon => 20,
            Self::Match => 10,
        }
    }

    fn of(self, line: &Line) -> i64 {
        match self {
            Self::Shelf => line.rounding_cents,
            Self::Loyalty => line.loyalty_cents,
            Self::Coupon => line.coupon_cents,
            Self::Match => line.match_cents,
        }
    }
}

/// A basket as the engine takes it, and the offers made for it.
#[derive(Debug)]
pub(crate) struct Offered {
    pub(crate) basket: Basket,
    pub(crate) context: PricingContext,
    pub(crate) promotions: Vec<Promotion>,
}

/// Reads a basket of the data set.
pub(crate) fn offered(basket: &files::Basket, lines: &[Line]) -> Offered {
    let mut offered = Offered {
        basket: Basket::default(),
        context: PricingContext {
            customer: Some(basket.basket_id.clone()),
            customer_groups: vec![basket.basket_id.clone()],
            loyalty: true,
            ..PricingContext::at(basket.sold_at)
        },
        promotions: Vec::new(),
    };
    for (index, line) in lines.iter().enumerate() {
        match line.kind {
            LineKind::Item => offered.item(line),
            LineKind::Coupon => offered.ticket(line, index),
            LineKind::Payout | LineKind::Void => {}
        }
    }
    offered
}

impl Offered {
    fn item(&mut self, line: &Line) {
        let qty = line.quantity.parse().unwrap_or_default();
        let price = Decimal::new(line.unit_price_cents, 2);
        self.basket.lines.push(BasketLine {
            item: line.product_id.clone(),
            name: line.product_id.clone(),
            qty,
            price,
            ..BasketLine::default()
        });
        let mut left = cents(price * qty);
        for kind in Kind::ALL {
            let off = kind.of(line);
            if off == 0 {
                continue;
            }
            let effect = effect(&line.product_id, qty, left, off);
            left -= off;
            // A match without a coupon has its own code: the shop gave it all the same.
            let with = matches!(kind, Kind::Coupon | Kind::Match).then(|| line.product_id.clone());
            self.promote(kind, &line.product_id, effect, with);
        }
    }

    /// A coupon tied to no article.
    fn ticket(&mut self, line: &Line, index: usize) {
        let effect = Effect::Ticket {
            of: Selector::everything(),
            from: Decimal::ZERO,
            benefit: Benefit::Amount(Decimal::new(line.coupon_cents, 2)),
        };
        let name = format!("basket {index}");
        self.promote(Kind::Coupon, &name, effect, Some(name.clone()));
    }

    fn promote(&mut self, kind: Kind, on: &str, effect: Effect, coupon: Option<String>) {
        let basket = self.context.customer.clone().unwrap_or_default();
        let code = coupon.map(|coupon| format!("{basket} {coupon}"));
        if let Some(code) = &code
            && !self.basket.coupons.contains(code)
        {
            self.basket.coupons.push(code.clone());
        }
        let day = Some(self.context.now.date());
        self.promotions.push(Promotion {
            priority: kind.priority(),
            stacking: Stacking::Stackable,
            window: Window {
                from: day,
                to: day,
                ..Window::default()
            },
            customer_groups: vec![basket.clone()],
            loyalty_only: kind == Kind::Loyalty,
            coupon: code.map(Coupon::new),
            ..Promotion::new(
                format!("{} {basket} {on}", kind.name()),
                kind.name(),
                effect,
            )
        });
    }
}

/// The plainest promotion that takes so much off a line that comes to `left` cents.
fn effect(item: &str, qty: Decimal, left: i64, off: i64) -> Effect {
    let of = Selector::items([item]);
    let Some(units) = qty.fract().is_zero().then(|| qty.to_u32()).flatten() else {
        // A price for a gallon in whole cents seldom comes to the cent that was paid for a tankful,
        // so that what is off fuel is an amount.
        return Effect::Ticket {
            of,
            from: Decimal::ZERO,
            benefit: Benefit::Amount(Decimal::new(off, 2)),
        };
    };
    let (whole, rest) = (off / i64::from(units), off % i64::from(units));
    // Units whose prices differ by a cent must all be able to bear it.
    let bearable = left / i64::from(units) - 2;
    if rest == 0 && (units == 1 || whole <= bearable) {
        return Effect::UnitDiscount {
            of,
            benefit: Benefit::Amount(Decimal::new(whole, 2)),
            at_least: Decimal::ZERO,
        };
    }
    Effect::MixAndMatch {
        of,
        units,
        price: Decimal::new(left - off, 2),
        repeats: Some(1),
    }
}

/// Whole cents, as every amount of the data set is.
pub(crate) fn cents(amount: Decimal) -> i64 {
    (amount * Decimal::ONE_HUNDRED)
        .round()
        .to_i64()
        .unwrap_or(i64::MAX)
}
