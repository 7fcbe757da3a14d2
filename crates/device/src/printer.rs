//! What every printer can do.

use async_trait::async_trait;

use crate::{PrintError, PrinterStatus};

/// Something that turns finished bytes into paper.
///
/// `print` answers `Ok` only when the printer confirmed the end of the job. A caller may try again
/// by itself exactly when [`PrintError::retry_is_safe`] says so.
#[async_trait]
pub trait Printer: Send + Sync {
    /// Prints one job and waits, within bounds, until the printer has confirmed it.
    ///
    /// # Errors
    /// One of the `printer_*` codes.
    async fn print(&self, job: &[u8]) -> Result<(), PrintError>;

    /// Asks the printer how it is, without printing.
    ///
    /// # Errors
    /// `printer_none`, `printer_unreachable`, `printer_timeout` when it cannot be asked. A printer
    /// that answers "no paper" is not an error here: see [`PrinterStatus::problem`].
    async fn status(&self) -> Result<PrinterStatus, PrintError>;
}

/// The printer of a till that has none: each receipt waits, with `printer_none`.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPrinter;

#[async_trait]
impl Printer for NoPrinter {
    async fn print(&self, _job: &[u8]) -> Result<(), PrintError> {
        Err(PrintError::None)
    }

    async fn status(&self) -> Result<PrinterStatus, PrintError> {
        Err(PrintError::None)
    }
}
