//! The store's key: 32 random bytes, kept only wrapped.
//!
//! The database is opened with a raw random key. The key lies in a small JSON file beside the
//! database, wrapped (XChaCha20-Poly1305) in one slot for every way to get at it. This version
//! writes the device slot, opened by a secret in the operating system's keyring; slots it does
//! not know are kept as they are, so that a later version's recovery slot survives.

use std::fs;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::error::StoreError;
use super::files;

/// 32 secret bytes that are wiped from memory when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// Where the device's secret is kept: outside the till's folder, in the keyring of the operating
/// system, so that the folder alone opens nothing.
pub trait DeviceSecret: Send + Sync {
    /// The secret, `None` if the keyring has none for this till.
    ///
    /// # Errors
    /// The keyring cannot be reached or refuses.
    fn load(&self) -> Result<Option<Secret>, SecretError>;

    /// Keeps the secret.
    ///
    /// # Errors
    /// The keyring cannot be reached or refuses.
    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError>;
}

/// Why the keyring gave or took no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SecretError {
    /// What it said.
    pub reason: String,
}

impl From<SecretError> for StoreError {
    fn from(error: SecretError) -> Self {
        Self::KeyringUnavailable {
            reason: error.reason,
        }
    }
}

/// Version of the key file this program reads and writes.
const FORMAT: u32 = 1;
const DEVICE: &str = "device";
const CIPHER: &str = "xchacha20poly1305";

#[derive(Serialize, Deserialize)]
struct KeyFile {
    format: u32,
    slots: Vec<Value>,
}

#[derive(Serialize, Deserialize)]
struct DeviceSlot {
    kind: String,
    cipher: String,
    nonce: String,
    wrapped: String,
}

/// The key of the store in the folder of `key_file`; made and written down if there is none.
///
/// `store_exists` decides whether a missing part may be made again: with a store it may not,
/// because its data could then never be read.
pub(crate) fn unlock(
    key_file: &Path,
    store_exists: bool,
    device: &dyn DeviceSecret,
) -> Result<Secret, StoreError> {
    let text = match files::length(key_file)? {
        Some(_) => Some(fs::read_to_string(key_file).map_err(StoreError::file("read"))?),
        None => None,
    };
    match (text, device.load()?) {
        (Some(text), Some(secret)) => unwrap_key(&text, &secret),
        (Some(_), None) => Err(StoreError::KeyMissing {
            what: "the keyring of this computer has no secret for it",
        }),
        (None, _) if store_exists => Err(StoreError::KeyMissing {
            what: "the key file is not beside the data",
        }),
        (None, Some(secret)) => create_key(key_file, &secret),
        (None, None) => {
            // The secret goes first: killed in between, the next start finds it and no key file.
            let secret = random()?;
            device.save(&secret)?;
            create_key(key_file, &secret)
        }
    }
}

fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, StoreError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut()).map_err(|error| StoreError::value("random bytes", error))?;
    Ok(bytes)
}

fn create_key(path: &Path, secret: &Secret) -> Result<Secret, StoreError> {
    let key: Secret = random()?;
    let slot = wrap_key(&key, secret)?;
    let file = KeyFile {
        format: FORMAT,
        slots: vec![slot],
    };
    let text = serde_json::to_string_pretty(&file)
        .map_err(|error| StoreError::value("key file", error))?;
    files::write_whole(path, text.as_bytes())?;
    Ok(key)
}

/// Bound into the slot, so that nobody can pass one kind of slot for another.
fn label() -> Vec<u8> {
    format!("evertill key slot {FORMAT} {DEVICE}").into_bytes()
}

fn wrap_key(key: &Secret, secret: &Secret) -> Result<Value, StoreError> {
    let nonce = random::<24>()?;
    let aad = label();
    let wrapped = XChaCha20Poly1305::new(&Key::from(**secret))
        .encrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: key.as_slice(),
                aad: &aad,
            },
        )
        .map_err(|_| StoreError::value("key", "it cannot be wrapped"))?;
    let slot = DeviceSlot {
        kind: DEVICE.to_owned(),
        cipher: CIPHER.to_owned(),
        nonce: hex::encode(*nonce),
        wrapped: hex::encode(wrapped),
    };
    serde_json::to_value(slot).map_err(|error| StoreError::value("key slot", error))
}

fn unwrap_key(text: &str, secret: &Secret) -> Result<Secret, StoreError> {
    let damaged = |reason: String| StoreError::KeyDamaged { reason };
    let file: KeyFile = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
    if file.format > FORMAT {
        return Err(StoreError::Newer {
            found: file.format.into(),
            known: FORMAT.into(),
        });
    }
    let slot = file
        .slots
        .into_iter()
        .find(|slot| slot.get("kind").and_then(Value::as_str) == Some(DEVICE))
        .ok_or_else(|| damaged("it has no slot for this device".to_owned()))?;
    let slot: DeviceSlot =
        serde_json::from_value(slot).map_err(|error| damaged(error.to_string()))?;
    if slot.cipher != CIPHER {
        return Err(damaged(format!("unknown cipher {}", slot.cipher)));
    }
    let mut nonce = [0; 24];
    hex::decode_to_slice(&slot.nonce, &mut nonce).map_err(|error| damaged(error.to_string()))?;
    let wrapped = hex::decode(&slot.wrapped).map_err(|error| damaged(error.to_string()))?;
    let aad = label();
    let key = XChaCha20Poly1305::new(&Key::from(**secret))
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &wrapped,
                aad: &aad,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| StoreError::KeyWrong)?;
    let key = <[u8; 32]>::try_from(key.as_slice())
        .map_err(|_| damaged("the key has not 32 bytes".to_owned()))?;
    Ok(Zeroizing::new(key))
}
