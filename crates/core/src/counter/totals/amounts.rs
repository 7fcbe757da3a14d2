//! What a cart totals: data, and no way to it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::counter::tender::{PaymentKind, Tender};
use crate::pricing::NotApplied;
use crate::tax::{AccountRate, TaxCharge};
use crate::values::id::TaxRuleId;
use crate::values::money::{Money, MoneyError};
use crate::values::percent::Percent;
use crate::values::quantity::Quantity;

/// Everything that is shown below a cart. All amounts in minor units.
///
/// `net + tax + difference` is what the sale comes to; to the nearest coin that is `total`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Each line, in the order of the cart.
    pub lines: Vec<LineTotals>,
    /// Sum of price · quantity.
    pub gross: Money,
    /// Sum of the line discounts and what promotions saved on lines.
    pub line_discount: Money,
    /// The discount on the whole sale.
    pub invoice_discount: Money,
    /// The lines without tax and without their share of the discount on the sale.
    pub net: Money,
    /// All taxes and charges, inclusive and exclusive.
    pub tax: Money,
    /// By how much net and tax miss the shelf prices where these hold the tax: a few minor units,
    /// its own line in the books.
    pub difference: Money,
    /// What the customer pays without cash.
    pub total: Money,
    /// What the customer pays where any of it is cash. The same as `total`, unless only cash is
    /// rounded to coins.
    pub cash_total: Money,
    /// Tax by account and rate, in the order they are charged.
    pub tax_lines: Vec<TaxLine>,
    /// The rows the sale was charged by.
    pub charges: Vec<TaxCharge>,
    /// What promotions took off the whole ticket; part of `invoice_discount`.
    pub ticket: Vec<PromotionSaving>,
    /// Promotions that mean something in the cart and did nothing, each with the reason.
    pub not_applied: Vec<NotApplied>,
    /// The coupons that were used.
    pub coupons: Vec<String>,
    /// Pieces in the cart: whole units count each, a weighed line counts as one.
    pub item_count: Decimal,
}

/// What one line comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineTotals {
    /// Id of the line in its cart.
    pub line: u32,
    /// Price · quantity.
    pub gross: Money,
    /// Discount on this line, by hand or by promotions.
    pub discount: Money,
    /// Its share of the invoice discount, not taken off `amount`.
    pub invoice_discount_share: Money,
    /// `gross − discount`: what stands at the end of the line.
    pub amount: Money,
    /// The line without tax and without its share of the discount on the sale.
    pub net: Money,
    /// Its units by price.
    pub parts: Vec<Part>,
    /// What it was charged at by account, where that is not nothing.
    pub tax_rates: Vec<AccountRate>,
    /// The promotions that lowered it.
    pub promotions: Vec<PromotionSaving>,
}

/// Units of a line that go for one price. An upstream that knows a price per unit only has one
/// line for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How many.
    pub quantity: Quantity,
    /// What one of them costs.
    pub price: Money,
}

/// What a promotion took off a line, or off the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionSaving {
    /// Key of the promotion upstream.
    pub promotion: String,
    /// Its name at the till.
    pub name: String,
    /// What it does: "buy 2, get 1 free".
    pub what: String,
    /// How many units it took; none where it is for the whole ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// What it saved.
    pub saved: Money,
}

/// The tax on one account at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// The account: the tax rule itself where the shop charges by rules alone.
    pub rule: TaxRuleId,
    /// Name as printed.
    pub name: String,
    /// Rate in per cent; 0 for a charge by quantity or of a fixed amount.
    pub rate: Percent,
    /// Whether the prices held it.
    pub inclusive: bool,
    /// What it was charged on; 0 for a charge by quantity or of a fixed amount.
    pub base: Money,
    /// The tax.
    pub tax: Money,
    /// `base + tax`.
    pub gross: Money,
}

impl Totals {
    pub(super) fn nothing() -> Self {
        Self {
            lines: Vec::new(),
            gross: Money::ZERO,
            line_discount: Money::ZERO,
            invoice_discount: Money::ZERO,
            net: Money::ZERO,
            tax: Money::ZERO,
            difference: Money::ZERO,
            total: Money::ZERO,
            cash_total: Money::ZERO,
            tax_lines: Vec::new(),
            charges: Vec::new(),
            ticket: Vec::new(),
            not_applied: Vec::new(),
            coupons: Vec::new(),
            item_count: Decimal::ZERO,
        }
    }

    /// What is to be paid with these tenders: coins are rounded to only where there are any.
    #[must_use]
    pub fn due(&self, tenders: &[Tender]) -> Money {
        if tenders.iter().any(|one| one.kind == PaymentKind::Cash) {
            self.cash_total
        } else {
            self.total
        }
    }

    /// What the sale comes to before it goes to the nearest coin.
    ///
    /// Errors: `amount_overflow`.
    pub fn total_before_rounding(&self) -> Result<Money, MoneyError> {
        self.net.checked_add(self.tax)?.checked_add(self.difference)
    }
}
