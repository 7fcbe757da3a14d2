//! The conversation with the upstream: the plan, and the handles to carry it out with.

use std::future::Future;
use std::sync::Arc;

use evertill_core::{Clock, Coded, Fault, Threads, Timer};
use evertill_store::{Store, StoreError};
use tokio::sync::{mpsc, watch};

use crate::blocking::run_blocking;
use crate::config::WorkerConfig;
use crate::handle::Order;
use crate::plan::{Moment, Now, Plan};
use crate::status::{Loading, SyncStatus};
use crate::sync_history;
use crate::upstream::Upstream;

/// The conversation with the upstream. What it remembers is in the plan.
pub(crate) struct Conversation {
    pub(crate) plan: Plan,
    pub(crate) config: WorkerConfig,
    pub(crate) upstream: Arc<dyn Upstream>,
    pub(crate) stopping: bool,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) threads: Arc<dyn Threads>,
    /// What the timer said at the start.
    pub(crate) started: Moment,
    pub(crate) orders: mpsc::UnboundedReceiver<Order>,
    pub(crate) status: watch::Sender<SyncStatus>,
}

impl Conversation {
    /// Reads what an earlier run wrote down.
    pub(crate) async fn remember(&mut self) {
        let written = self.in_store(|store| Ok(sync_history::read(store))).await;
        self.plan.remember(written.unwrap_or_default());
    }

    /// The distance from the start, which no clock can change.
    pub(crate) fn moment(&self) -> Moment {
        self.timer.moment().saturating_sub(self.started)
    }

    /// Now.
    pub(crate) fn now(&mut self) -> Now {
        let (moment, time) = (self.moment(), self.clock.now());
        self.plan.now(moment, time)
    }

    /// Waits until this moment, or until there is anything else to do.
    pub(crate) async fn rest(&mut self, until: Moment) {
        let sleep = self.timer.sleep_until(self.started.saturating_add(until));
        let _woken = self.attended(sleep, true).await;
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

    /// The store itself failed: nothing can be done but wait and try again.
    pub(crate) async fn store_failed(&mut self, error: &StoreError) {
        tracing::warn!(%error, "the sync worker cannot use the store, will try again");
        let now = self.now();
        let problem = Fault::new(Coded::code(error), error.to_string());
        let wait = self.plan.store_failed(now, problem);
        self.status.send_modify(|status| {
            status.problem = self.plan.problem();
            status.offline_since = self.plan.history().offline_since;
        });
        self.rest(now.moment.saturating_add(wait)).await;
    }

    /// Reports the status to everyone, and keeps the history.
    pub(crate) async fn report(&mut self, busy: bool) -> Result<(), StoreError> {
        let counts = self.in_store(|store| store.outbox_counts()).await?;
        let report = self.plan.report(self.clock.now(), &counts, busy);
        self.write_history(false).await?;
        self.status.send_if_modified(|status| {
            let new = SyncStatus {
                state: report.state,
                offline_since: report.history.offline_since,
                waiting: counts.waiting,
                attention: counts.attention,
                acknowledged: counts.acknowledged,
                last_synced: report.history.last_synced,
                problem: report.problem,
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
        let items = self.in_store(|store| store.item_count()).await?;
        self.status.send_modify(|status| {
            status.catalogue_items = items;
            status.catalogue_loading = loading;
            status.catalogue_version = status.catalogue_version.saturating_add(1);
            status.skipped_rows = status.skipped_rows.saturating_add(skipped);
        });
        Ok(())
    }

    /// Has the store take down what became of the documents.
    pub(crate) async fn record(&mut self) -> Result<(), StoreError> {
        let results = self.plan.unrecorded();
        if results.is_empty() {
            return Ok(());
        }
        self.in_store(move |store| store.outbox_results(&results))
            .await?;
        self.plan.recorded();
        Ok(())
    }

    /// Puts everything away.
    pub(crate) async fn close(&mut self) -> Result<(), StoreError> {
        self.record().await?;
        self.write_history(true).await
    }

    async fn write_history(&mut self, at_end: bool) -> Result<(), StoreError> {
        let Some(history) = self.plan.history_to_write(at_end) else {
            return Ok(());
        };
        self.in_store(move |store| sync_history::write(store, history))
            .await?;
        self.plan.wrote_history(history);
        Ok(())
    }

    /// Runs `work` on a thread that may block.
    pub(crate) async fn in_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        run_blocking(self.threads.as_ref(), move || work(&store))
            .await
            .unwrap_or_else(|broken| {
                let source = std::io::Error::other(broken);
                Err(StoreError::File {
                    action: "used",
                    source,
                })
            })
    }
}
