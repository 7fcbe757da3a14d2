//! Time and ids are handed in: the domain asks no clock and rolls no dice.

use jiff::Timestamp;
use uuid::Uuid;

/// Tells the time. The edge of the program implements it with the system's clock, tests with
/// their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Makes new ids.
pub trait Ids: Send + Sync {
    /// A new UUID, version 7: unique, and sorting by the time it was made.
    fn next(&self) -> Uuid;
}
