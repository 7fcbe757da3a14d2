//! The cart as the window shows it.

use evertill_core::pricing::WhyNot;
use evertill_core::{
    Cart, CartLine, Discount, Fault, LineTotals, Money, Percent, PriceListId, PriceWhy,
    PromotionSaving, SaleRules, Totals,
};
use rust_decimal::Decimal;

use super::cart_types::{
    CartCustomerView, CartLineView, CartView, CouponView, OfferView, PriceWhyView, SavingView,
    WhyNotView,
};
use crate::context::Context;
use crate::shop::EnrolledShop;

/// How many offers that are nearly reached are told: more would be in the cashier's way.
const OFFERS: usize = 3;

/// A cart with everything it was worked out by.
pub(super) struct Priced<'a> {
    enrolled: &'a EnrolledShop,
    cart: &'a Cart,
    sale_rules: &'a SaleRules,
    totals: &'a Totals,
    /// Why each line has its price, where that needs telling.
    whys: Vec<Option<PriceWhyView>>,
}

impl<'a> Priced<'a> {
    /// Looks up what only the store knows: how price lists are called.
    pub(super) fn new(
        context: &Context,
        enrolled: &'a EnrolledShop,
        cart: &'a Cart,
        sale_rules: &'a SaleRules,
        totals: &'a Totals,
    ) -> Result<Self, Fault> {
        let whys = cart.lines.iter().map(|line| match &line.why {
            Some(why) => price_why(context, why).map(Some),
            None => Ok(None),
        });
        Ok(Self {
            enrolled,
            cart,
            sale_rules,
            totals,
            whys: whys.collect::<Result<_, _>>()?,
        })
    }
}

/// Puts a cart into words.
pub(super) fn cart(priced: &Priced<'_>, changed_line: Option<u32>) -> Result<CartView, Fault> {
    let Priced {
        enrolled,
        cart,
        totals,
        ..
    } = priced;
    let subtotal = totals.gross.checked_sub(totals.line_discount)?;
    let promoted = Money::sum(totals.ticket.iter().map(|one| one.saved))?;
    let given = totals.invoice_discount.checked_sub(promoted)?;
    let lines = cart.lines.iter().zip(&totals.lines).zip(&priced.whys);
    Ok(CartView {
        id: cart.id.to_string(),
        lines: lines
            .map(|((sold, worked), why)| line(sold, worked, why.clone(), enrolled))
            .collect(),
        customer: cart.customer.as_ref().map(|customer| CartCustomerView {
            id: customer.id.to_string(),
            name: customer.name.clone(),
            exemption: Some(customer.exemption.clone()).filter(|reason| !reason.is_empty()),
        }),
        discount: enrolled.money(totals.invoice_discount),
        discount_text: discount_text(cart.discount),
        discount_given: enrolled.money(at_least_zero(given)),
        savings: totals
            .ticket
            .iter()
            .map(|one| saving(one, enrolled))
            .collect(),
        coupons: cart
            .coupons
            .iter()
            .map(|code| coupon(code, priced))
            .collect(),
        offers: offers(totals),
        subtotal: enrolled.money(subtotal),
        line_discount: enrolled.money(totals.line_discount),
        tax: enrolled.money(totals.tax),
        tax_included: totals.tax_lines.iter().all(|tax| tax.inclusive),
        total: enrolled.money(totals.total),
        item_count: totals.item_count.normalize().to_string(),
        changed_line,
    })
}

fn line(
    line: &CartLine,
    totals: &LineTotals,
    price_why: Option<PriceWhyView>,
    enrolled: &EnrolledShop,
) -> CartLineView {
    let savings = totals.promotions.iter().map(|one| saving(one, enrolled));
    CartLineView {
        line: line.id,
        item_id: line.item.id.to_string(),
        name: line.item.name.clone(),
        quantity: line.quantity.to_string(),
        unit: line.item.unit.clone(),
        price: enrolled.money(line.price),
        list_price: enrolled.money(line.list_price),
        price_set: line.price_set,
        price_why,
        gross: enrolled.money(totals.gross),
        discount: enrolled.money(totals.discount),
        discount_text: discount_text(line.discount),
        savings: savings.collect(),
        amount: enrolled.money(totals.amount),
        tax_text: tax_text(totals),
        whole_units: line.item.whole_units,
    }
}

/// The rates a line is charged at: `7 %`, or `9 % + 9 %` where two taxes lie on it.
fn tax_text(totals: &LineTotals) -> String {
    let rates = totals.tax_rates.iter();
    let rates: Vec<String> = rates.map(|charged| rate_text(charged.rate)).collect();
    if rates.is_empty() {
        return percent_text(Percent::ZERO);
    }
    rates.join(" + ")
}

fn price_why(context: &Context, why: &PriceWhy) -> Result<PriceWhyView, Fault> {
    let id = PriceListId::from(why.list.as_str());
    let name = context.store().price_list_name(&id)?;
    Ok(PriceWhyView {
        list: name.unwrap_or_else(|| why.list.clone()),
        origin: why.origin,
        for_customer: why.for_customer,
        from_quantity: why.from_qty.map(plain),
        since: why.since.map(|day| day.to_string()),
        until: why.until.map(|day| day.to_string()),
    })
}

fn saving(saving: &PromotionSaving, enrolled: &EnrolledShop) -> SavingView {
    SavingView {
        name: saving.name.clone(),
        what: saving.what.clone(),
        quantity: saving.quantity.map(|quantity| quantity.to_string()),
        saved: enrolled.money(saving.saved),
    }
}

/// A coupon on the counter, and what came of it.
fn coupon(code: &str, priced: &Priced<'_>) -> CouponView {
    let promotions = &priced.sale_rules.promotions;
    let taking: Vec<_> = promotions.of_coupon(code).collect();
    let used = priced.totals.coupons.iter().any(|used| used == code);
    let refusal = priced
        .totals
        .not_applied
        .iter()
        .find(|one| taking.iter().any(|promotion| promotion.id == one.promotion));
    CouponView {
        code: code.to_owned(),
        name: taking
            .first()
            .map_or(code, |promotion| promotion.name.as_str())
            .to_owned(),
        used,
        why_not: refusal
            .filter(|_| !used)
            .map(|one| why_not(&one.why, priced.enrolled)),
    }
}

/// Promotions that a few more units would reach.
fn offers(totals: &Totals) -> Vec<OfferView> {
    let near = totals.not_applied.iter().filter_map(|one| match &one.why {
        WhyNot::MoreUnits { missing } => Some((*missing, one)),
        _ => None,
    });
    let mut near: Vec<_> = near.collect();
    near.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.promotion.cmp(&other.promotion)));
    near.truncate(OFFERS);
    near.into_iter()
        .map(|(missing, one)| OfferView {
            name: one.name.clone(),
            missing: plain(missing),
        })
        .collect()
}

fn why_not(why: &WhyNot, enrolled: &EnrolledShop) -> WhyNotView {
    let (code, missing) = match why {
        WhyNot::NotNow => ("not_now", None),
        WhyNot::NotHere => ("not_here", None),
        WhyNot::OtherCustomers => ("other_customers", None),
        WhyNot::NeedsLoyalty => ("needs_loyalty", None),
        WhyNot::NeedsCoupon => ("needs_coupon", None),
        WhyNot::CouponUsedUp => ("coupon_used_up", None),
        WhyNot::CouponUsedByCustomer => ("coupon_used_by_customer", None),
        WhyNot::CouponNeedsCustomer => ("coupon_needs_customer", None),
        WhyNot::MoreUnits { missing } => ("more_units", Some(plain(*missing))),
        WhyNot::MoreSpent { missing } => ("more_spent", Some(money_text(*missing, enrolled))),
        WhyNot::Beaten => ("beaten", None),
    };
    WhyNotView {
        code: code.to_owned(),
        missing,
    }
}

/// An amount as it is shown; one beyond all amounts as the plain number it is.
fn money_text(amount: Decimal, enrolled: &EnrolledShop) -> String {
    let currency = enrolled.currency();
    let money = currency.from_decimal(amount);
    money.map_or_else(|_| plain(amount), |money| currency.format(money))
}

fn discount_text(discount: Discount) -> Option<String> {
    match discount {
        Discount::Percent(percent) => Some(percent_text(percent)),
        Discount::None | Discount::Amount(_) => None,
    }
}

fn percent_text(percent: Percent) -> String {
    rate_text(percent.value())
}

fn rate_text(rate: Decimal) -> String {
    // A no-break space, so that number and sign stay on one line.
    format!("{}\u{a0}%", rate.normalize())
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Zero for what cannot be less.
pub(super) fn at_least_zero(amount: Money) -> Money {
    amount.max(Money::ZERO)
}
