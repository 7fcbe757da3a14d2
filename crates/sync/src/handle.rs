//! The way to a running worker.

use tokio::sync::{mpsc, watch};

use crate::status::SyncStatus;

/// What the worker can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Sold,
    TryNow,
    Stop,
}

/// The way to a running worker. Cheap to clone; when the last one is dropped the worker stops.
#[derive(Debug, Clone)]
pub struct WorkerHandle {
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    pub(crate) status: watch::Receiver<SyncStatus>,
}

impl WorkerHandle {
    /// A document was committed: send it now if the hub can be reached. Never blocks.
    pub fn wake(&self) {
        self.tell(Order::Sold);
    }

    /// A person asks for a try: no back-off counts. Documents that need attention have to be put
    /// back in line in the store first. Never blocks.
    pub fn retry_now(&self) {
        self.tell(Order::TryNow);
    }

    /// The status as it changes. The value is there at once.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SyncStatus> {
        self.status.clone()
    }

    /// Stops the worker and waits until it has put everything away. A request under way is broken
    /// off; its documents stay in line under their keys.
    pub async fn stop(&self) {
        self.tell(Order::Stop);
        self.orders.closed().await;
    }

    fn tell(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::debug!(?order, "the sync worker has stopped already");
        }
    }
}
