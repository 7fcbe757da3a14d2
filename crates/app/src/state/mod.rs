//! The till as a whole, as a window needs it to choose its screen.

mod types;

use std::sync::Arc;

pub use types::{Phase, SessionView, ThemeHint, TillState};

use evertill_core::Fault;
use jiff::tz::TimeZone;

use crate::caller::{Caller, CurrentSession, Session};
use crate::command::{Access, commands};
use crate::common::Nothing;
use crate::context::Context;
use crate::printing::Printing;
use crate::sync::HubSync;
use crate::when;

/// What the till was installed and started with.
#[derive(Debug)]
pub(crate) struct Installation {
    /// Operating system and processor.
    pub(crate) platform: String,
    pub(crate) version: String,
    pub(crate) theme: ThemeHint,
    /// The hub's address to offer for enrolment.
    pub(crate) hub_url: Option<String>,
}

/// The state of the whole till, put together from its domains.
#[derive(Clone)]
pub(crate) struct State {
    context: Context,
    session: CurrentSession,
    sync: HubSync,
    printing: Printing,
    installation: Arc<Installation>,
}

commands! {
    State;
    "till.state": Nothing => TillState, Access::Public, store state;
}

impl State {
    pub(crate) fn new(
        context: Context,
        session: CurrentSession,
        sync: HubSync,
        printing: Printing,
        installation: Arc<Installation>,
    ) -> Self {
        Self {
            context,
            session,
            sync,
            printing,
            installation,
        }
    }

    /// Everything a window needs to choose its screen.
    pub(crate) fn view(&self) -> Result<TillState, Fault> {
        let enrolled = self.context.shop().ok();
        let session = self.session.get();
        let phase = match (&enrolled, &session) {
            (None, _) => Phase::NeedsEnrolment,
            (Some(_), None) => Phase::SignedOut,
            (Some(_), Some(_)) => Phase::SignedIn,
        };
        let zone = self.context.zone();
        let hub_url = enrolled
            .as_ref()
            .map(|enrolled| enrolled.enrolment.hub_url.clone());
        Ok(TillState {
            phase,
            shop: enrolled.as_ref().map(|enrolled| enrolled.view()),
            till_name: enrolled
                .as_ref()
                .map(|enrolled| enrolled.enrolment.till_name.clone()),
            hub_url: hub_url.or_else(|| self.installation.hub_url.clone()),
            session: session.map(|session| session_view(&session, &zone)),
            sync: self.sync.view()?,
            printer: self.printing.printer_view(),
            catalogue: self.sync.catalogue()?,
            now_text: when::time_of_day(self.context.now(), &zone),
            version: self.installation.version.clone(),
            theme_hint: self.installation.theme,
        })
    }
}

/// `till.state`. Not of the caller's session: signing in and out answer with the state they have made.
fn state(state: &State, _: &Caller, _: &Nothing) -> Result<TillState, Fault> {
    state.view()
}

/// Who is signed in, as the window shows it.
fn session_view(session: &Session, zone: &TimeZone) -> SessionView {
    SessionView {
        user_id: session.user.to_string(),
        name: session.name.clone(),
        role: session.role,
        permissions: session.role.permissions(),
        since: when::time_of_day(session.since, zone),
    }
}
