//! What the plan remembers of single documents.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use evertill_store::OutboxResult;
use jiff::Timestamp;
use uuid::Uuid;

use crate::batch::{MAX_BATCH_BYTES, Parcel, compose};
use crate::verdict::Verdict;

/// Documents on their way, as far as the store does not know it.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    /// Sent alone from now on, because they failed when they stood alone.
    send_alone: BTreeSet<Uuid>,
    /// How often a document was put off in a row, for its own back-off.
    put_off: BTreeMap<Uuid, u32>,
    /// What the store has not taken down yet; kept here while the disk is full.
    unrecorded: BTreeMap<Uuid, OutboxResult>,
}

impl Documents {
    /// How many of the due documents to look at, so that `limit` are left without those sent alone.
    pub(crate) fn enough(&self, limit: usize) -> u32 {
        let enough = limit.saturating_add(self.send_alone.len());
        u32::try_from(enough.saturating_add(1)).unwrap_or(u32::MAX)
    }

    /// Which of the due documents go into the next batch.
    pub(crate) fn batch(&self, due: &[Parcel], limit: usize) -> Vec<Uuid> {
        compose(due, limit, MAX_BATCH_BYTES, &self.send_alone)
    }

    pub(crate) fn send_alone(&mut self, keys: &[Uuid]) {
        self.send_alone.extend(keys);
    }

    pub(crate) fn send_with_others(&mut self, key: &Uuid) {
        self.send_alone.remove(key);
    }

    /// What a verdict means for the outbox. A document that is put off waits longer each time: `wait`
    /// says how long after so many times.
    pub(crate) fn settle(
        &mut self,
        key: Uuid,
        verdict: Verdict,
        now: Timestamp,
        wait: impl FnOnce(u32) -> Duration,
    ) {
        let result = match verdict {
            Verdict::Acknowledged => {
                self.put_off.remove(&key);
                OutboxResult::Acknowledged
            }
            Verdict::Attention { code, message } => {
                self.put_off.remove(&key);
                OutboxResult::NeedsAttention { code, message }
            }
            Verdict::Again { code, message } => {
                let times = self.put_off.entry(key).or_default();
                *times = times.saturating_add(1);
                let at = now.saturating_add(wait(*times)).unwrap_or(Timestamp::MAX);
                OutboxResult::Retry { at, code, message }
            }
        };
        self.unrecorded.insert(key, result);
    }

    /// Back in line at once: these documents are not to blame.
    pub(crate) fn put_back(&mut self, keys: &[Uuid], at: Timestamp, code: &str, message: &str) {
        for key in keys {
            let (code, message) = (code.to_owned(), message.to_owned());
            self.unrecorded
                .insert(*key, OutboxResult::Retry { at, code, message });
        }
    }

    /// What the store has to take down. Until it did, nothing is forgotten: a full disk only means
    /// that the same documents are sent and acknowledged again later.
    pub(crate) fn unrecorded(&self) -> Vec<(Uuid, OutboxResult)> {
        let copy = |(key, result): (&Uuid, &OutboxResult)| (*key, result.clone());
        self.unrecorded.iter().map(copy).collect()
    }

    /// The store has taken all of it down.
    pub(crate) fn recorded(&mut self) {
        self.unrecorded.clear();
    }
}
