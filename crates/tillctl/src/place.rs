//! Opening a till by hand.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use evertill_app::TillConfig;

use crate::secret::FileSecret;

/// Where a till lives.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Folder of the till's store.
    #[arg(long)]
    pub dir: PathBuf,
    /// Keep the secret that opens the store in this file and not in the keyring. For throw-away
    /// folders of tests and long checks only: whoever reads the file can read the store.
    #[arg(long)]
    pub secret_file: Option<PathBuf>,
}

impl Place {
    /// The configuration of the till in this place.
    #[must_use]
    pub fn config(&self) -> TillConfig {
        let mut config = TillConfig::new(self.dir.clone());
        if let Some(path) = &self.secret_file {
            config.secret = Arc::new(FileSecret::new(path.clone()));
        }
        config
    }
}
