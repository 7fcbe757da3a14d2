//! Refusals as HTTP: a status, an `ApiError`, and a `Retry-After` where waiting helps.

use std::any::Any;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use evertill_core::Coded;
use evertill_protocol::{ApiError, VERSION, code};

use crate::error::HubError;

/// An answer that is not 2xx.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    error: ApiError,
    retry_after: Option<u64>,
}

impl Failure {
    fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            error: ApiError::new(code, message),
            retry_after: None,
        }
    }

    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code::REQUEST_MALFORMED, message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            code::REQUEST_INVALID,
            message,
        )
    }

    pub(crate) fn too_large(what: &str, limit: usize) -> Self {
        let message = format!("The request is too large: at most {limit} {what} at once.");
        let mut failure = Self::new(StatusCode::PAYLOAD_TOO_LARGE, code::BODY_TOO_LARGE, message);
        failure.error = failure.error.with("limit", limit.to_string());
        failure
    }

    pub(crate) fn media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            code::MEDIA_TYPE_UNSUPPORTED,
            "The body must be announced as application/json.",
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            code::NOT_FOUND,
            "There is nothing under this address.",
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            code::METHOD_NOT_ALLOWED,
            "This address does not take that method.",
        )
    }

    pub(crate) fn version_unsupported(asked: u32) -> Self {
        let message = format!("This hub speaks version {VERSION}, not {asked}. Update the hub.");
        let mut failure = Self::new(StatusCode::BAD_REQUEST, code::VERSION_UNSUPPORTED, message);
        failure.error = failure.error.with("supported", VERSION.to_string());
        failure
    }

    pub(crate) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            code::REQUEST_TIMEOUT,
            "The request did not arrive in time.",
        )
    }

    fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            code::INTERNAL,
            "The hub has a fault. Nothing was posted; try again later.",
        )
    }

    pub(crate) fn response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(self.error)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            // The rest of the body may still be on its way; it must not be read as a request.
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        let status = match &error {
            HubError::EnrolCodeWrong
            | HubError::EnrolCodeUsed
            | HubError::EnrolCodeExpired
            | HubError::SignInRefused => StatusCode::FORBIDDEN,
            HubError::DeviceUnknown => StatusCode::UNAUTHORIZED,
            HubError::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
            HubError::NoShop | HubError::CursorAhead { .. } => StatusCode::CONFLICT,
            HubError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            HubError::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            HubError::StoreNewer { .. }
            | HubError::StoreOlder { .. }
            | HubError::ShopExists
            | HubError::Overtaken
            | HubError::Storage(_)
            | HubError::Unreadable(_)
            | HubError::Secret(_)
            | HubError::Io(_) => {
                // The details are for the log; a till can do nothing with them.
                tracing::error!(%error, "request failed");
                return Self::internal();
            }
        };
        let retry_after = match &error {
            HubError::TooManyAttempts { retry_after } => Some(*retry_after),
            HubError::Busy => Some(5),
            _ => None,
        };
        Self {
            status,
            error: ApiError {
                code: error.code().to_owned(),
                params: error.params(),
                message: error.to_string(),
            },
            retry_after,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.response()
    }
}

/// A panic in a handler is a fault of the hub: it is logged and answered like any other.
#[allow(clippy::needless_pass_by_value, reason = "the layer's signature")]
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = text, "a request handler panicked");
    Failure::internal().response()
}
