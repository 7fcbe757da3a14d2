//! The invoice: what was sold, for good. Nothing in here is ever edited.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::counter::cart::{Cart, CartCustomer, CartLine};
use crate::counter::cart_error::CartError;
use crate::counter::discount::Discount;
use crate::counter::sale_rules::SaleRules;
use crate::counter::tender::{Tender, TenderError, settle};
use crate::counter::totals::{LineTotals, Part, PromotionSaving, TaxLine, Totals};
use crate::counter::totals_policy::TotalsPolicy;
use crate::fault::Coded;
use crate::tax::{AccountRate, TaxCharge};
use crate::values::currency::Currency;
use crate::values::id::{ItemId, PriceListId, TaxRuleId, TillId, UserId};
use crate::values::money::Money;
use crate::values::number::ReceiptNumber;
use crate::values::percent::Percent;
use crate::values::quantity::Quantity;

/// A paid sale. Its JSON is hashed and kept for ever: fields may be added, with a default for
/// the documents before, but never renamed, removed or spelled otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// UUIDv7, the idempotency key of the document.
    pub key: Uuid,
    /// The till that sold.
    pub till: TillId,
    /// The till's gapless number.
    pub number: ReceiptNumber,
    /// The cart it was.
    pub cart: Uuid,
    /// The day it belongs to in the books.
    pub business_date: Date,
    /// When the money was taken.
    pub sold_at: Timestamp,
    /// Who sold.
    pub cashier: UserId,
    /// Their name as printed.
    pub cashier_name: String,
    /// Who bought, if known.
    pub customer: Option<CartCustomer>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The price list the lines were priced by.
    pub price_list: PriceListId,
    /// What was sold.
    pub lines: Vec<InvoiceLine>,
    /// The discount on the whole sale as it was given.
    pub discount: Discount,
    /// What it came to.
    pub totals: InvoiceTotals,
    /// Tax by account and rate.
    pub tax_lines: Vec<TaxLine>,
    /// How it was worked out; nothing on the documents of versions that had one way only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals_policy: Option<TotalsPolicy>,
    /// The rows it was charged by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<TaxCharge>,
    /// What promotions took off the whole ticket; part of the discount on the sale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket: Vec<PromotionSaving>,
    /// The coupons that were used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
    /// What was handed over.
    pub tenders: Vec<Tender>,
    /// Sum of the tenders.
    pub paid: Money,
    /// What went back in cash.
    pub change: Money,
}

/// Sums of an invoice, in minor units. `net + tax + difference + rounding = total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceTotals {
    /// Sum of price · quantity.
    pub gross: Money,
    /// Sum of the line discounts.
    pub line_discount: Money,
    /// The discount on the whole sale.
    pub invoice_discount: Money,
    /// The total without tax.
    pub net: Money,
    /// All taxes and charges.
    pub tax: Money,
    /// By how much net and tax miss prices that hold the tax: a few minor units, its own line in
    /// the books.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub difference: Money,
    /// What was added, or taken off, to come to the nearest coin.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub rounding: Money,
    /// What the customer paid.
    pub total: Money,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// Its place, from 1.
    pub row: u32,
    /// The item.
    pub item: ItemId,
    /// The barcode it was found by.
    pub barcode: Option<String>,
    /// Name as printed.
    pub name: String,
    /// Unit it was sold in.
    pub unit: String,
    /// How much.
    pub quantity: Quantity,
    /// What the price list said, per unit.
    pub list_price: Money,
    /// What it was sold at, per unit.
    pub price: Money,
    /// Discount on this line.
    pub discount: Money,
    /// Its share of the discount on the whole sale, not taken off `amount`.
    pub invoice_discount: Money,
    /// Price · quantity − discount.
    pub amount: Money,
    /// Its tax rule.
    pub tax_rule: TaxRuleId,
    /// The rate of that rule when it was sold.
    pub tax_rate: Percent,
    /// Whether the price held the tax.
    pub tax_inclusive: bool,
    /// The line without tax and without its share of the discount on the sale.
    #[serde(default)]
    pub net: Money,
    /// Its units by price; nothing where all of them went for `price`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What it was charged at by account; an account that is not here charged it nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_rates: Vec<AccountRate>,
    /// The promotions that lowered it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<PromotionSaving>,
}

/// What an invoice needs besides its cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvoice {
    /// UUIDv7, the idempotency key.
    pub key: Uuid,
    /// The till that sells.
    pub till: TillId,
    /// The till's next number.
    pub number: ReceiptNumber,
    /// The day it belongs to in the books.
    pub business_date: Date,
    /// Now.
    pub sold_at: Timestamp,
    /// Who sells.
    pub cashier: UserId,
    /// Their name as printed.
    pub cashier_name: String,
    /// What was handed over.
    pub tenders: Vec<Tender>,
}

impl Invoice {
    /// The invoice of a cart that has been paid for.
    ///
    /// Errors: `cart_empty`, everything [`Totals::of`] and [`settle`] refuse.
    pub fn from_cart(
        cart: &Cart,
        sale_rules: &SaleRules,
        new: NewInvoice,
    ) -> Result<Self, CheckoutError> {
        if cart.is_empty() {
            return Err(CheckoutError::CartEmpty);
        }
        let totals = Totals::of(cart, sale_rules)?;
        let due = totals.due(&new.tenders);
        let rounding = totals
            .total_before_rounding()
            .and_then(|before| due.checked_sub(before))
            .map_err(CartError::from)?;
        let settlement = settle(due, &new.tenders)?;
        let rows = (1_u32..).zip(cart.lines.iter().zip(&totals.lines));
        Ok(Self {
            key: new.key,
            till: new.till,
            number: new.number,
            cart: cart.id,
            business_date: new.business_date,
            sold_at: new.sold_at,
            cashier: new.cashier,
            cashier_name: new.cashier_name,
            customer: cart.customer.clone(),
            currency: sale_rules.currency.clone(),
            price_list: cart.price_list.clone(),
            lines: rows
                .map(|(row, (line, totals))| InvoiceLine::of(row, line, totals))
                .collect(),
            discount: cart.discount,
            totals: InvoiceTotals {
                gross: totals.gross,
                line_discount: totals.line_discount,
                invoice_discount: totals.invoice_discount,
                net: totals.net,
                tax: totals.tax,
                difference: totals.difference,
                rounding,
                total: due,
            },
            tax_lines: totals.tax_lines,
            totals_policy: Some(sale_rules.totals_policy),
            charges: totals.charges,
            ticket: totals.ticket,
            coupons: totals.coupons,
            tenders: new.tenders,
            paid: settlement.paid,
            change: settlement.change,
        })
    }
}

/// Whether an amount is left out of the JSON.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a field over by reference"
)]
fn is_nothing(amount: &Money) -> bool {
    amount.is_zero()
}

impl InvoiceLine {
    fn of(row: u32, line: &CartLine, totals: &LineTotals) -> Self {
        Self {
            row,
            item: line.item.id.clone(),
            barcode: line.item.barcode.clone(),
            name: line.item.name.clone(),
            unit: line.item.unit.clone(),
            quantity: line.quantity,
            list_price: line.list_price,
            price: line.price,
            discount: totals.discount,
            invoice_discount: totals.invoice_discount_share,
            amount: totals.amount,
            tax_rule: line.item.tax.id.clone(),
            tax_rate: line.item.tax.rate,
            tax_inclusive: line.item.tax.inclusive,
            net: totals.net,
            parts: match totals.parts.as_slice() {
                [one] if one.price == line.price => Vec::new(),
                parts => parts.to_vec(),
            },
            tax_rates: totals.tax_rates.clone(),
            promotions: totals.promotions.clone(),
        }
    }
}

/// Why a cart did not become an invoice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum CheckoutError {
    /// Nothing to pay for.
    #[error("The cart is empty.")]
    #[coded("cart_empty")]
    CartEmpty,
    /// The cart does not add up.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The tenders do not settle it.
    #[error(transparent)]
    Tender(#[from] TenderError),
}
