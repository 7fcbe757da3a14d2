//! What the worker does next, and all that it remembers. Pure: times and random numbers are handed
//! in, nothing is asked.
//!
//! # Rules
//! - Documents go out before anything is fetched; both have a back-off of their own, so that a hub
//!   that cannot give a catalogue still gets its sales, and the other way round.
//! - If no connection can be made, only a cheap probe is sent, often at first. Once it is answered,
//!   everything is due at once.
//! - A batch that fails is halved until the one document to blame stands alone. That one is then
//!   tried by itself, with a back-off of its own, and never again holds up the others.
//! - A new sale cuts every wait short, except one that the hub asked for (`Retry-After`). A person
//!   who asks for a try gets it at once.
//! - Nothing is ever given up.

mod documents;
mod failing;
mod lane;
mod now;
mod pace;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

use evertill_core::{Coded, Fault};
use evertill_protocol::{BatchResult, code};
use evertill_store::{OutboxCounts, OutboxResult};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) use self::now::{Moment, Now};
pub use self::pace::Pace;
pub(crate) use self::step::{Step, Work};

use self::documents::Documents;
use self::failing::Failing;
use self::lane::Lane;
use self::now::LatestTime;
use crate::backoff::Random;
use crate::batch::Parcel;
use crate::status::{Facts, SyncState};
use crate::sync_history::{History, SyncHistory};
use crate::upstream::UpstreamError;
use crate::verdict::{Verdict, verdicts};

/// What people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) state: SyncState,
    pub(crate) history: History,
    pub(crate) problem: Option<Fault>,
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Push,
    Pull,
}

/// What becomes of the documents of a batch that failed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FailedBatch {
    /// It had nothing to do with them: the same ones are due again.
    SendAgain,
    /// The batch was split: its parts are due again.
    SendInParts,
    /// The only document in it: it waits by itself, the others go on.
    SendAlone,
    /// The only document in it, and it can never be taken: a person has to look.
    NeedsAttention,
}

/// The state of the conversation with the upstream.
pub(crate) struct Plan {
    pace: Pace,
    random: Random,
    latest: LatestTime,
    push: Lane,
    pull: Lane,
    /// Set while no connection can be made.
    away: Option<Lane>,
    last_probe: Moment,
    pull_due: Moment,
    batch: usize,
    documents: Documents,
    failing: Failing,
    history: SyncHistory,
    /// The hub said that our cursor is none of its own.
    cursor_void: bool,
    /// The change feed was read to its end since the start.
    feed_read: bool,
    /// The hub answered since the status was last reported.
    contacted_since_report: bool,
}

impl Plan {
    /// A plan that begins with everything due at once.
    pub(crate) fn new(pace: Pace, random: Random) -> Self {
        let batch = pace.batch.max(1);
        Self {
            pace,
            random,
            latest: LatestTime::UNSEEN,
            push: Lane::default(),
            pull: Lane::default(),
            away: None,
            last_probe: Moment::ZERO,
            pull_due: Moment::ZERO,
            batch,
            documents: Documents::default(),
            failing: Failing::default(),
            history: SyncHistory::default(),
            cursor_void: false,
            feed_read: false,
            contacted_since_report: false,
        }
    }

    /// What an earlier run wrote down.
    pub(crate) fn remember(&mut self, written: History) {
        self.history = SyncHistory::written(written);
    }

    /// Now, if the clock shows `time` at `moment`.
    pub(crate) fn now(&mut self, moment: Moment, time: Timestamp) -> Now {
        self.latest.now(moment, time)
    }

    /// What to do now.
    pub(crate) fn next(&self, now: Moment, work: Work) -> Step {
        if let Some(away) = self.away {
            return if now >= away.again_at {
                Step::Probe
            } else {
                Step::Rest {
                    until: away.again_at,
                }
            };
        }
        let snapshot = work.snapshot || self.cursor_void;
        let pull_at = if snapshot {
            self.pull.again_at
        } else {
            self.pull.again_at.max(self.pull_due)
        };
        if work.due && now >= self.push.again_at {
            return Step::Push { limit: self.batch };
        }
        if now >= pull_at {
            return if snapshot { Step::Snapshot } else { Step::Pull };
        }
        let push_at = if work.due {
            Some(Moment::ZERO)
        } else {
            work.due_at
        };
        let push_at = push_at.map_or(Moment::MAX, |due| due.max(self.push.again_at));
        // A document may become due in this very instant: look again a little later, never in a loop.
        let soonest = now.saturating_add(Duration::from_millis(1));
        Step::Rest {
            until: pull_at.min(push_at).max(soonest),
        }
    }

    /// How many of the due documents [`Plan::batch`] has to be shown to fill a batch.
    pub(crate) fn enough(&self, limit: usize) -> u32 {
        self.documents.enough(limit)
    }

    /// Which of the due documents to send now.
    pub(crate) fn batch(&self, due: &[Parcel], limit: usize) -> Vec<Uuid> {
        self.documents.batch(due, limit)
    }

    /// A document is not what was committed: it is not sent, a person has to look.
    pub(crate) fn damaged(&mut self, now: Now, key: Uuid) {
        let verdict = Verdict::Attention {
            code: "payload_damaged".to_owned(),
            message: "The document is not what was committed. It was not sent.".to_owned(),
        };
        self.settle(now, key, verdict);
    }

    /// The hub answered a batch.
    pub(crate) fn pushed(&mut self, now: Now, sent: &[Uuid], answer: &BatchResult) {
        self.push = Lane::default();
        self.batch = self.batch.saturating_mul(2).min(self.pace.batch.max(1));
        self.failing.push = false;
        self.contacted_since_report = true;
        for (key, verdict) in verdicts(sent, answer) {
            self.documents.send_with_others(&key);
            self.settle(now, key, verdict);
        }
    }

    /// A batch got no usable answer.
    pub(crate) fn push_failed(&mut self, now: Now, sent: &[Uuid], error: UpstreamError) {
        let failed = self.batch_failed(now.moment, &error, sent.len());
        let (code, message) = match error {
            UpstreamError::TooLarge if failed == FailedBatch::NeedsAttention => (
                "document_too_large".to_owned(),
                "This document is larger than the hub takes.".to_owned(),
            ),
            _ => (error.code().to_owned(), error.to_string()),
        };
        match failed {
            FailedBatch::SendAgain | FailedBatch::SendInParts => {
                self.documents
                    .put_back(sent, now.due_until, &code, &message);
            }
            FailedBatch::SendAlone => {
                self.documents.send_alone(sent);
                self.settle_all(now, sent, &Verdict::Again { code, message });
            }
            FailedBatch::NeedsAttention => {
                self.settle_all(now, sent, &Verdict::Attention { code, message });
            }
        }
        // A hub that wants less at once, or says what is wrong with a document, is well.
        if !matches!(error, UpstreamError::TooLarge) && failed != FailedBatch::NeedsAttention {
            self.failing.push = true;
            self.failed(now, error);
        }
    }

    /// Asked to stop while sending: nobody knows whether the hub has them, so they stay in line.
    pub(crate) fn push_interrupted(&mut self, now: Now, sent: &[Uuid]) {
        let message = "The till was stopped while sending.";
        self.documents
            .put_back(sent, now.due_until, "interrupted", message);
    }

    /// What the store has to take down of the documents.
    pub(crate) fn unrecorded(&self) -> Vec<(Uuid, OutboxResult)> {
        self.documents.unrecorded()
    }

    /// The store has taken down all that [`Plan::unrecorded`] gave.
    pub(crate) fn recorded(&mut self) {
        self.documents.recorded();
    }

    /// A snapshot or a part of the change feed was applied; `more` when the hub has more already.
    pub(crate) fn pulled(&mut self, now: Moment, more: bool) {
        self.pull = Lane::default();
        self.pull_due = if more {
            now
        } else {
            now.saturating_add(self.pace.pull_every)
        };
        self.cursor_void = false;
        self.failing.pull = false;
        self.feed_read = true;
        self.contacted_since_report = true;
    }

    /// The change feed or the snapshot could not be read to its end.
    pub(crate) fn pull_failed(&mut self, now: Now, error: UpstreamError) {
        if error.code() == code::CURSOR_AHEAD && !self.cursor_void {
            // No failure of the hub: it does not know our cursor, so everything is loaded again.
            tracing::warn!("the hub does not know this till's cursor: a snapshot follows");
            self.cursor_void = true;
            return;
        }
        if matches!(error, UpstreamError::Unreachable { .. }) {
            self.unreachable(now.moment);
        } else if !self.hold(Direction::Pull, now.moment, &error) {
            let (retry, random) = (self.pace.retry, (self.random)());
            self.pull
                .back_off(now.moment, |failures| retry.delay(failures, random));
        }
        self.failing.pull = true;
        self.failed(now, error);
    }

    /// The hub answered a probe: everything is due at once.
    pub(crate) fn probed(&mut self, now: Moment) {
        self.failing.away = false;
        self.away = None;
        self.push.hurry(now);
        self.pull.hurry(now);
        self.pull_due = now;
    }

    /// A probe got no answer that makes sense.
    pub(crate) fn probe_failed(&mut self, now: Now, error: UpstreamError) {
        self.unreachable(now.moment);
        self.failed(now, error);
    }

    /// The store itself failed: nothing can be done but to try again after this wait.
    pub(crate) fn store_failed(&mut self, now: Now, problem: Fault) -> Duration {
        self.failing.store = true;
        self.history.failed(now.time, problem);
        self.retry_delay(3)
    }

    /// A whole step went through the store.
    pub(crate) fn store_worked(&mut self) {
        self.failing.store = false;
        self.clear_if_recovered();
    }

    /// A sale was made. While the hub is away this asks for a probe, but not for one each scan.
    pub(crate) fn sold(&mut self, now: Moment) {
        self.push.hurry(now);
        let soonest = self
            .last_probe
            .saturating_add(self.pace.sale_probe)
            .max(now);
        if let Some(away) = &mut self.away {
            away.again_at = away.again_at.min(soonest);
        }
    }

    /// A person asked for a try: no wait counts any more.
    pub(crate) fn asked(&mut self, now: Moment) {
        self.push.wait(now, false);
        self.pull.wait(now, false);
        self.pull_due = now;
        if let Some(away) = &mut self.away {
            away.again_at = now;
        }
    }

    /// No wait of ours is longer.
    pub(crate) fn max_wait(&self) -> Duration {
        self.pace.max_hold.saturating_add(self.pace.retry.most)
    }

    /// What people are told with these documents in the outbox; `busy` while something is on its way.
    pub(crate) fn report(&mut self, now: Timestamp, counts: &OutboxCounts, busy: bool) -> Report {
        self.clear_if_recovered();
        let (waiting, attention) = (counts.waiting, counts.attention);
        let failing = self.failing.any();
        let settled = waiting == 0 && attention == 0 && !busy && !failing;
        if settled && self.feed_read && std::mem::take(&mut self.contacted_since_report) {
            self.history.synced(now);
        }
        let facts = Facts {
            failing,
            device_refused: self.failing.device_refused,
            busy,
            feed_read: self.feed_read,
            waiting,
            attention,
        };
        Report {
            state: facts.state(),
            history: self.history.history(),
            problem: self.problem(),
        }
    }

    /// The last failure, while it lasts.
    pub(crate) fn problem(&self) -> Option<Fault> {
        self.history.problem().cloned()
    }

    /// Since when it fails, and when all was last in order.
    pub(crate) fn history(&self) -> History {
        self.history.history()
    }

    /// The history, when it is worth a write.
    pub(crate) fn history_to_write(&self, at_end: bool) -> Option<History> {
        self.history.to_write(at_end)
    }

    /// The history is on the disk.
    pub(crate) fn wrote_history(&mut self, history: History) {
        self.history.wrote(history);
    }

    /// Decides what becomes of a failed batch of so many documents, and when to go on.
    fn batch_failed(&mut self, now: Moment, error: &UpstreamError, sent: usize) -> FailedBatch {
        match error {
            UpstreamError::Unreachable { .. } => {
                self.unreachable(now);
                FailedBatch::SendAgain
            }
            _ if self.hold(Direction::Push, now, error) => FailedBatch::SendAgain,
            _ if sent > 1 => {
                self.batch = (sent / 2).max(1);
                // The hub may be well and only one document bad, so the waits do not grow yet.
                if !matches!(error, UpstreamError::TooLarge) {
                    self.push.failures = self.push.failures.max(1);
                    let wait = self.retry_delay(self.push.failures);
                    self.push.wait(now.saturating_add(wait), false);
                }
                FailedBatch::SendInParts
            }
            UpstreamError::TooLarge => FailedBatch::NeedsAttention,
            _ if error.condemns_request() => FailedBatch::NeedsAttention,
            _ => {
                let (retry, random) = (self.pace.retry, (self.random)());
                self.push
                    .back_off(now, |failures| retry.delay(failures, random));
                FailedBatch::SendAlone
            }
        }
    }

    fn settle_all(&mut self, now: Now, keys: &[Uuid], verdict: &Verdict) {
        for key in keys {
            self.settle(now, *key, verdict.clone());
        }
    }

    fn settle(&mut self, now: Now, key: Uuid, verdict: Verdict) {
        let (retry, random) = (self.pace.retry, &mut self.random);
        let wait = |times| retry.delay(times, random());
        self.documents.settle(key, verdict, now.due_until, wait);
    }

    /// Notes a failure of the conversation.
    fn failed(&mut self, now: Now, error: UpstreamError) {
        tracing::info!(
            code = error.code(),
            ?error,
            "sync failed, will be tried again"
        );
        self.failing.away |= matches!(error, UpstreamError::Unreachable { .. });
        self.failing.device_refused = error.device_refused();
        self.history.failed(now.time, Fault::from(error));
    }

    fn clear_if_recovered(&mut self) {
        if !self.failing.any() {
            self.failing.device_refused = false;
            self.history.recovered();
        }
    }

    fn retry_delay(&mut self, failures: u32) -> Duration {
        self.pace.retry.delay(failures, (self.random)())
    }

    fn unreachable(&mut self, now: Moment) {
        let mut away = self.away.unwrap_or_default();
        away.failures = away.failures.saturating_add(1);
        let wait = self.pace.probe.delay(away.failures, (self.random)());
        away.again_at = now.saturating_add(wait);
        self.away = Some(away);
        self.last_probe = now;
    }

    /// Waits that have nothing to do with what was sent: the hub is busy, or does not know this till.
    fn hold(&mut self, way: Direction, now: Moment, error: &UpstreamError) -> bool {
        let (busy, retry_after) = match error {
            UpstreamError::Status {
                status,
                retry_after,
                ..
            } => (matches!(status, 429 | 503), *retry_after),
            _ => (false, None),
        };
        let refused = error.device_refused();
        if !(refused || busy || retry_after.is_some()) {
            return false;
        }
        let retry = self.pace.retry;
        let random = (self.random)();
        let lane = match way {
            Direction::Push => &mut self.push,
            Direction::Pull => &mut self.pull,
        };
        lane.failures = lane.failures.saturating_add(1);
        let (wait, held) = if refused {
            (self.pace.refused, true)
        } else if let Some(asked) = retry_after {
            // All tills were told the same time: come back a little after it, each at another moment.
            let spread = retry.delay(1, random);
            (asked.min(self.pace.max_hold).saturating_add(spread), true)
        } else {
            (retry.delay(lane.failures, random), false)
        };
        lane.wait(now.saturating_add(wait), held);
        true
    }
}
