//! The open cart.

use evertill_core::{ListOrigin, Permission};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::MoneyView;

/// A code was scanned or typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// The code as the scanner sent it.
    pub code: String,
}

/// An item was touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct AddItemRequest {
    /// Item id.
    pub item_id: String,
    /// Decimal text; one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
}

/// Names a line of the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    /// Line id.
    pub line: u32,
}

/// What kind of discount was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiscountKind {
    /// Take the discount away.
    None,
    /// Per cent.
    Percent,
    /// An amount of money.
    Amount,
}

/// A discount as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DiscountInput {
    /// What `value` means.
    pub kind: DiscountKind,
    /// Decimal text; not read for `none`.
    pub value: String,
}

/// Changes a line: what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct EditLineRequest {
    /// Line id.
    pub line: u32,
    /// How much of the item is sold, decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Another price than the list's: amount for one unit, as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// The discount; an amount is for the whole line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<DiscountInput>,
}

impl EditLineRequest {
    /// What a person must be allowed to do, besides selling, to change this much.
    pub(super) fn permissions(&self) -> Vec<Permission> {
        let price = self.price.as_ref().map(|_| Permission::OverridePrice);
        let discount = self.discount.as_ref().map(|_| Permission::DiscountLine);
        price.into_iter().chain(discount).collect()
    }
}

/// Gives a discount on the whole sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetDiscountRequest {
    /// The discount.
    pub discount: DiscountInput,
}

/// Names the customer of the sale, or nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct SetCustomerRequest {
    /// Customer id; left out for a walk-in customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
}

/// Names a coupon on the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CouponRequest {
    /// Its code.
    pub code: String,
}

/// The customer of the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CartCustomerView {
    /// Customer id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Why they are charged no tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
}

/// What a promotion took off, for the cashier to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SavingView {
    /// Name of the promotion.
    pub name: String,
    /// What it says: `buy 2, get 1 free`.
    pub what: String,
    /// How many units it took, decimal text; left out where it is for the whole ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// What it saved.
    pub saved: MoneyView,
}

/// Why a line has its price, where the item has more than one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct PriceWhyView {
    /// Name of the price list.
    pub list: String,
    /// Why that list.
    pub origin: ListOrigin,
    /// Whether it is a price for this customer alone.
    pub for_customer: bool,
    /// The quantity it holds from, decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_quantity: Option<String>,
    /// Its first day, `2026-11-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A coupon on the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CouponView {
    /// Its code.
    pub code: String,
    /// Name of its promotion.
    pub name: String,
    /// Whether something was taken off for it.
    pub used: bool,
    /// Why nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<WhyNotView>,
}

/// Why a promotion did nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct WhyNotView {
    /// `not_now`, `not_here`, `other_customers`, `needs_loyalty`, `needs_coupon`,
    /// `coupon_used_up`, `coupon_used_by_customer`, `coupon_needs_customer`, `more_units`,
    /// `more_spent` or `beaten`.
    pub code: String,
    /// How many units are missing, or how much money as it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// A promotion that a few more units would reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OfferView {
    /// Name of the promotion.
    pub name: String,
    /// How many units are missing, decimal text.
    pub missing: String,
}

/// The open cart, priced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CartView {
    /// Cart id; `checkout.pay` names it.
    pub id: String,
    /// In the order they were added.
    pub lines: Vec<CartLineView>,
    /// Who buys; nobody for a walk-in customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CartCustomerView>,
    /// The discount on the whole sale.
    pub discount: MoneyView,
    /// Its rate, `10 %`, when it was given in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_text: Option<String>,
    /// The part of the discount that was given by hand.
    pub discount_given: MoneyView,
    /// What promotions took off the whole ticket; the rest of the discount.
    pub savings: Vec<SavingView>,
    /// The coupons on the counter.
    pub coupons: Vec<CouponView>,
    /// Promotions that are nearly reached.
    pub offers: Vec<OfferView>,
    /// Sum of the lines after their discounts, before the discount on the sale.
    pub subtotal: MoneyView,
    /// Sum of the lines' discounts.
    pub line_discount: MoneyView,
    /// Tax in all.
    pub tax: MoneyView,
    /// Whether all tax is inside the prices.
    pub tax_included: bool,
    /// What the customer pays.
    pub total: MoneyView,
    /// Sum of the quantities.
    pub item_count: String,
    /// The line the command changed, to flash it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_line: Option<u32>,
}

/// A line of the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CartLineView {
    /// Line id.
    pub line: u32,
    /// Item id.
    pub item_id: String,
    /// Name to show.
    pub name: String,
    /// Decimal text without trailing zeros.
    pub quantity: String,
    /// Unit of the quantity.
    pub unit: String,
    /// Price of one unit as sold.
    pub price: MoneyView,
    /// Price of one unit in the price list.
    pub list_price: MoneyView,
    /// Whether somebody set the price by hand.
    pub price_set: bool,
    /// Why the list price is what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_why: Option<PriceWhyView>,
    /// Quantity × price.
    pub gross: MoneyView,
    /// Discount on this line.
    pub discount: MoneyView,
    /// Its rate, `10 %`, when it was given in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_text: Option<String>,
    /// The promotions that lowered it; part of the discount.
    pub savings: Vec<SavingView>,
    /// Gross less discount.
    pub amount: MoneyView,
    /// Tax rates, `7 %` or `9 % + 9 %`.
    pub tax_text: String,
    /// Whether only whole units can be sold.
    pub whole_units: bool,
}
