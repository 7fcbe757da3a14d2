//! The keyring of a machine that exists only in a test.

use std::sync::{Arc, Mutex, PoisonError};

use evertill_app::{DeviceSecret, SecretError};
use evertill_store::Secret;

/// A keyring in memory. Clones are the same keyring.
#[derive(Clone, Default)]
pub struct Keyring(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secret: Option<Secret>,
    locked: bool,
}

impl Keyring {
    /// The keyring cannot be reached, as on a machine without a desktop session.
    pub fn lock(&self) {
        self.state(|state| state.locked = true);
    }

    /// The keyring answers again.
    pub fn unlock(&self) {
        self.state(|state| state.locked = false);
    }

    /// What it keeps.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.state(|state| **state.secret.as_ref().expect("the keyring has a secret"))
    }

    /// Loses what it kept, as when the machine is set up again.
    #[must_use]
    pub fn take(&self) -> [u8; 32] {
        let secret = self.secret();
        self.state(|state| state.secret = None);
        secret
    }

    /// Keeps another secret from now on.
    pub fn put(&self, secret: &[u8; 32]) {
        self.state(|state| state.secret = Some(Secret::new(*secret)));
    }

    fn state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn refuse_if_locked(state: &State) -> Result<(), SecretError> {
        if state.locked {
            Err(SecretError {
                reason: "no keyring is running".to_owned(),
            })
        } else {
            Ok(())
        }
    }
}

impl DeviceSecret for Keyring {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        self.state(|state| {
            Self::refuse_if_locked(state)?;
            Ok(state.secret.clone())
        })
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        self.state(|state| {
            Self::refuse_if_locked(state)?;
            state.secret = Some(Secret::new(*secret));
            Ok(())
        })
    }
}
