//! What is bought, by whom and when.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use super::coupon::CouponUses;
use crate::calc::RoundingMethod;

/// A line of a basket with the price that applies to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BasketLine {
    /// Item code.
    pub item: String,
    /// What it is called on the receipt.
    pub name: String,
    /// Its category and all above it.
    pub categories: Vec<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// Quantity, positive. Promotions that count units count whole ones.
    pub qty: Decimal,
    /// Price of one unit.
    pub price: Decimal,
    /// Whether promotions leave the line alone: a deposit, a gift card, a
    /// price a supervisor set.
    pub no_promotions: bool,
}

/// Everything promotions look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basket {
    /// Lines, in the order they were rung up.
    pub lines: Vec<BasketLine>,
    /// Coupon codes that were scanned.
    pub coupons: Vec<String>,
}

/// Who buys, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricingContext {
    /// Local time of the sale. Handed in: nothing here asks a clock.
    pub now: DateTime,
    /// The till.
    pub till: String,
    /// The customer, if known.
    pub customer: Option<String>,
    /// The customer's groups.
    pub customer_groups: Vec<String>,
    /// Whether a loyalty card was shown.
    pub loyalty: bool,
    /// How often coupons were used before.
    pub coupon_uses: CouponUses,
    /// Decimals of a price.
    pub places: u32,
    /// How a price is rounded.
    pub rounding: RoundingMethod,
}

impl PricingContext {
    /// A stranger at a till, with prices in cents.
    #[must_use]
    pub fn at(now: DateTime) -> Self {
        Self {
            now,
            till: String::new(),
            customer: None,
            customer_groups: Vec::new(),
            loyalty: false,
            coupon_uses: CouponUses::default(),
            places: 2,
            rounding: RoundingMethod::Bankers,
        }
    }
}
