//! Time and ids are handed in: the domain asks no clock and rolls no dice.

use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

/// Tells the time. The edge of the program implements it with the system's clock, tests with
/// their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Measures time and waits for it, whatever the clock shows: people set clocks. The edge of the
/// program implements it with the machine's timer, tests with their own.
pub trait Timer: Send + Sync {
    /// How far a fixed start lies back. Never less than before.
    fn moment(&self) -> Duration;

    /// Is ready once [`Timer::moment`] has come to this.
    fn sleep_until(&self, moment: Duration) -> Sleep;
}

/// Waits for a moment.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes new ids.
pub trait Ids: Send + Sync {
    /// A new UUID, version 7: unique, and sorting by the time it was made.
    fn next(&self) -> Uuid;
}
