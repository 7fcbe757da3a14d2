//! The taxes a shop charges: the rule of an item, and the rows a whole sale is charged by.

mod rule;
mod tax_error;
mod template;
mod trial;

pub use rule::{AccountRate, TaxRule};
pub use tax_error::TaxError;
pub use template::{TaxCharge, TaxTemplate};
