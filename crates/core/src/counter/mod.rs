//! The counter: the open cart, what it costs by the shop's rules, and what is tendered for it.
//!
//! One direction: the cart is data and edits; the sale rules are data; list prices and promotions
//! are looked up for a cart by rules; totals are calculated from all of that; a change of a cart
//! is all of it in one step.

pub mod amend;
pub mod cart;
pub mod cart_error;
pub mod discount;
mod prices;
mod promotions;
pub mod sale_rules;
pub mod tender;
pub mod totals;
pub mod totals_policy;
