//! The till's background tasks: started here, told to stop and waited for together.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Background tasks of one till. Cheap to clone; all clones are the same tasks.
#[derive(Clone)]
pub(crate) struct Tasks {
    stop: watch::Sender<bool>,
    running: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self {
            stop: watch::channel(false).0,
            running: Arc::default(),
        }
    }

    /// Starts a task. It should end soon after [`Tasks::stopping`] turns true.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.push(tokio::spawn(task));
    }

    /// Turns true when the till stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Tells every task that the till stops.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until every task has ended.
    pub(crate) async fn ended(&self) {
        let tasks =
            std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task broke off");
            }
        }
    }
}
