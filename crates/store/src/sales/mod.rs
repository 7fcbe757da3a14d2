//! Selling: the open cart, the sale, its number and its receipt.

pub(crate) mod carts;
mod commit;
pub(crate) mod invoices;
pub(crate) mod numbers;
pub(crate) mod payment_modes;
pub(crate) mod receipts;
