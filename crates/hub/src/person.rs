//! The people of a shop, with their secrets or the hashes of them.

use evertill_protocol::UserRecord;

use crate::error::HubError;
use crate::secrets;

/// A person with the hashes of their secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// What tills get to see.
    pub user: UserRecord,
    /// Argon2id PHC string.
    pub password_hash: String,
    /// Argon2id PHC string of the PIN, if there is one.
    pub pin_hash: Option<String>,
}

/// A person to be added, with their secrets in the clear for this one moment.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// What tills get to see; `has_pin` is set by the hub.
    pub user: UserRecord,
    /// Password.
    pub password: String,
    /// PIN, if they want one.
    pub pin: Option<String>,
}

impl NewPerson {
    /// The same with hashes in place of the secrets.
    pub(crate) fn hashed(&self) -> Result<Person, HubError> {
        Ok(Person {
            user: UserRecord {
                has_pin: self.pin.is_some(),
                ..self.user.clone()
            },
            password_hash: secrets::hash_password(&self.password)?,
            pin_hash: self
                .pin
                .as_deref()
                .map(secrets::hash_password)
                .transpose()?,
        })
    }
}
