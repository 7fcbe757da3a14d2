//! Is the hub there?

use axum::Json;
use axum::extract::State;
use evertill_protocol::{ApiError, Health, VERSION};

use super::{AppState, Failure};

/// Is the hub there?
///
/// Reads one row, so that a hub whose database is gone does not call itself well.
#[utoipa::path(
    get,
    path = "/v1/health",
    tag = "hub",
    responses(
        (status = 200, description = "The hub is well.", body = Health),
        (status = 500, description = "The hub has a fault: `internal`.", body = ApiError),
    )
)]
pub(crate) async fn health(State(desk): State<AppState>) -> Result<Json<Health>, Failure> {
    desk.blocking(|repository| repository.shop()).await?;
    Ok(Json(Health {
        status: "ok".to_owned(),
        protocol: VERSION,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: desk.clock.now(),
    }))
}
