//! An end to waiting.

use std::future::Future;
use std::time::Duration;

use evertill_core::Timer;

/// Runs `work` for at most `limit`; `None` when it took longer and was broken off.
pub(crate) async fn within<T>(
    timer: &dyn Timer,
    limit: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let over = timer.sleep_until(timer.moment().saturating_add(limit));
    tokio::select! {
        biased;
        done = work => Some(done),
        () = over => None,
    }
}
