//! Opens a till for a browser instead of a window: what `cargo xtask dev` starts. Or, for the tests
//! of the window, as many tills as they ask for.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use evertill_app::{
    DeviceSecret, PrinterAddress, PrinterChoice, Secret, SecretError, Till, TillConfig,
};
use evertill_testkit::{serve_bridge, serve_tills};
use tokio::net::TcpListener;

/// A till for development, behind a loopback port.
#[derive(Parser)]
struct Options {
    /// The folder of the till's store.
    #[arg(long, required_unless_present = "tests")]
    dir: Option<PathBuf>,
    /// Open a till of its own for each test that asks for one, until the standard input ends.
    #[arg(long, conflicts_with = "dir")]
    tests: bool,
    /// The port on 127.0.0.1; 0 takes a free one. The address is printed.
    #[arg(long, default_value_t = 5180)]
    port: u16,
    /// The hub's address that enrolment offers.
    #[arg(long)]
    hub: Option<String>,
    /// The receipt printer, as `tcp://host:port` or `file:///path`.
    #[arg(long)]
    printer: Option<PrinterAddress>,
}

/// The store's secret in a file beside the store, because a machine for development may have no
/// keyring. A till of a shop never does this.
struct SecretBesideStore(PathBuf);

impl DeviceSecret for SecretBesideStore {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        if !self.0.exists() {
            return Ok(None);
        }
        let bytes = std::fs::read(&self.0).map_err(unusable)?;
        let secret = <[u8; 32]>::try_from(bytes).map_err(|_| SecretError {
            reason: "the file has not 32 bytes".to_owned(),
        })?;
        Ok(Some(Secret::new(secret)))
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        std::fs::write(&self.0, secret).map_err(unusable)
    }
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "its place in map_err asks for it"
)]
fn unusable(error: std::io::Error) -> SecretError {
    SecretError {
        reason: error.to_string(),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .with_context(|| format!("port {} cannot be used", options.port))?;
    let Some(dir) = options.dir else {
        return serve_tests(listener).await;
    };
    std::fs::create_dir_all(&dir)?;
    let secret = dir.join("development.secret");
    let mut config = TillConfig::new(dir);
    config.secret = Arc::new(SecretBesideStore(secret));
    config.hub_url = options.hub;
    if let Some(address) = options.printer {
        config.printer = PrinterChoice::Address(address);
    }
    let till = Till::start(config).await?;
    println!("bridge on http://{}", listener.local_addr()?);
    tokio::select! {
        served = serve_bridge(till.clone(), listener) => served?,
        _ = tokio::signal::ctrl_c() => {}
    }
    till.shutdown().await;
    Ok(())
}

/// Whoever started it holds its standard input, so it ends with them, however they end.
async fn serve_tests(listener: TcpListener) -> anyhow::Result<()> {
    println!("bridge on http://{}", listener.local_addr()?);
    let (end, ended) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // Nothing is ever written to it: it ends, or it breaks.
        drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        end.send(())
    });
    tokio::select! {
        served = serve_tills(listener) => served?,
        _ = ended => {}
    }
    Ok(())
}
