//! The domain seen from outside: carts, totals, money taken, invoices and the journal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected must fail"
)]

mod cart;
mod currency;
mod invoice;
mod journal;
mod offers;
mod properties;
mod sale_rules;
mod shop;
mod tender;
mod till;
mod totals;
mod validation;

/// What an error's sentence speaks about.
fn params<const N: usize>(pairs: [(&str, &str); N]) -> std::collections::BTreeMap<String, String> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}
