//! A clock that ticks like any other, but shows the time a story wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use evertill_core::{Clock, Sleep, Timer};
use jiff::Timestamp;
use tokio::time::Instant;

/// Monday morning, 9 o'clock in Berlin: every world begins here.
const OPENING: &str = "2026-11-23T08:00:00Z";

/// The time in a world. Clones show the same time; [`WorldClock::own`] makes one that can go wrong
/// by itself, as a till's clock does.
#[derive(Debug, Clone)]
pub struct WorldClock {
    start: Timestamp,
    started: Instant,
    moved: Arc<AtomicI64>,
    skew: Arc<AtomicI64>,
}

impl Default for WorldClock {
    fn default() -> Self {
        Self::at(OPENING.parse().expect("the opening hour is a time"))
    }
}

impl WorldClock {
    /// A world that begins at this moment.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self {
            start,
            started: Instant::now(),
            moved: Arc::default(),
            skew: Arc::default(),
        }
    }

    /// Lets time pass for everybody in the world, without waiting for it.
    pub fn advance(&self, by: Duration) {
        self.moved.fetch_add(whole_millis(by), Ordering::SeqCst);
    }

    /// A clock that goes with the world's until it is put wrong.
    #[must_use]
    pub fn own(&self) -> Self {
        Self {
            skew: Arc::default(),
            ..self.clone()
        }
    }

    /// Puts this clock (and its clones) ahead of the world's by that many seconds, or behind it.
    pub fn put_wrong_by(&self, seconds: i64) {
        self.skew.store(seconds * 1000, Ordering::SeqCst);
    }
}

impl Timer for WorldClock {
    fn moment(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep_until(&self, moment: Duration) -> Sleep {
        Box::pin(tokio::time::sleep_until(self.started + moment))
    }
}

fn whole_millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).expect("a story is shorter than the age of the universe")
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let moved = self.moved.load(Ordering::SeqCst) + self.skew.load(Ordering::SeqCst);
        let passed = whole_millis(self.started.elapsed()) + moved;
        let now = self.start.as_millisecond() + passed;
        Timestamp::from_millisecond(now).expect("a time of this millennium")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_clock_goes_wrong_and_the_others_do_not() {
        let world = WorldClock::default();
        let till = world.own();
        let before = world.now();
        world.advance(Duration::from_secs(3600));
        assert!(till.now().duration_since(before).as_secs() >= 3600);
        till.put_wrong_by(-86_400);
        assert!(till.now() < before);
        assert!(world.now() > before);
    }
}
