//! Master data on its way down: the first snapshot, then the changes.

use std::sync::Arc;

use evertill_protocol::code;
use evertill_store::StoreError;

use crate::conversation::Conversation;
use crate::push::push_between;
use crate::reading::{Chunk, End, Reading};
use crate::status::Loading;
use crate::time_limit::within;
use crate::upstream::{Feed, UpstreamError};

/// What a feed is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everything: rows that do not come are removed at the end, and only then the cursor is set.
    Snapshot,
    /// What changed after this cursor.
    Changes { after: u64 },
}

/// How reading a feed went, when the store was well.
enum Outcome {
    /// To its true end.
    Whole(End),
    /// Not to its end.
    Failed(UpstreamError),
    /// The worker is to stop.
    Stopped,
}

/// Loads the whole catalogue. Cut off anywhere, it is begun again; what came is sold meanwhile.
pub(crate) async fn snapshot(conversation: &mut Conversation) -> Result<(), StoreError> {
    let upstream = Arc::clone(&conversation.upstream);
    let asked = conversation
        .attended(async move { upstream.snapshot().await }, false)
        .await;
    let outcome = read(conversation, asked, Kind::Snapshot).await?;
    conversation.report_catalogue(None, 0).await?;
    finish(conversation, outcome).await
}

/// Looks at the change feed once.
pub(crate) async fn pull(conversation: &mut Conversation) -> Result<(), StoreError> {
    let after = conversation
        .in_store(|store| store.cursor())
        .await?
        .unwrap_or(0);
    let (upstream, limit) = (
        Arc::clone(&conversation.upstream),
        conversation.config.changes,
    );
    let asked = conversation
        .attended(async move { upstream.changes(after, limit).await }, false)
        .await;
    let outcome = read(conversation, asked, Kind::Changes { after }).await?;
    finish(conversation, outcome).await
}

async fn read(
    conversation: &mut Conversation,
    asked: Option<Result<Box<dyn Feed>, UpstreamError>>,
    kind: Kind,
) -> Result<Outcome, StoreError> {
    let feed = match asked {
        None => return Ok(Outcome::Stopped),
        Some(Err(error)) => return Ok(Outcome::Failed(error)),
        Some(Ok(feed)) => feed,
    };
    if kind == Kind::Snapshot {
        conversation
            .in_store(|store| store.begin_snapshot())
            .await?;
    }
    let mut reading = Reading::new(feed);
    loop {
        let chunk = match next_chunk(conversation, &mut reading).await {
            None => return Ok(Outcome::Stopped),
            Some(Err(error)) => return Ok(Outcome::Failed(error)),
            Some(Ok(chunk)) => chunk,
        };
        let end = chunk.end;
        if let (Some(End { cursor, .. }), Kind::Changes { after }) = (end, kind)
            && cursor < after
        {
            // The hub was put back to an earlier state: its numbers mean something else now.
            return Ok(Outcome::Failed(cursor_ahead(after, cursor)));
        }
        let loading = Loading {
            done: reading.records_received(),
            total: reading.total(),
        };
        apply(conversation, chunk, kind, loading).await?;
        if let Some(end) = end {
            return Ok(Outcome::Whole(end));
        }
        // A long snapshot does not keep sales waiting.
        push_between(conversation).await?;
        if conversation.stopping {
            return Ok(Outcome::Stopped);
        }
    }
}

async fn next_chunk(
    conversation: &mut Conversation,
    reading: &mut Reading,
) -> Option<Result<Chunk, UpstreamError>> {
    let (most, patience) = (
        conversation.config.chunk.max(1),
        conversation.config.chunk_patience,
    );
    // However slowly the lines drip: a chunk has its time, then it is somebody else's turn.
    let timer = Arc::clone(&conversation.timer);
    let work = within(timer.as_ref(), patience, reading.chunk(most));
    let read = conversation.attended(work, false).await?;
    Some(read.unwrap_or(Err(UpstreamError::Timeout)))
}

/// One transaction.
async fn apply(
    conversation: &mut Conversation,
    chunk: Chunk,
    kind: Kind,
    loading: Loading,
) -> Result<(), StoreError> {
    let Chunk {
        changes,
        skipped,
        end,
    } = chunk;
    let nothing_new = changes.is_empty() && skipped == 0;
    let applied = conversation
        .in_store(move |store| match (kind, end) {
            (Kind::Snapshot, None) => store.apply_changes(&changes, None),
            (Kind::Snapshot, Some(end)) => {
                let applied = store.apply_changes(&changes, None)?;
                store.finish_snapshot(end.cursor)?;
                Ok(applied)
            }
            // Nothing changed: no need to write at all.
            (Kind::Changes { after }, Some(end)) if changes.is_empty() && end.cursor == after => {
                Ok(evertill_store::Applied::default())
            }
            (Kind::Changes { .. }, end) => store.apply_changes(&changes, end.map(|end| end.cursor)),
        })
        .await?;
    let left_out = u64::try_from(applied.skipped.len()).unwrap_or(u64::MAX);
    let skipped = skipped.saturating_add(left_out);
    match kind {
        Kind::Snapshot => conversation.report_catalogue(Some(loading), skipped).await,
        Kind::Changes { .. } if nothing_new => Ok(()),
        Kind::Changes { .. } => conversation.report_catalogue(None, skipped).await,
    }
}

async fn finish(conversation: &mut Conversation, outcome: Outcome) -> Result<(), StoreError> {
    let now = conversation.now();
    match outcome {
        Outcome::Stopped => return Ok(()),
        Outcome::Whole(end) => conversation.plan.pulled(now.moment, end.more),
        Outcome::Failed(error) => conversation.plan.pull_failed(now, error),
    }
    conversation.report(false).await
}

fn cursor_ahead(ours: u64, theirs: u64) -> UpstreamError {
    let message = format!("The hub is at change {theirs}, this till at {ours}.");
    UpstreamError::refused(
        409,
        evertill_protocol::ApiError::new(code::CURSOR_AHEAD, message),
        None,
    )
}
