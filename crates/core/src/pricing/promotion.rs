//! What a promotion says.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::coupon::Coupon;
use super::selector::Selector;
use super::window::Window;
use crate::fault::Coded;
use crate::values::money::Money;

/// How a promotion goes with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// A unit it lowers is lowered by nothing else.
    #[default]
    Exclusive,
    /// It lowers what other stackable promotions left.
    Stackable,
}

/// What is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Benefit {
    /// Percent of the price, 0 to 100.
    Percent(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// An amount off the price.
    Amount(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// The price itself.
    Price(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// Everything.
    Free,
}

/// What a promotion does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Every unit of some items goes for less. A loyalty price is one of these
    /// with [`Promotion::loyalty_only`].
    UnitDiscount {
        /// The items.
        of: Selector,
        /// What is taken off each unit.
        benefit: Benefit,
        /// How many units it must be at least.
        #[serde(default, with = "rust_decimal::serde::str")]
        at_least: Decimal,
    },
    /// Buy some, get some for less. Of the same items the cheapest of each
    /// group go for less; of others the dearest there are.
    BuyGet {
        /// What must be bought.
        buy: Selector,
        /// How many whole units of it.
        buy_units: u32,
        /// What goes for less.
        get: Selector,
        /// How many whole units of it.
        get_units: u32,
        /// What is taken off each of those.
        benefit: Benefit,
        /// How often at most in one basket; `None`: as often as it fits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repeats: Option<u32>,
    },
    /// Any so many of some items for one price. It takes the dearest first.
    MixAndMatch {
        /// The items.
        of: Selector,
        /// How many whole units.
        units: u32,
        /// What they cost together.
        #[serde(with = "rust_decimal::serde::str")]
        price: Decimal,
        /// How often at most in one basket; `None`: as often as it fits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repeats: Option<u32>,
    },
    /// Something off the whole ticket once it reaches a sum.
    Ticket {
        /// What counts towards the sum and is lowered.
        of: Selector,
        /// The sum, after all promotions on lines.
        #[serde(default, with = "rust_decimal::serde::str")]
        from: Decimal,
        /// What is taken off; [`Benefit::Price`] is a price for all of it.
        benefit: Benefit,
    },
}

/// A promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Its id. Of two that are equal otherwise the smaller id wins.
    pub id: String,
    /// What it is called at the till.
    pub name: String,
    /// Those with the higher number come first, and what they take others do
    /// not get.
    #[serde(default)]
    pub priority: i32,
    /// How it goes with others.
    #[serde(default)]
    pub stacking: Stacking,
    /// When it holds.
    #[serde(default)]
    pub window: Window,
    /// The tills it holds at; empty: all.
    #[serde(default)]
    pub tills: Vec<String>,
    /// The customer groups it is for; empty: everyone.
    #[serde(default)]
    pub customer_groups: Vec<String>,
    /// Whether it is for those with a loyalty card only.
    #[serde(default)]
    pub loyalty_only: bool,
    /// The coupon it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    /// What it does.
    pub effect: Effect,
}

impl Promotion {
    /// A promotion for everyone, always, with no priority over others.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, effect: Effect) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            priority: 0,
            stacking: Stacking::Exclusive,
            window: Window::default(),
            tills: Vec::new(),
            customer_groups: Vec::new(),
            loyalty_only: false,
            coupon: None,
            effect,
        }
    }

    /// Checks that it can have an effect, and one that can be meant.
    ///
    /// Errors: `promotion_invalid`.
    pub fn validate(&self) -> Result<(), PromotionError> {
        if let Some(coupon) = &self.coupon {
            require(!coupon.code.trim().is_empty(), PromotionError::CouponCode)?;
        }
        match &self.effect {
            Effect::UnitDiscount {
                benefit, at_least, ..
            } => {
                in_range(*at_least, "least quantity")?;
                benefit.validate()
            }
            Effect::BuyGet {
                buy_units,
                get_units,
                benefit,
                ..
            } => {
                require(*buy_units > 0, PromotionError::NothingToBuy)?;
                require(*get_units > 0, PromotionError::NothingToGet)?;
                benefit.validate()
            }
            Effect::MixAndMatch { units, price, .. } => {
                require(*units > 0, PromotionError::NoUnits)?;
                in_range(*price, "price")
            }
            Effect::Ticket { from, benefit, .. } => {
                in_range(*from, "sum of the ticket")?;
                benefit.validate()
            }
        }
    }

    /// The items that make it worth looking at.
    pub(super) fn looks_at(&self) -> [&Selector; 2] {
        match &self.effect {
            Effect::UnitDiscount { of, .. }
            | Effect::MixAndMatch { of, .. }
            | Effect::Ticket { of, .. } => [of, of],
            Effect::BuyGet { buy, get, .. } => [buy, get],
        }
    }
}

impl Benefit {
    fn validate(self) -> Result<(), PromotionError> {
        match self {
            Self::Percent(percent) => {
                let fine = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent);
                require(fine, PromotionError::Percent)
            }
            Self::Amount(amount) => in_range(amount, "discount"),
            Self::Price(price) => in_range(price, "price"),
            Self::Free => Ok(()),
        }
    }
}

fn in_range(value: Decimal, what: &'static str) -> Result<(), PromotionError> {
    let max = Decimal::from(Money::MAX.minor());
    let fine = (Decimal::ZERO..=max).contains(&value);
    require(fine, PromotionError::OutOfRange { what })
}

fn require(fine: bool, otherwise: PromotionError) -> Result<(), PromotionError> {
    if fine { Ok(()) } else { Err(otherwise) }
}

/// Why a promotion can never have an effect, or has one that cannot be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Coded)]
pub enum PromotionError {
    /// Its coupon could not be shown.
    #[error("The coupon has no code.")]
    #[coded("promotion_invalid")]
    CouponCode,
    /// It would give without a purchase.
    #[error("Nothing has to be bought.")]
    #[coded("promotion_invalid")]
    NothingToBuy,
    /// It would lower no unit.
    #[error("Nothing costs less.")]
    #[coded("promotion_invalid")]
    NothingToGet,
    /// A bundle of nothing.
    #[error("No units go for the price.")]
    #[coded("promotion_invalid")]
    NoUnits,
    /// A discount in percent below 0 or above 100.
    #[error("A discount in percent is from 0 to 100.")]
    #[coded("promotion_invalid")]
    Percent,
    /// A number below 0 or above what money can be.
    #[error("The {what} is below 0 or too large.")]
    #[coded("promotion_invalid")]
    OutOfRange {
        /// Which number.
        what: &'static str,
    },
}
