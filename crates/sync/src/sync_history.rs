//! What the worker remembers for people: since when it is offline, when all was last in order.

use evertill_core::Fault;
use evertill_store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Under which name the store keeps it.
const SETTING: &str = "sync.history";

/// A later "last synced" is written down at most this often; a start in between shows the earlier.
const WRITE_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// What survives a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct History {
    /// The first failure after the last success.
    #[serde(default)]
    pub(crate) offline_since: Option<Timestamp>,
    /// The last time everything was sent and the catalogue was up to date.
    #[serde(default)]
    pub(crate) last_synced: Option<Timestamp>,
}

/// The history with what is not written down yet.
#[derive(Debug, Default)]
pub(crate) struct SyncHistory {
    now: History,
    written: History,
    problem: Option<Fault>,
}

impl SyncHistory {
    /// The history as an earlier run wrote it down.
    pub(crate) fn written(history: History) -> Self {
        Self {
            now: history,
            written: history,
            problem: None,
        }
    }

    pub(crate) fn history(&self) -> History {
        self.now
    }

    pub(crate) fn problem(&self) -> Option<&Fault> {
        self.problem.as_ref()
    }

    /// Something failed. The first failure after a success sets the time.
    pub(crate) fn failed(&mut self, at: Timestamp, problem: Fault) {
        self.now.offline_since.get_or_insert(at);
        self.problem = Some(problem);
    }

    /// Everything tried last has worked.
    pub(crate) fn recovered(&mut self) {
        self.now.offline_since = None;
        self.problem = None;
    }

    /// Everything was sent and the catalogue is up to date.
    pub(crate) fn synced(&mut self, at: Timestamp) {
        self.now.last_synced = Some(at);
    }

    /// What is worth a write now: a change of `offline_since` at once, a later `last_synced` now and
    /// then, and everything at the end.
    pub(crate) fn to_write(&self, at_end: bool) -> Option<History> {
        let moved = match (self.written.last_synced, self.now.last_synced) {
            (Some(then), Some(now)) => now.duration_since(then).abs() >= WRITE_EVERY,
            (then, now) => then != now,
        };
        let turned = self.written.offline_since != self.now.offline_since;
        let differs = self.written != self.now;
        (differs && (turned || moved || at_end)).then_some(self.now)
    }

    /// The history is on the disk.
    pub(crate) fn wrote(&mut self, history: History) {
        self.written = history;
    }
}

/// Reads what an earlier run wrote down. Unreadable history is no reason not to sync.
pub(crate) fn read(store: &Store) -> History {
    let history = store.setting::<History>(SETTING).unwrap_or_else(|error| {
        tracing::warn!(%error, "the history of the sync cannot be read");
        None
    });
    history.unwrap_or_default()
}

/// Writes the history down.
pub(crate) fn write(store: &Store, history: History) -> Result<(), StoreError> {
    store.set_setting(SETTING, &history)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn offline_since_is_the_first_failure_after_the_last_success() {
        let mut history = SyncHistory::default();
        history.failed(at(10), Fault::new("hub_unreachable", ""));
        history.failed(at(20), Fault::new("hub_timeout", ""));
        assert_eq!(history.history().offline_since, Some(at(10)));
        assert_eq!(
            history.problem().map(|problem| problem.code.as_str()),
            Some("hub_timeout")
        );
        history.recovered();
        assert_eq!(
            (history.history().offline_since, history.problem()),
            (None, None)
        );
        history.failed(at(30), Fault::new("hub_timeout", ""));
        assert_eq!(history.history().offline_since, Some(at(30)));
    }

    #[test]
    fn the_history_is_written_when_it_matters() {
        let mut history = SyncHistory::default();
        assert_eq!(history.to_write(true), None);
        history.synced(at(1_000));
        let first = history.to_write(false).expect("the first time");
        history.wrote(first);
        history.synced(at(1_030));
        assert_eq!(history.to_write(false), None, "not each half minute");
        assert!(history.to_write(true).is_some(), "but at the end");
        history.synced(at(1_300));
        assert!(history.to_write(false).is_some());
        history.wrote(history.history());
        history.failed(at(1_310), Fault::new("hub_unreachable", ""));
        assert!(history.to_write(false).is_some(), "going offline at once");
    }
}
