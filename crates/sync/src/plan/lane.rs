//! One direction of traffic and its back-off.

use std::time::Duration;

use super::now::Moment;

/// One direction of traffic and its back-off.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lane {
    pub(crate) failures: u32,
    pub(crate) again_at: Moment,
    /// The hub asked for this wait: a sale does not shorten it.
    held: bool,
}

impl Lane {
    /// Counts a failure, and waits for what `delay` gives for so many.
    pub(crate) fn back_off(&mut self, now: Moment, delay: impl FnOnce(u32) -> Duration) {
        self.failures = self.failures.saturating_add(1);
        self.wait(now.saturating_add(delay(self.failures)), false);
    }

    /// Does nothing before this moment.
    pub(crate) fn wait(&mut self, until: Moment, held: bool) {
        self.again_at = until;
        self.held = held;
    }

    /// Goes on now, unless the hub asked for the wait.
    pub(crate) fn hurry(&mut self, now: Moment) {
        if !self.held {
            self.again_at = self.again_at.min(now);
        }
    }
}
