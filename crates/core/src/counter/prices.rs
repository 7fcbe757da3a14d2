//! The list prices of a cart's lines.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use super::cart::{Cart, CartLine};
use super::cart_error::CartError;
use super::sale_rules::SaleRules;
use crate::catalogue::price::ListOrigin;
use crate::pricing::{PriceBook, PriceList, PriceRequest};
use crate::values::id::PriceListId;

/// Gives each line the price that applies to it now: by customer, quantity and date. What
/// somebody set stays.
pub(super) fn price_lines(
    cart: &mut Cart,
    sale_rules: &SaleRules,
    now: DateTime,
) -> Result<(), CartError> {
    cart.priced_at = Some(now);
    let lists = lists(cart, sale_rules);
    let customer = cart.customer.as_ref();
    let customer = customer.map(|customer| customer.id.to_string());
    for line in &mut cart.lines {
        price_line(line, sale_rules, &lists, customer.as_deref(), now)?;
    }
    Ok(())
}

/// The price lists a cart is priced by, in the order they are looked at.
fn lists(cart: &Cart, sale_rules: &SaleRules) -> Vec<PriceList> {
    let list = |id: &PriceListId, origin| PriceList {
        name: id.to_string(),
        origin,
    };
    let mut lists = Vec::new();
    if let Some(customer) = &cart.customer {
        let own = customer.price_list.as_ref();
        lists.extend(own.map(|id| list(id, ListOrigin::Customer)));
        let of_group = sale_rules
            .group_lists
            .iter()
            .find(|(group, _)| *group == customer.group);
        lists.extend(of_group.map(|(_, id)| list(id, ListOrigin::CustomerGroup)));
    }
    lists.extend(
        sale_rules
            .till_list
            .as_ref()
            .map(|id| list(id, ListOrigin::Till)),
    );
    lists.push(list(&cart.price_list, ListOrigin::Shop));
    lists
}

fn price_line(
    line: &mut CartLine,
    sale_rules: &SaleRules,
    lists: &[PriceList],
    customer: Option<&str>,
    now: DateTime,
) -> Result<(), CartError> {
    if line.item.prices.is_empty() {
        return Ok(());
    }
    let book = PriceBook::new(line.item.prices.iter().cloned());
    let request = PriceRequest {
        item: line.item.id.as_str(),
        uom: &line.item.unit,
        stock_uom: &line.item.unit,
        conversion_factor: Decimal::ONE,
        qty: line.quantity.value(),
        on: now.date(),
        lists,
        customer,
        batch: None,
        places: u32::from(sale_rules.currency.decimals),
        rounding: sale_rules.totals_policy.rounding,
    };
    let (price, why) = match book.price(&request) {
        Some(answer) => (
            sale_rules.currency.from_decimal(answer.rate)?,
            Some(answer.why),
        ),
        None => (line.item.price, None),
    };
    if price.is_negative() {
        return Err(CartError::PriceNegative);
    }
    line.list_price = price;
    line.why = why;
    if !line.price_set {
        line.price = price;
    }
    Ok(())
}
