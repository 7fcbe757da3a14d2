//! The background task: takes the plan's next step, again and again, until it is stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use evertill_core::{Clock, Fault};
use evertill_store::{OutboxResult, Store, StoreError};
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use uuid::Uuid;

use crate::backoff::Random;
use crate::plan::{Moment, Pace, Plan, Step, Work};
use crate::status::{Facts, Loading, SyncStatus};
use crate::sync_history::{self, SyncHistory};
use crate::upstream::{Upstream, UpstreamError};

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

/// Clocks are set: a document that waits is looked at again after this time at the latest.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What the worker can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Sold,
    TryNow,
    Stop,
}

/// The way to a running worker. Cheap to clone; when the last one is dropped the worker stops.
#[derive(Debug, Clone)]
pub struct WorkerHandle {
    orders: mpsc::UnboundedSender<Order>,
    status: watch::Receiver<SyncStatus>,
}

impl WorkerHandle {
    /// A document was committed: send it now if the hub can be reached. Never blocks.
    pub fn wake(&self) {
        self.tell(Order::Sold);
    }

    /// A person asks for a try: no back-off counts. Documents that need attention have to be put
    /// back in line in the store first. Never blocks.
    pub fn retry_now(&self) {
        self.tell(Order::TryNow);
    }

    /// The status as it changes. The value is there at once.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SyncStatus> {
        self.status.clone()
    }

    /// Stops the worker and waits until it has put everything away. A request under way is broken
    /// off; its documents stay in line under their keys.
    pub async fn stop(&self) {
        self.tell(Order::Stop);
        self.orders.closed().await;
    }

    fn tell(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::debug!(?order, "the sync worker has stopped already");
        }
    }
}

/// The conversation with the upstream.
pub struct Worker {
    pub(crate) config: WorkerConfig,
    pub(crate) store: Store,
    pub(crate) upstream: Arc<dyn Upstream>,
    pub(crate) plan: Plan,
    pub(crate) history: SyncHistory,
    /// Documents that failed when they stood alone.
    pub(crate) suspects: BTreeSet<Uuid>,
    /// Outcomes the store has not taken down yet; kept here while the disk is full.
    pub(crate) unrecorded: BTreeMap<Uuid, OutboxResult>,
    /// How often a document was put off in a row, for its own back-off.
    pub(crate) put_off: BTreeMap<Uuid, u32>,
    /// The hub said that our cursor is none of its own.
    pub(crate) cursor_void: bool,
    pub(crate) trouble: Trouble,
    /// The hub answered since the status was last reported.
    pub(crate) contacted_since_report: bool,
    pub(crate) stopping: bool,
    clock: Arc<dyn Clock>,
    random: Random,
    started: Instant,
    /// The latest time seen, and when. A clock that is set back must not put off what is due.
    latest: (Timestamp, Instant),
    orders: mpsc::UnboundedReceiver<Order>,
    status: watch::Sender<SyncStatus>,
}

/// What did not work the last time it was tried.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trouble {
    pub(crate) away: bool,
    pub(crate) push: bool,
    pub(crate) pull: bool,
    pub(crate) store: bool,
    pub(crate) device_refused: bool,
    /// The change feed was read to its end since the start.
    pub(crate) feed_read: bool,
}

impl Trouble {
    fn any(self) -> bool {
        self.away || self.push || self.pull || self.store
    }
}

impl Worker {
    /// Starts the worker on the current tokio runtime. Documents that wait in the store are due at
    /// once, whatever back-off an earlier run had given them.
    #[must_use]
    pub fn spawn(
        config: WorkerConfig,
        store: Store,
        upstream: Arc<dyn Upstream>,
        clock: Arc<dyn Clock>,
        random: Random,
    ) -> WorkerHandle {
        let (orders, inbox) = mpsc::unbounded_channel();
        let (status, watched) = watch::channel(SyncStatus::default());
        let worker = Self {
            plan: Plan::new(config.pace.clone()),
            config,
            store,
            upstream,
            history: SyncHistory::default(),
            suspects: BTreeSet::new(),
            unrecorded: BTreeMap::new(),
            put_off: BTreeMap::new(),
            cursor_void: false,
            trouble: Trouble::default(),
            contacted_since_report: false,
            stopping: false,
            latest: (Timestamp::MIN, Instant::now()),
            clock,
            random,
            started: Instant::now(),
            orders: inbox,
            status,
        };
        tokio::spawn(worker.run());
        WorkerHandle {
            orders,
            status: watched,
        }
    }

    async fn run(mut self) {
        self.history = self
            .in_store(|store| Ok(SyncHistory::open(store)))
            .await
            .unwrap_or_default();
        let mut turned = self.retry_far_waits_now().await;
        while !self.stopping {
            if turned.is_ok() {
                turned = self.turn().await;
            }
            if let Err(error) = &turned {
                self.store_failed(error).await;
                turned = Ok(());
            }
        }
        if let Err(error) = self.close().await {
            tracing::warn!(%error, "the sync worker could not put everything away");
        }
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        self.record().await?;
        let work = self.work().await?;
        match self.plan.next(self.moment(), work) {
            Step::Rest { until } => {
                self.report(false).await?;
                self.rest(until).await;
            }
            Step::Probe => self.probe().await?,
            Step::Push { limit } => self.push(limit).await?,
            Step::Snapshot => self.snapshot().await?,
            Step::Pull => self.pull().await?,
        }
        self.trouble.store = false;
        self.clear_if_recovered();
        Ok(())
    }

    /// What there is to do.
    async fn work(&mut self) -> Result<Work, StoreError> {
        let horizon = self.horizon();
        let (due, next_at, cursor) = self
            .in_store(move |store| {
                let due = !store.outbox_due(horizon, 1)?.is_empty();
                Ok((due, store.outbox_next_at()?, store.cursor()?))
            })
            .await?;
        let due_at = next_at.map(|at| {
            let wait = Duration::try_from(at.duration_since(horizon)).unwrap_or_default();
            self.moment().saturating_add(wait.min(LOOK_AGAIN))
        });
        Ok(Work {
            due,
            due_at,
            snapshot: cursor.is_none() || self.cursor_void,
        })
    }

    /// No back-off of ours is longer than its limit. If the store says so, the clock was set back
    /// since, and what waits is due.
    async fn retry_far_waits_now(&mut self) -> Result<(), StoreError> {
        let pace = &self.config.pace;
        let longest = pace.max_hold.saturating_add(pace.retry.most);
        let far = self
            .horizon()
            .saturating_add(longest)
            .unwrap_or(Timestamp::MAX);
        self.in_store(move |store| store.outbox_retry_later_than(far).map(drop))
            .await
    }

    async fn rest(&mut self, until: Moment) {
        let until = self.started + until;
        let _woken = self.attended(tokio::time::sleep_until(until), true).await;
    }

    async fn probe(&mut self) -> Result<(), StoreError> {
        let upstream = Arc::clone(&self.upstream);
        match self
            .attended(async move { upstream.health().await }, false)
            .await
        {
            None => {}
            Some(Ok(_well)) => {
                self.trouble.away = false;
                let now = self.moment();
                self.plan.probed(now);
            }
            Some(Err(error)) => {
                let (now, random) = (self.moment(), self.random());
                self.plan.probe_failed(now, random);
                self.failed(error);
            }
        }
        self.report(false).await
    }

    /// Runs `work` and follows orders meanwhile. `None` when it was broken off: by a stop, or, if it
    /// `can_be_woken`, by anything else there is to do.
    pub(crate) async fn attended<T>(
        &mut self,
        work: impl Future<Output = T>,
        can_be_woken: bool,
    ) -> Option<T> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                order = self.orders.recv() => {
                    self.follow(order);
                    if self.stopping || can_be_woken {
                        return None;
                    }
                    // A sale made while the hub is slow shows at once.
                    if let Err(error) = self.report(true).await {
                        tracing::warn!(%error, "the sync status cannot be read");
                    }
                }
                done = &mut work => return Some(done),
            }
        }
    }

    fn follow(&mut self, order: Option<Order>) {
        let now = self.moment();
        match order {
            Some(Order::Sold) => self.plan.sold(now),
            Some(Order::TryNow) => self.plan.asked(now),
            // Nobody can reach this worker any more.
            Some(Order::Stop) | None => self.stopping = true,
        }
    }

    /// Notes a failure of the conversation.
    pub(crate) fn failed(&mut self, error: UpstreamError) {
        tracing::info!(
            code = error.code(),
            ?error,
            "sync failed, will be tried again"
        );
        self.trouble.away |= matches!(error, UpstreamError::Unreachable { .. });
        self.trouble.device_refused = error.device_refused();
        let now = self.now();
        self.history.failed(now, Fault::from(error));
    }

    /// The store itself failed: nothing can be done but wait and try again.
    async fn store_failed(&mut self, error: &StoreError) {
        tracing::warn!(%error, "the sync worker cannot use the store, will try again");
        self.trouble.store = true;
        let now = self.now();
        self.history.failed(
            now,
            Fault::new(evertill_core::Coded::code(error), error.to_string()),
        );
        self.status.send_modify(|status| {
            status.problem = self.history.problem().cloned();
            status.offline_since = self.history.history().offline_since;
        });
        let random = self.random();
        let wait = self.config.pace.retry.delay(3, random);
        let _woken = self.attended(tokio::time::sleep(wait), true).await;
    }

    fn clear_if_recovered(&mut self) {
        if !self.trouble.any() {
            self.trouble.device_refused = false;
            self.history.recovered();
        }
    }

    /// Tells everyone how it stands, and keeps the history.
    pub(crate) async fn report(&mut self, busy: bool) -> Result<(), StoreError> {
        self.clear_if_recovered();
        let counts = self.in_store(Store::outbox_counts).await?;
        let (waiting, attention) = (counts.waiting, counts.attention);
        let facts = Facts {
            failing: self.trouble.any(),
            device_refused: self.trouble.device_refused,
            busy,
            feed_read: self.trouble.feed_read,
            waiting,
            attention,
        };
        let settled = waiting == 0 && attention == 0 && !busy && !self.trouble.any();
        if settled && self.trouble.feed_read && std::mem::take(&mut self.contacted_since_report) {
            let now = self.now();
            self.history.synced(now);
        }
        if let Some(history) = self.history.to_write(false) {
            self.in_store(move |store| sync_history::write(store, history))
                .await?;
            self.history.wrote(history);
        }
        let history = self.history.history();
        self.status.send_if_modified(|status| {
            let new = SyncStatus {
                state: facts.state(),
                offline_since: history.offline_since,
                waiting,
                attention,
                acknowledged: counts.acknowledged,
                last_synced: history.last_synced,
                problem: self.history.problem().cloned(),
                ..status.clone()
            };
            let changed = *status != new;
            *status = new;
            changed
        });
        Ok(())
    }

    /// Tells everyone how far the catalogue is.
    pub(crate) async fn report_catalogue(
        &mut self,
        loading: Option<Loading>,
        skipped: u64,
    ) -> Result<(), StoreError> {
        let items = self.in_store(Store::item_count).await?;
        self.status.send_modify(|status| {
            status.catalogue_items = items;
            status.catalogue_loading = loading;
            status.catalogue_version = status.catalogue_version.saturating_add(1);
            status.skipped_rows = status.skipped_rows.saturating_add(skipped);
        });
        Ok(())
    }

    async fn close(&mut self) -> Result<(), StoreError> {
        self.record().await?;
        if let Some(history) = self.history.to_write(true) {
            self.in_store(move |store| sync_history::write(store, history))
                .await?;
        }
        Ok(())
    }

    /// Runs `work` on a thread that may block.
    pub(crate) async fn in_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || work(&store))
            .await
            .unwrap_or_else(|broken| {
                let source = std::io::Error::other(broken);
                Err(StoreError::File {
                    action: "used",
                    source,
                })
            })
    }

    /// The distance from the start, which no clock can change.
    pub(crate) fn moment(&self) -> Moment {
        self.started.elapsed()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn random(&mut self) -> u64 {
        (self.random)()
    }

    /// Up to when documents count as due: the clock's time, but never one that runs backwards.
    pub(crate) fn horizon(&mut self) -> Timestamp {
        let (seen, at) = self.latest;
        let now = Instant::now();
        let passed = now.saturating_duration_since(at);
        let expected = seen.saturating_add(passed).unwrap_or(Timestamp::MAX);
        let latest = expected.max(self.clock.now());
        self.latest = (latest, now);
        latest
    }
}
