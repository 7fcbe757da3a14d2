//! Joining a shop.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks whether an answer of the enrolment would do, before the next question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct EnrolmentCheckRequest {
    /// Address of the hub, such as `https://hub.example:8443`.
    pub hub_url: String,
    /// The code; without one only the address is looked at.
    #[serde(default)]
    pub code: Option<String>,
}

/// The answer would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct EnrolmentCheckView {
    /// The shop the code is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
}

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
