//! The hub's own description.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

/// What the description says besides the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Evertill hub",
        description = "The reference server a shop's tills post to. Every answer that is not 2xx \
                       is an `ApiError` with a stable code.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "hub", description = "The hub itself."),
        (name = "devices", description = "Tills of the shop."),
        (name = "sessions", description = "People at tills."),
        (name = "feed", description = "Master data on its way down."),
        (name = "documents", description = "Documents on their way up."),
    ),
    modifiers(&DeviceToken)
)]
struct Frame;

/// The bearer token a device gets when it is enrolled.
struct DeviceToken;

impl utoipa::Modify for DeviceToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.description = Some("The token given when the till was enrolled.".to_owned());
        components.add_security_scheme("device", SecurityScheme::Http(bearer));
    }
}

/// The OpenAPI document of all routes.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let mut openapi = Frame::openapi();
    openapi.merge(super::api().into_openapi());
    openapi
}

/// The OpenAPI document of this hub.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "hub",
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value))
)]
pub(crate) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
