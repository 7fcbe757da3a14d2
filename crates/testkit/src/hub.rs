//! The real hub on loopback, to start, stop and look into.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use evertill_app::system::RandomIds;
use evertill_hub::repository::{Report, Repository, SaleRow};
use evertill_hub::{Hub as Server, HubConfig, RunningHub};
use evertill_protocol::{ChangeBody, Record};

use crate::clock::WorldClock;
use crate::network::Network;
use crate::shop::{self, Good};

/// The hub of a world. Its database outlives a restart.
pub struct Hub {
    db: Mutex<PathBuf>,
    clock: WorldClock,
    running: tokio::sync::Mutex<Option<RunningHub>>,
    repository: Mutex<Repository>,
    wires: Mutex<Vec<Network>>,
}

impl Hub {
    /// A hub with the corner shop in it, running.
    pub(crate) async fn start(folder: &Path, clock: WorldClock) -> Self {
        let db = folder.join("hub.db");
        // Hashing takes long enough to hold up everybody else's story on this thread.
        let shop = tokio::task::spawn_blocking(filled).await.expect("a shop");
        std::fs::write(&db, shop).expect("the shop is copied");
        Self::start_on(db, clock).await
    }

    /// A hub on a database that has a shop already.
    pub(crate) async fn start_on(db: PathBuf, clock: WorldClock) -> Self {
        let running = serve(&db, &clock).await;
        Self {
            repository: Mutex::new(running.repository().clone()),
            running: tokio::sync::Mutex::new(Some(running)),
            wires: Mutex::default(),
            db: Mutex::new(db),
            clock,
        }
    }

    /// A new wire to it.
    pub(crate) async fn wire(&self) -> Network {
        let wire = Network::new();
        let running = self.running.lock().await;
        wire.hub_is(running.as_ref().map(|hub| hub.addr)).await;
        lock(&self.wires).push(wire.clone());
        wire
    }

    /// Takes the hub down as a restart of its machine does; connections are refused.
    pub async fn stop(&self) {
        let mut running = self.running.lock().await;
        let wires = lock(&self.wires).clone();
        for wire in wires {
            wire.hub_is(None).await;
        }
        if let Some(hub) = running.take() {
            hub.stop().await;
        }
    }

    /// Brings it back with the database it had.
    pub async fn start_again(&self) {
        let mut running = self.running.lock().await;
        let hub = serve(&self.database(), &self.clock).await;
        *lock(&self.repository) = hub.repository().clone();
        let wires = lock(&self.wires).clone();
        for wire in wires {
            wire.hub_is(Some(hub.addr)).await;
        }
        *running = Some(hub);
    }

    /// A copy of its database as it is now, as a backup would have it.
    pub async fn save(&self) -> PathBuf {
        self.stop().await;
        let (from, to) = (self.database(), self.database().with_extension("saved"));
        for end in ["", "-wal"] {
            let part = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
            if part(&from).exists() {
                std::fs::copy(part(&from), part(&to)).expect("a copy");
            }
        }
        self.start_again().await;
        to
    }

    /// Goes on with a copy, as a restored server does.
    pub async fn go_back_to(&self, saved: PathBuf) {
        self.stop().await;
        *lock(&self.db) = saved;
        self.start_again().await;
    }

    /// A new enrolment code.
    #[must_use]
    pub fn enrol_code(&self) -> String {
        let now = evertill_core::Clock::now(&self.clock);
        self.repository().new_enrol_code(now).expect("a code")
    }

    /// What the hub has, added up by SQL from its own tables.
    #[must_use]
    pub fn report(&self) -> Report {
        self.repository().report(true).expect("a report")
    }

    /// Every sale the hub has, in the order they were posted.
    #[must_use]
    pub fn sales(&self) -> Vec<SaleRow> {
        self.report().sales_list.expect("the list was asked for")
    }

    /// The receipt numbers of all sales, sorted.
    #[must_use]
    pub fn numbers(&self) -> Vec<String> {
        let mut numbers: Vec<String> = self.sales().into_iter().map(|sale| sale.number).collect();
        numbers.sort();
        numbers
    }

    /// Tells the tills that a price has changed.
    pub fn change_price(&self, good: &Good, cents: i64) {
        self.publish(ChangeBody::Upsert(Record::Price(good.price(cents))));
    }

    /// Tells the tills that an item is sold no longer.
    pub fn disable(&self, good: &Good) {
        let record = evertill_protocol::ItemRecord {
            disabled: true,
            ..good.record()
        };
        self.publish(ChangeBody::Upsert(Record::Item(record)));
    }

    /// Tells the tills about any other change.
    pub fn publish(&self, change: ChangeBody) {
        self.repository()
            .publish(&[change])
            .expect("a change is published");
    }

    /// The hub's database, through the hub's own code.
    #[must_use]
    pub fn repository(&self) -> Repository {
        lock(&self.repository).clone()
    }

    /// The hub's database file, to look into with SQL.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        lock(&self.db).clone()
    }
}

async fn serve(db: &Path, clock: &WorldClock) -> RunningHub {
    let config = HubConfig {
        db: db.to_owned(),
        listen: "127.0.0.1:0".to_owned(),
        clock: Arc::new(clock.clone()),
        ids: Arc::new(RandomIds),
        request_timeout: Duration::from_secs(10),
    };
    Server::start(config).await.expect("the hub starts")
}

/// A database with the corner shop in it. Hashing the passwords of its people takes a while, so it
/// is made once a process and copied for each world.
pub(crate) fn filled() -> &'static [u8] {
    static FILLED: OnceLock<Vec<u8>> = OnceLock::new();
    FILLED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let db = folder.path().join("hub.db");
        let repository = Repository::open(&db).expect("a database");
        shop::fill(&repository);
        // The last connection to close moves the whole log into the file.
        drop(repository);
        std::fs::read(&db).expect("the database")
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
