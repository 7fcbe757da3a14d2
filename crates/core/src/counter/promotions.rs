//! The shop's promotions over a cart.

use jiff::civil::DateTime;

use super::cart::Cart;
use super::sale_rules::SaleRules;
use crate::pricing::{Basket, BasketLine, PricedBasket, PricingContext};

/// Lets the shop's promotions go over the cart; nothing where it has none.
pub(super) fn promote(cart: &Cart, sale_rules: &SaleRules) -> Option<PricedBasket> {
    let now = cart.priced_at?;
    if sale_rules.promotions.is_empty() {
        return None;
    }
    let lines = cart.lines.iter().map(|line| BasketLine {
        item: line.item.id.to_string(),
        name: line.item.name.clone(),
        categories: vec![line.item.category.to_string()],
        brand: Some(line.item.brand.clone()).filter(|brand| !brand.is_empty()),
        qty: line.quantity.value(),
        price: sale_rules.currency.to_decimal(line.price),
        no_promotions: line.price_set || !line.discount.is_none(),
    });
    let basket = Basket {
        lines: lines.collect(),
        coupons: cart.coupons.clone(),
    };
    Some(
        sale_rules
            .promotions
            .price(&basket, &context(cart, sale_rules, now)),
    )
}

/// What promotions look at besides the basket.
fn context(cart: &Cart, sale_rules: &SaleRules, now: DateTime) -> PricingContext {
    let customer = cart.customer.as_ref();
    let groups = customer.map(|customer| customer.group.clone());
    PricingContext {
        now,
        till: sale_rules.till.to_string(),
        customer: customer.map(|customer| customer.id.to_string()),
        customer_groups: groups.into_iter().filter(|name| !name.is_empty()).collect(),
        loyalty: customer.is_some_and(|customer| customer.loyalty),
        coupon_uses: sale_rules.coupon_uses.clone(),
        places: u32::from(sale_rules.currency.decimals),
        rounding: sale_rules.totals_policy.rounding,
    }
}
