//! Receipts as they come out of the printer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected must fail"
)]

mod bytes;
mod layouts;
mod offers;
mod properties;
mod shop;
