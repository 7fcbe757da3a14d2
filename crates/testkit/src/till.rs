//! A till on a counter: the real one, driven the way the window drives it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use evertill_app::types::TillState;
use evertill_app::{Fault, PrinterChoice, Till as App, TillConfig};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::clock::WorldClock;
use crate::counter::{Counter, PATIENCE};
use crate::hub::Hub;
use crate::network::Network;
use crate::printer::{Paper, Printer};
use crate::quick::{ANSWER, QuickHub, quick_config};
use crate::secret::Keyring;

/// A till with its own folder, keyring, clock, printer and wire to the hub.
pub struct Till {
    /// Its wire to the hub.
    pub network: Network,
    /// Its printer.
    pub printer: Printer,
    /// Its clock.
    pub clock: WorldClock,
    /// The keyring of its machine.
    pub keyring: Keyring,
    hub: Arc<Hub>,
    /// Whether it finds the hub at its own wire, not where its store says: a copied till must.
    rewired: bool,
    place: Mutex<Place>,
    patience: Mutex<Duration>,
    counter: Counter,
}

struct Place {
    folder: PathBuf,
    moves: u32,
}

impl Till {
    /// A till that has not been started yet.
    pub(crate) async fn new(name: &str, folder: PathBuf, hub: Arc<Hub>, clock: WorldClock) -> Self {
        Self {
            network: hub.wire().await,
            printer: Printer::new(),
            clock,
            keyring: Keyring::default(),
            hub,
            rewired: false,
            place: Mutex::new(Place { folder, moves: 0 }),
            patience: Mutex::new(ANSWER),
            counter: Counter::new(name),
        }
    }

    /// The same till, but it finds the hub at its own wire, not where its store says, and offers
    /// that address for enrolment.
    #[must_use]
    pub(crate) fn rewired(self) -> Self {
        Self {
            rewired: true,
            ..self
        }
    }

    // Its life.

    /// The folder of its store.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        lock(&self.place).folder.clone()
    }

    /// How it is started: real but for the keyring, the clock, the printer and the patience.
    #[must_use]
    pub fn config(&self) -> TillConfig {
        TillConfig {
            clock: Arc::new(self.clock.clone()),
            timer: Arc::new(self.clock.clone()),
            printer: PrinterChoice::Driver(self.printer.driver()),
            connect: Arc::new(QuickHub {
                patience: *lock(&self.patience),
                timer: Arc::new(self.clock.clone()),
                url: self.rewired.then(|| self.network.url()),
            }),
            hub_url: self.rewired.then(|| self.network.url()),
            ..quick_config(self.folder(), &self.keyring)
        }
    }

    /// Starts it.
    ///
    /// # Errors
    /// Whatever keeps its store shut.
    pub async fn try_start(&self) -> Result<(), Fault> {
        let app = App::start(self.config()).await?;
        self.counter.runs(app);
        Ok(())
    }

    /// Starts it.
    pub async fn start(&self) {
        self.try_start().await.expect("the till starts");
    }

    /// From its next start on it waits no longer than this for an answer of the hub.
    pub fn lose_patience_after(&self, time: Duration) {
        *lock(&self.patience) = time;
    }

    /// Quits it in good order.
    pub async fn stop(&self) {
        let app = self.counter.take();
        if let Some(app) = app {
            app.shutdown().await;
        }
    }

    /// Quits and starts it. Nobody is signed in afterwards.
    pub async fn restart(&self) {
        self.stop().await;
        self.start().await;
    }

    /// A copy of its folder as it is now, as a backup of the machine would have it.
    #[must_use]
    pub fn copy(&self) -> PathBuf {
        let (from, to) = {
            let mut place = lock(&self.place);
            place.moves += 1;
            let to = place
                .folder
                .with_file_name(format!("{}-copy-{}", self.name, place.moves));
            (place.folder.clone(), to)
        };
        copy_folder(&from, &to);
        to
    }

    /// Goes on with a copy of its folder, as a restored machine does.
    pub async fn restore(&self, copy: PathBuf) {
        self.stop().await;
        lock(&self.place).folder = copy;
        self.start().await;
    }

    /// Loses power: the till goes on with its folder as it was in this moment, whatever was on its
    /// way to the hub or the printer is cut off. Nobody is signed in afterwards.
    pub async fn crash(&self) {
        let (was_cut, was_off) = (self.network.is_cut(), self.printer.is_off());
        self.network.cut().await;
        self.printer.switch_off().await;
        let copy = self.copy();
        self.stop().await;
        lock(&self.place).folder = copy;
        if !was_cut {
            self.network.mend();
        }
        if !was_off {
            self.printer.switch_on();
        }
        self.start().await;
    }

    // With the shop.

    /// Joins the shop with a new code of the hub.
    pub async fn enrol(&self) -> TillState {
        let request = self.enrolment(&self.hub.enrol_code());
        self.ask("enrolment.enrol", request).await
    }

    /// The request to join the shop with this code.
    #[must_use]
    pub fn enrolment(&self, code: &str) -> Value {
        json!({ "hub_url": self.network.url(), "code": code, "till_name": self.name })
    }

    /// Waits until that many pieces of paper have come out, and gives all of them back.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn printed(&self, papers: usize) -> Vec<Paper> {
        let begun = Instant::now();
        loop {
            let printed = self.printer.printed();
            if printed.len() >= papers {
                return printed;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: only {printed:?}",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl std::ops::Deref for Till {
    type Target = Counter;

    fn deref(&self) -> &Counter {
        &self.counter
    }
}

/// Copies a folder file by file: the write-ahead log first, so that the copy has every page that the
/// file does not have yet, as a disk has after a power cut.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a new folder");
    let entries = std::fs::read_dir(from).expect("the till's folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort_by_key(|path| !path.to_string_lossy().ends_with("-wal"));
    for path in files.into_iter().filter(|path| path.is_file()) {
        let name = path.file_name().expect("a file has a name");
        // The shared memory of the log is made again after a power cut.
        if !name.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, to.join(name)).expect("a copy");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
