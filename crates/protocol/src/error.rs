//! The one shape of every refusal, and its stable codes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a request was refused: a stable code, typed parameters as text, and a plain sentence.
///
/// The body of every answer whose status is not 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiError {
    /// Stable `snake_case` code, see [`code`]. Programs decide by this alone.
    #[schema(example = "enrol_code_expired")]
    pub code: String,
    /// What the sentence is about, by name; empty where there is nothing to say.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// A sentence for people, in English; a till translates by code.
    #[schema(example = "This enrolment code has expired. Ask for a new one.")]
    pub message: String,
}

impl ApiError {
    /// An error without parameters.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            params: BTreeMap::new(),
            message: message.into(),
        }
    }

    /// The same error with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for ApiError {}

/// The codes a hub answers with. They never change their meaning.
pub mod code {
    /// 403: no such enrolment code.
    pub const ENROL_CODE_WRONG: &str = "enrol_code_wrong";
    /// 403: the enrolment code has enrolled a till already.
    pub const ENROL_CODE_USED: &str = "enrol_code_used";
    /// 403: the enrolment code's ten minutes are over.
    pub const ENROL_CODE_EXPIRED: &str = "enrol_code_expired";
    /// 409: the hub has no shop yet, so it enrols no till.
    pub const HUB_WITHOUT_SHOP: &str = "hub_without_shop";
    /// 401: no token, a token of nobody, or of a revoked device.
    pub const DEVICE_UNKNOWN: &str = "device_unknown";
    /// 403: user or password wrong, or the user is disabled; never says which.
    pub const SIGN_IN_REFUSED: &str = "sign_in_refused";
    /// 429 with `Retry-After`: too many wrong codes or passwords.
    pub const TOO_MANY_ATTEMPTS: &str = "too_many_attempts";
    /// 409: the cursor is ahead of this hub (it was restored or replaced): load a snapshot.
    pub const CURSOR_AHEAD: &str = "cursor_ahead";
    /// 413: the body or the number of documents is over the limit: send less at once.
    pub const BODY_TOO_LARGE: &str = "body_too_large";
    /// 400: not JSON, or a query that cannot be read.
    pub const REQUEST_MALFORMED: &str = "request_malformed";
    /// 422: JSON, but not what this endpoint takes.
    pub const REQUEST_INVALID: &str = "request_invalid";
    /// 415: the body is not announced as `application/json`.
    pub const MEDIA_TYPE_UNSUPPORTED: &str = "media_type_unsupported";
    /// 408: the request did not arrive within the time allowed.
    pub const REQUEST_TIMEOUT: &str = "request_timeout";
    /// 400: another protocol version than this hub speaks.
    pub const VERSION_UNSUPPORTED: &str = "version_unsupported";
    /// 404: no such path.
    pub const NOT_FOUND: &str = "not_found";
    /// 405: the path is there, the method is not.
    pub const METHOD_NOT_ALLOWED: &str = "method_not_allowed";
    /// 507: the hub's disk is full; nothing was posted, try again later.
    pub const STORAGE_FULL: &str = "storage_full";
    /// 503 with `Retry-After`: the hub is busy or shutting down.
    pub const BUSY: &str = "busy";
    /// 500: a fault of the hub; nothing was posted, try again later.
    pub const INTERNAL: &str = "internal";

    // Codes of a single document within a batch.

    /// Fork: this key was used before for another payload.
    pub const KEY_REUSED: &str = "key_reused";
    /// Fork: this till used the number before for another document.
    pub const NUMBER_REUSED: &str = "number_reused";
    /// Rejected: not an envelope.
    pub const ENVELOPE_MALFORMED: &str = "envelope_malformed";
    /// Rejected: a kind of document this hub does not know.
    pub const DOCUMENT_KIND_UNKNOWN: &str = "document_kind_unknown";
    /// Rejected: the payload's hash is not the envelope's.
    pub const PAYLOAD_HASH_WRONG: &str = "payload_hash_wrong";
    /// Rejected: the payload is not a document of its kind.
    pub const PAYLOAD_MALFORMED: &str = "payload_malformed";
    /// Rejected: key, till, number or date of envelope and payload differ.
    pub const PAYLOAD_DIFFERS: &str = "payload_differs";
    /// Rejected: the envelope names another till than the device is.
    pub const TILL_DIFFERS: &str = "till_differs";
    /// Rejected: lines, discounts, taxes, payments and total do not add up.
    pub const TOTALS_DO_NOT_ADD_UP: &str = "totals_do_not_add_up";
    /// Rejected: the document is in another currency than the shop.
    pub const CURRENCY_DIFFERS: &str = "currency_differs";
}
