//! Ringing up: every command changes the open cart and answers it priced anew.

use evertill_core::barcode::normalise;
use evertill_core::{
    Cart, CartCustomer, CustomerId, Discount, Fault, ItemId, Percent, PriceListId, Quantity,
};
use evertill_protocol::CustomerRecord;

use crate::cart_view;
use crate::fault::AppError;
use crate::open_cart::Changed;
use crate::session::Caller;
use crate::shop::EnrolledShop;
use crate::till::Till;
use crate::types::{
    AddItemRequest, CartView, CouponRequest, CustomerView, CustomersRequest, CustomersView,
    DiscountInput, DiscountKind, LineRequest, Nothing, ScanRequest, SetCustomerRequest,
    SetDiscountRequest, SetLineDiscountRequest, SetPriceRequest, SetQuantityRequest,
};

/// Most customers one search answers.
const CUSTOMERS: u32 = 50;

/// `sell.cart`: the open cart.
pub(crate) fn cart(till: &Till, _: &Caller, _: &Nothing) -> Result<CartView, Fault> {
    let enrolled = till.shop()?;
    let cart = till.open_cart().lock(till).cart()?;
    let sale_rules = till.sale_rules(&enrolled, &cart)?;
    let totals = cart.totals(&sale_rules)?;
    cart_view::cart(
        &cart_view::Priced::new(till, &enrolled, &cart, &sale_rules, &totals)?,
        None,
    )
}

/// `sell.scan`: one of what the code stands for, or the coupon with that code.
///
/// Refusals: `barcode_empty`, `barcode_too_long`, `barcode_check_digit`, `barcode_unknown`,
/// `coupon_already_added`, and what the cart refuses.
pub(crate) fn scan(till: &Till, _: &Caller, request: &ScanRequest) -> Result<CartView, Fault> {
    let barcode = normalise(&request.code)?;
    change(till, |cart, _| {
        let found = till
            .store()
            .item_by_barcode(barcode.as_str(), &cart.price_list)?;
        if let Some(item) = found {
            return Ok(Some(cart.add(item, Quantity::ONE)?));
        }
        let promotions = till.promotions()?;
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
pub(crate) fn add_item(
    till: &Till,
    _: &Caller,
    request: &AddItemRequest,
) -> Result<CartView, Fault> {
    let quantity = match &request.quantity {
        Some(text) => Quantity::parse(text)?,
        None => Quantity::ONE,
    };
    let id = ItemId::from(request.item_id.as_str());
    change(till, |cart, _| {
        let item =
            till.store()
                .item(&id, &cart.price_list)?
                .ok_or_else(|| AppError::ItemUnknown {
                    item: id.to_string(),
                })?;
        Ok(Some(cart.add(item, quantity)?))
    })
}

/// `sell.set_quantity`
pub(crate) fn set_quantity(
    till: &Till,
    _: &Caller,
    request: &SetQuantityRequest,
) -> Result<CartView, Fault> {
    let quantity = Quantity::parse(&request.quantity)?;
    change(till, |cart, _| {
        cart.set_quantity(request.line, quantity)?;
        Ok(Some(request.line))
    })
}

/// `sell.remove_line`
pub(crate) fn remove_line(
    till: &Till,
    _: &Caller,
    request: &LineRequest,
) -> Result<CartView, Fault> {
    change(till, |cart, _| {
        cart.remove(request.line)?;
        Ok(None)
    })
}

/// `sell.set_line_discount`
pub(crate) fn set_line_discount(
    till: &Till,
    _: &Caller,
    request: &SetLineDiscountRequest,
) -> Result<CartView, Fault> {
    change(till, |cart, enrolled| {
        cart.set_line_discount(request.line, discount(&request.discount, enrolled)?)?;
        Ok(Some(request.line))
    })
}

/// `sell.set_discount`
pub(crate) fn set_discount(
    till: &Till,
    _: &Caller,
    request: &SetDiscountRequest,
) -> Result<CartView, Fault> {
    change(till, |cart, enrolled| {
        cart.set_discount(discount(&request.discount, enrolled)?)?;
        Ok(None)
    })
}

/// `sell.set_price`
pub(crate) fn set_price(
    till: &Till,
    _: &Caller,
    request: &SetPriceRequest,
) -> Result<CartView, Fault> {
    change(till, |cart, enrolled| {
        cart.set_price(request.line, enrolled.currency().parse(&request.price)?)?;
        Ok(Some(request.line))
    })
}

/// `sell.set_customer`
///
/// Refusals: `customer_unknown`.
pub(crate) fn set_customer(
    till: &Till,
    _: &Caller,
    request: &SetCustomerRequest,
) -> Result<CartView, Fault> {
    let customer = match &request.customer_id {
        None => None,
        Some(id) => {
            let found = till.store().customer(&CustomerId::from(id.as_str()))?;
            let record = found.ok_or(AppError::CustomerUnknown {
                customer: id.clone(),
            })?;
            Some(buyer(record))
        }
    };
    change(till, |cart, _| {
        cart.set_customer(customer);
        Ok(None)
    })
}

/// `sell.customers`
pub(crate) fn customers(
    till: &Till,
    _: &Caller,
    request: &CustomersRequest,
) -> Result<CustomersView, Fault> {
    let found = till.store().search_customers(&request.text, CUSTOMERS)?;
    let customers = found
        .into_iter()
        .map(|record| CustomerView {
            id: record.id.to_string(),
            name: record.name,
            phone: record.phone,
        })
        .collect();
    Ok(CustomersView { customers })
}

/// `sell.clear`: everything out.
pub(crate) fn clear(till: &Till, _: &Caller, _: &Nothing) -> Result<CartView, Fault> {
    change(till, |cart, _| {
        cart.clear();
        Ok(None)
    })
}

/// `sell.remove_coupon`: hands a coupon back.
pub(crate) fn remove_coupon(
    till: &Till,
    _: &Caller,
    request: &CouponRequest,
) -> Result<CartView, Fault> {
    change(till, |cart, _| {
        cart.remove_coupon(&request.code);
        Ok(None)
    })
}

/// Changes the open cart and shows it; the change answers the line to flash.
fn change(
    till: &Till,
    change: impl FnOnce(&mut Cart, &EnrolledShop) -> Result<Option<u32>, Fault>,
) -> Result<CartView, Fault> {
    let enrolled = till.shop()?;
    let changed = till
        .open_cart()
        .lock(till)
        .change(&enrolled, |cart| change(cart, &enrolled))?;
    let Changed {
        cart,
        sale_rules,
        totals,
        answer,
    } = &changed;
    let priced = cart_view::Priced::new(till, &enrolled, cart, sale_rules, totals)?;
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
