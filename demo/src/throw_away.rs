//! A till that is gone after its run.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use evertill_app::system::RandomIds;
use evertill_app::{DeviceSecret, Ids, Secret, SecretError, TillConfig};

/// A till for one run: its folder goes at the end, its secret is never written down.
pub(crate) struct ThrowAway {
    dir: PathBuf,
    secret: Secret,
}

impl ThrowAway {
    pub(crate) fn new() -> Result<Self> {
        let mut secret = Secret::default();
        getrandom::fill(secret.as_mut_slice())
            .map_err(|error| anyhow!("no randomness: {error}"))?;
        let dir = std::env::temp_dir().join(format!("evertill-replay-{}", RandomIds.next()));
        Ok(Self { dir, secret })
    }

    pub(crate) fn config(&self) -> TillConfig {
        let mut config = TillConfig::new(self.dir.clone());
        config.secret = Arc::new(Kept(self.secret.clone()));
        config
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.dir) {
            eprintln!(
                "evertill-demo: {} was left behind: {error}",
                self.dir.display()
            );
        }
    }
}

/// A secret in this process's memory.
struct Kept(Secret);

impl DeviceSecret for Kept {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        Ok(Some(self.0.clone()))
    }

    fn save(&self, _: &[u8; 32]) -> Result<(), SecretError> {
        Err(SecretError {
            reason: "this till keeps no secret".to_owned(),
        })
    }
}
