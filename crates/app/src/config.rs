//! What a till is started with.

use std::path::PathBuf;
use std::sync::Arc;

use evertill_core::{Clock, Ids, Threads, Timer};
use evertill_store::DeviceSecret;
use evertill_sync::WorkerConfig;

use crate::printing::PrinterChoice;
use crate::state::ThemeHint;
use crate::sync::{Connect, HubConnect};
use crate::system::{KeyringSecret, RandomIds, SystemClock, SystemThreads, SystemTimer, random};

/// What a till is started with. Whatever is set here wins over what the store remembers.
#[derive(Clone)]
pub struct TillConfig {
    /// Folder of the till's store.
    pub dir: PathBuf,
    /// The secret that opens the store.
    pub secret: Arc<dyn DeviceSecret>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Measures time and waits for it.
    pub timer: Arc<dyn Timer>,
    /// Runs what blocks: the store, and the hashing of secrets.
    pub threads: Arc<dyn Threads>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Even random numbers, to spread retries.
    pub random: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// Makes the connection to the hub.
    pub connect: Arc<dyn Connect>,
    /// The printer.
    pub printer: PrinterChoice,
    /// The hub's address to offer for enrolment.
    pub hub_url: Option<String>,
    /// Operating system and processor, told to the hub once.
    pub platform: String,
    /// Version of the till, shown and told to the hub.
    pub version: String,
    /// Theme to start with.
    pub theme: ThemeHint,
    /// How the sync paces itself.
    pub sync: WorkerConfig,
}

impl TillConfig {
    /// A till on this machine: its clock, its keyring, the network.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        let timer: Arc<dyn Timer> = Arc::new(SystemTimer::start());
        Self {
            secret: Arc::new(KeyringSecret::for_dir(&dir)),
            dir,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            random: Arc::new(random),
            connect: Arc::new(HubConnect::new(Arc::clone(&timer))),
            timer,
            threads: Arc::new(SystemThreads),
            printer: PrinterChoice::Stored,
            hub_url: None,
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            theme: ThemeHint::System,
            sync: WorkerConfig::default(),
        }
    }
}
