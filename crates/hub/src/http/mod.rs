//! The hub over HTTP: routes, what every request goes through, and what they share.

#![allow(
    unused_qualifications,
    reason = "utoipa's path macro writes qualified names"
)]

mod auth;
mod body;
mod devices;
mod documents;
mod error;
mod feed;
mod health;
mod openapi;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Uri;
use axum::middleware::{self, Next};
use axum::response::Response;
use evertill_core::{Clock, Ids};
use evertill_protocol::VERSION;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::HubError;
use crate::repository::Repository;
pub(crate) use error::Failure;
pub(crate) use openapi::document as openapi_document;

/// Snapshots streamed at the same time; each holds a read transaction and a thread.
const SNAPSHOTS: usize = 8;
/// Passwords hashed at the same time; each takes 19 MiB and tens of milliseconds of a core.
const HASHES: usize = 2;

/// What all requests share.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) repository: Repository,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) request_timeout: Duration,
    pub(crate) snapshots: Arc<Semaphore>,
    pub(crate) hashes: Arc<Semaphore>,
}

impl AppState {
    pub(crate) fn new(
        repository: Repository,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        request_timeout: Duration,
    ) -> Self {
        Self {
            repository,
            clock,
            ids,
            request_timeout,
            snapshots: Arc::new(Semaphore::new(SNAPSHOTS)),
            hashes: Arc::new(Semaphore::new(HASHES)),
        }
    }

    /// Runs work on the database where it may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Repository) -> Result<T, HubError> + Send + 'static,
    ) -> Result<T, HubError> {
        let repository = self.repository.clone();
        tokio::task::spawn_blocking(move || work(&repository))
            .await
            .map_err(|error| HubError::Unreadable(error.to_string()))?
    }
}

/// Routes with their OpenAPI description.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(devices::enrol))
        .routes(routes!(devices::check_code))
        .routes(routes!(sessions::sign_in))
        .routes(routes!(feed::snapshot))
        .routes(routes!(feed::changes))
        .routes(routes!(documents::post, documents::list))
        .routes(routes!(openapi::serve))
}

/// The whole hub as a router.
pub(crate) fn router(desk: AppState) -> Router {
    let (routes, _) = api().split_for_parts();
    routes
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        // Small answers are not worth compressing; a snapshot shrinks to a tenth.
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(1024)))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(desk.clone(), in_time))
        .with_state(desk)
}

async fn no_such_path(uri: Uri) -> Failure {
    // `/v2/…` deserves a better answer than "not found": the till is newer than the hub.
    let version = uri
        .path()
        .strip_prefix("/v")
        .and_then(|rest| rest.split('/').next())
        .and_then(|version| version.parse::<u32>().ok())
        .filter(|version| *version != VERSION);
    version.map_or_else(Failure::not_found, Failure::version_unsupported)
}

async fn no_such_method() -> Failure {
    Failure::method_not_allowed()
}

/// Gives every request a time limit until its answer begins, and logs it: method, route, status
/// and time, never a body, a query or a token.
async fn in_time(State(desk): State<AppState>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let begun = tokio::time::Instant::now();
    let response = match tokio::time::timeout(desk.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::too_slow().response(),
    };
    let status = response.status().as_u16();
    let took = begun.elapsed();
    tracing::info!(%method, route, status, ms = took.as_secs_f64() * 1000.0, "request");
    response
}
