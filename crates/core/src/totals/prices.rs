//! The list prices of a cart's lines.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use super::exact_money;
use crate::cart::{Cart, CartError, CartLine};
use crate::pricing::{PriceBook, PriceList, PriceRequest};
use crate::sale_rules::SaleRules;

impl Cart {
    /// Gives each line the price that applies to it now: by customer, quantity and date. What
    /// somebody set stays.
    pub(crate) fn price_lines(
        &mut self,
        sale_rules: &SaleRules,
        now: DateTime,
    ) -> Result<(), CartError> {
        self.priced_at = Some(now);
        let lists = sale_rules.lists(self);
        let customer = self.customer.as_ref();
        let customer = customer.map(|customer| customer.id.to_string());
        for line in &mut self.lines {
            price_line(line, sale_rules, &lists, customer.as_deref(), now)?;
        }
        Ok(())
    }
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
            exact_money(&sale_rules.currency, answer.rate)?,
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
