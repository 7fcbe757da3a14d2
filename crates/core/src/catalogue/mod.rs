//! What the catalogue answers for an item: its name, unit, prices and tax.

pub mod item;
pub mod price;
