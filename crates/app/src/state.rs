//! The till as a whole.

use evertill_core::Fault;

use crate::session::{self, Caller};
use crate::till::Till;
use crate::types::{Nothing, Phase, TillState};
use crate::{settings, sync, when};

/// `till.state`: everything a window needs to choose its screen.
pub(crate) fn state(till: &Till, _: &Caller, _: &Nothing) -> Result<TillState, Fault> {
    // Not the caller's session: signing in and out answer with the state they have made.
    let enrolled = till.shop().ok();
    let session = till.session();
    let phase = match (&enrolled, &session) {
        (None, _) => Phase::NeedsEnrolment,
        (Some(_), None) => Phase::SignedOut,
        (Some(_), Some(_)) => Phase::SignedIn,
    };
    let zone = till.zone();
    let hub_url = enrolled
        .as_ref()
        .map(|enrolled| enrolled.enrolment.hub_url.clone());
    Ok(TillState {
        phase,
        shop: enrolled.as_ref().map(|enrolled| enrolled.view()),
        till_name: enrolled
            .as_ref()
            .map(|enrolled| enrolled.enrolment.till_name.clone()),
        hub_url: hub_url.or_else(|| till.hub_hint().map(str::to_owned)),
        session: session.map(|session| session::view(&session, &zone)),
        sync: sync::view(till)?,
        printer: settings::printer_view(till),
        catalogue: sync::catalogue(till)?,
        now_text: when::time_of_day(till.now(), &zone),
        version: till.version().to_owned(),
        theme_hint: till.theme(),
    })
}
