//! What a line costs before tax and document discount: the price that applies
//! and the promotions that lower it, each with a reason a cashier can give.
//!
//! [`PriceBook`] finds the price of an item. [`Promotions`] lowers a basket's
//! prices and answers with [`Pieces`](Piece): how many units of each line go
//! at which price. `docs/calculation.md` gives the order in words.

mod claim;
mod context;
mod coupon;
mod engine;
mod explain;
mod index;
mod pool;
mod price_book;
mod promotion;
mod selector;
mod share;
mod ticket;
mod tier;
mod window;

pub use context::{Basket, BasketLine, PricingContext};
pub use coupon::{Coupon, CouponUse, CouponUses};
pub use engine::{Applied, LineSaving, Piece, PricedBasket, PricedLine};
pub use explain::{NotApplied, WhyNot};
pub use index::Promotions;
pub use price_book::{PriceAnswer, PriceBook, PriceList, PriceRequest, WhyLost};
pub use promotion::{Benefit, Effect, Promotion, PromotionError, Stacking};
pub use selector::Selector;
pub use ticket::TicketDiscount;
pub use window::Window;
