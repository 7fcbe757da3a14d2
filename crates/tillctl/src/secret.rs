//! A device secret in a file: for throw-away folders of tests and long checks, never for a shop.
//!
//! Whoever can read the file can read the store, so nothing uses it unless `--secret-file` says so.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use evertill_app::{DeviceSecret, Secret, SecretError};

/// 32 bytes in a file of their own.
#[derive(Debug)]
pub struct FileSecret {
    path: PathBuf,
}

impl FileSecret {
    /// The secret in this file, which need not be there yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn failed(&self, reason: impl std::fmt::Display) -> SecretError {
        SecretError {
            reason: format!("{}: {reason}", self.path.display()),
        }
    }
}

impl DeviceSecret for FileSecret {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        match std::fs::read(&self.path) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice())
                .map(|secret| Some(Secret::new(secret)))
                .map_err(|_| self.failed("is not 32 bytes long")),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(&self.path)
            .map_err(|error| self.failed(error))?;
        file.write_all(secret)
            .and_then(|()| file.sync_all())
            .map_err(|error| self.failed(error))
    }
}
