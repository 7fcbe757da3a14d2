//! Wrong codes and passwords are counted before the secret is compared, and slowed down.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{Repository, millis};
use crate::error::HubError;

/// What is counted together, and how patient the hub is with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Passwords of one person, from whatever till.
    User(String),
    /// Enrolment codes from one network address.
    EnrolFrom(String),
    /// Enrolment codes from everywhere: many addresses together guess no better than one.
    Enrol,
}

/// Waiting begins with this many milliseconds and doubles with each further attempt.
const FIRST_WAIT_MS: i64 = 5_000;
/// The longest wait, in milliseconds.
const MAX_WAIT_MS: i64 = 300_000;
/// After this many milliseconds without an attempt the count begins again.
const FORGET_MS: i64 = 900_000;

impl Scope {
    fn name(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::EnrolFrom(address) => format!("enrol:{address}"),
            Self::Enrol => "enrol".to_owned(),
        }
    }

    /// Attempts without any wait.
    const fn free(&self) -> i64 {
        match self {
            Self::User(_) | Self::EnrolFrom(_) => 5,
            Self::Enrol => 50,
        }
    }

    /// How long to wait after that many attempts in a row.
    fn wait_ms(&self, failures: i64) -> i64 {
        let over = failures - self.free();
        if over < 0 {
            return 0;
        }
        let doublings = u32::try_from(over.min(16)).unwrap_or(16);
        (FIRST_WAIT_MS << doublings).min(MAX_WAIT_MS)
    }
}

impl Repository {
    /// Counts an attempt in all scopes, durably, before anything is compared.
    ///
    /// # Errors
    /// [`HubError::TooManyAttempts`] while one of them has to wait; the attempt must then not be
    /// looked at, and is not counted either, so that waiting always helps.
    pub fn count_attempt(&self, scopes: &[Scope], now: Timestamp) -> Result<(), HubError> {
        let now = millis(now);
        self.write(|tx| {
            tx.execute("DELETE FROM attempts WHERE last_ms < ?1", [now - FORGET_MS])?;
            for scope in scopes {
                refuse_while_waiting(tx, scope, now)?;
            }
            for scope in scopes {
                count(tx, scope, now)?;
            }
            Ok(())
        })
    }

    /// The attempt was right: the count begins again.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn forget_attempts(&self, scope: &Scope) -> Result<(), HubError> {
        self.write(|tx| {
            tx.execute("DELETE FROM attempts WHERE scope = ?1", [scope.name()])?;
            Ok(())
        })
    }
}

fn refuse_while_waiting(tx: &Transaction<'_>, scope: &Scope, now: i64) -> Result<(), HubError> {
    let until: Option<i64> = tx
        .query_row(
            "SELECT blocked_until FROM attempts WHERE scope = ?1",
            [scope.name()],
            |row| row.get(0),
        )
        .optional()?;
    // A clock set back must not lock anybody out for longer than the longest wait.
    let left = until.map_or(0, |until| (until - now).min(MAX_WAIT_MS));
    if left <= 0 {
        return Ok(());
    }
    let retry_after = u64::try_from(left.div_euclid(1000) + 1).unwrap_or(1);
    Err(HubError::TooManyAttempts { retry_after })
}

fn count(tx: &Transaction<'_>, scope: &Scope, now: i64) -> Result<(), HubError> {
    let failures: i64 = tx.query_row(
        "INSERT INTO attempts (scope, failures, last_ms, blocked_until) VALUES (?1, 1, ?2, 0)
         ON CONFLICT (scope) DO UPDATE SET failures = failures + 1, last_ms = excluded.last_ms
         RETURNING failures",
        params![scope.name(), now],
        |row| row.get(0),
    )?;
    // Without a wait there is no moment to wait for: a request that was begun earlier and is counted
    // later, as two tills in the same second are, must not find one in its future.
    let blocked_until = match scope.wait_ms(failures) {
        0 => 0,
        wait => now + wait,
    };
    tx.execute(
        "UPDATE attempts SET blocked_until = ?2 WHERE scope = ?1",
        params![scope.name(), blocked_until],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_begins_after_the_free_attempts_doubles_and_ends_at_five_minutes() {
        let user = Scope::User("ana".into());
        let table = [
            (1, 0),
            (4, 0),
            (5, 5),
            (6, 10),
            (7, 20),
            (10, 160),
            (11, 300),
            (99, 300),
        ];
        for (failures, seconds) in table {
            assert_eq!(user.wait_ms(failures), seconds * 1000, "after {failures}");
        }
        assert_eq!(Scope::Enrol.wait_ms(49), 0);
        assert_eq!(Scope::Enrol.wait_ms(50), 5_000);
    }

    #[test]
    fn two_attempts_in_the_same_moment_are_both_looked_at_whichever_comes_first() {
        let dir = std::env::temp_dir().join(format!("evertill-hub-moment-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let repository = Repository::open(&dir.join("hub.sqlite")).unwrap();
        let user = [Scope::User("ana".into())];
        let later: Timestamp = "2026-11-23T08:00:00.005Z".parse().unwrap();
        let earlier: Timestamp = "2026-11-23T08:00:00.000Z".parse().unwrap();
        repository.count_attempt(&user, later).unwrap();
        repository.count_attempt(&user, earlier).unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
