//! An amount off a line, as prices of its units.
//!
//! An upstream knows a price per unit and no amount off a line. So units are sold at prices that
//! differ by a minor unit, and what is weighed gets a price of its own for the part of a unit.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::amounts::Part;
use crate::calc::round_exact;
use crate::counter::cart_error::CartError;
use crate::counter::sale_rules::SaleRules;
use crate::values::money::{Money, MoneyError};
use crate::values::quantity::Quantity;

/// What so much costs at a price, rounded as the upstream rounds.
pub(super) fn cost(
    price: Money,
    quantity: Decimal,
    sale_rules: &SaleRules,
) -> Result<Money, MoneyError> {
    let price = sale_rules.currency.to_decimal(price);
    let cost = price.checked_mul(quantity).ok_or(MoneyError::Overflow)?;
    let places = u32::from(sale_rules.currency.decimals);
    sale_rules
        .currency
        .from_decimal(round_exact(cost, places, sale_rules.totals_policy.rounding))
}

/// The units of a line by price, so that they cost `off` less together. `off` is not more than
/// the line costs.
pub(super) fn take_off(
    price: Money,
    quantity: Quantity,
    off: Money,
    sale_rules: &SaleRules,
) -> Result<Vec<Part>, CartError> {
    let units = quantity.value().trunc();
    let rest = quantity.value() - units;
    let count = units.to_i64().ok_or(MoneyError::Overflow)?;
    let rest_cost = cost(price, rest, sale_rules)?;
    let units_cost = cost(price, units, sale_rules)?;
    // Where a half is rounded to even, the two together may cost another unit than the whole.
    let apart = units_cost.checked_add(rest_cost)?;
    let whole = cost(price, quantity.value(), sale_rules)?;
    let off = off.checked_add(apart.checked_sub(whole)?)?;
    let off_units = off.min(units_cost);
    let off_rest = off.checked_sub(off_units)?;

    let mut parts = Vec::with_capacity(3);
    let share = off_units.minor().checked_div(count).unwrap_or(0);
    let dearer = price.checked_sub(Money::from_minor(share))?;
    let more = off_units.minor().checked_rem(count).unwrap_or(0);
    let cheaper = dearer.checked_sub(Money::from_minor(1))?;
    push(&mut parts, Decimal::from(count - more), dearer)?;
    push(&mut parts, Decimal::from(more), cheaper)?;
    let rest_price = if off_rest.is_zero() {
        price
    } else {
        unit_price(rest_cost.checked_sub(off_rest)?, rest, sale_rules)?
    };
    push(&mut parts, rest, rest_price)?;
    Ok(parts)
}

/// The price at which less than a unit costs `cost`. A price to the minor unit is fine enough,
/// because less than one of them is what it is off by.
fn unit_price(cost: Money, quantity: Decimal, sale_rules: &SaleRules) -> Result<Money, MoneyError> {
    let cost = sale_rules.currency.to_decimal(cost);
    let price = cost.checked_div(quantity).ok_or(MoneyError::Overflow)?;
    let places = u32::from(sale_rules.currency.decimals);
    sale_rules.currency.from_decimal(round_exact(
        price,
        places,
        sale_rules.totals_policy.rounding,
    ))
}

fn push(parts: &mut Vec<Part>, quantity: Decimal, price: Money) -> Result<(), CartError> {
    if !quantity.is_zero() {
        parts.push(Part {
            quantity: Quantity::new(quantity)?,
            price,
        });
    }
    Ok(())
}
