//! How long to wait before trying again: exponential back-off with full jitter.
//!
//! Full jitter means a wait drawn evenly from zero to a ceiling that doubles with each failure, so
//! that a chain's tills do not all come back in the same second when their hub does. Source: Marc
//! Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

use std::time::Duration;

/// Even random numbers, handed in so that a test can decide them.
pub type Random = Box<dyn FnMut() -> u64 + Send + Sync>;

/// No wait is shorter, so that bad luck never becomes a busy loop.
const SHORTEST: Duration = Duration::from_millis(100);

/// A back-off between `first` and `most`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Ceiling after the first failure.
    pub first: Duration,
    /// Ceiling that is never exceeded.
    pub most: Duration,
}

impl Backoff {
    /// The longest possible wait after this many failures in a row.
    #[must_use]
    pub fn ceiling(&self, failures: u32) -> Duration {
        let doubled = 2_u32
            .checked_pow(failures.saturating_sub(1))
            .unwrap_or(u32::MAX);
        self.first.saturating_mul(doubled).min(self.most)
    }

    /// A wait after this many failures in a row, drawn with one random number.
    #[must_use]
    pub fn delay(&self, failures: u32, random: u64) -> Duration {
        // The upper 32 of 64 random bits, as the share of the ceiling: share / 2^32.
        let share = u32::try_from(random >> 32).unwrap_or(u32::MAX);
        let nanos = self
            .ceiling(failures)
            .as_nanos()
            .saturating_mul(u128::from(share))
            >> 32;
        let wait = u64::try_from(nanos).map_or(self.most, Duration::from_nanos);
        wait.max(SHORTEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RETRY: Backoff = Backoff {
        first: Duration::from_secs(1),
        most: Duration::from_secs(300),
    };

    #[test]
    fn the_ceiling_doubles_up_to_five_minutes() {
        let seconds: Vec<u64> = (1..=11).map(|n| RETRY.ceiling(n).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(RETRY.ceiling(0), Duration::from_secs(1));
    }

    proptest! {
        #[test]
        fn a_wait_lies_between_the_shortest_and_its_ceiling(failures: u32, random: u64) {
            let wait = RETRY.delay(failures, random);
            prop_assert!(wait >= SHORTEST);
            prop_assert!(wait <= RETRY.ceiling(failures));
        }

        #[test]
        fn waits_use_the_whole_range(failures in 1_u32..40) {
            let ceiling = RETRY.ceiling(failures);
            prop_assert_eq!(RETRY.delay(failures, 0), SHORTEST);
            prop_assert!(RETRY.delay(failures, u64::MAX) > ceiling * 99 / 100);
            let middle = RETRY.delay(failures, u64::MAX / 2);
            prop_assert!(middle > ceiling * 49 / 100 && middle < ceiling * 51 / 100);
        }
    }
}
