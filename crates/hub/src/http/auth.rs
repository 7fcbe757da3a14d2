//! Which till is asking.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::{AppState, Failure};
use crate::error::HubError;
use crate::repository::Device;

/// The enrolled device whose bearer token came with the request. Checked before the body is
/// read, so that a stranger cannot make the hub read megabytes.
pub(crate) struct Enrolled(pub(crate) Device);

impl FromRequestParts<AppState> for Enrolled {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, desk: &AppState) -> Result<Self, Failure> {
        let token = bearer(parts).ok_or(HubError::DeviceUnknown)?;
        let device = desk
            .blocking(move |repository| repository.device(&token))
            .await?;
        Ok(Self(device))
    }
}

fn bearer(parts: &Parts) -> Option<String> {
    let header = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}
