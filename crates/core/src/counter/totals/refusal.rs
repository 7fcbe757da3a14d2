//! What the engine refuses.

use crate::calc::ValidationError;
use crate::counter::cart_error::CartError;
use crate::values::currency::Currency;
use crate::values::money::{Money, MoneyError};

/// What the engine refuses, as a cashier can understand it.
pub(super) fn refused(refusal: &ValidationError, currency: &Currency) -> CartError {
    let money = |value| currency.from_decimal(value).unwrap_or(Money::MAX);
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
