//! What the hub has and what it has not, for the pill and the sync desk.

use std::time::Duration;

use evertill_core::{Fault, Money};
use evertill_protocol::Shop;
use evertill_store::{OutboxFilter, OutboxRow, OutboxState, Store};
use evertill_sync::SyncStatus;
use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use crate::fault::AppError;
use crate::session::Caller;
use crate::shop::{EnrolledShop, SHOP};
use crate::till::Till;
use crate::types::{
    CatalogueView, DocumentCountsView, DocumentFilter, DocumentState, DocumentView,
    DocumentsRequest, DocumentsView, Event, LoadingView, Nothing, RetryRequest, SyncState,
    SyncView,
};
use crate::when;

/// Most documents one list shows.
const DOCUMENTS: u32 = 200;

/// `sync.status`
pub(crate) fn status(till: &Till, _: &Caller, _: &Nothing) -> Result<SyncView, Fault> {
    view(till)
}

/// `sync.documents`
pub(crate) fn documents(
    till: &Till,
    _: &Caller,
    request: &DocumentsRequest,
) -> Result<DocumentsView, Fault> {
    documents_of(till.store(), &*till.shop()?, till.now(), request)
}

/// The sync desk over a store.
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
pub(crate) fn retry_now(
    till: &Till,
    _: &Caller,
    request: &RetryRequest,
) -> Result<SyncView, Fault> {
    let key = match &request.key {
        None => None,
        Some(text) => {
            let unknown = || AppError::DocumentUnknown { key: text.clone() };
            let key = Uuid::parse_str(text).map_err(|_| unknown())?;
            till.store().outbox_row(&key)?.ok_or_else(unknown)?;
            Some(key)
        }
    };
    till.store().outbox_retry_now(key.as_ref())?;
    if let Some(worker) = till.worker() {
        worker.retry_now();
    }
    view(till)
}

fn document(enrolled: &EnrolledShop, now: Timestamp, row: &OutboxRow) -> DocumentView {
    let moment = |at| when::moment(at, now, &enrolled.zone);
    DocumentView {
        key: row.envelope.key.to_string(),
        kind: row.envelope.kind.to_string(),
        number: row.envelope.number.clone().unwrap_or_default(),
        total: enrolled.money(row.total.unwrap_or(Money::ZERO)),
        state: state(row.state),
        tries: row.tries,
        last_answer_code: row.last_code.clone(),
        last_answer: row.last_message.clone(),
        created_text: moment(row.envelope.created_at),
        next_try_text: row.next_at.map(moment),
        acknowledged_text: row.acknowledged_at.map(moment),
    }
}

pub(crate) fn state(state: OutboxState) -> DocumentState {
    match state {
        OutboxState::Pending => DocumentState::Pending,
        OutboxState::Sending => DocumentState::Sending,
        OutboxState::Waiting => DocumentState::Waiting,
        OutboxState::Retrying => DocumentState::Retrying,
        OutboxState::Attention => DocumentState::NeedsAttention,
        OutboxState::Acknowledged => DocumentState::Acknowledged,
    }
}

/// The pill: what the worker last said, with the counts of this very moment.
pub(crate) fn view(till: &Till) -> Result<SyncView, Fault> {
    let status = till.worker().map(|worker| worker.status().borrow().clone());
    let counts = till.store().outbox_counts()?;
    Ok(pill(
        till,
        status.as_ref(),
        counts.waiting,
        counts.attention,
    ))
}

fn pill(till: &Till, status: Option<&SyncStatus>, waiting: u64, attention: u64) -> SyncView {
    let zone = till.zone();
    let now = till.now();
    let state = match status {
        _ if attention > 0 => SyncState::Attention,
        Some(status) => state_said(status, waiting),
        None => SyncState::Waiting,
    };
    let offline_since = status.and_then(|status| status.offline_since);
    let last_synced = status.and_then(|status| status.last_synced);
    SyncView {
        state,
        waiting,
        attention,
        offline_since_text: offline_since.map(|at| when::moment(at, now, &zone)),
        last_synced_text: last_synced.map(|at| when::moment(at, now, &zone)),
        offline_since: offline_since.map(|at| at.to_string()),
        last_synced: last_synced.map(|at| at.to_string()),
    }
}

/// The worker's word, unless the counts of this very moment know better: it hears of a new sale, or
/// of a document that a person has put back in line, a little later than the window.
fn state_said(status: &SyncStatus, waiting: u64) -> SyncState {
    use evertill_sync::SyncState as Said;
    match status.state {
        // No document, so it is the till itself that the hub does not know any more.
        Said::Attention if status.attention == 0 => SyncState::Attention,
        Said::Offline => SyncState::Offline,
        Said::Syncing => SyncState::Syncing,
        _ if waiting > 0 => SyncState::Waiting,
        // Nothing waits, but the hub has not been heard since the till was opened.
        Said::Waiting if status.waiting == 0 => SyncState::Waiting,
        _ => SyncState::Synced,
    }
}

/// How much of the catalogue is here.
pub(crate) fn catalogue(till: &Till) -> Result<CatalogueView, Fault> {
    let said = till
        .worker()
        .and_then(|worker| worker.status().borrow().catalogue_loading);
    let loading = match said {
        Some(loading) => Some(LoadingView {
            done: loading.done,
            total: loading.total,
        }),
        // Until the first load has come to its end the catalogue is not whole, whether the worker has
        // got to it yet or not.
        None if till.shop().is_ok() && till.store().cursor()?.is_none() => {
            Some(LoadingView { done: 0, total: 0 })
        }
        None => None,
    };
    Ok(CatalogueView {
        items: till.store().item_count()?,
        loading,
    })
}

impl Till {
    /// Whether the last thing the till tried with the hub failed for want of a connection.
    pub(crate) fn knows_hub_is_away(&self) -> bool {
        self.worker().is_some_and(|worker| {
            worker.status().borrow().state == evertill_sync::SyncState::Offline
        })
    }
}

/// Passes on what the worker says, until the till stops.
pub(crate) async fn tell(
    till: Till,
    mut status: watch::Receiver<SyncStatus>,
    mut stop: watch::Receiver<bool>,
) {
    let mut version_before = None;
    let mut pill_before = None;
    loop {
        let now = status.borrow_and_update().clone();
        let sync = pill(&till, Some(&now), now.waiting, now.attention);
        if pill_before.as_ref() != Some(&sync) {
            till.tell(Event::SyncChanged { sync: sync.clone() });
            pill_before = Some(sync);
        }
        let version = now.catalogue_version;
        if version_before.replace(version) != Some(version) {
            tell_catalogue(&till).await;
        }
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            changed = status.changed() => if changed.is_err() { return },
        }
    }
}

/// Master data changed: the shop is read again and the window told.
async fn tell_catalogue(till: &Till) {
    let told = till.blocking(|till| {
        if let Err(fault) = reread_shop(till) {
            // The till goes on with the shop it knows.
            tracing::warn!(code = %fault.code, message = %fault.message, "the hub's shop was not taken");
        }
        let CatalogueView { items, loading } = catalogue(till)?;
        till.tell(Event::CatalogueChanged { items, loading });
        Ok(())
    });
    if let Err(fault) = told.await {
        tracing::warn!(code = %fault.code, message = %fault.message, "the catalogue cannot be counted");
    }
}

/// The hub may have changed the shop itself: its name, its address, its currency's sign.
fn reread_shop(till: &Till) -> Result<(), Fault> {
    let enrolled = till.shop()?;
    match till.store().setting::<Shop>(SHOP)? {
        Some(shop) if shop != enrolled.shop => {
            till.set_shop(EnrolledShop::new(enrolled.enrolment.clone(), shop)?);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Tells the time each minute, and tidies the store while nobody is in a hurry.
pub(crate) async fn tick(till: Till, mut stop: watch::Receiver<bool>) {
    loop {
        let second = till.now().as_second().rem_euclid(60);
        let left = u64::try_from(60 - second).unwrap_or(60);
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            () = till.sleep(Duration::from_secs(left)) => {}
        }
        let now_text = when::time_of_day(till.now(), &till.zone());
        till.tell(Event::Clock { now_text });
        let kept = till.blocking(|till| Ok(till.store().maintain()?)).await;
        if let Err(fault) = kept {
            tracing::warn!(code = %fault.code, message = %fault.message, "the store was not tidied");
        }
    }
}
