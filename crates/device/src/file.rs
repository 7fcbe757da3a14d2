//! A file in place of a printer: for spoolers, for tests, and to look at the bytes.

use std::path::PathBuf;

use async_trait::async_trait;
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;

use crate::{PrintError, Printer, PrinterStatus};

/// Appends each job to a file and syncs it, so that `Ok` means the bytes are on the disk.
#[derive(Debug)]
pub struct FilePrinter {
    path: PathBuf,
    /// One job at a time, so that two never mix.
    busy: Mutex<()>,
}

impl FilePrinter {
    /// A printer that appends to `path`; the file is created by the first job.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            busy: Mutex::new(()),
        }
    }

    fn failed(&self, error: &std::io::Error) -> PrintError {
        PrintError::File {
            path: self.path.display().to_string(),
            detail: error.to_string(),
        }
    }
}

#[async_trait]
impl Printer for FilePrinter {
    async fn print(&self, job: &[u8]) -> Result<(), PrintError> {
        let _one_job = self.busy.lock().await;
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)
            .await
            .map_err(|error| self.failed(&error))?;
        let written = async {
            file.write_all(job).await?;
            file.flush().await?;
            file.sync_data().await
        };
        // Once writing began, a part may be in the file: that is an outcome nobody knows.
        written
            .await
            .map_err(|error| self.failed(&error).after_sending())
    }

    async fn status(&self) -> Result<PrinterStatus, PrintError> {
        let folder = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        match tokio::fs::metadata(&folder).await {
            Ok(found) if found.is_dir() => Ok(PrinterStatus::default()),
            Ok(_) => Err(self.failed(&std::io::ErrorKind::NotADirectory.into())),
            Err(error) => Err(self.failed(&error)),
        }
    }
}
