//! Values that everything else is written in: amounts, quantities, rates, numbers, ids and time.

pub mod allocate;
pub mod barcode;
pub mod currency;
pub mod id;
pub mod money;
pub mod number;
pub mod percent;
pub mod quantity;
pub mod threads;
pub mod time;
