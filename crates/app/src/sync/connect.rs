//! Reaching the hub, and what its refusals mean at the counter.

use std::sync::Arc;

use evertill_core::{Fault, Timer};
use evertill_protocol::code;
use evertill_sync::{HubPatience, HubUpstream, Upstream, UpstreamError};

use crate::fault::AppError;

/// Makes the connection to a hub. Handed in, so that a test can stand in for the network.
pub trait Connect: Send + Sync {
    /// The hub at `url`; `token` is the device's own once it is enrolled. Nothing is sent yet.
    ///
    /// # Errors
    /// `hub_url_invalid`.
    fn connect(&self, url: &str, token: Option<&str>) -> Result<Arc<dyn Upstream>, Fault>;
}

/// The real hub, over HTTP.
pub struct HubConnect {
    timer: Arc<dyn Timer>,
}

impl HubConnect {
    /// Connections whose patience this timer measures.
    #[must_use]
    pub fn new(timer: Arc<dyn Timer>) -> Self {
        Self { timer }
    }
}

impl Connect for HubConnect {
    fn connect(&self, url: &str, token: Option<&str>) -> Result<Arc<dyn Upstream>, Fault> {
        let timer = Arc::clone(&self.timer);
        let hub = HubUpstream::new(url, HubPatience::default(), timer).map_err(|_| {
            AppError::HubUrlInvalid {
                url: url.to_owned(),
            }
        })?;
        Ok(match token {
            Some(token) => Arc::new(hub.with_token(token)),
            None => Arc::new(hub),
        })
    }
}

/// Whether the hub could not be asked at all, so that the till has to decide by itself.
pub(crate) fn is_away(error: &UpstreamError) -> bool {
    match error {
        UpstreamError::Unreachable { .. }
        | UpstreamError::Timeout
        | UpstreamError::Lost { .. }
        | UpstreamError::Garbage { .. } => true,
        UpstreamError::Status { status, .. } => *status >= 500,
        UpstreamError::TooLarge => false,
    }
}

/// The refusal in the till's own words where it has some, else as the hub said it.
pub(crate) fn fault_of(error: UpstreamError) -> Fault {
    let UpstreamError::Status {
        code, retry_after, ..
    } = &error
    else {
        return error.into();
    };
    let own = match code.as_str() {
        code::ENROL_CODE_WRONG => AppError::EnrolCodeWrong,
        code::ENROL_CODE_USED => AppError::EnrolCodeUsed,
        code::ENROL_CODE_EXPIRED => AppError::EnrolCodeExpired,
        code::HUB_WITHOUT_SHOP => AppError::HubWithoutShop,
        code::DEVICE_UNKNOWN => AppError::DeviceUnknown,
        code::SIGN_IN_REFUSED => AppError::SignInRefused,
        code::TOO_MANY_ATTEMPTS => AppError::SignInLocked {
            seconds: retry_after.map_or(60, |wait| wait.as_secs().max(1)),
        },
        _ => return error.into(),
    };
    own.into()
}
