//! The till over HTTP, so that a browser with hot reload can stand in for the window.
//!
//! Development only: it listens on the loopback address, and every program that can open that port has the
//! till. `POST /call` takes `{"name", "request"}` and answers the command's response, or the fault
//! with status 422; `GET /events` is a stream of server-sent events, one [`Event`] each.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use evertill_app::{Fault, Till, types::Event};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::Stream;

/// A command, as the window sends it.
#[derive(Deserialize)]
struct Call {
    name: String,
    #[serde(default)]
    request: Value,
}

/// Serves `till` on `listener` until the task is dropped.
///
/// # Errors
/// When the listener breaks.
pub async fn serve_bridge(till: Till, listener: TcpListener) -> std::io::Result<()> {
    let routes = Router::new()
        .route("/call", post(call))
        .route("/events", get(events))
        .with_state(till);
    axum::serve(listener, routes).await
}

async fn call(State(till): State<Till>, headers: HeaderMap, Json(call): Json<Call>) -> Response {
    if !from_this_machine(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match till.dispatch(&call.name, call.request).await {
        Ok(response) => Json(response).into_response(),
        Err(fault) => refused(&fault),
    }
}

fn refused(fault: &Fault) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(fault)).into_response()
}

async fn events(State(till): State<Till>, headers: HeaderMap) -> Response {
    if !from_this_machine(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    Sse::new(stream(&till))
        .keep_alive(KeepAlive::default())
        .into_response()
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
    till: &Till,
) -> impl Stream<Item = Result<axum::response::sse::Event, Infallible>> + use<> {
    let (sender, receiver) = tokio::sync::mpsc::channel(64);
    let mut events = till.events();
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
