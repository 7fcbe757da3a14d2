//! Signing in and out.

use evertill_core::{Fault, Role, UserId};
use evertill_protocol as protocol;
use evertill_store::{Credential, NewCredential, User};
use jiff::Timestamp;

use super::People;
use super::attempts::locked_for;
use super::password;
use super::types::{PeopleView, PersonView, SecretKind, SignInRequest};
use crate::caller::{Caller, Session};
use crate::common::Nothing;
use crate::context::Context;
use crate::fault::AppError;
use crate::state::TillState;
use crate::sync::{fault_of, is_away};

/// `session.people`
pub(super) fn people(people: &People, _: &Caller, _: &Nothing) -> Result<PeopleView, Fault> {
    let now = people.context.trusted_now()?;
    let store = people.context.store();
    let people = store
        .users()?
        .into_iter()
        .filter(|user| !user.disabled)
        .map(|user| {
            let left = store.credential(&user.id)?;
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
pub(super) fn sign_out(people: &People, _: &Caller, _: &Nothing) -> Result<TillState, Fault> {
    people.session.set(None);
    people.state.view()
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
pub(super) async fn sign_in(
    people: &People,
    _: &Caller,
    request: &SignInRequest,
) -> Result<TillState, Fault> {
    let id = UserId::from(request.user_id.as_str());
    let context = people.context.clone();
    let candidate = people
        .context
        .blocking(move || begin(&context, &id))
        .await?;
    let (id, name) = (candidate.user.id.clone(), candidate.user.name.clone());
    let secret = request.secret.clone();
    let verdict = match request.kind {
        SecretKind::Pin => {
            let context = people.context.clone();
            people
                .context
                .blocking(move || offline_pin(&context, &candidate, &secret))
                .await?
        }
        SecretKind::Password => by_password(people, candidate, secret).await?,
    };
    let Verdict::Right(role) = verdict else {
        return Err(AppError::SignInRefused.into());
    };
    let context = people.context.clone();
    let people = people.clone();
    context
        .blocking(move || {
            people.context.store().clear_attempts(&id)?;
            let since = people.context.now();
            people.session.set(Some(Session {
                user: id,
                name,
                role,
                since,
            }));
            people.state.view()
        })
        .await
}

/// Finds the person, refuses while they have to wait, and counts the attempt.
fn begin(context: &Context, id: &UserId) -> Result<Candidate, Fault> {
    context.shop()?;
    let user = context
        .store()
        .user(id)?
        .filter(|user| !user.disabled)
        .ok_or(AppError::SignInRefused)?;
    let left = context.store().credential(id)?;
    let now = context.trusted_now()?;
    if let Some(left) = &left {
        if let Some(seconds) = locked_for(left.attempts, left.last_attempt_at, context.now()) {
            return Err(AppError::SignInLocked { seconds }.into());
        }
        context.store().count_attempt(id)?;
    }
    Ok(Candidate { user, left, now })
}

async fn by_password(
    people: &People,
    candidate: Candidate,
    secret: String,
) -> Result<Verdict, Fault> {
    let context = people.context.clone();
    // A hub that is known to be away would only cost the connect timeout.
    if candidate.left.is_some() && people.sync.knows_hub_is_away() {
        return people
            .context
            .blocking(move || offline_password(&context, &candidate, &secret))
            .await;
    }
    let request = protocol::SignInRequest {
        user: candidate.user.id.clone(),
        password: secret.clone(),
    };
    match people.sync.upstream()?.sign_in(&request).await {
        Ok(grant) => {
            people
                .context
                .blocking(move || keep_grant(&context, grant, &secret))
                .await
        }
        Err(error) if is_away(&error) => {
            people
                .context
                .blocking(move || offline_password(&context, &candidate, &secret))
                .await
        }
        Err(error) => match fault_of(error) {
            fault if fault.code == "sign_in_refused" => Ok(Verdict::Wrong),
            fault => Err(fault),
        },
    }
}

/// Remembers what the hub granted and makes the till's own verifier of the password.
fn keep_grant(context: &Context, grant: protocol::Grant, secret: &str) -> Result<Verdict, Fault> {
    let new = NewCredential {
        password_verifier: password::verifier_of(secret)?,
        pin_hash: grant.pin_hash,
        grant_issued_at: grant.issued_at,
        grant_expires_at: grant.expires_at,
    };
    context.store().save_credential(&grant.user.id, &new)?;
    Ok(Verdict::Right(grant.role))
}

fn offline_password(
    context: &Context,
    candidate: &Candidate,
    secret: &str,
) -> Result<Verdict, Fault> {
    let left = candidate
        .left
        .as_ref()
        .ok_or(AppError::SignInNeedsNetwork)?;
    compare(context, candidate, left, &left.password_verifier, secret)
}

fn offline_pin(context: &Context, candidate: &Candidate, secret: &str) -> Result<Verdict, Fault> {
    let left = candidate.left.as_ref().ok_or(AppError::PinNotSet)?;
    let pin_hash = left.pin_hash.as_ref().ok_or(AppError::PinNotSet)?;
    compare(context, candidate, left, pin_hash, secret)
}

/// Compares first, so that only who knows the secret learns that the grant has run out.
fn compare(
    context: &Context,
    candidate: &Candidate,
    left: &Credential,
    verifier: &str,
    secret: &str,
) -> Result<Verdict, Fault> {
    if !password::matches(verifier, secret) {
        return Ok(Verdict::Wrong);
    }
    if left.grant_expires_at <= candidate.now {
        context.store().clear_attempts(&candidate.user.id)?;
        return Err(AppError::GrantExpired.into());
    }
    Ok(Verdict::Right(candidate.user.role))
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
