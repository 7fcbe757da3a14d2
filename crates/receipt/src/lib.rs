//! A receipt: its model, its layout on a paper roll, and the bytes a printer takes. Pure.
//!
//! [`Receipt::from_invoice`] says what stands on it, [`layout`] where it stands on 80 mm or
//! 58 mm paper, [`escpos_bytes`] and [`text`] write the rows for a printer and for people.

mod code_page;
mod encode;
mod layout;
mod model;
mod paper;
mod printable;
mod row;
mod words;
mod wrap;

pub use code_page::CodePage;
pub use encode::{EncodeError, escpos_bytes};
pub use layout::layout;
pub use model::{Receipt, ReceiptLine, ReceiptTax, ShopHeader};
pub use row::{Align, Paper, Row, Style, text};
