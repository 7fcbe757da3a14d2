//! What a cart comes to. [`Totals::of`] is the one door to this module: it writes the cart down
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

mod amounts;
mod charges;
mod document;
mod refusal;
mod tax_lines;
mod unit_prices;

use rust_decimal::Decimal;

use super::cart::Cart;
use super::cart_error::CartError;
use super::sale_rules::SaleRules;
use super::totals_policy::RoundedPayments;
use crate::calc;
use crate::values::allocate::allocate;
use crate::values::money::Money;
pub use amounts::{LineTotals, Part, PromotionSaving, TaxLine, Totals};
use document::Written;
use refusal::refused;
use tax_lines::tax_lines;

impl Totals {
    /// What a cart comes to by these rules.
    ///
    /// Errors: `discount_over_price`, `discount_over_total`, `amount_overflow`,
    /// `sale_not_worked_out`.
    pub fn of(cart: &Cart, sale_rules: &SaleRules) -> Result<Self, CartError> {
        if cart.is_empty() {
            return Ok(Self::nothing());
        }
        let written = Written::new(cart, sale_rules)?;
        let worked = calc::calculate(&written.document, None, sale_rules.totals_policy.arithmetic)
            .map_err(|refusal| refused(&refusal, &sale_rules.currency))?;
        let money = |value| sale_rules.currency.from_decimal(value);

        let mut lines = written.line_totals(cart, &worked, sale_rules)?;
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
        Ok(Self {
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
            tax_lines: tax_lines(&written, cart, &worked, sale_rules)?,
            charges: written.charges,
            ticket: written.ticket,
            not_applied: written.not_applied,
            coupons: written.coupons,
            item_count: item_count(cart),
            lines,
        })
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
