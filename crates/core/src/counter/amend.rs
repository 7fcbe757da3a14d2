//! A change of a cart, with all that follows from it.

use jiff::civil::DateTime;

use super::cart::Cart;
use super::cart_error::CartError;
use super::prices::price_lines;
use super::sale_rules::SaleRules;
use super::totals::Totals;

/// Changes a cart at `now`, the shop's local time, looks its prices up again and calculates it. A
/// change that is refused, or after which the cart does not add up, leaves it exactly as it was.
///
/// Errors: what the change refuses, and everything [`Totals::of`] does.
pub fn amend<T, E: From<CartError>>(
    cart: &mut Cart,
    sale_rules: &SaleRules,
    now: DateTime,
    change: impl FnOnce(&mut Cart) -> Result<T, E>,
) -> Result<(T, Totals), E> {
    let mut changed = cart.clone();
    let answer = change(&mut changed)?;
    price_lines(&mut changed, sale_rules, now)?;
    let totals = Totals::of(&changed, sale_rules)?;
    *cart = changed;
    Ok((answer, totals))
}
