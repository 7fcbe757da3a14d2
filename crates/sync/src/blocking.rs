//! Waiting for work that blocks.

use evertill_core::Threads;
use tokio::sync::oneshot;

/// The work ended without a result, because it panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the work broke off")]
pub struct BrokeOff;

/// Runs `work` where it may block, and waits for its result. Begun, it runs to its end, also when
/// the waiting was given up.
///
/// # Errors
/// [`BrokeOff`] if the work panicked.
pub async fn run_blocking<T: Send + 'static>(
    threads: &dyn Threads,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, BrokeOff> {
    let (result, received) = oneshot::channel();
    threads.run(Box::new(move || {
        // The waiting may have been given up, which is no error.
        drop(result.send(work()));
    }));
    received.await.map_err(|_gone| BrokeOff)
}
