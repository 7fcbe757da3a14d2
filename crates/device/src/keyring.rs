//! One 32-byte secret in the operating system's keyring: Secret Service, Keychain, Credential
//! Manager.
//!
//! Every call runs on a plain thread of its own with a time limit. The Secret Service is reached
//! over D-Bus with blocking calls that must not run on a thread of the async runtime, and a bus
//! whose keyring never answers must not hang the till.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use evertill_core::Coded;
use keyring::Entry;
use zeroize::Zeroizing;

/// Long enough for a person to type the keyring's password into the desktop's own dialogue.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why the secret could not be read or kept. Both fail closed: the store stays shut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum KeyringError {
    /// `keyring_unavailable`: there is no keyring, or it does not answer.
    #[error(
        "This computer's keyring cannot be used, so the till's data stays locked. Start the \
         keyring (on Linux a Secret Service such as GNOME Keyring or KWallet), then start the till again."
    )]
    #[coded("keyring_unavailable")]
    Unavailable {
        /// What the operating system said.
        #[coded(name = "reason")]
        detail: String,
    },
    /// `keyring_locked`: the keyring is there, but was not unlocked.
    #[error(
        "This computer's keyring is locked, so the till's data stays locked. Unlock the keyring, \
         then start the till again."
    )]
    #[coded("keyring_locked")]
    Locked {
        /// What the operating system said.
        detail: String,
    },
    /// `keyring_entry_damaged`: what the keyring holds is not a secret of this till.
    #[error(
        "The keyring holds something for this till that is not its key. Nothing was changed; ask \
         your administrator."
    )]
    #[coded("keyring_entry_damaged")]
    Damaged {
        /// How many bytes were found, or that there were several entries.
        detail: String,
    },
}

/// One named secret in the keyring of the user who runs the till.
#[derive(Debug, Clone)]
pub struct OsKeyring {
    service: String,
    account: String,
    patience: Duration,
}

impl OsKeyring {
    /// The entry `account` of `service`, for example the till's folder of `evertill`.
    #[must_use]
    pub fn new(service: impl Into<String>, account: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            account: account.into(),
            patience: PATIENCE,
        }
    }

    /// The same entry with another time limit for each call.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The secret, or `None` when the keyring works and holds none. Wiped when dropped.
    ///
    /// # Errors
    /// `keyring_unavailable`, `keyring_locked`, `keyring_entry_damaged`.
    pub fn load(&self) -> Result<Option<Zeroizing<[u8; 32]>>, KeyringError> {
        self.call(|entry| match entry.get_secret().map(Zeroizing::new) {
            Ok(found) => match <[u8; 32]>::try_from(found.as_slice()) {
                Ok(secret) => Ok(Some(Zeroizing::new(secret))),
                Err(_wrong_length) => Err(KeyringError::Damaged {
                    detail: format!("{} bytes", found.len()),
                }),
            },
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(explain(&error)),
        })
    }

    /// Keeps the secret, in place of an earlier one, and reads it back before saying so.
    ///
    /// # Errors
    /// `keyring_unavailable`, `keyring_locked`, `keyring_entry_damaged`.
    pub fn save(&self, secret: &[u8; 32]) -> Result<(), KeyringError> {
        let secret = Zeroizing::new(*secret);
        self.call(move |entry| {
            entry
                .set_secret(secret.as_slice())
                .map_err(|error| explain(&error))?;
            let kept = Zeroizing::new(entry.get_secret().map_err(|error| explain(&error))?);
            if kept.as_slice() == secret.as_slice() {
                Ok(())
            } else {
                Err(KeyringError::Damaged {
                    detail: "read back differently".to_owned(),
                })
            }
        })
    }

    /// Removes the secret; it is no error when there is none.
    ///
    /// # Errors
    /// `keyring_unavailable`, `keyring_locked`, `keyring_entry_damaged`.
    pub fn remove(&self) -> Result<(), KeyringError> {
        self.call(|entry| match entry.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(explain(&error)),
        })
    }

    /// Runs `work` on a thread of its own and waits no longer than the time limit. A thread that
    /// hangs in the keyring is left behind; it holds nothing but its own call.
    fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Entry) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let (answer, answered) = mpsc::sync_channel(1);
        let (service, account) = (self.service.clone(), self.account.clone());
        let work = move || {
            let done = open(&service, &account).and_then(|entry| work(&entry));
            // Nobody listens any more when the time limit has passed.
            let _too_late = answer.send(done);
        };
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(work)
            .map_err(|error| KeyringError::Unavailable {
                detail: error.to_string(),
            })?;
        answered
            .recv_timeout(self.patience)
            .unwrap_or_else(|missing| {
                let detail = match missing {
                    RecvTimeoutError::Timeout => {
                        format!("no answer within {} s", self.patience.as_secs_f32())
                    }
                    RecvTimeoutError::Disconnected => "the keyring call broke off".to_owned(),
                };
                Err(KeyringError::Unavailable { detail })
            })
    }
}

fn open(service: &str, account: &str) -> Result<Entry, KeyringError> {
    if let Err(error) = Entry::store_status() {
        return Err(explain(error));
    }
    Entry::new(service, account).map_err(|error| explain(&error))
}

/// Tells a locked keyring from one that is not there.
fn explain(error: &keyring::Error) -> KeyringError {
    let detail = error.to_string();
    // Creating an item in a locked collection arrives as a platform failure, so the text decides.
    let locked = matches!(error, keyring::Error::NoStorageAccess(_))
        || detail.to_lowercase().contains("locked");
    match error {
        keyring::Error::BadDataFormat(..)
        | keyring::Error::BadStoreFormat(_)
        | keyring::Error::Ambiguous(_) => KeyringError::Damaged { detail },
        _ if locked => KeyringError::Locked { detail },
        _ => KeyringError::Unavailable { detail },
    }
}
