//! Enrolment codes and the tills they make.

use evertill_core::TillId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

use super::{Repository, millis};
use crate::error::HubError;
use crate::secrets;

/// How long an enrolment code can be used.
pub(crate) const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long a used or expired code is remembered, to say so.
const CODE_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// A till as the hub knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The device's id.
    pub id: Uuid,
    /// Its till id, which no other device ever had.
    pub till: TillId,
}

/// What a device says about itself when it enrols, and what the hub gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// The id it will have.
    pub id: Uuid,
    /// The token it will show from now on; only its hash is kept.
    pub token: String,
    /// What people call it.
    pub name: String,
    /// Operating system and architecture.
    pub platform: String,
    /// Software version.
    pub app_version: String,
}

impl Repository {
    /// Makes a new single-use enrolment code that lives for ten minutes.
    ///
    /// # Errors
    /// [`HubError::Secret`] without randomness, [`HubError::Storage`] and the like.
    pub fn new_enrol_code(&self, now: Timestamp) -> Result<String, HubError> {
        let code = secrets::new_code()?;
        let salt = secrets::new_salt()?;
        let hash = secrets::code_hash(&salt, &code);
        self.write(|tx| {
            tx.execute(
                "DELETE FROM enrol_codes WHERE expires_at < ?1",
                [millis(now - CODE_MEMORY)],
            )?;
            tx.execute(
                "INSERT INTO enrol_codes (salt, code_hash, created_at, expires_at, used_at)
                 VALUES (?1, ?2, ?3, ?4, 0)",
                params![salt, hash, millis(now), millis(now + CODE_LIFE)],
            )?;
            Ok(())
        })?;
        Ok(code)
    }

    /// Looks whether an enrolment code may be used now, and leaves it as it is.
    ///
    /// # Errors
    /// [`HubError::EnrolCodeWrong`], [`HubError::EnrolCodeUsed`],
    /// [`HubError::EnrolCodeExpired`], [`HubError::Storage`] and the like.
    pub fn check_enrol_code(&self, code: &str, now: Timestamp) -> Result<(), HubError> {
        self.read(|tx| find_code(tx, code, now).map(|_| ()))
    }

    /// Uses up an enrolment code and makes the device a till, in one transaction.
    ///
    /// # Errors
    /// [`HubError::EnrolCodeWrong`], [`HubError::EnrolCodeUsed`],
    /// [`HubError::EnrolCodeExpired`], [`HubError::Storage`] and the like.
    pub fn enrol(&self, code: &str, new: &NewDevice, now: Timestamp) -> Result<Device, HubError> {
        self.write(|tx| {
            let id = find_code(tx, code, now)?;
            tx.execute(
                "UPDATE enrol_codes SET used_at = ?2 WHERE id = ?1",
                params![id, millis(now)],
            )?;
            insert_device(tx, new, now)
        })
    }

    /// The device a token belongs to, unless it was revoked.
    ///
    /// # Errors
    /// [`HubError::DeviceUnknown`], [`HubError::Storage`] and the like.
    pub fn device(&self, token: &str) -> Result<Device, HubError> {
        let hash = secrets::token_hash(token);
        self.read(|tx| {
            tx.prepare_cached(
                "SELECT id, till FROM devices WHERE token_hash = ?1 AND revoked_at = 0",
            )?
            .query_row([hash], device_row)
            .optional()?
            .ok_or(HubError::DeviceUnknown)
        })
    }

    /// Revokes a till: its token is worth nothing from now on.
    ///
    /// # Errors
    /// [`HubError::DeviceUnknown`] if there is no such till, [`HubError::Storage`] and the like.
    pub fn revoke(&self, till: &TillId, now: Timestamp) -> Result<(), HubError> {
        self.write(|tx| {
            let revoked = tx.execute(
                "UPDATE devices SET revoked_at = ?2 WHERE till = ?1 AND revoked_at = 0",
                params![till.as_str(), millis(now)],
            )?;
            if revoked == 0 {
                Err(HubError::DeviceUnknown)
            } else {
                Ok(())
            }
        })
    }
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    let id: String = row.get(0)?;
    let till: String = row.get(1)?;
    let id = Uuid::parse_str(&id).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(Device {
        id,
        till: TillId::from(till),
    })
}

/// The row of a code that may be used now.
fn find_code(tx: &Transaction<'_>, code: &str, now: Timestamp) -> Result<i64, HubError> {
    let mut statement = tx.prepare(
        "SELECT id, salt, code_hash, expires_at, used_at FROM enrol_codes ORDER BY id DESC",
    )?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let (salt, hash): (String, String) = (row.get(1)?, row.get(2)?);
        if secrets::code_hash(&salt, code) != hash {
            continue;
        }
        let (expires_at, used_at): (i64, i64) = (row.get(3)?, row.get(4)?);
        if used_at != 0 {
            return Err(HubError::EnrolCodeUsed);
        }
        if expires_at <= millis(now) {
            return Err(HubError::EnrolCodeExpired);
        }
        return Ok(row.get(0)?);
    }
    Err(HubError::EnrolCodeWrong)
}

fn insert_device(
    tx: &Transaction<'_>,
    new: &NewDevice,
    now: Timestamp,
) -> Result<Device, HubError> {
    let number: i64 = tx.query_row(
        "SELECT coalesce(max(till_number), 0) + 1 FROM devices",
        (),
        |row| row.get(0),
    )?;
    let till = TillId::from(format!("{number:02}"));
    tx.execute(
        "INSERT INTO devices (id, till, till_number, name, platform, app_version, token_hash,
                              enrolled_at, revoked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
        params![
            new.id.to_string(),
            till.as_str(),
            number,
            new.name,
            new.platform,
            new.app_version,
            secrets::token_hash(&new.token),
            millis(now),
        ],
    )?;
    Ok(Device { id: new.id, till })
}
