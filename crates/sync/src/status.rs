//! What a person is told about the sync, and nothing that is not so.

use evertill_core::Fault;
use jiff::Timestamp;

/// The word on the sync pill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncState {
    /// Everything was sent, the catalogue is up to date.
    Synced,
    /// Documents are waiting, or the hub has not answered yet.
    #[default]
    Waiting,
    /// The last try failed.
    Offline,
    /// A person has to look: a document that cannot be taken, or a till the hub does not know.
    Attention,
    /// Documents are being sent or the catalogue is being loaded.
    Syncing,
}

/// How far a catalogue has been loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loading {
    /// Records applied.
    pub done: u64,
    /// Records the hub announced.
    pub total: u64,
}

/// The state of the sync at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncStatus {
    /// All of it in one word.
    pub state: SyncState,
    /// Time of the first failure after the last success; `None` while it works.
    pub offline_since: Option<Timestamp>,
    /// Documents not acknowledged yet that will be sent by themselves.
    pub waiting: u64,
    /// Documents a person has to look at.
    pub attention: u64,
    /// Documents the hub has acknowledged.
    pub acknowledged: u64,
    /// The last time everything was sent and the catalogue was up to date. Survives a restart.
    pub last_synced: Option<Timestamp>,
    /// Items that can be sold.
    pub catalogue_items: u64,
    /// Set while the whole catalogue is being loaded.
    pub catalogue_loading: Option<Loading>,
    /// Goes up by one with every change to the catalogue that was applied.
    pub catalogue_version: u64,
    /// Rows of the feed that made no sense and were left out, since the start of the program.
    pub skipped_rows: u64,
    /// What the last failure was; `None` while it works.
    pub problem: Option<Fault>,
}

/// What the one word is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Facts {
    pub(crate) failing: bool,
    pub(crate) device_refused: bool,
    pub(crate) busy: bool,
    pub(crate) feed_read: bool,
    pub(crate) waiting: u64,
    pub(crate) attention: u64,
}

impl Facts {
    /// What a person must do comes first, then what is wrong, then what is going on.
    pub(crate) fn state(self) -> SyncState {
        if self.attention > 0 || self.device_refused {
            SyncState::Attention
        } else if self.failing {
            SyncState::Offline
        } else if self.busy {
            SyncState::Syncing
        } else if self.waiting > 0 || !self.feed_read {
            SyncState::Waiting
        } else {
            SyncState::Synced
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_says_what_matters_most() {
        let fine = Facts {
            feed_read: true,
            ..Facts::default()
        };
        let table = [
            (fine, SyncState::Synced),
            (Facts::default(), SyncState::Waiting),
            (Facts { waiting: 1, ..fine }, SyncState::Waiting),
            (
                Facts {
                    waiting: 1,
                    busy: true,
                    ..fine
                },
                SyncState::Syncing,
            ),
            (
                Facts {
                    waiting: 1,
                    failing: true,
                    busy: true,
                    ..fine
                },
                SyncState::Offline,
            ),
            (
                Facts {
                    attention: 1,
                    failing: true,
                    ..fine
                },
                SyncState::Attention,
            ),
            (
                Facts {
                    device_refused: true,
                    failing: true,
                    ..fine
                },
                SyncState::Attention,
            ),
        ];
        for (facts, state) in table {
            assert_eq!(facts.state(), state, "{facts:?}");
        }
    }
}
