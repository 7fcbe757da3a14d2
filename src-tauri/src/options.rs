//! What whoever starts the till may say on the command line or in its environment.

use std::path::PathBuf;

use clap::Parser;

/// Evertill, a till that never closes.
#[derive(Parser)]
#[command(name = "evertill", version)]
pub(crate) struct Options {
    /// The folder of the till's encrypted store; the system's place for application data if left out.
    #[arg(long, env = "EVERTILL_DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// The receipt printer, as `tcp://host:port` or `file:///path`; overrides the till's setting.
    #[arg(long, env = "EVERTILL_PRINTER")]
    pub(crate) printer: Option<String>,
    /// The hub's address that enrolment offers.
    #[arg(long, env = "EVERTILL_HUB")]
    pub(crate) hub: Option<String>,
}
