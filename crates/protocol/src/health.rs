//! Is the hub there?

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The hub's answer to whether it is well. Needs no token and touches no table of sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always `ok`: a hub that is not well answers with an error.
    #[schema(example = "ok")]
    pub status: String,
    /// The protocol version spoken, see [`crate::VERSION`].
    pub protocol: u32,
    /// The hub's software version.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// The hub's clock, so that a till can see how far its own is off.
    #[schema(value_type = String, format = DateTime)]
    pub time: Timestamp,
}
