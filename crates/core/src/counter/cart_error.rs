//! Why a cart is not changed, or not calculated.

use crate::fault::Coded;
use crate::values::money::{Money, MoneyError};
use crate::values::quantity::{Quantity, QuantityError};

/// Why a cart was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum CartError {
    /// The quantity is none.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// A fraction of something sold in whole units.
    #[error("This item is sold in whole units, not {quantity} {unit}.")]
    #[coded("quantity_not_whole")]
    QuantityNotWhole {
        /// What was asked for.
        quantity: Quantity,
        /// Unit of the item.
        unit: String,
    },
    /// An amount is out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// No such line.
    #[error("The line is no longer in the cart.")]
    #[coded("line_unknown")]
    LineUnknown {
        /// What was asked for.
        line: u32,
    },
    /// No room for another line.
    #[error("The cart is full: {max_lines} lines are the most. Take payment and start another.")]
    #[coded("cart_full")]
    Full {
        /// How many fit.
        max_lines: usize,
    },
    /// A price below zero.
    #[error("A price cannot be below 0.")]
    #[coded("price_negative")]
    PriceNegative,
    /// A discount below zero.
    #[error("A discount cannot be below 0.")]
    #[coded("discount_negative")]
    DiscountNegative,
    /// A line's discount is more than the line.
    #[error("The discount is more than the price.")]
    #[coded("discount_over_price")]
    DiscountOverPrice {
        /// Id of the line.
        line: u32,
        /// The discount asked for.
        discount: Money,
        /// What the line costs: the most that can be taken off.
        price: Money,
    },
    /// The coupon lies on the counter already.
    #[error("The coupon {code} was shown already.")]
    #[coded("coupon_already_added")]
    CouponAlreadyAdded {
        /// Its code.
        code: String,
    },
    /// The engine refuses the sale: the taxes the upstream set up cannot be worked out.
    #[error("This sale cannot be worked out with the taxes as they are set up: {message}")]
    #[coded("sale_not_worked_out")]
    NotWorkedOut {
        /// The engine's word for it.
        reason: &'static str,
        /// The same as a sentence.
        #[coded(skip)]
        message: String,
    },
    /// The discount on the whole sale is more than the sale.
    #[error("The discount on the sale is more than the sale.")]
    #[coded("discount_over_total")]
    DiscountOverTotal {
        /// The discount asked for.
        discount: Money,
        /// What the lines add up to: the most that can be taken off.
        total: Money,
    },
}
