//! The demo shop: real products and prices, made-up people. Development only: its passwords are
//! known to everybody, so nothing that ships depends on this.

mod shop;

pub use shop::{DemoData, DemoUser, USERS, fill};
