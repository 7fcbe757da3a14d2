//! Who works at the till: in memory only, so that every start asks again.

use std::sync::Arc;

use evertill_core::{Fault, Role, UserId};
use evertill_protocol as protocol;
use evertill_store::{Credential, NewCredential, User};
use jiff::Timestamp;

use crate::attempts::locked_for;
use crate::fault::AppError;
use crate::till::Till;
use crate::types::{
    Nothing, PeopleView, PersonView, SecretKind, SessionView, SignInRequest, TillState,
};
use crate::{hub, password, state, when};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) since: Timestamp,
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

/// `session.people`
pub(crate) fn people(till: &Till, _: &Caller, _: &Nothing) -> Result<PeopleView, Fault> {
    let now = till.trusted_now()?;
    let people = till
        .store()
        .users()?
        .into_iter()
        .filter(|user| !user.disabled)
        .map(|user| {
            let left = till.store().credential(&user.id)?;
            Ok(PersonView {
                id: user.id.to_string(),
                initials: initials(&user.name),
                name: user.name,
                role: user.role,
                can_pin: left.as_ref().is_some_and(|left| left.pin_hash.is_some()),
                offline_ok: left.is_some_and(|left| left.grant_expires_at > now),
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(PeopleView { people })
}

/// First letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// `session.sign_out`
pub(crate) fn sign_out(till: &Till, caller: &Caller, _: &Nothing) -> Result<TillState, Fault> {
    till.set_session(None);
    state::state(till, caller, &Nothing {})
}

/// What the till knows of a person before the secret is looked at.
struct Candidate {
    user: User,
    /// What they left on this till the last time they signed in online.
    left: Option<Credential>,
    now: Timestamp,
}

/// What came of comparing a secret.
enum Verdict {
    Right(Role),
    Wrong,
}

/// `session.sign_in`: by password with the hub, by password or PIN without it.
///
/// The attempt is counted in the store before the secret is compared.
///
/// Refusals: `sign_in_refused`, `sign_in_locked`, `sign_in_needs_network`, `grant_expired`,
/// `pin_not_set`, `device_unknown`.
pub(crate) async fn sign_in(
    till: &Till,
    caller: &Caller,
    request: &SignInRequest,
) -> Result<TillState, Fault> {
    let id = UserId::from(request.user_id.as_str());
    let candidate = till.blocking(move |till| begin(till, &id)).await?;
    let (id, name) = (candidate.user.id.clone(), candidate.user.name.clone());
    let secret = request.secret.clone();
    let verdict = match request.kind {
        SecretKind::Pin => {
            till.blocking(move |till| offline_pin(till, &candidate, &secret))
                .await?
        }
        SecretKind::Password => by_password(till, candidate, secret).await?,
    };
    let Verdict::Right(role) = verdict else {
        return Err(AppError::SignInRefused.into());
    };
    let caller = caller.clone();
    till.blocking(move |till| {
        till.store().clear_attempts(&id)?;
        let since = till.now();
        till.set_session(Some(Session {
            user: id,
            name,
            role,
            since,
        }));
        state::state(till, &caller, &Nothing {})
    })
    .await
}

/// Finds the person, refuses while they have to wait, and counts the attempt.
fn begin(till: &Till, id: &UserId) -> Result<Candidate, Fault> {
    till.shop()?;
    let user = till
        .store()
        .user(id)?
        .filter(|user| !user.disabled)
        .ok_or(AppError::SignInRefused)?;
    let left = till.store().credential(id)?;
    let now = till.trusted_now()?;
    if let Some(left) = &left {
        if let Some(seconds) = locked_for(left.attempts, left.last_attempt_at, till.now()) {
            return Err(AppError::SignInLocked { seconds }.into());
        }
        till.store().count_attempt(id)?;
    }
    Ok(Candidate { user, left, now })
}

async fn by_password(till: &Till, candidate: Candidate, secret: String) -> Result<Verdict, Fault> {
    // A hub that is known to be away would only cost the connect timeout.
    if candidate.left.is_some() && till.knows_hub_is_away() {
        return till
            .blocking(move |till| offline_password(till, &candidate, &secret))
            .await;
    }
    let request = protocol::SignInRequest {
        user: candidate.user.id.clone(),
        password: secret.clone(),
    };
    match till.upstream()?.sign_in(&request).await {
        Ok(grant) => {
            till.blocking(move |till| keep_grant(till, grant, &secret))
                .await
        }
        Err(error) if hub::is_away(&error) => {
            till.blocking(move |till| offline_password(till, &candidate, &secret))
                .await
        }
        Err(error) => match hub::fault_of(error) {
            fault if fault.code == "sign_in_refused" => Ok(Verdict::Wrong),
            fault => Err(fault),
        },
    }
}

/// Remembers what the hub granted and makes the till's own verifier of the password.
fn keep_grant(till: &Till, grant: protocol::Grant, secret: &str) -> Result<Verdict, Fault> {
    let new = NewCredential {
        password_verifier: password::verifier_of(secret)?,
        pin_hash: grant.pin_hash,
        grant_issued_at: grant.issued_at,
        grant_expires_at: grant.expires_at,
    };
    till.store().save_credential(&grant.user.id, &new)?;
    Ok(Verdict::Right(grant.role))
}

fn offline_password(till: &Till, candidate: &Candidate, secret: &str) -> Result<Verdict, Fault> {
    let left = candidate
        .left
        .as_ref()
        .ok_or(AppError::SignInNeedsNetwork)?;
    compare(till, candidate, left, &left.password_verifier, secret)
}

fn offline_pin(till: &Till, candidate: &Candidate, secret: &str) -> Result<Verdict, Fault> {
    let left = candidate.left.as_ref().ok_or(AppError::PinNotSet)?;
    let pin_hash = left.pin_hash.as_ref().ok_or(AppError::PinNotSet)?;
    compare(till, candidate, left, pin_hash, secret)
}

/// Compares first, so that only who knows the secret learns that the grant has run out.
fn compare(
    till: &Till,
    candidate: &Candidate,
    left: &Credential,
    verifier: &str,
    secret: &str,
) -> Result<Verdict, Fault> {
    if !password::matches(verifier, secret) {
        return Ok(Verdict::Wrong);
    }
    if left.grant_expires_at <= candidate.now {
        till.store().clear_attempts(&candidate.user.id)?;
        return Err(AppError::GrantExpired.into());
    }
    Ok(Verdict::Right(candidate.user.role))
}

/// Who is signed in, as the window shows it.
pub(crate) fn view(session: &Session, zone: &jiff::tz::TimeZone) -> SessionView {
    SessionView {
        user_id: session.user.to_string(),
        name: session.name.clone(),
        role: session.role,
        permissions: session.role.permissions(),
        since: when::time_of_day(session.since, zone),
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_one_or_two_letters() {
        for (name, letters) in [
            ("Ana", "A"),
            ("ana maria lopez", "AL"),
            ("  Émile Zola ", "ÉZ"),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters);
        }
    }
}
