//! Reading request bodies and queries, with every refusal as an `ApiError`.

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use evertill_protocol::MAX_BODY_BYTES;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio_stream::StreamExt;

use super::{AppState, Failure};

/// How much of a body over the limit is read and thrown away, so that its sender gets to read
/// the refusal instead of a reset connection.
const DRAIN_BYTES: usize = 4 * MAX_BODY_BYTES;

/// A JSON body.
pub(crate) struct Posted<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Failure> {
        if !announces_json(&request) {
            return Err(Failure::media_type());
        }
        let bytes = read(request.into_body()).await?;
        // Serde would take a list for a struct, field by field; nobody means that.
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            return Err(Failure::invalid(
                "The body must be a JSON object, not a list.",
            ));
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| match error.classify() {
                Category::Data => {
                    Failure::invalid(format!("The body is not as expected: {error}."))
                }
                Category::Io | Category::Syntax | Category::Eof => {
                    Failure::malformed(format!("The body is not JSON: {error}."))
                }
            })
    }
}

fn announces_json(request: &Request) -> bool {
    let media_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim();
    media_type.eq_ignore_ascii_case("application/json")
}

async fn read(body: Body) -> Result<Vec<u8>, Failure> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Failure::malformed("The body broke off."))?;
        if bytes.len() + chunk.len() > MAX_BODY_BYTES {
            drain(stream).await;
            return Err(Failure::too_large("bytes", MAX_BODY_BYTES));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn drain(mut stream: BodyDataStream) {
    let mut left = DRAIN_BYTES;
    while let Some(Ok(chunk)) = stream.next().await {
        let Some(rest) = left.checked_sub(chunk.len()) else {
            return;
        };
        left = rest;
    }
}

/// A query string.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Failure> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(query)| Self(query))
            .map_err(|error| {
                Failure::malformed(format!("The query cannot be read: {}.", error.body_text()))
            })
    }
}
