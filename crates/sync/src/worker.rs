//! The background task: takes the plan's next step, again and again, until it is stopped.

use std::sync::Arc;
use std::time::Duration;

use evertill_core::{Clock, Threads, Timer};
use evertill_store::{Store, StoreError};
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use crate::backoff::Random;
use crate::config::WorkerConfig;
use crate::conversation::Conversation;
use crate::handle::WorkerHandle;
use crate::plan::{Now, Plan, Step, Work};
use crate::pull::{pull, snapshot};
use crate::push::push;
use crate::status::SyncStatus;
use crate::upstream::Upstream;

/// Clocks are set: a document that waits is looked at again after this time at the latest.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The background task.
pub struct Worker {
    conversation: Conversation,
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
        timer: Arc<dyn Timer>,
        threads: Arc<dyn Threads>,
        random: Random,
    ) -> WorkerHandle {
        let (orders, inbox) = mpsc::unbounded_channel();
        let (status, watched) = watch::channel(SyncStatus::default());
        let conversation = Conversation {
            plan: Plan::new(config.pace.clone(), random),
            config,
            store,
            upstream,
            stopping: false,
            clock,
            started: timer.moment(),
            timer,
            threads,
            orders: inbox,
            status,
        };
        tokio::spawn(Self { conversation }.run());
        WorkerHandle {
            orders,
            status: watched,
        }
    }

    async fn run(mut self) {
        self.conversation.remember().await;
        let mut turned = self.retry_far_waits_now().await;
        while !self.conversation.stopping {
            if turned.is_ok() {
                turned = self.turn().await;
            }
            if let Err(error) = &turned {
                self.conversation.store_failed(error).await;
                turned = Ok(());
            }
        }
        if let Err(error) = self.conversation.close().await {
            tracing::warn!(%error, "the sync worker could not put everything away");
        }
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        self.conversation.record().await?;
        let now = self.conversation.now();
        let work = self.work(now).await?;
        let moment = self.conversation.moment();
        match self.conversation.plan.next(moment, work) {
            Step::Rest { until } => {
                self.conversation.report(false).await?;
                self.conversation.rest(until).await;
            }
            Step::Probe => self.probe().await?,
            Step::Push { limit } => push(&mut self.conversation, limit).await?,
            Step::Snapshot => snapshot(&mut self.conversation).await?,
            Step::Pull => pull(&mut self.conversation).await?,
        }
        self.conversation.plan.store_worked();
        Ok(())
    }

    /// What there is to do.
    async fn work(&self, now: Now) -> Result<Work, StoreError> {
        let (due, next_at, cursor) = self
            .conversation
            .in_store(move |store| {
                let due = !store.outbox_due(now.due_until, 1)?.is_empty();
                Ok((due, store.outbox_next_at()?, store.cursor()?))
            })
            .await?;
        let due_at = next_at.map(|at| {
            let wait = Duration::try_from(at.duration_since(now.due_until)).unwrap_or_default();
            now.moment.saturating_add(wait.min(LOOK_AGAIN))
        });
        Ok(Work {
            due,
            due_at,
            snapshot: cursor.is_none(),
        })
    }

    /// No back-off of ours is longer than its limit. If the store says so, the clock was set back
    /// since, and what waits is due.
    async fn retry_far_waits_now(&mut self) -> Result<(), StoreError> {
        let longest = self.conversation.plan.max_wait();
        let now = self.conversation.now().due_until;
        let far = now.saturating_add(longest).unwrap_or(Timestamp::MAX);
        self.conversation
            .in_store(move |store| store.outbox_retry_later_than(far).map(drop))
            .await
    }

    async fn probe(&mut self) -> Result<(), StoreError> {
        let upstream = Arc::clone(&self.conversation.upstream);
        let asking = async move { upstream.health().await };
        let answer = self.conversation.attended(asking, false).await;
        let now = self.conversation.now();
        match answer {
            None => {}
            Some(Ok(_well)) => self.conversation.plan.probed(now.moment),
            Some(Err(error)) => self.conversation.plan.probe_failed(now, error),
        }
        self.conversation.report(false).await
    }
}
