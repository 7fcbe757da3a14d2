//! What people need to sign in while the network is away.

use evertill_core::UserId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::db::value::{id, text_or_none, time, time_or_none};
use crate::db::{Database, StoreError};

/// What somebody who signed in here online left for the next time.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Whose it is.
    pub user: UserId,
    /// Argon2id hash (PHC string) of the password they signed in with.
    pub password_verifier: String,
    /// Argon2id hash (PHC string) of their PIN, if they have one.
    pub pin_hash: Option<String>,
    /// When the hub gave the grant.
    pub grant_issued_at: Timestamp,
    /// Until when they may sign in offline.
    pub grant_expires_at: Timestamp,
    /// Attempts since the last success.
    pub attempts: u32,
    /// When the last attempt was.
    pub last_attempt_at: Option<Timestamp>,
}

impl std::fmt::Debug for Credential {
    // By hand, so that no hash gets into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("user", &self.user)
            .field("has_pin", &self.pin_hash.is_some())
            .field("grant_expires_at", &self.grant_expires_at)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// A new grant with what it is checked by offline.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// Argon2id hash (PHC string) of the password.
    pub password_verifier: String,
    /// Argon2id hash (PHC string) of the PIN, as the hub gave it.
    pub pin_hash: Option<String>,
    /// When the hub gave the grant.
    pub grant_issued_at: Timestamp,
    /// Until when it holds.
    pub grant_expires_at: Timestamp,
}

impl Database {
    /// What the person left here, `None` if they never signed in online on this till.
    ///
    /// # Errors
    /// Database errors.
    pub fn credential(&self, user_id: &UserId) -> Result<Option<Credential>, StoreError> {
        self.read(|conn| {
            let found = conn
                .prepare_cached(
                    "SELECT user, password_verifier, pin_hash, grant_issued_at, grant_expires_at,
                            attempts, last_attempt_at
                     FROM credentials WHERE user = ?1",
                )?
                .query_row([user_id.as_str()], credential)
                .optional()?;
            Ok(found)
        })
    }

    /// Keeps a new grant; the count of attempts starts again.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn save_credential(&self, user: &UserId, new: &NewCredential) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO credentials (user, password_verifier, pin_hash, grant_issued_at,
                                          grant_expires_at, attempts, last_attempt_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)
                 ON CONFLICT (user) DO UPDATE SET password_verifier = excluded.password_verifier,
                     pin_hash = excluded.pin_hash, grant_issued_at = excluded.grant_issued_at,
                     grant_expires_at = excluded.grant_expires_at, attempts = 0,
                     last_attempt_at = 0",
            )?
            .execute((
                user.as_str(),
                &new.password_verifier,
                new.pin_hash.as_deref().unwrap_or_default(),
                new.grant_issued_at.as_millisecond(),
                new.grant_expires_at.as_millisecond(),
            ))?;
            Ok(())
        })
    }

    /// Counts an attempt to sign in and gives back how many there were since the last success,
    /// this one included. The count is on disk when this returns, so it must come before secrets
    /// are compared: pulling the plug then gains nobody another try.
    ///
    /// # Errors
    /// `unknown_key` if the person left no credential here; `disk_full` and database errors.
    pub fn count_attempt(&self, user: &UserId) -> Result<u32, StoreError> {
        self.write(|tx| {
            let now = tx.now().as_millisecond();
            tx.prepare_cached(
                "UPDATE credentials SET attempts = attempts + 1, last_attempt_at = ?2
                 WHERE user = ?1 RETURNING attempts",
            )?
            .query_row((user.as_str(), now), |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::Unknown {
                what: "credential",
                key: user.to_string(),
            })
        })
    }

    /// Forgets the attempts after a success.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn clear_attempts(&self, user: &UserId) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(
                "UPDATE credentials SET attempts = 0, last_attempt_at = 0 WHERE user = ?1",
            )?
            .execute([user.as_str()])?;
            Ok(())
        })
    }
}

fn credential(row: &Row<'_>) -> rusqlite::Result<Credential> {
    Ok(Credential {
        user: id(row, 0)?,
        password_verifier: row.get(1)?,
        pin_hash: text_or_none(row, 2)?,
        grant_issued_at: time(row, 3)?,
        grant_expires_at: time(row, 4)?,
        attempts: row.get(5)?,
        last_attempt_at: time_or_none(row, 6)?,
    })
}

/// Forgets what the person left here.
pub(crate) fn delete(conn: &Connection, user: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM credentials WHERE user = ?1")?
        .execute([user])?;
    Ok(())
}
