//! The till over HTTP, so that a browser with hot reload can stand in for the window.
//!
//! Development only: it listens on the loopback address, and every program that can open that port has the
//! till. `POST /call` takes `{"name", "request"}` and answers the command's response, or the fault
//! with status 422; `GET /events` is a stream of server-sent events, one [`Event`] each.

use std::convert::Infallible;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use evertill_app::{Fault, Till, types::Event};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::Stream;

/// A command, as the window sends it.
#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) request: Value,
}

/// Serves `till` on `listener` until the task is dropped.
///
/// # Errors
/// When the listener breaks.
pub async fn serve_bridge(till: Till, listener: TcpListener) -> std::io::Result<()> {
    let routes = Router::new()
        .route("/call", post(call))
        .route("/events", get(events))
        .with_state(till)
        .layer(middleware::from_fn(guard));
    axum::serve(listener, routes).await
}

async fn call(State(till): State<Till>, Json(call): Json<Call>) -> Response {
    answer(till.dispatch(&call.name, call.request).await)
}

async fn events(State(till): State<Till>) -> Response {
    tell(till.events())
}

/// The answer to a command.
pub(crate) fn answer(outcome: Result<Value, Fault>) -> Response {
    match outcome {
        Ok(response) => Json(response).into_response(),
        Err(fault) => (StatusCode::UNPROCESSABLE_ENTITY, Json(fault)).into_response(),
    }
}

/// A stream of what happens.
pub(crate) fn tell(events: broadcast::Receiver<Event>) -> Response {
    Sse::new(stream(events))
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// Lets in what comes from this machine.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    if !from_this_machine(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// A page of another site can send requests to a loopback port, but it cannot choose `Host` and
/// `Origin`: both must name this machine.
fn from_this_machine(headers: &HeaderMap) -> bool {
    let names_loopback = |name: header::HeaderName| {
        headers.get(name).map(|value| {
            let value = value.to_str().unwrap_or_default();
            let value = value.strip_prefix("http://").unwrap_or(value);
            let host = value.rsplit_once(':').map_or(value, |(host, _port)| host);
            matches!(host, "127.0.0.1" | "localhost")
        })
    };
    names_loopback(header::HOST) == Some(true) && names_loopback(header::ORIGIN) != Some(false)
}

fn stream(
    mut events: broadcast::Receiver<Event>,
) -> impl Stream<Item = Result<axum::response::sse::Event, Infallible>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(64);
    tokio::spawn(async move {
        loop {
            let event: Event = match events.recv().await {
                Ok(event) => event,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let event = axum::response::sse::Event::default()
                .json_data(&event)
                .unwrap_or_default();
            if sender.send(Ok(event)).await.is_err() {
                return;
            }
        }
    });
    tokio_stream::wrappers::ReceiverStream::new(receiver)
}
