//! Joining a shop.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks the hub to take this till in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EnrolTillRequest {
    /// Address of the hub, such as `https://hub.example:8443`.
    pub hub_url: String,
    /// The single-use code the hub shows.
    pub code: String,
    /// What people call this till.
    pub till_name: String,
}
