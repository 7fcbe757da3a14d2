//! Secrets of people, as the till keeps them: argon2id in PHC strings.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use evertill_core::Fault;

use crate::fault::AppError;

/// 19 MiB, two passes, one lane: OWASP's password storage cheat sheet, first choice for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Makes the till's own verifier of a password, so that its owner can sign in while the hub is away.
///
/// # Errors
/// `internal` if the machine gives no randomness.
pub(crate) fn verifier_of(secret: &str) -> Result<String, Fault> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(AppError::internal)?;
    let salt = SaltString::encode_b64(&salt).map_err(AppError::internal)?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(AppError::internal)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(secret.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(AppError::internal)
}

/// Whether a secret matches a verifier. A verifier that cannot be read matches nothing.
pub(crate) fn matches(verifier: &str, secret: &str) -> bool {
    PasswordHash::new(verifier).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(secret.as_bytes(), &hash)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_knows_its_secret_and_no_other() {
        let verifier = verifier_of("correct horse").unwrap();
        assert!(verifier.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(matches(&verifier, "correct horse"));
        assert!(!matches(&verifier, "correct horsf"));
        assert!(!matches("", ""));
        assert!(!matches("not a verifier", "correct horse"));
        assert_ne!(verifier, verifier_of("correct horse").unwrap());
    }
}
