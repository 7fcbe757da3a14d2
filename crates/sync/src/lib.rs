//! The till's conversation with the shop's upstream, in the background: sales up, master data down.
//!
//! [`Worker`] runs as one task and has the conversation; the plan decides what comes next,
//! remembers what matters for it and is pure; an [`Upstream`] is the other end, [`HubUpstream`] for
//! our own hub. Nothing on the path
//! from scan to receipt waits for any of it.
//!
//! What holds whatever the network does:
//! - A document is sent under the key and with the bytes it was committed with, as often as needed,
//!   until the hub itself says that it has it. There is no limit of tries and no expiry.
//! - Only an answer that names the document settles it. A lost reply, an error page or half a list
//!   leave it waiting.
//! - One bad document waits alone; one bad row of the catalogue is left out and counted.
//! - The cursor of the change feed moves only when a feed came whole.

mod backoff;
mod batch;
mod blocking;
mod config;
mod conversation;
mod handle;
mod hub;
mod plan;
mod pull;
mod push;
mod reading;
mod status;
mod sync_history;
mod time_limit;
mod upstream;
mod verdict;
mod worker;

pub use crate::backoff::{Backoff, Random};
pub use crate::blocking::{BrokeOff, run_blocking};
pub use crate::config::WorkerConfig;
pub use crate::handle::WorkerHandle;
pub use crate::hub::{HubPatience, HubUpstream, HubUrlError};
pub use crate::plan::Pace;
pub use crate::status::{Loading, SyncState, SyncStatus};
pub use crate::upstream::{Feed, Upstream, UpstreamError};
pub use crate::worker::Worker;
