//! A till in a simulation: the real one, with a line, a clock and a printer of the simulation.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use evertill_app::types::TillState;
use evertill_app::{PrinterChoice, Till as App, TillConfig};
use serde_json::json;

use super::AtOnce;
use super::ids::SeededIds;
use super::line::Line;
use super::printer::MemoryPrinter;
use crate::clock::WorldClock;
use crate::counter::Counter;
use crate::secret::Keyring;
use crate::till::copy_folder;

type Random = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A till with its own folder, keyring, clock, printer and line to the hub.
pub struct SimulatedTill {
    /// Its line to the hub.
    pub line: Line,
    /// Its printer.
    pub printer: Arc<MemoryPrinter>,
    /// Its clock.
    pub clock: WorldClock,
    counter: Counter,
    keyring: Keyring,
    folder: Mutex<PathBuf>,
    ids: Arc<SeededIds>,
    random: Random,
}

impl std::ops::Deref for SimulatedTill {
    type Target = Counter;

    fn deref(&self) -> &Counter {
        &self.counter
    }
}

impl SimulatedTill {
    pub(crate) fn new(
        line: Line,
        folder: PathBuf,
        clock: WorldClock,
        ids: Arc<SeededIds>,
        random: Random,
    ) -> Self {
        Self {
            counter: Counter::new(line.name()),
            line,
            printer: Arc::default(),
            clock,
            keyring: Keyring::default(),
            folder: Mutex::new(folder),
            ids,
            random,
        }
    }

    fn folder(&self) -> PathBuf {
        self.folder.lock().expect("no panic").clone()
    }

    /// Starts it. Its people have to sign in.
    pub async fn start(&self) {
        let config = TillConfig {
            secret: Arc::new(self.keyring.clone()),
            clock: Arc::new(self.clock.clone()),
            timer: Arc::new(self.line.clock().clone()),
            threads: Arc::new(AtOnce),
            ids: Arc::clone(&self.ids) as Arc<dyn evertill_core::Ids>,
            random: Arc::clone(&self.random),
            connect: Arc::new(self.line.clone()),
            printer: PrinterChoice::Driver(Arc::clone(&self.printer) as _),
            ..TillConfig::new(self.folder())
        };
        let app = App::start(config).await.expect("the till starts");
        self.counter.runs(app);
    }

    /// Joins the shop with a new code of the hub.
    pub(crate) async fn enrol(&self) -> TillState {
        let code = self.line.hub().enrol_code();
        let request = json!({ "hub_url": "http://hub", "code": code, "till_name": self.name });
        self.ask("enrolment.enrol", request).await
    }

    /// Quits it in good order.
    pub async fn stop(&self) {
        if let Some(app) = self.counter.take() {
            app.shutdown().await;
        }
    }

    /// Kills it: it goes on with its folder as it was in this moment. What is on its way to the hub
    /// arrives; the answer is lost. Its people have to sign in again.
    pub async fn kill(&self) {
        let from = self.folder();
        let to = from.with_extension(format!("{:x}", self.kills()));
        copy_folder(&from, &to);
        *self.folder.lock().expect("no panic") = to;
        self.stop().await;
        self.start().await;
    }

    /// How often it was killed, and one more.
    fn kills(&self) -> u64 {
        let folder = self.folder();
        let end = folder.extension().and_then(std::ffi::OsStr::to_str);
        end.and_then(|end| u64::from_str_radix(end, 16).ok())
            .unwrap_or(0)
            + 1
    }
}
