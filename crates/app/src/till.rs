//! The till itself: what it holds, how it starts and how it stops.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use evertill_core::Fault;
use evertill_store::{Store, StoreConfig};
use evertill_sync::{Upstream, Worker, WorkerHandle, run_blocking};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::config::TillConfig;
use crate::fault::AppError;
use crate::open_cart::OpenCart;
use crate::printing::{self, Printing};
use crate::sale_rules::Offers;
use crate::session::{Caller, Session};
use crate::shop::EnrolledShop;
use crate::support;
use crate::sync;
use crate::types::{Event, ThemeHint};

/// How many events a slow window may lag behind before it misses some and asks for the state.
const EVENTS: usize = 256;

/// The setting with the latest time the till has seen.
const LATEST: &str = "latest_time";

/// Connections that only read: the window, the sync and the printer at once.
const READERS: usize = 3;

/// A till. Cheap to clone; all clones are the same till.
///
/// Stop it with [`Till::shutdown`]: its background work keeps the store open until then.
#[derive(Clone)]
pub struct Till(Arc<Inner>);

struct Inner {
    config: TillConfig,
    store: Store,
    enrolled: RwLock<Option<Arc<EnrolledShop>>>,
    session: RwLock<Option<Arc<Session>>>,
    open_cart: OpenCart,
    offers: Offers,
    printing: Printing,
    upstream: RwLock<Option<Arc<dyn Upstream>>>,
    worker: Mutex<Option<Arc<WorkerHandle>>>,
    enrolling: tokio::sync::Mutex<()>,
    events: broadcast::Sender<Event>,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Till {
    /// Opens the till's store, or makes it on the first run, and starts the background work.
    ///
    /// # Errors
    /// `store_in_use`, `store_damaged`, `store_newer`, `key_missing`, `keyring_unavailable`,
    /// `disk_full` and what else keeps the store shut.
    pub async fn start(config: TillConfig) -> Result<Self, Fault> {
        let threads = Arc::clone(&config.threads);
        let till = run_blocking(threads.as_ref(), move || Self::open(config))
            .await
            .map_err(AppError::internal)??;
        till.spawn(printing::run(till.clone(), till.stopping()));
        till.spawn(sync::tick(till.clone(), till.stopping()));
        if till.shop().is_ok() {
            till.start_sync()?;
        }
        Ok(till)
    }

    fn open(config: TillConfig) -> Result<Self, Fault> {
        let store_config = StoreConfig {
            dir: config.dir.clone(),
            readers: READERS,
        };
        let store = Store::open(
            &store_config,
            config.secret.as_ref(),
            Arc::clone(&config.clock),
        )?;
        let printing = Printing::open(&store, &config.printer)?;
        let enrolled = support::enrolled_shop(&store)?.map(Arc::new);
        Ok(Self(Arc::new(Inner {
            config,
            store,
            enrolled: RwLock::new(enrolled),
            session: RwLock::default(),
            open_cart: OpenCart::default(),
            offers: Offers::default(),
            printing,
            upstream: RwLock::default(),
            worker: Mutex::default(),
            enrolling: tokio::sync::Mutex::default(),
            events: broadcast::channel(EVENTS).0,
            stop: watch::channel(false).0,
            tasks: Mutex::default(),
        })))
    }

    /// What happens on the till from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Stops the background work: a receipt or a batch that is on its way is finished first, within
    /// the time limits of printer and hub.
    pub async fn shutdown(&self) {
        self.0.stop.send_replace(true);
        let worker = lock(&self.0.worker).take();
        if let Some(worker) = worker {
            worker.stop().await;
        }
        let tasks = std::mem::take(&mut *lock(&self.0.tasks));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task broke off");
            }
        }
    }

    /// Starts sending and pulling; called once the till belongs to a shop.
    pub(crate) fn start_sync(&self) -> Result<(), Fault> {
        let enrolled = self.shop()?;
        let token = enrolled.enrolment.token.as_str();
        let upstream = self.connect(&enrolled.enrolment.hub_url, Some(token))?;
        let random = Arc::clone(&self.0.config.random);
        *write(&self.0.upstream) = Some(Arc::clone(&upstream));
        let worker = Arc::new(Worker::spawn(
            self.0.config.sync.clone(),
            self.0.store.clone(),
            upstream,
            Arc::clone(&self.0.config.clock),
            Arc::clone(&self.0.config.timer),
            Arc::clone(&self.0.config.threads),
            Box::new(move || random()),
        ));
        let status = worker.status();
        *lock(&self.0.worker) = Some(worker);
        self.spawn(sync::tell(self.clone(), status, self.stopping()));
        Ok(())
    }

    /// Runs work on the store off the async threads.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let till = self.clone();
        run_blocking(self.0.config.threads.as_ref(), move || work(&till))
            .await
            .map_err(AppError::internal)?
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        lock(&self.0.tasks).push(tokio::spawn(task));
    }

    fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stop.subscribe()
    }

    pub(crate) fn tell(&self, event: Event) {
        // Without a window nobody listens, which is no error.
        let _ = self.0.events.send(event);
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn open_cart(&self) -> &OpenCart {
        &self.0.open_cart
    }

    pub(crate) fn offers(&self) -> &Offers {
        &self.0.offers
    }

    pub(crate) fn printing(&self) -> &Printing {
        &self.0.printing
    }

    pub(crate) fn enrolling(&self) -> &tokio::sync::Mutex<()> {
        &self.0.enrolling
    }

    /// Waits so long.
    pub(crate) async fn sleep(&self, time: Duration) {
        let timer = &self.0.config.timer;
        timer.sleep_until(timer.moment().saturating_add(time)).await;
    }

    /// An even random number, to spread retries.
    pub(crate) fn random(&self) -> u64 {
        (self.0.config.random)()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.config.clock.now()
    }

    /// Now, or the latest time this till has seen should its clock have been set back: that must not
    /// revive a grant that has run out.
    pub(crate) fn trusted_now(&self) -> Result<Timestamp, Fault> {
        let now = self.now();
        let latest = self.store().setting::<Timestamp>(LATEST)?;
        // Once a minute is enough for a grant of days, and a clock need not wear the disk.
        if latest.is_none_or(|latest| latest + SignedDuration::from_mins(1) < now) {
            self.store().set_setting(LATEST, &now)?;
        }
        Ok(latest.map_or(now, |latest| latest.max(now)))
    }

    pub(crate) fn next_id(&self) -> Uuid {
        self.0.config.ids.next()
    }

    /// # Errors
    /// `not_enrolled`
    pub(crate) fn shop(&self) -> Result<Arc<EnrolledShop>, Fault> {
        read(&self.0.enrolled)
            .clone()
            .ok_or_else(|| AppError::NotEnrolled.into())
    }

    pub(crate) fn set_shop(&self, enrolled: EnrolledShop) {
        *write(&self.0.enrolled) = Some(Arc::new(enrolled));
    }

    /// The shop's time zone; UTC before there is a shop.
    pub(crate) fn zone(&self) -> TimeZone {
        self.shop()
            .map_or(TimeZone::UTC, |enrolled| enrolled.zone.clone())
    }

    pub(crate) fn session(&self) -> Option<Arc<Session>> {
        read(&self.0.session).clone()
    }

    pub(crate) fn set_session(&self, session: Option<Session>) {
        *write(&self.0.session) = session.map(Arc::new);
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller::new(self.session())
    }

    pub(crate) fn connect(
        &self,
        url: &str,
        token: Option<&str>,
    ) -> Result<Arc<dyn Upstream>, Fault> {
        self.0.config.connect.connect(url, token)
    }

    /// # Errors
    /// `not_enrolled`
    pub(crate) fn upstream(&self) -> Result<Arc<dyn Upstream>, Fault> {
        read(&self.0.upstream)
            .clone()
            .ok_or_else(|| AppError::NotEnrolled.into())
    }

    pub(crate) fn worker(&self) -> Option<Arc<WorkerHandle>> {
        lock(&self.0.worker).clone()
    }

    pub(crate) fn sync_wake(&self) {
        if let Some(worker) = self.worker() {
            worker.wake();
        }
    }

    pub(crate) fn platform(&self) -> &str {
        &self.0.config.platform
    }

    pub(crate) fn version(&self) -> &str {
        &self.0.config.version
    }

    pub(crate) fn theme(&self) -> ThemeHint {
        self.0.config.theme
    }

    pub(crate) fn hub_hint(&self) -> Option<&str> {
        self.0.config.hub_url.as_deref()
    }
}

// What these locks guard is only ever replaced as a whole, so what a panic left behind is good.

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
