//! Ringing up: every command changes the open cart and answers it with its new prices.

use evertill_core::values::barcode::normalise;
use evertill_core::{
    Cart, CartCustomer, CustomerId, Discount, Fault, ItemId, Percent, PriceListId, Quantity, Totals,
};
use evertill_protocol::CustomerRecord;

use super::cart_types::{
    AddItemRequest, CartView, CouponRequest, DiscountInput, DiscountKind, EditLineRequest,
    LineRequest, ScanRequest, SetCustomerRequest, SetDiscountRequest,
};
use super::open_cart::Changed;
use super::{Counter, cart_view};
use crate::caller::Caller;
use crate::common::Nothing;
use crate::fault::AppError;
use crate::shop::EnrolledShop;

/// `sell.cart`: the open cart.
pub(super) fn cart(counter: &Counter, _: &Caller, _: &Nothing) -> Result<CartView, Fault> {
    let enrolled = counter.context.shop()?;
    let cart = counter.lock().cart()?;
    let sale_rules = counter.sale_rules(&enrolled, &cart)?;
    let totals = Totals::of(&cart, &sale_rules)?;
    cart_view::cart(
        &cart_view::Priced::new(&counter.context, &enrolled, &cart, &sale_rules, &totals)?,
        None,
    )
}

/// `sell.scan`: one of what the code stands for, or the coupon with that code.
///
/// Refusals: `barcode_empty`, `barcode_too_long`, `barcode_check_digit`, `barcode_unknown`,
/// `coupon_already_added`, and what the cart refuses.
pub(super) fn scan(
    counter: &Counter,
    _: &Caller,
    request: &ScanRequest,
) -> Result<CartView, Fault> {
    let barcode = normalise(&request.code)?;
    change(counter, |cart, _| {
        let found = counter
            .context
            .store()
            .item_by_barcode(barcode.as_str(), &cart.price_list)?;
        if let Some(item) = found {
            return Ok(Some(cart.add(item, Quantity::ONE)?));
        }
        let promotions = counter.promotions()?;
        let coupon = promotions.coupon(barcode.as_str());
        let coupon = coupon.ok_or_else(|| AppError::BarcodeUnknown {
            code: barcode.as_str().to_owned(),
        })?;
        cart.add_coupon(coupon)?;
        Ok(None)
    })
}

/// `sell.add_item`: an item by its id, as a tile or a search result names it.
///
/// Refusals: `item_unknown`, quantities, and what the cart refuses.
pub(super) fn add_item(
    counter: &Counter,
    _: &Caller,
    request: &AddItemRequest,
) -> Result<CartView, Fault> {
    let quantity = match &request.quantity {
        Some(text) => Quantity::parse(text)?,
        None => Quantity::ONE,
    };
    let id = ItemId::from(request.item_id.as_str());
    change(counter, |cart, _| {
        let item = counter
            .context
            .store()
            .item(&id, &cart.price_list)?
            .ok_or_else(|| AppError::ItemUnknown {
                item: id.to_string(),
            })?;
        Ok(Some(cart.add(item, quantity)?))
    })
}

/// `sell.edit_line`: quantity, price and discount of a line, all of them or none.
///
/// Refusals: `line_unknown`, quantities, amounts and percentages that are none, and what the cart
/// refuses.
pub(super) fn edit_line(
    counter: &Counter,
    _: &Caller,
    request: &EditLineRequest,
) -> Result<CartView, Fault> {
    let line = request.line;
    let quantity = request
        .quantity
        .as_deref()
        .map(Quantity::parse)
        .transpose()?;
    change(counter, |cart, enrolled| {
        if let Some(price) = &request.price {
            cart.set_price(line, enrolled.currency().parse(price)?)?;
        }
        if let Some(quantity) = quantity {
            cart.set_quantity(line, quantity)?;
        }
        if let Some(input) = &request.discount {
            cart.set_line_discount(line, discount(input, enrolled)?)?;
        }
        Ok(Some(line))
    })
}

/// `sell.remove_line`
pub(super) fn remove_line(
    counter: &Counter,
    _: &Caller,
    request: &LineRequest,
) -> Result<CartView, Fault> {
    change(counter, |cart, _| {
        cart.remove(request.line)?;
        Ok(None)
    })
}

/// `sell.set_discount`
pub(super) fn set_discount(
    counter: &Counter,
    _: &Caller,
    request: &SetDiscountRequest,
) -> Result<CartView, Fault> {
    change(counter, |cart, enrolled| {
        cart.set_discount(discount(&request.discount, enrolled)?)?;
        Ok(None)
    })
}

/// `sell.set_customer`
///
/// Refusals: `customer_unknown`.
pub(super) fn set_customer(
    counter: &Counter,
    _: &Caller,
    request: &SetCustomerRequest,
) -> Result<CartView, Fault> {
    let customer = match &request.customer_id {
        None => None,
        Some(id) => {
            let found = counter
                .context
                .store()
                .customer(&CustomerId::from(id.as_str()))?;
            let record = found.ok_or(AppError::CustomerUnknown {
                customer: id.clone(),
            })?;
            Some(buyer(record))
        }
    };
    change(counter, |cart, _| {
        cart.set_customer(customer);
        Ok(None)
    })
}

/// `sell.clear`: everything out.
pub(super) fn clear(counter: &Counter, _: &Caller, _: &Nothing) -> Result<CartView, Fault> {
    change(counter, |cart, _| {
        cart.clear();
        Ok(None)
    })
}

/// `sell.remove_coupon`: hands a coupon back.
pub(super) fn remove_coupon(
    counter: &Counter,
    _: &Caller,
    request: &CouponRequest,
) -> Result<CartView, Fault> {
    change(counter, |cart, _| {
        cart.remove_coupon(&request.code);
        Ok(None)
    })
}

/// Changes the open cart and shows it; the change answers the line to flash.
fn change(
    counter: &Counter,
    change: impl FnOnce(&mut Cart, &EnrolledShop) -> Result<Option<u32>, Fault>,
) -> Result<CartView, Fault> {
    let enrolled = counter.context.shop()?;
    let changed = counter
        .lock()
        .change(&enrolled, |cart| change(cart, &enrolled))?;
    let Changed {
        cart,
        sale_rules,
        totals,
        answer,
    } = &changed;
    let priced = cart_view::Priced::new(&counter.context, &enrolled, cart, sale_rules, totals)?;
    cart_view::cart(&priced, *answer)
}

/// A customer as the cart keeps them: with all that decides on prices and taxes.
fn buyer(record: CustomerRecord) -> CartCustomer {
    CartCustomer {
        price_list: Some(record.price_list)
            .filter(|list| !list.is_empty())
            .map(PriceListId::from),
        group: record.group,
        tax_category: record.tax_category,
        exemption: record.exemption,
        loyalty: record.loyalty,
        ..CartCustomer::named(record.id, record.name)
    }
}

fn discount(input: &DiscountInput, enrolled: &EnrolledShop) -> Result<Discount, Fault> {
    Ok(match input.kind {
        DiscountKind::None => Discount::None,
        DiscountKind::Percent => Discount::Percent(Percent::parse(&input.value)?),
        DiscountKind::Amount => Discount::Amount(enrolled.currency().parse(&input.value)?),
    })
}
