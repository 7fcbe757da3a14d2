//! A till that does everything it does, only sooner.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use evertill_app::system::RandomIds;
use evertill_app::{Connect, Fault, TillConfig, Upstream};
use evertill_core::Timer;
use evertill_sync::{Backoff, HubPatience, HubUpstream, Pace, WorkerConfig};

use crate::secret::Keyring;

/// How long a till waits for the hub's answer: far longer than it takes, even on a busy machine.
pub(crate) const ANSWER: Duration = Duration::from_secs(10);

/// A till in this folder that opens with this keyring and tries everything again sooner.
#[must_use]
pub fn quick_config(folder: PathBuf, keyring: &Keyring) -> TillConfig {
    let usual = TillConfig::new(folder);
    TillConfig {
        secret: Arc::new(keyring.clone()),
        ids: Arc::new(RandomIds),
        connect: Arc::new(QuickHub {
            patience: ANSWER,
            timer: Arc::clone(&usual.timer),
            url: None,
        }),
        sync: quick_sync(),
        ..usual
    }
}

/// The real connection to the hub, with less patience.
pub(crate) struct QuickHub {
    pub(crate) patience: Duration,
    pub(crate) timer: Arc<dyn Timer>,
    /// Where the hub is, for every address it is asked for.
    pub(crate) url: Option<String>,
}

impl Connect for QuickHub {
    fn connect(&self, url: &str, token: Option<&str>) -> Result<Arc<dyn Upstream>, Fault> {
        let patience = HubPatience {
            connect: Duration::from_secs(2),
            health: self.patience,
            answer: self.patience,
            line: self.patience,
        };
        let url = self.url.as_deref().unwrap_or(url);
        let hub = HubUpstream::new(url, patience, Arc::clone(&self.timer))?;
        Ok(match token {
            Some(token) => Arc::new(hub.with_token(token)),
            None => Arc::new(hub),
        })
    }
}

/// A sync that does everything it does, only sooner.
fn quick_sync() -> WorkerConfig {
    let millis = Duration::from_millis;
    WorkerConfig {
        pace: Pace {
            retry: Backoff {
                first: millis(100),
                most: millis(400),
            },
            probe: Backoff {
                first: millis(100),
                most: millis(200),
            },
            pull_every: millis(250),
            refused: millis(300),
            sale_probe: millis(100),
            ..Pace::default()
        },
        ..WorkerConfig::default()
    }
}
