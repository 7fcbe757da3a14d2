//! Joining a shop, and looking into a till for support.

mod enrolment;
mod support;
mod types;

use std::sync::Arc;

pub use support::{About, Support};
pub use types::{EnrolTillRequest, EnrolmentCheckRequest, EnrolmentCheckView};

use crate::command::{Access, commands};
use crate::context::Context;
use crate::state::{Installation, State, TillState};
use crate::sync::HubSync;

/// What an administrator does at the till.
#[derive(Clone)]
pub(crate) struct Admin {
    context: Context,
    sync: HubSync,
    state: State,
    installation: Arc<Installation>,
    /// Held while the till is being enrolled.
    enrolling: Arc<tokio::sync::Mutex<()>>,
}

impl Admin {
    pub(crate) fn new(
        context: Context,
        sync: HubSync,
        state: State,
        installation: Arc<Installation>,
    ) -> Self {
        Self {
            context,
            sync,
            state,
            installation,
            enrolling: Arc::default(),
        }
    }
}

commands! {
    Admin;
    "enrolment.check": EnrolmentCheckRequest => EnrolmentCheckView, Access::Public, waits enrolment::check;
    "enrolment.enrol": EnrolTillRequest => TillState, Access::Public, waits enrolment::enrol;
}
