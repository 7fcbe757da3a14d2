//! How fast everything goes.

use std::time::Duration;

use crate::backoff::Backoff;

/// How fast everything goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Between tries after an error.
    pub retry: Backoff,
    /// Between probes while no connection can be made.
    pub probe: Backoff,
    /// Between two looks at the change feed.
    pub pull_every: Duration,
    /// Between two tries when the hub does not know this till any more.
    pub refused: Duration,
    /// The longest wait a hub may ask for.
    pub max_hold: Duration,
    /// The shortest time between two connection attempts that new sales cause.
    pub sale_probe: Duration,
    /// The most documents in a batch.
    pub batch: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry: Backoff {
                first: Duration::from_secs(1),
                most: Duration::from_secs(300),
            },
            probe: Backoff {
                first: Duration::from_secs(1),
                most: Duration::from_secs(15),
            },
            pull_every: Duration::from_secs(30),
            refused: Duration::from_secs(300),
            max_hold: Duration::from_secs(3_600),
            sale_probe: Duration::from_secs(1),
            batch: evertill_protocol::MAX_BATCH_DOCUMENTS,
        }
    }
}
