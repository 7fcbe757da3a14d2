//! Where the till touches the machine it runs on: its clock, its randomness, its keyring.
//!
//! Everything else is handed these in, so that a test can be any day with any luck.

use std::path::Path;
use std::time::Duration;

use evertill_core::{Clock, Ids, Sleep, Threads, Timer};
use evertill_device::OsKeyring;
use evertill_store::{DeviceSecret, Secret, SecretError};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "only this file asks the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's monotonic timer. Sleeping needs a tokio runtime.
#[derive(Debug, Clone, Copy)]
pub struct SystemTimer(tokio::time::Instant);

impl SystemTimer {
    /// A timer that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Timer for SystemTimer {
    fn moment(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep_until(&self, moment: Duration) -> Sleep {
        match self.0.checked_add(moment) {
            Some(end) => Box::pin(tokio::time::sleep_until(end)),
            None => Box::pin(std::future::pending()),
        }
    }
}

/// The threads of the tokio runtime for work that blocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemThreads;

impl Threads for SystemThreads {
    fn run(&self, work: Box<dyn FnOnce() + Send>) {
        drop(tokio::task::spawn_blocking(work));
    }
}

/// Version 7 ids from the machine's clock and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[allow(clippy::disallowed_methods, reason = "only this file makes ids")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Even random numbers from the operating system.
#[must_use]
pub fn random() -> u64 {
    // They only spread retries over time: without randomness all tills come at the same moment.
    getrandom::u64().unwrap_or(u64::MAX / 2)
}

/// The secret that opens a till's store, in the keyring of the operating system's user.
#[derive(Debug, Clone)]
pub struct KeyringSecret(OsKeyring);

impl KeyringSecret {
    /// The secret of the store in this folder: each folder has its own, so that a second till on
    /// the same machine, or a test, never touches the first one's.
    #[must_use]
    pub fn for_dir(dir: &Path) -> Self {
        // The folder may not be there yet, so only its parents can be resolved.
        let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
        let digest = Sha256::digest(absolute.as_os_str().as_encoded_bytes());
        let account: String = hex::encode(digest).chars().take(16).collect();
        Self(OsKeyring::new("evertill", format!("till-{account}")))
    }
}

impl DeviceSecret for KeyringSecret {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        self.0.load().map_err(|error| SecretError {
            reason: error.to_string(),
        })
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        self.0.save(secret).map_err(|error| SecretError {
            reason: error.to_string(),
        })
    }
}
