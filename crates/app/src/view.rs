//! The cart as the window shows it.

use evertill_core::{Cart, CartLine, Discount, Fault, LineTotals, Money, Percent};

use crate::shop::Joined;
use crate::types::{CartCustomerView, CartLineView, CartView};

/// Prices a cart and puts it into words.
pub(crate) fn cart(
    cart: &Cart,
    joined: &Joined,
    changed_line: Option<u32>,
) -> Result<CartView, Fault> {
    let totals = cart.totals(joined.currency())?;
    let subtotal = totals.gross.checked_sub(totals.line_discount)?;
    Ok(CartView {
        id: cart.id.to_string(),
        lines: cart
            .lines
            .iter()
            .zip(&totals.lines)
            .map(|(l, t)| line(l, t, joined))
            .collect(),
        customer: cart.customer.as_ref().map(|customer| CartCustomerView {
            id: customer.id.to_string(),
            name: customer.name.clone(),
        }),
        discount: joined.money(totals.invoice_discount),
        discount_text: discount_text(cart.discount),
        subtotal: joined.money(subtotal),
        line_discount: joined.money(totals.line_discount),
        tax: joined.money(totals.tax),
        tax_included: totals.tax_lines.iter().all(|tax| tax.inclusive),
        total: joined.money(totals.total),
        item_count: totals.item_count.normalize().to_string(),
        changed_line,
    })
}

fn line(line: &CartLine, totals: &LineTotals, joined: &Joined) -> CartLineView {
    CartLineView {
        line: line.id,
        item_id: line.item.id.to_string(),
        name: line.item.name.clone(),
        quantity: line.quantity.to_string(),
        unit: line.item.unit.clone(),
        price: joined.money(line.price),
        list_price: joined.money(line.list_price),
        gross: joined.money(totals.gross),
        discount: joined.money(totals.discount),
        discount_text: discount_text(line.discount),
        amount: joined.money(totals.amount),
        tax_text: percent_text(line.item.tax.rate),
        whole_units: line.item.whole_units,
    }
}

fn discount_text(discount: Discount) -> Option<String> {
    match discount {
        Discount::Percent(percent) => Some(percent_text(percent)),
        Discount::None | Discount::Amount(_) => None,
    }
}

fn percent_text(percent: Percent) -> String {
    // A no-break space, so that number and sign stay on one line.
    format!("{percent}\u{a0}%")
}

/// Zero for what cannot be less.
pub(crate) fn at_least_zero(amount: Money) -> Money {
    amount.max(Money::ZERO)
}
