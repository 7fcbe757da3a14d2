//! How the sync stands: the pill and the catalogue's progress, and telling both to the window.

use evertill_core::Fault;
use evertill_protocol::Shop;
use evertill_sync::SyncStatus;
use tokio::sync::watch;

use super::types::{CatalogueView, LoadingView, SyncState, SyncView};
use super::{HubSync, SyncNews};
use crate::context::Context;
use crate::shop::{EnrolledShop, SHOP};
use crate::when;

impl HubSync {
    /// The pill: what the worker last said, with the counts of this very moment.
    pub(crate) fn view(&self) -> Result<SyncView, Fault> {
        let status = self.worker().map(|worker| worker.status().borrow().clone());
        let counts = self.context.store().outbox_counts()?;
        Ok(pill(
            &self.context,
            status.as_ref(),
            counts.waiting,
            counts.attention,
        ))
    }

    /// How much of the catalogue is here.
    pub(crate) fn catalogue(&self) -> Result<CatalogueView, Fault> {
        let store = self.context.store();
        let said = self
            .worker()
            .and_then(|worker| worker.status().borrow().catalogue_loading);
        let loading = match said {
            Some(loading) => Some(LoadingView {
                done: loading.done,
                total: loading.total,
            }),
            // Until the first load has come to its end the catalogue is not whole, whether the worker
            // has got to it yet or not.
            None if self.context.shop().is_ok() && store.cursor()?.is_none() => {
                Some(LoadingView { done: 0, total: 0 })
            }
            None => None,
        };
        Ok(CatalogueView {
            items: store.item_count()?,
            loading,
        })
    }

    /// Whether the last thing the till tried with the hub failed for want of a connection.
    pub(crate) fn knows_hub_is_away(&self) -> bool {
        self.worker().is_some_and(|worker| {
            worker.status().borrow().state == evertill_sync::SyncState::Offline
        })
    }
}

fn pill(context: &Context, status: Option<&SyncStatus>, waiting: u64, attention: u64) -> SyncView {
    let zone = context.zone();
    let now = context.now();
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

/// Passes on what the worker says, until the till stops.
pub(super) async fn tell(
    hub: HubSync,
    mut status: watch::Receiver<SyncStatus>,
    mut stop: watch::Receiver<bool>,
) {
    let mut version_before = None;
    let mut pill_before = None;
    loop {
        let now = status.borrow_and_update().clone();
        let sync = pill(&hub.context, Some(&now), now.waiting, now.attention);
        if pill_before.as_ref() != Some(&sync) {
            (hub.tell)(SyncNews::Status(sync.clone()));
            pill_before = Some(sync);
        }
        let version = now.catalogue_version;
        if version_before.replace(version) != Some(version) {
            tell_catalogue(&hub).await;
        }
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            changed = status.changed() => if changed.is_err() { return },
        }
    }
}

/// Master data changed: the shop is read again and the window told.
async fn tell_catalogue(hub: &HubSync) {
    let context = hub.context.clone();
    let hub = hub.clone();
    let told = context.blocking(move || {
        if let Err(fault) = reread_shop(&hub.context) {
            // The till goes on with the shop it knows.
            tracing::warn!(code = %fault.code, message = %fault.message, "the hub's shop was not taken");
        }
        (hub.tell)(SyncNews::Catalogue(hub.catalogue()?));
        Ok(())
    });
    if let Err(fault) = told.await {
        tracing::warn!(code = %fault.code, message = %fault.message, "the catalogue cannot be counted");
    }
}

/// The hub may have changed the shop itself: its name, its address, its currency's sign.
fn reread_shop(context: &Context) -> Result<(), Fault> {
    let enrolled = context.shop()?;
    match context.store().setting::<Shop>(SHOP)? {
        Some(shop) if shop != enrolled.shop => {
            context.set_shop(EnrolledShop::new(enrolled.enrolment.clone(), shop)?);
            Ok(())
        }
        _ => Ok(()),
    }
}
