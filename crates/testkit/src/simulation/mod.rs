//! A till, a hub and the network between them on one thread, in simulated time, out of one seed.
//!
//! Nothing happens at the same time and time passes only while everybody waits, so a seed replays
//! exactly. The till and the hub's repository are the product; between them there is no HTTP but a
//! network that loses, repeats, delays and refuses as the seed says. What HTTP itself can do wrong is
//! tried over loopback sockets, with [`crate::Network`].

mod ids;
mod line;
mod printer;
mod server;
mod till;
mod trace;

use std::sync::{Arc, Mutex};

use evertill_core::Threads;
use tempfile::TempDir;

use self::ids::SeededIds;
use crate::chance::Chance;
use crate::clock::WorldClock;

pub use self::line::{Delivery, Line};
pub use self::printer::MemoryPrinter;
pub use self::server::SimulatedHub;
pub use self::till::SimulatedTill;
pub use self::trace::Trace;

/// A simulated shop.
pub struct Simulation {
    /// What the story decides with.
    pub chance: Chance,
    /// The time, for everybody.
    pub clock: WorldClock,
    /// What happened.
    pub trace: Trace,
    /// The hub.
    pub hub: SimulatedHub,
    folder: TempDir,
    ids: Arc<SeededIds>,
}

impl Simulation {
    /// Runs a story in the shop of this seed and gives back what it gives.
    ///
    /// # Panics
    /// If the story does.
    pub fn run<T, S>(seed: u64, story: impl FnOnce(Self) -> S) -> T
    where
        T: Send + 'static,
        S: Future<Output = T> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        // A task like the till's own, so that it takes its turn with them.
        let story = {
            let _here = runtime.enter();
            story(Self::new(seed))
        };
        runtime
            .block_on(runtime.spawn(story))
            .expect("the story ends")
    }

    fn new(seed: u64) -> Self {
        let mut chance = Chance::seeded(seed);
        let folder = tempfile::tempdir().expect("a folder");
        let clock = WorldClock::default();
        let ids = Arc::new(SeededIds::new(chance.next(), clock.clone()));
        let hub = SimulatedHub::new(folder.path(), clock.clone(), Arc::clone(&ids));
        Self {
            chance,
            trace: Trace::new(clock.clone()),
            hub,
            clock,
            folder,
            ids,
        }
    }

    /// A till that belongs to the shop and has the catalogue.
    pub async fn till(&mut self, name: &str) -> SimulatedTill {
        let line = Line::new(
            name,
            self.hub.clone(),
            self.trace.clone(),
            self.chance.next(),
        );
        let random = Mutex::new(Chance::seeded(self.chance.next()));
        let till = SimulatedTill::new(
            line,
            self.folder.path().join(name),
            self.clock.own(),
            Arc::clone(&self.ids),
            Arc::new(move || random.lock().expect("no panic").next()),
        );
        till.start().await;
        till.enrol().await;
        till.until_synced().await;
        till
    }
}

/// Runs work at once, on the one thread there is.
pub(crate) struct AtOnce;

impl Threads for AtOnce {
    fn run(&self, work: Box<dyn FnOnce() + Send>) {
        work();
    }
}
