//! What the worker does next. Pure: moments and random numbers are handed in, nothing is asked.
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

use std::time::Duration;

use crate::backoff::Backoff;
use crate::upstream::UpstreamError;

/// A point in time as the distance from a fixed start, so that a clock that is set does not matter.
pub type Moment = Duration;

/// How fast everything goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Between tries after an error.
    pub retry: Backoff,
    /// Between probes while no connection can be made.
    pub probe: Backoff,
    /// Between two looks at the change feed.
    pub pull_every: Duration,
    /// Between two tries when the hub does not know this till any more.
    pub refused: Duration,
    /// The longest wait a hub may ask for.
    pub max_hold: Duration,
    /// The shortest time between two connection attempts that new sales cause.
    pub sale_probe: Duration,
    /// The most documents in a batch.
    pub batch: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry: Backoff {
                first: Duration::from_secs(1),
                most: Duration::from_secs(300),
            },
            probe: Backoff {
                first: Duration::from_secs(1),
                most: Duration::from_secs(15),
            },
            pull_every: Duration::from_secs(30),
            refused: Duration::from_secs(300),
            max_hold: Duration::from_secs(3_600),
            sale_probe: Duration::from_secs(1),
            batch: evertill_protocol::MAX_BATCH_DOCUMENTS,
        }
    }
}

/// What there is to do, as the store sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// A document could be sent now.
    pub due: bool,
    /// When the next one can, if none can now.
    pub due_at: Option<Moment>,
    /// There is no catalogue to apply changes to.
    pub snapshot: bool,
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask whether the hub is there.
    Probe,
    /// Send up to this many documents.
    Push {
        /// At least 1.
        limit: usize,
    },
    /// Load the whole catalogue.
    Snapshot,
    /// Look at the change feed.
    Pull,
    /// Do nothing before this moment, unless woken.
    Rest {
        /// Always in the future.
        until: Moment,
    },
}

/// One direction of traffic and its back-off.
#[derive(Debug, Clone, Copy, Default)]
struct Lane {
    failures: u32,
    again_at: Moment,
    /// The hub asked for this wait: a sale does not shorten it.
    held: bool,
}

impl Lane {
    fn wait(&mut self, until: Moment, held: bool) {
        self.again_at = until;
        self.held = held;
    }

    fn hurry(&mut self, now: Moment) {
        if !self.held {
            self.again_at = self.again_at.min(now);
        }
    }
}

/// What to do about a batch that failed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Nobody's fault: the same documents are due again.
    Nobody,
    /// The batch was split: its parts are due again.
    Split,
    /// The only document in it: it waits by itself, the others go on.
    Document,
    /// The only document in it, and it can never be taken: a person has to look.
    DocumentForGood,
}

/// The state of the conversation with the upstream.
#[derive(Debug, Clone)]
pub struct Plan {
    pace: Pace,
    push: Lane,
    pull: Lane,
    /// Set while no connection can be made.
    away: Option<Lane>,
    last_probe: Moment,
    pull_due: Moment,
    batch: usize,
}

impl Plan {
    /// A plan that begins with everything due at once.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let batch = pace.batch.max(1);
        Self {
            pace,
            push: Lane::default(),
            pull: Lane::default(),
            away: None,
            last_probe: Moment::ZERO,
            pull_due: Moment::ZERO,
            batch,
        }
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: Moment, work: Work) -> Step {
        if let Some(away) = self.away {
            return if now >= away.again_at {
                Step::Probe
            } else {
                Step::Rest {
                    until: away.again_at,
                }
            };
        }
        let pull_at = if work.snapshot {
            self.pull.again_at
        } else {
            self.pull.again_at.max(self.pull_due)
        };
        if work.due && now >= self.push.again_at {
            return Step::Push { limit: self.batch };
        }
        if now >= pull_at {
            return if work.snapshot {
                Step::Snapshot
            } else {
                Step::Pull
            };
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

    /// The hub answered a batch.
    pub fn pushed(&mut self) {
        self.push = Lane::default();
        self.batch = self.batch.saturating_mul(2).min(self.pace.batch.max(1));
    }

    /// A batch of `sent` documents got no usable answer.
    pub fn push_failed(
        &mut self,
        now: Moment,
        error: &UpstreamError,
        sent: usize,
        random: u64,
    ) -> Blame {
        match error {
            UpstreamError::Unreachable { .. } => {
                self.unreachable(now, random);
                Blame::Nobody
            }
            _ if self.hold(Direction::Push, now, error, random) => Blame::Nobody,
            _ if sent > 1 => {
                self.batch = (sent / 2).max(1);
                // The hub may be well and only one document bad, so the waits do not grow yet.
                if !matches!(error, UpstreamError::TooLarge) {
                    self.push.failures = self.push.failures.max(1);
                    let wait = self.pace.retry.delay(self.push.failures, random);
                    self.push.wait(now.saturating_add(wait), false);
                }
                Blame::Split
            }
            UpstreamError::TooLarge => Blame::DocumentForGood,
            _ if error.condemns_request() => Blame::DocumentForGood,
            _ => {
                self.push.failures = self.push.failures.saturating_add(1);
                let wait = self.pace.retry.delay(self.push.failures, random);
                self.push.wait(now.saturating_add(wait), false);
                Blame::Document
            }
        }
    }

    /// A snapshot or a part of the change feed was applied; `more` when the hub has more already.
    pub fn pulled(&mut self, now: Moment, more: bool) {
        self.pull = Lane::default();
        self.pull_due = if more {
            now
        } else {
            now.saturating_add(self.pace.pull_every)
        };
    }

    /// The change feed or the snapshot could not be read to its end.
    pub fn pull_failed(&mut self, now: Moment, error: &UpstreamError, random: u64) {
        if matches!(error, UpstreamError::Unreachable { .. }) {
            self.unreachable(now, random);
        } else if !self.hold(Direction::Pull, now, error, random) {
            self.pull.failures = self.pull.failures.saturating_add(1);
            let wait = self.pace.retry.delay(self.pull.failures, random);
            self.pull.wait(now.saturating_add(wait), false);
        }
    }

    /// The hub answered a probe: everything is due at once.
    pub fn probed(&mut self, now: Moment) {
        self.away = None;
        self.push.hurry(now);
        self.pull.hurry(now);
        self.pull_due = now;
    }

    /// A probe got no answer that makes sense.
    pub fn probe_failed(&mut self, now: Moment, random: u64) {
        self.unreachable(now, random);
    }

    /// A sale was made. While the hub is away this asks for a probe, but not for one each scan.
    pub fn sold(&mut self, now: Moment) {
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
    pub fn asked(&mut self, now: Moment) {
        self.push.wait(now, false);
        self.pull.wait(now, false);
        self.pull_due = now;
        if let Some(away) = &mut self.away {
            away.again_at = now;
        }
    }

    /// How long a document that the hub put off, or that is to blame, waits after so many tries.
    #[must_use]
    pub fn document_delay(&self, tries: u32, random: u64) -> Duration {
        self.pace.retry.delay(tries, random)
    }

    fn unreachable(&mut self, now: Moment, random: u64) {
        let mut away = self.away.unwrap_or_default();
        away.failures = away.failures.saturating_add(1);
        away.again_at = now.saturating_add(self.pace.probe.delay(away.failures, random));
        self.away = Some(away);
        self.last_probe = now;
    }

    /// Waits that have nothing to do with what was sent: the hub is busy, or does not know this till.
    fn hold(&mut self, way: Direction, now: Moment, error: &UpstreamError, random: u64) -> bool {
        let retry_after = match error {
            UpstreamError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        let busy = matches!(
            error,
            UpstreamError::Status {
                status: 429 | 503,
                ..
            }
        );
        let refused = error.device_refused();
        let lane = match way {
            Direction::Push => &mut self.push,
            Direction::Pull => &mut self.pull,
        };
        if refused {
            lane.failures = lane.failures.saturating_add(1);
            lane.wait(now.saturating_add(self.pace.refused), true);
        } else if let Some(asked) = retry_after {
            lane.failures = lane.failures.saturating_add(1);
            // All tills were told the same time: come back a little after it, each at another moment.
            let spread = self.pace.retry.delay(1, random);
            let wait = asked.min(self.pace.max_hold).saturating_add(spread);
            lane.wait(now.saturating_add(wait), true);
        } else if busy {
            lane.failures = lane.failures.saturating_add(1);
            let wait = self.pace.retry.delay(lane.failures, random);
            lane.wait(now.saturating_add(wait), false);
        }
        refused || busy || retry_after.is_some()
    }
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Push,
    Pull,
}
