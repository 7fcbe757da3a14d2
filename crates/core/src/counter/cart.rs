//! The open cart: what the customer has put on the counter so far.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cart_error::CartError;
use super::discount::Discount;
use crate::catalogue::item::SaleItem;
use crate::catalogue::price::PriceWhy;
use crate::values::id::{CustomerId, PriceListId};
use crate::values::money::Money;
use crate::values::quantity::Quantity;

/// An open sale. A change that cannot be is refused and leaves the cart exactly as it was; whether
/// the cart still adds up after one is seen by [`amend`](super::amend::amend), which works it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// Id of the cart.
    pub id: Uuid,
    /// Lines in the order they were rung up.
    pub lines: Vec<CartLine>,
    /// Discount on the whole sale.
    pub discount: Discount,
    /// Who buys, if the customer said so.
    pub customer: Option<CartCustomer>,
    /// The shop's price list.
    pub price_list: PriceListId,
    /// Codes of the coupons that were shown, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
    /// The shop's local time of the last change. Prices and promotions are those of that moment,
    /// so that what the customer was told does not change because a clock moved on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_at: Option<DateTime>,
    /// Id of the next line: ids are never used twice within a cart.
    next_line: u32,
}

/// The customer of a sale, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartCustomer {
    /// Key of the customer upstream.
    pub id: CustomerId,
    /// Name as printed.
    pub name: String,
    /// Their own price list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_list: Option<PriceListId>,
    /// The group they are in; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Their tax category; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_category: String,
    /// Why they are charged no tax; empty: they are charged.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exemption: String,
    /// Whether they have the shop's loyalty card.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub loyalty: bool,
}

impl CartCustomer {
    /// A customer of whom no more is known than who they are.
    pub fn named(id: CustomerId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            price_list: None,
            group: String::new(),
            tax_category: String::new(),
            exemption: String::new(),
            loyalty: false,
        }
    }
}

/// One line of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Id of the line within its cart, from 1.
    pub id: u32,
    /// The item as it was when it was rung up.
    pub item: SaleItem,
    /// How much of it.
    pub quantity: Quantity,
    /// What the price list says, per unit.
    pub list_price: Money,
    /// What it is sold at, per unit.
    pub price: Money,
    /// Discount on this line. An amount is for the whole line.
    pub discount: Discount,
    /// Somebody set the price: no list and no promotion changes it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub price_set: bool,
    /// Why the list price is what it is, where the item has more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<PriceWhy>,
}

impl Cart {
    /// The most lines of one cart.
    pub const MAX_LINES: usize = 500;

    /// An empty cart.
    pub fn new(id: Uuid, price_list: PriceListId) -> Self {
        Self {
            id,
            lines: Vec::new(),
            discount: Discount::None,
            customer: None,
            price_list,
            coupons: Vec::new(),
            priced_at: None,
            next_line: 1,
        }
    }

    /// Nothing rung up yet.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The line with that id.
    pub fn line(&self, id: u32) -> Option<&CartLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// Rings an item up and gives back the id of its line. The same goods at the same price
    /// without a discount join the line that is there: its quantity grows and it stays where it
    /// is.
    ///
    /// Errors: `quantity_not_whole`, `quantity_too_large`, `price_negative`, `cart_full`.
    pub fn add(&mut self, item: SaleItem, quantity: Quantity) -> Result<u32, CartError> {
        if item.price.is_negative() {
            return Err(CartError::PriceNegative);
        }
        if let Some(line) = self.lines.iter().rev().find(|line| line.takes(&item)) {
            let (id, quantity) = (line.id, line.quantity.checked_add(quantity)?);
            return self.set_quantity(id, quantity).map(|()| id);
        }
        whole_if_needed(&item, quantity)?;
        if self.lines.len() >= Self::MAX_LINES {
            return Err(CartError::Full {
                max_lines: Self::MAX_LINES,
            });
        }
        let id = self.next_line;
        let next_line = id.checked_add(1).ok_or(CartError::Full {
            max_lines: Self::MAX_LINES,
        })?;
        let (list_price, price) = (item.price, item.price);
        let discount = Discount::None;
        self.lines.push(CartLine {
            id,
            item,
            quantity,
            list_price,
            price,
            discount,
            price_set: false,
            why: None,
        });
        self.next_line = next_line;
        Ok(id)
    }

    /// Sets how much of a line is sold.
    ///
    /// Errors: `line_unknown`, `quantity_not_whole`.
    pub fn set_quantity(&mut self, line: u32, quantity: Quantity) -> Result<(), CartError> {
        self.change(line, |line| {
            whole_if_needed(&line.item, quantity)?;
            line.quantity = quantity;
            Ok(())
        })
    }

    /// Sells a line at another price than the list's, which stays on the line. The list's own
    /// price takes that back.
    ///
    /// Errors: `line_unknown`, `price_negative`.
    pub fn set_price(&mut self, line: u32, price: Money) -> Result<(), CartError> {
        if price.is_negative() {
            return Err(CartError::PriceNegative);
        }
        self.change(line, |line| {
            line.price = price;
            line.price_set = price != line.list_price;
            Ok(())
        })
    }

    /// Gives a discount on a line in place of the one that is there.
    ///
    /// Errors: `line_unknown`, `discount_negative`.
    pub fn set_line_discount(&mut self, line: u32, discount: Discount) -> Result<(), CartError> {
        not_negative(discount)?;
        self.change(line, |line| {
            line.discount = discount;
            Ok(())
        })
    }

    /// Gives a discount on the whole sale in place of the one that is there.
    ///
    /// Errors: `discount_negative`.
    pub fn set_discount(&mut self, discount: Discount) -> Result<(), CartError> {
        not_negative(discount)?;
        self.discount = discount;
        Ok(())
    }

    /// Takes a line out. With the last line the discount on the whole sale goes as well.
    ///
    /// Errors: `line_unknown`.
    pub fn remove(&mut self, line: u32) -> Result<(), CartError> {
        let at = self.position(line)?;
        self.lines.remove(at);
        if self.lines.is_empty() {
            self.discount = Discount::None;
        }
        Ok(())
    }

    /// Notes a coupon that was shown.
    ///
    /// Errors: `coupon_already_added`.
    pub fn add_coupon(&mut self, code: impl Into<String>) -> Result<(), CartError> {
        let code = code.into();
        if self.coupons.contains(&code) {
            return Err(CartError::CouponAlreadyAdded { code });
        }
        self.coupons.push(code);
        Ok(())
    }

    /// Hands a coupon back. One that was not shown is not missed.
    pub fn remove_coupon(&mut self, code: &str) {
        self.coupons.retain(|shown| shown != code);
    }

    /// Says who buys, or that nobody does.
    pub fn set_customer(&mut self, customer: Option<CartCustomer>) {
        self.customer = customer;
    }

    /// Takes everything out: lines, discount, coupons and customer. Line ids go on counting, so an
    /// intent that is still on its way cannot hit a new line.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.discount = Discount::None;
        self.customer = None;
        self.coupons.clear();
    }

    fn position(&self, line: u32) -> Result<usize, CartError> {
        let found = self.lines.iter().position(|candidate| candidate.id == line);
        found.ok_or(CartError::LineUnknown { line })
    }

    fn change(
        &mut self,
        line: u32,
        change: impl FnOnce(&mut CartLine) -> Result<(), CartError>,
    ) -> Result<(), CartError> {
        let slot = self.lines.iter_mut().find(|slot| slot.id == line);
        change(slot.ok_or(CartError::LineUnknown { line })?)
    }
}

impl CartLine {
    /// Whether a newly scanned item joins this line. The barcode may differ: an item can have
    /// several.
    fn takes(&self, item: &SaleItem) -> bool {
        self.discount == Discount::None
            && !self.price_set
            && self.item.price == item.price
            && self.item.prices == item.prices
            && self.item.id == item.id
            && self.item.name == item.name
            && self.item.unit == item.unit
            && self.item.whole_units == item.whole_units
            && self.item.tax == item.tax
    }
}

fn not_negative(discount: Discount) -> Result<(), CartError> {
    match discount {
        Discount::Amount(amount) if amount.is_negative() => Err(CartError::DiscountNegative),
        Discount::None | Discount::Percent(_) | Discount::Amount(_) => Ok(()),
    }
}

fn whole_if_needed(item: &SaleItem, quantity: Quantity) -> Result<(), CartError> {
    if item.whole_units && !quantity.is_whole() {
        return Err(CartError::QuantityNotWhole {
            quantity,
            unit: item.unit.clone(),
        });
    }
    Ok(())
}
