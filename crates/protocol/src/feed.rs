//! Snapshot and change feed: NDJSON, one [`FeedLine`] a line.
//!
//! Both begin with a header and close with an end. A stream without its end was cut off and must
//! not move the cursor. The cursor is the hub's own sequence: whatever changed later has a higher
//! one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::record::{Record, RecordKind};

/// One line of a snapshot or of the change feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one: a box would be one more allocation a row"
)]
pub enum FeedLine {
    /// The first line.
    Header {
        /// Protocol version, see [`crate::VERSION`].
        version: u32,
        /// Snapshot: the cursor it will end with. Change feed: the cursor asked for.
        cursor: u64,
        /// How many changes follow, for a progress bar.
        records: u64,
    },
    /// A change.
    Change(Change),
    /// The last line.
    End {
        /// From where to ask for changes next.
        cursor: u64,
        /// How many changes were sent; another count received means lines got lost.
        records: u64,
        /// More changes are there already: ask again at once.
        more: bool,
    },
}

/// One change of master data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The hub's sequence number of the change.
    pub seq: u64,
    /// What changed.
    pub body: ChangeBody,
}

/// What happened to a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one: a box would be one more allocation a row"
)]
pub enum ChangeBody {
    /// The record is new or different; this is all of it.
    Upsert(Record),
    /// The record is gone: a tombstone.
    Delete {
        /// Kind of the record.
        kind: RecordKind,
        /// Its id within the kind.
        id: String,
    },
}

/// A line that cannot be read. The stream may go on: the row is skipped and counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line of the feed cannot be read: {reason}")]
pub struct FeedLineError {
    /// The change's sequence, where at least that could be read.
    pub seq: Option<u64>,
    /// What is wrong with the line.
    pub reason: String,
}

impl FeedLine {
    /// Reads one line, without its line end.
    ///
    /// # Errors
    /// [`FeedLineError`] for anything that is not a feed line; it keeps the sequence number if
    /// the line is JSON that has one, so that a malformed row can be named.
    pub fn parse(line: &str) -> Result<Self, FeedLineError> {
        serde_json::from_str(line).map_err(|error| {
            let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
            let seq = value
                .as_ref()
                .and_then(|v| v.get("seq"))
                .and_then(serde_json::Value::as_u64);
            FeedLineError {
                seq,
                reason: error.to_string(),
            }
        })
    }
}
