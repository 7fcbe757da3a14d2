//! Who works at the till: signing in and out.

mod attempts;
mod password;
mod sign_in;
mod types;

pub use types::{PeopleView, PersonView, SecretKind, SignInRequest};

use crate::caller::CurrentSession;
use crate::command::{Access, commands};
use crate::common::Nothing;
use crate::context::Context;
use crate::state::{State, TillState};
use crate::sync::HubSync;

/// The people of the shop and who is signed in.
#[derive(Clone)]
pub(crate) struct People {
    context: Context,
    session: CurrentSession,
    sync: HubSync,
    state: State,
}

impl People {
    pub(crate) fn new(
        context: Context,
        session: CurrentSession,
        sync: HubSync,
        state: State,
    ) -> Self {
        Self {
            context,
            session,
            sync,
            state,
        }
    }
}

commands! {
    People;
    "session.people": Nothing => PeopleView, Access::Public, store sign_in::people;
    "session.sign_in": SignInRequest => TillState, Access::Public, waits sign_in::sign_in;
    "session.sign_out": Nothing => TillState, Access::SignedIn, store sign_in::sign_out;
}
