//! Why a promotion did nothing.

use core::fmt;

use rust_decimal::Decimal;

/// A promotion that means something in the basket and did nothing for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotApplied {
    /// The promotion's id.
    pub promotion: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub why: WhyNot,
}

/// Why a promotion did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// Not at this time.
    NotNow,
    /// Not at this till.
    NotHere,
    /// For other customers.
    OtherCustomers,
    /// A loyalty card is needed.
    NeedsLoyalty,
    /// Its coupon was not shown.
    NeedsCoupon,
    /// Its coupon was used as often as it may be.
    CouponUsedUp,
    /// The customer used it as often as a customer may.
    CouponUsedByCustomer,
    /// It counts by customer, and none is known.
    CouponNeedsCustomer,
    /// Too few units.
    MoreUnits {
        /// How many more.
        missing: Decimal,
    },
    /// The ticket is too small.
    MoreSpent {
        /// How much more.
        missing: Decimal,
    },
    /// Others took the same units, or it would have saved nothing.
    Beaten,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow => formatter.write_str("does not hold at this time"),
            Self::NotHere => formatter.write_str("does not hold at this till"),
            Self::OtherCustomers => formatter.write_str("is for other customers"),
            Self::NeedsLoyalty => formatter.write_str("needs a loyalty card"),
            Self::NeedsCoupon => formatter.write_str("needs its coupon"),
            Self::CouponUsedUp => formatter.write_str("its coupon is used up"),
            Self::CouponUsedByCustomer => {
                formatter.write_str("the customer has used its coupon already")
            }
            Self::CouponNeedsCustomer => {
                formatter.write_str("its coupon counts by customer: choose the customer first")
            }
            Self::MoreUnits { missing } => write!(formatter, "needs {missing} more"),
            Self::MoreSpent { missing } => write!(formatter, "needs {missing} more on the ticket"),
            Self::Beaten => formatter.write_str("another promotion is better"),
        }
    }
}
