//! A hub that runs: for the binary and for tests alike.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use evertill_core::{Clock, Ids};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::HubError;
use crate::http::{self, AppState};
use crate::repository::Repository;
use crate::serve::serve;
use crate::system::{SystemClock, SystemIds};

/// How to run a hub.
#[derive(Clone)]
pub struct HubConfig {
    /// The database file; created if it is not there.
    pub db: PathBuf,
    /// Where to listen, `127.0.0.1:8787`; port 0 takes any free one.
    pub listen: String,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// How long a request may take to arrive and its answer to begin.
    pub request_timeout: Duration,
}

impl HubConfig {
    /// The usual configuration, with the machine's clock.
    #[must_use]
    pub fn new(db: impl Into<PathBuf>, listen: impl Into<String>) -> Self {
        Self {
            db: db.into(),
            listen: listen.into(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            request_timeout: Duration::from_secs(30),
        }
    }
}

/// The hub as a program part.
pub struct Hub;

impl Hub {
    /// Opens the database and serves it.
    ///
    /// # Errors
    /// [`HubError::Io`] if the address is taken, [`HubError::StoreNewer`] and
    /// [`HubError::Storage`] if the database cannot be used.
    pub async fn start(config: HubConfig) -> Result<RunningHub, HubError> {
        let db = config.db.clone();
        let repository = tokio::task::spawn_blocking(move || Repository::open(&db))
            .await
            .map_err(|error| HubError::Unreadable(error.to_string()))??;
        Self::start_with(config, repository).await
    }

    /// Serves a database that is open already.
    ///
    /// # Errors
    /// [`HubError::Io`] if the address is taken.
    pub async fn start_with(
        config: HubConfig,
        repository: Repository,
    ) -> Result<RunningHub, HubError> {
        let listener = TcpListener::bind(&config.listen).await?;
        let addr = listener.local_addr()?;
        let timeout = config.request_timeout;
        let state = AppState::new(
            repository.clone(),
            config.clock.clone(),
            config.ids,
            timeout,
        );
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, http::router(state), timeout, stopped));
        tracing::info!(%addr, "hub is listening");
        Ok(RunningHub {
            addr,
            repository,
            clock: config.clock,
            stop,
            task,
        })
    }
}

/// A hub that is serving. Dropping it stops it without waiting.
pub struct RunningHub {
    /// Where it listens.
    pub addr: SocketAddr,
    repository: Repository,
    clock: Arc<dyn Clock>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl RunningHub {
    /// Its address for tills: `http://127.0.0.1:8787`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Its database, for administration and for tests to look into. Calls block.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// A new enrolment code.
    ///
    /// # Errors
    /// [`HubError::Secret`], [`HubError::Storage`] and the like.
    pub fn new_enrol_code(&self) -> Result<String, HubError> {
        self.repository.new_enrol_code(self.clock.now())
    }

    /// Stops: takes no more connections, lets requests on their way finish for five seconds and
    /// cuts the rest.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the hub ended badly");
        }
    }
}
