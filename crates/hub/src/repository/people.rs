//! The people who work at the shop's tills.

use evertill_protocol::{ChangeBody, Record, RecordKind};
use rusqlite::{OptionalExtension, Transaction, params};

use super::Repository;
use super::master::{publish, record, shop};
use crate::error::HubError;
use crate::founding::Founding;
use crate::person::{NewPerson, Person};

impl Repository {
    /// Adds a person, or replaces one and their secrets, and tells the tills.
    ///
    /// # Errors
    /// [`HubError::Secret`] if hashing fails, [`HubError::Storage`] and the like.
    pub fn put_person(&self, new: &NewPerson) -> Result<(), HubError> {
        // Hashing takes tens of milliseconds, so it happens before the write transaction.
        let person = new.hashed()?;
        self.write(|tx| put(tx, &person).map(|_| ()))
    }

    /// Makes the shop and its administrator, in one transaction.
    ///
    /// # Errors
    /// [`HubError::ShopExists`] if there is one, which stays as it is; [`HubError::Secret`] if
    /// hashing fails, [`HubError::Storage`] and the like.
    pub fn found(&self, new: &Founding) -> Result<(), HubError> {
        let administrator = new.administrator.hashed()?;
        self.write(|tx| {
            if shop(tx)?.is_some() {
                return Err(HubError::ShopExists);
            }
            publish(tx, &new.records())?;
            put(tx, &administrator)?;
            Ok(())
        })
    }

    /// The person of that id, disabled or not; `None` if there is none.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn person(&self, id: &str) -> Result<Option<Person>, HubError> {
        self.read(|tx| {
            let Some(Record::User(user)) = record(tx, RecordKind::User, id)? else {
                return Ok(None);
            };
            let hashes = credentials(tx, id)?;
            Ok(hashes.map(|(password_hash, pin_hash)| Person {
                user,
                password_hash,
                pin_hash,
            }))
        })
    }
}

/// Writes a person and their secrets; says how many records changed.
pub(super) fn put(tx: &Transaction<'_>, person: &Person) -> Result<u64, HubError> {
    tx.execute(
        "INSERT INTO credentials (user_id, password_hash, pin_hash) VALUES (?1, ?2, ?3)
         ON CONFLICT (user_id) DO UPDATE
         SET password_hash = excluded.password_hash, pin_hash = excluded.pin_hash",
        params![
            person.user.id.as_str(),
            person.password_hash,
            person.pin_hash.as_deref().unwrap_or_default()
        ],
    )?;
    publish(tx, &[ChangeBody::Upsert(Record::User(person.user.clone()))])
}

fn credentials(
    tx: &Transaction<'_>,
    id: &str,
) -> Result<Option<(String, Option<String>)>, HubError> {
    let row: Option<(String, String)> = tx
        .query_row(
            "SELECT password_hash, pin_hash FROM credentials WHERE user_id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(row.map(|(password, pin)| (password, Some(pin).filter(|pin| !pin.is_empty()))))
}
