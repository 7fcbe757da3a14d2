//! What happened in a simulation, in order.

use std::sync::{Arc, Mutex};

use evertill_core::Timer;

use crate::clock::WorldClock;

/// What happened, one line each, with the millisecond. Clones are the same trace.
#[derive(Clone)]
pub struct Trace {
    clock: WorldClock,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Trace {
    pub(crate) fn new(clock: WorldClock) -> Self {
        Self {
            clock,
            lines: Arc::default(),
        }
    }

    pub(crate) fn clock(&self) -> WorldClock {
        self.clock.clone()
    }

    /// Notes something.
    pub fn note(&self, what: impl std::fmt::Display) {
        let line = format!("{:>9} {what}", self.clock.moment().as_millis());
        self.lines.lock().expect("no panic").push(line);
    }

    /// All that was noted.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no panic").clone()
    }
}
