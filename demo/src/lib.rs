//! The demo shop: real products and prices, made-up people, a week of real baskets. Development
//! only: its passwords are known to everybody, so nothing that ships depends on this.

mod files;
mod local;
mod offers;
mod progress;
pub mod promotions;
pub mod replay;
mod shop;
mod sums;
mod throw_away;

pub use shop::{DemoData, DemoUser, USERS, fill};
