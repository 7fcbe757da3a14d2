//! How the worker goes about it.

use std::time::Duration;

use crate::plan::Pace;

/// How the worker goes about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerConfig {
    /// How fast.
    pub pace: Pace,
    /// Catalogue rows in one transaction. Sales wait for no more than that.
    pub chunk: usize,
    /// Changes asked for at once.
    pub changes: u32,
    /// How long the rows of one chunk may take to arrive.
    pub chunk_patience: Duration,
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self {
            pace: Pace::default(),
            chunk: 1_000,
            changes: 1_000,
            chunk_patience: Duration::from_secs(60),
        }
    }
}
