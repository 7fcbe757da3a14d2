//! The counter: the open cart and what is done with it until it is paid.

mod cart_types;
mod cart_view;
mod checkout;
mod checkout_types;
mod open_cart;
mod sale_rules;
mod sell;

use std::sync::Arc;

pub use cart_types::{
    AddItemRequest, CartCustomerView, CartLineView, CartView, CouponRequest, CouponView,
    DiscountInput, DiscountKind, EditLineRequest, LineRequest, OfferView, PriceWhyView, SavingView,
    ScanRequest, SetCustomerRequest, SetDiscountRequest, WhyNotView,
};
pub use checkout_types::{
    ChargeView, DoneView, ModeDueView, PayRequest, PaymentModeView, QuoteRequest, QuoteView,
    TenderInput, TenderView,
};

use evertill_core::Permission;

use self::open_cart::{CartGuard, OpenCart};
use self::sale_rules::Offers;
use crate::command::{Access, commands};
use crate::common::Nothing;
use crate::context::Context;
use crate::printing::Printing;
use crate::sync::HubSync;

/// The open cart, and what closing a sale sets going. Cheap to clone; all clones have the same cart.
#[derive(Clone)]
pub(crate) struct Counter {
    context: Context,
    open_cart: Arc<OpenCart>,
    offers: Arc<Offers>,
    printing: Printing,
    sync: HubSync,
}

impl Counter {
    pub(crate) fn new(context: Context, printing: Printing, sync: HubSync) -> Self {
        Self {
            context,
            open_cart: Arc::default(),
            offers: Arc::default(),
            printing,
            sync,
        }
    }

    /// The open cart for one command; another waits until this one is done.
    fn lock(&self) -> CartGuard<'_> {
        self.open_cart.lock(self)
    }
}

commands! {
    Counter;
    "sell.cart": Nothing => CartView, Access::Needs(Permission::Sell), store sell::cart;
    "sell.scan": ScanRequest => CartView, Access::Needs(Permission::Sell), store sell::scan;
    "sell.add_item": AddItemRequest => CartView, Access::Needs(Permission::Sell), store sell::add_item;
    "sell.edit_line": EditLineRequest => CartView, Access::Needs(Permission::Sell), store sell::edit_line, and EditLineRequest::permissions;
    "sell.remove_line": LineRequest => CartView, Access::Needs(Permission::Sell), store sell::remove_line;
    "sell.set_discount": SetDiscountRequest => CartView, Access::Needs(Permission::DiscountInvoice), store sell::set_discount;
    "sell.set_customer": SetCustomerRequest => CartView, Access::Needs(Permission::Sell), store sell::set_customer;
    "sell.remove_coupon": CouponRequest => CartView, Access::Needs(Permission::Sell), store sell::remove_coupon;
    "sell.clear": Nothing => CartView, Access::Needs(Permission::Sell), store sell::clear;
    "checkout.prepare": Nothing => ChargeView, Access::Needs(Permission::Sell), store checkout::prepare;
    "checkout.quote": QuoteRequest => QuoteView, Access::Needs(Permission::Sell), store checkout::quote;
    "checkout.pay": PayRequest => DoneView, Access::Needs(Permission::Sell), store checkout::pay;
}
