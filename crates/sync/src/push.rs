//! Documents on their way up.

use std::collections::BTreeMap;
use std::sync::Arc;

use evertill_protocol::Envelope;
use evertill_store::{OutboxResult, StoreError};
use jiff::Timestamp;
use uuid::Uuid;

use crate::batch::{MAX_BATCH_BYTES, Parcel, compose};
use crate::plan::{Blame, Step, Work};
use crate::upstream::UpstreamError;
use crate::verdict::{Verdict, verdicts};
use crate::worker::Worker;

impl Worker {
    /// Sends one batch and takes down what became of each document in it.
    pub(crate) async fn push(&mut self, limit: usize) -> Result<(), StoreError> {
        let documents = self.choose(limit).await?;
        if documents.is_empty() {
            return Ok(());
        }
        let keys: Vec<Uuid> = documents.iter().map(|document| document.key).collect();
        let marked = keys.clone();
        self.in_store(move |store| store.outbox_mark_sending(&marked))
            .await?;
        self.report(true).await?;
        let upstream = Arc::clone(&self.upstream);
        let posting = async move { upstream.post(&documents).await };
        match self.attended(posting, false).await {
            // Asked to stop: nobody knows whether the hub has them, so they stay in line.
            None => self.put_back(&keys, "interrupted", "The till was stopped while sending."),
            Some(Ok(answer)) => self.answered(verdicts(&keys, &answer)),
            Some(Err(error)) => self.not_answered(&keys, error),
        }
        self.record().await?;
        self.report(false).await
    }

    /// Sends a batch in the middle of something longer, if one is due.
    pub(crate) async fn push_between(&mut self) -> Result<(), StoreError> {
        let horizon = self.horizon();
        let due = self
            .in_store(move |store| store.outbox_due(horizon, 1))
            .await?;
        let work = Work {
            due: !due.is_empty(),
            ..Work::default()
        };
        match self.plan.next(self.moment(), work) {
            Step::Push { limit } => self.push(limit).await,
            _ => Ok(()),
        }
    }

    /// The documents of the next batch. One whose payload is no longer what was committed is not
    /// sent: a person has to look.
    async fn choose(&mut self, limit: usize) -> Result<Vec<Envelope>, StoreError> {
        let horizon = self.horizon();
        let enough = limit.saturating_add(self.suspects.len()).saturating_add(1);
        let enough = u32::try_from(enough).unwrap_or(u32::MAX);
        let due = self
            .in_store(move |store| store.outbox_due(horizon, enough))
            .await?;
        let mut due: Vec<Envelope> = due.into_iter().map(|row| row.envelope).collect();
        for damaged in due.extract_if(.., |document| !document.verify_hash()) {
            let verdict = Verdict::Attention {
                code: "payload_damaged".to_owned(),
                message: "The document is not what was committed. It was not sent.".to_owned(),
            };
            self.settle(damaged.key, verdict);
        }
        let parcel = |document: &Envelope| Parcel {
            key: document.key,
            bytes: document.payload.get().len(),
        };
        let parcels: Vec<Parcel> = due.iter().map(parcel).collect();
        let chosen = compose(&parcels, limit, MAX_BATCH_BYTES, &self.suspects);
        due.retain(|document| chosen.contains(&document.key));
        if due.is_empty() {
            self.record().await?;
        }
        Ok(due)
    }

    fn answered(&mut self, verdicts: BTreeMap<Uuid, Verdict>) {
        self.plan.pushed();
        self.trouble.push = false;
        self.contacted_since_report = true;
        for (key, verdict) in verdicts {
            self.suspects.remove(&key);
            self.settle(key, verdict);
        }
    }

    fn not_answered(&mut self, keys: &[Uuid], error: UpstreamError) {
        let (now, random) = (self.moment(), self.random());
        let blame = self.plan.push_failed(now, &error, keys.len(), random);
        let (code, message) = match error {
            UpstreamError::TooLarge if blame == Blame::DocumentForGood => (
                "document_too_large",
                "This document is larger than the hub takes.".to_owned(),
            ),
            _ => (error.code(), error.to_string()),
        };
        match blame {
            Blame::Nobody | Blame::Split => self.put_back(keys, code, &message),
            Blame::Document => {
                self.suspects.extend(keys);
                for key in keys {
                    let (code, message) = (code.to_owned(), message.clone());
                    self.settle(*key, Verdict::Again { code, message });
                }
            }
            Blame::DocumentForGood => {
                for key in keys {
                    let (code, message) = (code.to_owned(), message.clone());
                    self.settle(*key, Verdict::Attention { code, message });
                }
            }
        }
        // A hub that wants less at once, or says what is wrong with a document, is well.
        if !matches!(error, UpstreamError::TooLarge) && blame != Blame::DocumentForGood {
            self.trouble.push = true;
            self.failed(error);
        }
    }

    /// What a verdict means for the outbox. A document that is put off waits longer each time.
    fn settle(&mut self, key: Uuid, verdict: Verdict) {
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
                let random = self.random();
                let times = self.put_off.entry(key).or_default();
                *times = times.saturating_add(1);
                let wait = self.plan.document_delay(*times, random);
                let at = self
                    .horizon()
                    .saturating_add(wait)
                    .unwrap_or(Timestamp::MAX);
                OutboxResult::Retry { at, code, message }
            }
        };
        self.unrecorded.insert(key, result);
    }

    /// Back in line at once: these documents are not to blame.
    fn put_back(&mut self, keys: &[Uuid], code: &str, message: &str) {
        let at = self.horizon();
        for key in keys {
            let (code, message) = (code.to_owned(), message.to_owned());
            self.unrecorded
                .insert(*key, OutboxResult::Retry { at, code, message });
        }
    }

    /// Has the store take down what is not recorded yet. Until that worked, nothing is forgotten: a
    /// full disk only means that the same documents are sent and acknowledged again later.
    pub(crate) async fn record(&mut self) -> Result<(), StoreError> {
        if self.unrecorded.is_empty() {
            return Ok(());
        }
        let results: Vec<(Uuid, OutboxResult)> = self
            .unrecorded
            .iter()
            .map(|(key, result)| (*key, result.clone()))
            .collect();
        self.in_store(move |store| store.outbox_results(&results))
            .await?;
        self.unrecorded.clear();
        Ok(())
    }
}
