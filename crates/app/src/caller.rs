//! Who works at the till: in memory only, so that every start asks again.

use std::sync::{Arc, PoisonError, RwLock};

use evertill_core::{Fault, Role, UserId};
use jiff::Timestamp;

use crate::fault::AppError;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) since: Timestamp,
}

/// The session of the moment. Cheap to clone; all clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct CurrentSession(Arc<RwLock<Option<Arc<Session>>>>);

impl CurrentSession {
    pub(crate) fn get(&self) -> Option<Arc<Session>> {
        // A session is only ever replaced as a whole, so what a panic left behind is good.
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set(&self, session: Option<Session>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = session.map(Arc::new);
    }
}

/// Who gives a command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    session: Option<Arc<Session>>,
}

impl Caller {
    pub(crate) fn new(session: Option<Arc<Session>>) -> Self {
        Self { session }
    }

    /// # Errors
    /// `sign_in_required`
    pub(crate) fn session(&self) -> Result<&Session, Fault> {
        self.session
            .as_deref()
            .ok_or_else(|| AppError::SignInRequired.into())
    }
}
