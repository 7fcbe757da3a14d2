//! The documents of the outbox, listed and sent again.

use evertill_core::{Fault, Money};
use evertill_store::{OutboxFilter, OutboxRow, OutboxState, Store};
use jiff::Timestamp;
use uuid::Uuid;

use super::HubSync;
use super::types::{
    DocumentCountsView, DocumentFilter, DocumentState, DocumentView, DocumentsRequest,
    DocumentsView, RetryRequest, SyncView,
};
use crate::caller::Caller;
use crate::fault::AppError;
use crate::shop::EnrolledShop;
use crate::when;

/// Most documents one list shows.
const DOCUMENTS: u32 = 200;

/// `sync.documents`
pub(super) fn documents(
    sync: &HubSync,
    _: &Caller,
    request: &DocumentsRequest,
) -> Result<DocumentsView, Fault> {
    let context = &sync.context;
    documents_of(context.store(), &*context.shop()?, context.now(), request)
}

/// The documents in a store's outbox.
pub(crate) fn documents_of(
    store: &Store,
    enrolled: &EnrolledShop,
    now: Timestamp,
    request: &DocumentsRequest,
) -> Result<DocumentsView, Fault> {
    let filter = match request.filter {
        DocumentFilter::All => OutboxFilter::All,
        DocumentFilter::Waiting => OutboxFilter::Waiting,
        DocumentFilter::Attention => OutboxFilter::Attention,
        DocumentFilter::Acknowledged => OutboxFilter::Acknowledged,
    };
    let rows = store.outbox_list(filter, request.limit.clamp(1, DOCUMENTS))?;
    let counts = store.outbox_counts()?;
    Ok(DocumentsView {
        documents: rows
            .iter()
            .map(|row| document(enrolled, now, row))
            .collect(),
        counts: DocumentCountsView {
            waiting: counts.waiting,
            attention: counts.attention,
            acknowledged: counts.acknowledged,
        },
    })
}

/// `sync.retry_now`: sends what waits without waiting for its time.
///
/// Refusals: `document_unknown`.
pub(super) fn retry_now(
    sync: &HubSync,
    _: &Caller,
    request: &RetryRequest,
) -> Result<SyncView, Fault> {
    let store = sync.context.store();
    let key = match &request.key {
        None => None,
        Some(text) => {
            let unknown = || AppError::DocumentUnknown { key: text.clone() };
            let key = Uuid::parse_str(text).map_err(|_| unknown())?;
            store.outbox_row(&key)?.ok_or_else(unknown)?;
            Some(key)
        }
    };
    store.outbox_retry_now(key.as_ref())?;
    if let Some(worker) = sync.worker() {
        worker.retry_now();
    }
    sync.view()
}

fn document(enrolled: &EnrolledShop, now: Timestamp, row: &OutboxRow) -> DocumentView {
    let moment = |at| when::moment(at, now, &enrolled.zone);
    DocumentView {
        key: row.envelope.key.to_string(),
        kind: row.envelope.kind.to_string(),
        number: row.envelope.number.clone().unwrap_or_default(),
        total: enrolled.money(row.total.unwrap_or(Money::ZERO)),
        state: document_state(row.state),
        tries: row.tries,
        last_answer_code: row.last_code.clone(),
        last_answer: row.last_message.clone(),
        created_text: moment(row.envelope.created_at),
        next_try_text: row.next_at.map(moment),
        acknowledged_text: row.acknowledged_at.map(moment),
    }
}

/// An outbox row's state as the window names it.
pub(crate) fn document_state(state: OutboxState) -> DocumentState {
    match state {
        OutboxState::Pending => DocumentState::Pending,
        OutboxState::Sending => DocumentState::Sending,
        OutboxState::Waiting => DocumentState::Waiting,
        OutboxState::Retrying => DocumentState::Retrying,
        OutboxState::Attention => DocumentState::NeedsAttention,
        OutboxState::Acknowledged => DocumentState::Acknowledged,
    }
}
