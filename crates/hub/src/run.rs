//! A hub as a program: serve until somebody stops it.

use anyhow::Context;

use crate::hub::{Hub, HubConfig};
use crate::repository::Repository;

/// Serves `repository` until the process is asked to stop, then finishes what is under way.
/// `greet` is called with the hub's address once it listens.
///
/// # Errors
/// When the address cannot be listened on, and what `greet` gives back.
pub fn run_until_stopped(
    config: HubConfig,
    repository: Repository,
    greet: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listen = config.listen.clone();
        let hub = Hub::start_with(config, repository)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        greet(&hub.url())?;
        asked_to_stop().await?;
        tracing::info!("stopping");
        hub.stop().await;
        Ok(())
    })
}

#[cfg(unix)]
async fn asked_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        asked = tokio::signal::ctrl_c() => asked?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_stop() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
