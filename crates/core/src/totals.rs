//! What a cart comes to. [`Cart::totals`] is the one door to this module: it writes the cart down
//! as a document, lets the engine in [`crate::calc`] work that out, and reads the answer back in
//! minor units. Nothing is added up here that the engine has not.
//!
//! Order of steps:
//! 1. promotions lower prices unit by unit ([`crate::pricing`]), except where somebody set a price
//!    or gave a discount by hand;
//! 2. a discount by hand on a line: per cent off the price of a unit, or an amount off the line;
//! 3. each line becomes one line of the document for each price its units go for;
//! 4. the taxes are those of the customer's template, else of the items' own rules;
//! 5. the discount on the sale, and what promotions take off the whole ticket, are the document's
//!    discount;
//! 6. the engine works the document out, as the upstream will.

mod document;
mod parts;
mod prices;
mod taxes;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::allocate::allocate;
use crate::calc::{self, ChargeType, DiscountOn, ValidationError};
use crate::cart::{Cart, CartError};
use crate::currency::Currency;
use crate::id::TaxRuleId;
use crate::money::{Money, MoneyError};
use crate::percent::Percent;
use crate::pricing::NotApplied;
use crate::quantity::Quantity;
use crate::sale_rules::SaleRules;
use crate::tax::{AccountRate, TaxCharge};
use crate::tender::{PaymentKind, Tender};
use crate::totals_policy::RoundedPayments;
use document::Written;

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

impl Cart {
    /// What the cart comes to by these terms.
    ///
    /// Errors: `discount_over_price`, `discount_over_total`, `amount_overflow`,
    /// `sale_not_worked_out`.
    pub fn totals(&self, sale_rules: &SaleRules) -> Result<Totals, CartError> {
        if self.is_empty() {
            return Ok(Totals::nothing());
        }
        let written = Written::new(self, sale_rules)?;
        let worked = calc::calculate(&written.document, None, sale_rules.totals_policy.arithmetic)
            .map_err(|refusal| refused(&refusal, &sale_rules.currency))?;
        let money = |value| exact_money(&sale_rules.currency, value);

        let mut lines = written.line_totals(self, &worked, sale_rules)?;
        let invoice_discount = money(worked.discount_amount)?;
        let amounts: Vec<Money> = lines.iter().map(|line| line.amount).collect();
        for (line, share) in lines.iter_mut().zip(allocate(invoice_discount, &amounts)?) {
            line.invoice_discount_share = share;
        }
        let grand_total = money(worked.grand_total)?;
        let cash_total = match sale_rules.totals_policy.cash_rounding {
            None => grand_total,
            Some(_) => money(worked.rounded_total)?,
        };
        Ok(Totals {
            gross: Money::sum(lines.iter().map(|line| line.gross))?,
            line_discount: Money::sum(lines.iter().map(|line| line.discount))?,
            invoice_discount,
            net: money(worked.net_total)?,
            tax: money(worked.total_taxes_and_charges)?,
            difference: money(worked.included_difference)?,
            total: if sale_rules.totals_policy.rounds(RoundedPayments::All) {
                cash_total
            } else {
                grand_total
            },
            cash_total,
            tax_lines: written.tax_lines(self, &worked, sale_rules)?,
            charges: written.charges,
            ticket: written.ticket,
            not_applied: written.not_applied,
            coupons: written.coupons,
            item_count: item_count(self),
            lines,
        })
    }
}

impl Totals {
    fn nothing() -> Self {
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

/// An amount the engine has rounded, in minor units.
pub(crate) fn exact_money(currency: &Currency, value: Decimal) -> Result<Money, MoneyError> {
    currency.from_decimal(value)
}

/// What the engine refuses, as a cashier can understand it.
pub(crate) fn refused(refusal: &ValidationError, currency: &Currency) -> CartError {
    let money = |value| exact_money(currency, value).unwrap_or(Money::MAX);
    match refusal {
        ValidationError::NumberTooLarge => MoneyError::Overflow.into(),
        ValidationError::DiscountOverTotal { discount, total } => CartError::DiscountOverTotal {
            discount: money(*discount),
            total: money(*total),
        },
        other => CartError::NotWorkedOut {
            reason: other.reason(),
            message: other.to_string(),
        },
    }
}

fn item_count(cart: &Cart) -> Decimal {
    let lines = cart.lines.iter();
    // 500 lines of at most 99,999 are far from the range of a decimal.
    lines
        .map(|line| {
            if line.item.whole_units {
                line.quantity.value()
            } else {
                Decimal::ONE
            }
        })
        .sum()
}

/// What a discount in per cent on the whole sale is taken of.
pub(crate) fn discount_base(on: DiscountOn, worked: &calc::DocumentTotals) -> Decimal {
    match on {
        DiscountOn::NetTotal => worked.net_total,
        DiscountOn::GrandTotal => worked.grand_total,
    }
}

/// Whether a row is a tax, charged as a share of something.
pub(crate) fn is_rate(charge_type: ChargeType) -> bool {
    !matches!(charge_type, ChargeType::Actual | ChargeType::OnItemQuantity)
}
