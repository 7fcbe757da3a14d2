//! Enrolling a till.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use evertill_protocol::{
    ApiError, EnrolCheckRequest, EnrolCheckResponse, EnrolRequest, EnrolResponse,
};

use super::body::Posted;
use super::{AppState, Failure};
use crate::error::HubError;
use crate::repository::{NewDevice, Scope};
use crate::secrets;

/// The longest text a device may say about itself.
const LONGEST: usize = 200;

/// Make a device a till of the shop.
///
/// The code is single-use and lives for ten minutes. Attempts are counted before the code is
/// looked up; after five wrong ones from an address each further one has to wait longer.
#[utoipa::path(
    post,
    path = "/v1/devices/enrol",
    tag = "devices",
    request_body = EnrolRequest,
    responses(
        (status = 201, description = "The device is a till now.", body = EnrolResponse),
        (status = 400, description = "`request_malformed`", body = ApiError),
        (status = 403, description = "`enrol_code_wrong`, `enrol_code_used` or \
                                      `enrol_code_expired`", body = ApiError),
        (status = 408, description = "`request_timeout`", body = ApiError),
        (status = 409, description = "`hub_without_shop`", body = ApiError),
        (status = 413, description = "`body_too_large`", body = ApiError),
        (status = 415, description = "`media_type_unsupported`", body = ApiError),
        (status = 422, description = "`request_invalid`", body = ApiError),
        (status = 429, description = "`too_many_attempts`", body = ApiError,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 500, description = "`internal`", body = ApiError),
        (status = 507, description = "`storage_full`", body = ApiError),
    )
)]
pub(crate) async fn enrol(
    State(desk): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Posted(request): Posted<EnrolRequest>,
) -> Result<(StatusCode, Json<EnrolResponse>), Failure> {
    check(&request)?;
    let now = desk.clock.now();
    let id = desk.ids.next();
    let response = desk
        .blocking(move |repository| {
            let from = Scope::EnrolFrom(peer.ip().to_string());
            repository.count_attempt(&[from.clone(), Scope::Enrol], now)?;
            let new = NewDevice {
                id,
                token: secrets::new_token()?,
                name: request.device_name,
                platform: request.platform,
                app_version: request.app_version,
            };
            let shop = repository.shop()?.ok_or(HubError::NoShop)?;
            let device = repository.enrol(&request.code, &new, now)?;
            repository.forget_attempts(&from)?;
            tracing::info!(till = %device.till, "a till was enrolled");
            Ok(EnrolResponse {
                device_id: device.id,
                token: new.token,
                number_prefix: device.till.to_string(),
                till: device.till,
                next_number: 1,
                shop,
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(response)))
}

/// Would this code make a device a till of the shop?
///
/// Looks and leaves the code as it is. Attempts are counted as when enrolling, so that nothing is
/// won by guessing here.
#[utoipa::path(
    post,
    path = "/v1/devices/enrol/check",
    tag = "devices",
    request_body = EnrolCheckRequest,
    responses(
        (status = 200, description = "The code can be used now.", body = EnrolCheckResponse),
        (status = 400, description = "`request_malformed`", body = ApiError),
        (status = 403, description = "`enrol_code_wrong`, `enrol_code_used` or \
                                      `enrol_code_expired`", body = ApiError),
        (status = 408, description = "`request_timeout`", body = ApiError),
        (status = 409, description = "`hub_without_shop`", body = ApiError),
        (status = 413, description = "`body_too_large`", body = ApiError),
        (status = 415, description = "`media_type_unsupported`", body = ApiError),
        (status = 422, description = "`request_invalid`", body = ApiError),
        (status = 429, description = "`too_many_attempts`", body = ApiError,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 500, description = "`internal`", body = ApiError),
        (status = 507, description = "`storage_full`", body = ApiError),
    )
)]
pub(crate) async fn check_code(
    State(desk): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Posted(request): Posted<EnrolCheckRequest>,
) -> Result<Json<EnrolCheckResponse>, Failure> {
    code_length(&request.code)?;
    let now = desk.clock.now();
    let response = desk
        .blocking(move |repository| {
            let from = Scope::EnrolFrom(peer.ip().to_string());
            repository.count_attempt(&[from.clone(), Scope::Enrol], now)?;
            let shop = repository.shop()?.ok_or(HubError::NoShop)?;
            repository.check_enrol_code(&request.code, now)?;
            repository.forget_attempts(&from)?;
            Ok(EnrolCheckResponse { shop: shop.name })
        })
        .await?;
    Ok(Json(response))
}

fn code_length(code: &str) -> Result<(), Failure> {
    let length = code.chars().count();
    if length == 0 || length > 64 {
        return Err(Failure::invalid("The code must have 1 to 64 characters."));
    }
    Ok(())
}

fn check(request: &EnrolRequest) -> Result<(), Failure> {
    code_length(&request.code)?;
    let texts = [
        ("device_name", &request.device_name),
        ("platform", &request.platform),
        ("app_version", &request.app_version),
    ];
    match texts
        .into_iter()
        .find(|(_, text)| text.chars().count() > LONGEST)
    {
        Some((name, _)) => Err(Failure::invalid(format!(
            "{name} must have at most {LONGEST} characters."
        ))),
        None => Ok(()),
    }
}
