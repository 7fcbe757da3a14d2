//! Ids out of a seed.

use std::sync::Mutex;

use evertill_core::{Clock, Ids};
use uuid::{Builder, Uuid};

use crate::chance::Chance;
use crate::clock::WorldClock;

/// Version 7 ids out of a seed and the world's time, in the order they are made.
pub(crate) struct SeededIds {
    clock: WorldClock,
    made: Mutex<(u16, Chance)>,
}

impl SeededIds {
    pub(crate) fn new(seed: u64, clock: WorldClock) -> Self {
        Self {
            clock,
            made: Mutex::new((0, Chance::seeded(seed))),
        }
    }
}

impl Ids for SeededIds {
    fn next(&self) -> Uuid {
        let millis = self.clock.now().as_millisecond();
        let mut made = self.made.lock().expect("no panic");
        made.0 = made.0.wrapping_add(1);
        let mut random = [0; 10];
        random[..2].copy_from_slice(&(made.0 & 0x0FFF).to_be_bytes());
        random[2..].copy_from_slice(&made.1.next().to_be_bytes());
        let millis = u64::try_from(millis).expect("a time after 1970");
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
