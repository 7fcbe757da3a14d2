//! Opening a till by hand.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use evertill_app::system::RandomIds;
use evertill_app::{DeviceSecret, Ids, Secret, SecretError, TillConfig};

use crate::secret::FileSecret;

/// Where a till lives.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Folder of the till's store.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// Keep the secret that opens the store in this file and not in the keyring. For throw-away
    /// folders of tests and long checks only: whoever reads the file can read the store.
    #[arg(long)]
    pub(crate) secret_file: Option<PathBuf>,
}

impl Place {
    /// The configuration of the till in this place.
    pub(crate) fn config(&self) -> TillConfig {
        let mut config = TillConfig::new(self.dir.clone());
        if let Some(path) = &self.secret_file {
            config.secret = Arc::new(FileSecret::new(path.clone()));
        }
        config
    }

    /// The same for a till that is there already: looking must not make one.
    pub(crate) fn existing(&self) -> Result<TillConfig> {
        if !self.dir.join("till.db").is_file() {
            bail!("there is no till in {}", self.dir.display());
        }
        Ok(self.config())
    }
}

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
            eprintln!("tillctl: {} was left behind: {error}", self.dir.display());
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
