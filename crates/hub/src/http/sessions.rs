//! Signing a person in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use evertill_protocol::{ApiError, Grant, SignInRequest};
use jiff::SignedDuration;

use super::auth::Enrolled;
use super::body::Posted;
use super::{AppState, Failure};
use crate::error::HubError;
use crate::repository::{Repository, Scope};
use crate::secrets;

/// How long a grant lasts: a till may be without network for a month and still open.
const GRANT_LIFE: SignedDuration = SignedDuration::from_hours(35 * 24);

/// Sign a person in at an enrolled till.
///
/// The attempt is counted before the password is compared; after five wrong ones in a row each
/// further one has to wait longer, up to five minutes. The answer never says whether it was the
/// name or the password.
#[utoipa::path(
    post,
    path = "/v1/sessions",
    tag = "sessions",
    request_body = SignInRequest,
    security(("device" = [])),
    responses(
        (status = 201, description = "A grant to work at this till.", body = Grant),
        (status = 400, description = "`request_malformed`", body = ApiError),
        (status = 401, description = "`device_unknown`", body = ApiError),
        (status = 403, description = "`sign_in_refused`", body = ApiError),
        (status = 408, description = "`request_timeout`", body = ApiError),
        (status = 413, description = "`body_too_large`", body = ApiError),
        (status = 415, description = "`media_type_unsupported`", body = ApiError),
        (status = 422, description = "`request_invalid`", body = ApiError),
        (status = 429, description = "`too_many_attempts`", body = ApiError,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 500, description = "`internal`", body = ApiError),
        (status = 507, description = "`storage_full`", body = ApiError),
    )
)]
pub(crate) async fn sign_in(
    State(desk): State<AppState>,
    Enrolled(device): Enrolled,
    Posted(request): Posted<SignInRequest>,
) -> Result<(StatusCode, Json<Grant>), Failure> {
    if request.user.as_str().chars().count() > 200 || request.password.chars().count() > 1024 {
        return Err(Failure::invalid("User or password are too long."));
    }
    let now = desk.clock.now();
    let hashes = desk.hashes.clone();
    let Ok(_place) = hashes.acquire().await else {
        return Err(HubError::Busy.into());
    };
    let grant = desk
        .blocking(move |repository| {
            let scope = Scope::User(request.user.to_string());
            repository.count_attempt(std::slice::from_ref(&scope), now)?;
            let grant = grant(repository, &request, now)?;
            repository.forget_attempts(&scope)?;
            tracing::info!(till = %device.till, "a person signed in");
            Ok(grant)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(grant)))
}

fn grant(
    repository: &Repository,
    request: &SignInRequest,
    now: jiff::Timestamp,
) -> Result<Grant, HubError> {
    let Some(person) = repository.person(request.user.as_str())? else {
        // As much work as for somebody who is there, so that the time does not tell.
        secrets::hash_password(&request.password)?;
        return Err(HubError::SignInRefused);
    };
    if !secrets::verify_password(&request.password, &person.password_hash) || person.user.disabled {
        return Err(HubError::SignInRefused);
    }
    Ok(Grant {
        role: person.user.role,
        user: person.user,
        issued_at: now,
        expires_at: now + GRANT_LIFE,
        pin_hash: person.pin_hash,
    })
}
