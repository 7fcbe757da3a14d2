//! Now, by the two clocks a till has.

use std::time::Duration;

use jiff::Timestamp;

/// A point in time as the distance from a fixed start, so that a clock that is set does not matter.
pub(crate) type Moment = Duration;

/// Now, by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Now {
    /// How far the start lies back.
    pub(crate) moment: Moment,
    /// What the clock shows, which people can set.
    pub(crate) time: Timestamp,
    /// Up to when documents count as due: the clock's time, but never one that runs backwards.
    pub(crate) due_until: Timestamp,
}

/// The latest time seen, and when. A clock that is set back must not put off what is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LatestTime {
    time: Timestamp,
    seen_at: Moment,
}

impl LatestTime {
    pub(crate) const UNSEEN: Self = Self {
        time: Timestamp::MIN,
        seen_at: Moment::ZERO,
    };

    pub(crate) fn now(&mut self, moment: Moment, time: Timestamp) -> Now {
        let passed = moment.saturating_sub(self.seen_at);
        let expected = self.time.saturating_add(passed).unwrap_or(Timestamp::MAX);
        *self = Self {
            time: expected.max(time),
            seen_at: moment,
        };
        Now {
            moment,
            time,
            due_until: self.time,
        }
    }
}
