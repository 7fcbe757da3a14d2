//! Printers and the OS keyring: the things a till is plugged into.
//!
//! A [`Printer`] takes finished bytes and says honestly what became of them: printed, surely not
//! printed, or *unknown*. The last one matters most, because a receipt that comes out twice is a
//! copy nobody marked as one: see [`PrintError::retry_is_safe`].
//!
//! The [`OsKeyring`] keeps one 32-byte secret for this machine's user. Where there is no keyring it
//! says so within a bounded time; it never falls back to a file beside the data.

mod address;
mod error;
mod file;
mod keyring;
mod printer;
mod status;
mod tcp;

pub use crate::address::{AddressError, PrinterAddress};
pub use crate::error::PrintError;
pub use crate::file::FilePrinter;
pub use crate::keyring::{KeyringError, OsKeyring};
pub use crate::printer::{NoPrinter, Printer};
pub use crate::status::PrinterStatus;
pub use crate::tcp::{TcpPatience, TcpPrinter};
