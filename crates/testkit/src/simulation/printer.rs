//! A printer in memory, without a wire.

use std::sync::Mutex;

use async_trait::async_trait;
use evertill_app::{PrintError, Printer, PrinterStatus};

/// A printer that keeps what it printed.
#[derive(Default)]
pub struct MemoryPrinter {
    jobs: Mutex<Vec<String>>,
}

impl MemoryPrinter {
    /// What came out, oldest first.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn printed(&self) -> Vec<String> {
        self.jobs.lock().expect("no panic").clone()
    }
}

#[async_trait]
impl Printer for MemoryPrinter {
    async fn print(&self, job: &[u8]) -> Result<(), PrintError> {
        let job = String::from_utf8_lossy(job).into_owned();
        self.jobs.lock().expect("no panic").push(job);
        Ok(())
    }

    async fn status(&self) -> Result<PrinterStatus, PrintError> {
        Ok(PrinterStatus::default())
    }
}
