//! Taxes tried out on a sale.

use rust_decimal::Decimal;

use crate::calc::{Arithmetic, Document, Line, TaxRow, ValidationError, calculate};
use crate::values::money::Money;

/// Calculates a sale of one thing for 100, for the engine knows best what it refuses. Charges that
/// take more off than the sale has are not wrong by themselves.
pub(super) fn try_out(
    taxes: Vec<TaxRow>,
    rates: Vec<(String, Decimal)>,
) -> Result<(), ValidationError> {
    let max = Decimal::from(Money::MAX.minor());
    let numbers = taxes.iter().flat_map(|row| [row.rate, row.amount]);
    if numbers
        .chain(rates.iter().map(|(_, rate)| *rate))
        .any(|number| number.abs() > max)
    {
        // Included in the price such a rate would fit, and leave nothing of it.
        return Err(ValidationError::NumberTooLarge);
    }
    let document = Document {
        lines: vec![Line {
            qty: Decimal::ONE,
            rate: Some(Decimal::ONE_HUNDRED),
            item_tax_rates: rates,
            ..Line::default()
        }],
        taxes,
        ..Document::default()
    };
    match calculate(&document, None, Arithmetic::Exact) {
        Ok(_) | Err(ValidationError::NegativeTotal { .. }) => Ok(()),
        Err(why) => Err(why),
    }
}
