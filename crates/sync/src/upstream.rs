//! What the worker asks of the upstream, where the shop's books are kept, and what can go wrong on the way.

use std::time::Duration;

use async_trait::async_trait;
use evertill_core::Coded;
use evertill_protocol::{
    ApiError, BatchResult, EnrolCheckRequest, EnrolCheckResponse, EnrolRequest, EnrolResponse,
    Envelope, Grant, Health, SignInRequest, code,
};

/// The other end: our own hub, or an ERP through its connector.
///
/// Every call is bounded in time. A call that fails may have been carried out all the same: only an
/// answer is an answer.
#[async_trait]
pub trait Upstream: Send + Sync {
    /// Whether it is there and well. Cheap, and needs no token.
    async fn health(&self) -> Result<Health, UpstreamError>;

    /// Whether an enrolment code could be used now, and for which shop. Does not use it up.
    async fn check_code(
        &self,
        request: &EnrolCheckRequest,
    ) -> Result<EnrolCheckResponse, UpstreamError>;

    /// Makes this device a till of the shop.
    async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, UpstreamError>;

    /// Signs a person in and brings back what lets them work offline.
    async fn sign_in(&self, request: &SignInRequest) -> Result<Grant, UpstreamError>;

    /// Posts documents, each under its idempotency key.
    async fn post(&self, documents: &[Envelope]) -> Result<BatchResult, UpstreamError>;

    /// What changed after the cursor, at most `limit` changes.
    async fn changes(&self, after: u64, limit: u32) -> Result<Box<dyn Feed>, UpstreamError>;

    /// All master data as it is now.
    async fn snapshot(&self) -> Result<Box<dyn Feed>, UpstreamError>;
}

/// The lines of a snapshot or change feed as they arrive.
#[async_trait]
pub trait Feed: Send {
    /// The next line without its line end; `None` when the stream ended in good order. Empty lines
    /// are left out. What the lines say is for the reader to judge.
    async fn line(&mut self) -> Result<Option<String>, UpstreamError>;
}

/// Why an upstream gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum UpstreamError {
    /// `hub_unreachable`: no connection could be made, so nothing was asked.
    #[error("The hub cannot be reached. Sales go on and are sent when it is back.")]
    #[coded("hub_unreachable")]
    Unreachable {
        /// What the operating system said.
        detail: String,
    },
    /// `hub_timeout`: connected, but the answer did not come in time. Its outcome is unknown.
    #[error("The hub did not answer in time. The till tries again by itself.")]
    #[coded("hub_timeout")]
    Timeout,
    /// `hub_connection_lost`: the connection broke before the answer was complete. Unknown outcome.
    #[error("The connection to the hub broke. The till tries again by itself.")]
    #[coded("hub_connection_lost")]
    Lost {
        /// Where it broke.
        detail: String,
    },
    /// The hub's own refusal, with its own code if it gave one, else `hub_error`.
    #[error("{message}")]
    #[coded("hub_error")]
    Status {
        /// HTTP status.
        status: u16,
        /// The hub's code; `hub_error` when the answer was not in the hub's own words.
        #[coded(code)]
        code: String,
        /// Its sentence.
        #[coded(skip)]
        message: String,
        /// Its parameters.
        #[coded(params)]
        params: Vec<(String, String)>,
        /// How long the hub asks to be left alone.
        #[coded(skip)]
        retry_after: Option<Duration>,
    },
    /// `hub_garbage`: an answer that is none. Something else may be listening at the address.
    #[error(
        "The hub's answer makes no sense. Check the hub's address; the till tries again by itself."
    )]
    #[coded("hub_garbage")]
    Garbage {
        /// What is wrong with it.
        detail: String,
    },
    /// `body_too_large`: more than the hub takes at once.
    #[error("This is more than the hub takes at once.")]
    #[coded(code::BODY_TOO_LARGE)]
    TooLarge,
}

impl UpstreamError {
    /// A refusal in the hub's own words.
    #[must_use]
    pub fn refused(status: u16, error: ApiError, retry_after: Option<Duration>) -> Self {
        let ApiError {
            code,
            params,
            message,
        } = error;
        Self::Status {
            status,
            code,
            message,
            params: params.into_iter().collect(),
            retry_after,
        }
    }

    /// True when the answer came in the hub's own words and condemns what was sent: the same request
    /// can never succeed.
    pub(crate) fn condemns_request(&self) -> bool {
        use code::{ENVELOPE_MALFORMED, REQUEST_INVALID, REQUEST_MALFORMED};
        matches!(self, Self::Status { code, .. }
            if [REQUEST_MALFORMED, REQUEST_INVALID, ENVELOPE_MALFORMED].contains(&code.as_str()))
    }

    /// True when the hub does not know this till (any more): a person has to enrol it again.
    pub(crate) fn device_refused(&self) -> bool {
        matches!(self, Self::Status { status: 401, .. })
    }
}

#[cfg(test)]
mod tests {
    use evertill_core::Fault;

    use super::*;

    #[test]
    fn a_refusal_keeps_the_words_of_the_hub() {
        let refusal = ApiError::new("too_many_attempts", "Wait.").with("retry_after", "30");
        let fault = Fault::from(UpstreamError::refused(429, refusal, None));
        let expected = Fault::new("too_many_attempts", "Wait.")
            .with("retry_after", 30)
            .with("status", 429);
        assert_eq!(fault, expected);
    }
}
