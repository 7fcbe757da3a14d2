//! Tokens, enrolment codes, passwords: how they are made and what is kept of them.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use sha2::{Digest, Sha256};

use crate::error::HubError;

/// Crockford's base 32: no I, L, O or U, so a code can be read out and typed without doubt.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters in an enrolment code: eight of 5 bits are 40 bits, twice what the design asks for.
const CODE_LENGTH: usize = 8;

/// Random bytes from the operating system.
fn random<const N: usize>() -> Result<[u8; N], HubError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| HubError::Secret(error.to_string()))?;
    Ok(bytes)
}

/// A new device token: 32 random bytes in hex.
pub(crate) fn new_token() -> Result<String, HubError> {
    Ok(hex::encode(random::<32>()?))
}

/// What is kept of a token. A token is random enough that a plain hash cannot be reversed.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A new salt for an enrolment code.
pub(crate) fn new_salt() -> Result<String, HubError> {
    Ok(hex::encode(random::<16>()?))
}

/// A new enrolment code as people read it: `K7QM-2XHD`.
pub(crate) fn new_code() -> Result<String, HubError> {
    let mut code = String::with_capacity(CODE_LENGTH + 1);
    for (place, byte) in random::<CODE_LENGTH>()?.into_iter().enumerate() {
        if place == CODE_LENGTH / 2 {
            code.push('-');
        }
        // The low five bits of a random byte are as even as the byte itself.
        if let Some(letter) = ALPHABET.get(usize::from(byte & 31)) {
            code.push(char::from(*letter));
        }
    }
    Ok(code)
}

/// A password for a person who has none yet, to be read out once: `K7QM-2XHD-9F3T`, 60 bits.
///
/// # Errors
/// [`HubError::Secret`] without randomness.
pub fn new_password() -> Result<String, HubError> {
    let (code, more) = (new_code()?, new_code()?);
    let more: String = more.chars().take(CODE_LENGTH / 2).collect();
    Ok(format!("{code}-{more}"))
}

/// A code as typed, in the one spelling that is hashed: capitals without dashes and spaces, and
/// the letters people confuse read as the digits they look like.
pub(crate) fn normalise_code(typed: &str) -> String {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// What is kept of an enrolment code.
pub(crate) fn code_hash(salt: &str, code: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt.as_bytes());
    hasher.update(b":");
    hasher.update(normalise_code(code).as_bytes());
    hex::encode(hasher.finalize())
}

/// Argon2id hash of a password or PIN as a PHC string, with the crate's parameters, which are
/// OWASP's (19 MiB, two passes).
pub(crate) fn hash_password(password: &str) -> Result<String, HubError> {
    let failed = |error: argon2::password_hash::Error| HubError::Secret(error.to_string());
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(failed)?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(failed)?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the hash; a hash that cannot be read belongs to none.
pub(crate) fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_read_out() {
        let salt = new_salt().unwrap();
        let hash = code_hash(&salt, "K7QM-20H1");
        for typed in [
            "k7qm-20h1",
            "K7QM20H1",
            " k7qm 20h1 ",
            "K7QM-2OHI",
            "k7qm-2ohl",
        ] {
            assert_eq!(code_hash(&salt, typed), hash, "{typed}");
        }
        assert_ne!(code_hash(&salt, "K7QM-20H2"), hash);
        assert_ne!(code_hash(&new_salt().unwrap(), "K7QM-20H1"), hash);
    }

    #[test]
    fn codes_and_tokens_are_what_they_should_be_and_never_the_same() {
        let codes: std::collections::BTreeSet<String> =
            (0..200).map(|_| new_code().unwrap()).collect();
        assert_eq!(codes.len(), 200);
        for code in &codes {
            assert_eq!(code.len(), 9, "{code}");
            assert_eq!(
                normalise_code(code),
                code.replace('-', ""),
                "{code} is its own spelling"
            );
        }
        let token = new_token().unwrap();
        assert_eq!(token.len(), 64);
        assert_ne!(token, new_token().unwrap());
    }

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = hash_password("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify_password("correct horse", &hash));
        assert!(!verify_password("Correct horse", &hash));
        assert!(!verify_password("correct horse", "no hash at all"));
        assert_ne!(hash, hash_password("correct horse").unwrap(), "salted");
    }
}
