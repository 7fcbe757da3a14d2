//! What the hub has and what it has not: the connection, the worker, the pill and the documents.

mod connect;
mod documents;
mod status;
mod types;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

pub use connect::{Connect, HubConnect};
pub(crate) use connect::{fault_of, is_away};
pub(crate) use documents::{document_state, documents_of};
pub use types::{
    CatalogueView, DocumentCountsView, DocumentFilter, DocumentState, DocumentView,
    DocumentsRequest, DocumentsView, LoadingView, RetryRequest, SyncState, SyncView,
};

use evertill_core::{Fault, Permission};
use evertill_sync::{Upstream, Worker, WorkerConfig, WorkerHandle};

use crate::caller::Caller;
use crate::command::{Access, commands};
use crate::common::Nothing;
use crate::context::Context;
use crate::fault::AppError;
use crate::tasks::Tasks;

/// What the sync tells the window.
pub(crate) enum SyncNews {
    /// The pill.
    Status(SyncView),
    /// Items, people or categories changed.
    Catalogue(CatalogueView),
}

/// The connection to the hub and the worker on it. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub(crate) struct HubSync {
    context: Context,
    connect: Arc<dyn Connect>,
    config: WorkerConfig,
    tasks: Tasks,
    tell: Arc<dyn Fn(SyncNews) + Send + Sync>,
    link: Arc<Link>,
}

/// What there is once the till belongs to a shop.
#[derive(Default)]
struct Link {
    upstream: RwLock<Option<Arc<dyn Upstream>>>,
    worker: Mutex<Option<Arc<WorkerHandle>>>,
}

commands! {
    HubSync;
    "sync.status": Nothing => SyncView, Access::Public, store status_command;
    "sync.documents": DocumentsRequest => DocumentsView, Access::Needs(Permission::ViewSync), store documents::documents;
    "sync.retry_now": RetryRequest => SyncView, Access::Needs(Permission::RetrySync), store documents::retry_now;
}

/// `sync.status`
fn status_command(sync: &HubSync, _: &Caller, _: &Nothing) -> Result<SyncView, Fault> {
    sync.view()
}

impl HubSync {
    pub(crate) fn new(
        context: Context,
        connect: Arc<dyn Connect>,
        config: WorkerConfig,
        tasks: Tasks,
        tell: Arc<dyn Fn(SyncNews) + Send + Sync>,
    ) -> Self {
        Self {
            context,
            connect,
            config,
            tasks,
            tell,
            link: Arc::default(),
        }
    }

    /// The hub at `url`; nothing is sent yet.
    ///
    /// # Errors
    /// `hub_url_invalid`
    pub(crate) fn connect(
        &self,
        url: &str,
        token: Option<&str>,
    ) -> Result<Arc<dyn Upstream>, Fault> {
        self.connect.connect(url, token)
    }

    /// Starts sending and pulling; called once the till belongs to a shop.
    ///
    /// # Errors
    /// `not_enrolled`, `hub_url_invalid`
    pub(crate) fn start(&self) -> Result<(), Fault> {
        let enrolled = self.context.shop()?;
        let token = enrolled.enrolment.token.as_str();
        let upstream = self.connect(&enrolled.enrolment.hub_url, Some(token))?;
        let machine = self.context.machine();
        let random = Arc::clone(&machine.random);
        let worker = Arc::new(Worker::spawn(
            self.config.clone(),
            self.context.store().clone(),
            Arc::clone(&upstream),
            Arc::clone(&machine.clock),
            Arc::clone(&machine.timer),
            Arc::clone(&machine.threads),
            Box::new(move || random()),
        ));
        let status = worker.status();
        // Both are only ever replaced as a whole, so what a panic left behind is good.
        let link = &self.link;
        *link
            .upstream
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(upstream);
        *link.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
        let stopping = self.tasks.stopping();
        self.tasks
            .spawn(status::tell(self.clone(), status, stopping));
        Ok(())
    }

    /// Stops the worker, after the batch that is on its way.
    pub(crate) async fn stop(&self) {
        let worker = self
            .link
            .worker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(worker) = worker {
            worker.stop().await;
        }
    }

    /// # Errors
    /// `not_enrolled`
    pub(crate) fn upstream(&self) -> Result<Arc<dyn Upstream>, Fault> {
        let upstream = self.link.upstream.read();
        upstream
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| AppError::NotEnrolled.into())
    }

    /// Something new is to be sent.
    pub(crate) fn wake(&self) {
        if let Some(worker) = self.worker() {
            worker.wake();
        }
    }

    fn worker(&self) -> Option<Arc<WorkerHandle>> {
        let worker = self.link.worker.lock();
        worker.unwrap_or_else(PoisonError::into_inner).clone()
    }
}
