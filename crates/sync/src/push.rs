//! Documents on their way up.

use std::sync::Arc;

use evertill_protocol::Envelope;
use evertill_store::StoreError;
use uuid::Uuid;

use crate::batch::Parcel;
use crate::conversation::Conversation;
use crate::plan::{Step, Work};

/// Sends one batch and takes down what became of each document in it.
pub(crate) async fn push(conversation: &mut Conversation, limit: usize) -> Result<(), StoreError> {
    let documents = choose(conversation, limit).await?;
    if documents.is_empty() {
        return Ok(());
    }
    let keys: Vec<Uuid> = documents.iter().map(|document| document.key).collect();
    let marked = keys.clone();
    conversation
        .in_store(move |store| store.outbox_mark_sending(&marked))
        .await?;
    conversation.report(true).await?;
    let upstream = Arc::clone(&conversation.upstream);
    let posting = async move { upstream.post(&documents).await };
    let answer = conversation.attended(posting, false).await;
    let now = conversation.now();
    match answer {
        None => conversation.plan.push_interrupted(now, &keys),
        Some(Ok(answer)) => conversation.plan.pushed(now, &keys, &answer),
        Some(Err(error)) => conversation.plan.push_failed(now, &keys, error),
    }
    conversation.record().await?;
    conversation.report(false).await
}

/// Sends a batch in the middle of something longer, if one is due.
pub(crate) async fn push_between(conversation: &mut Conversation) -> Result<(), StoreError> {
    let now = conversation.now();
    let due = conversation
        .in_store(move |store| store.outbox_due(now.due_until, 1))
        .await?;
    let work = Work {
        due: !due.is_empty(),
        ..Work::default()
    };
    match conversation.plan.next(conversation.moment(), work) {
        Step::Push { limit } => push(conversation, limit).await,
        _ => Ok(()),
    }
}

/// The documents of the next batch. One whose payload is no longer what was committed is not sent.
async fn choose(
    conversation: &mut Conversation,
    limit: usize,
) -> Result<Vec<Envelope>, StoreError> {
    let now = conversation.now();
    let enough = conversation.plan.enough(limit);
    let due = conversation
        .in_store(move |store| store.outbox_due(now.due_until, enough))
        .await?;
    let mut due: Vec<Envelope> = due.into_iter().map(|row| row.envelope).collect();
    for damaged in due.extract_if(.., |document| !document.verify_hash()) {
        conversation.plan.damaged(now, damaged.key);
    }
    let parcel = |document: &Envelope| Parcel {
        key: document.key,
        bytes: document.payload.get().len(),
    };
    let parcels: Vec<Parcel> = due.iter().map(parcel).collect();
    let chosen = conversation.plan.batch(&parcels, limit);
    due.retain(|document| chosen.contains(&document.key));
    if due.is_empty() {
        conversation.record().await?;
    }
    Ok(due)
}
