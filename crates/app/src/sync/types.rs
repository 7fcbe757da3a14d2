//! What the hub has and what it has not.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::MoneyView;

/// How the sync stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// The hub has everything.
    Synced,
    /// Documents wait to be sent.
    Waiting,
    /// The hub cannot be reached; selling goes on.
    Offline,
    /// A person has to look at something.
    Attention,
    /// Documents are on their way.
    Syncing,
}

/// The sync pill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct SyncView {
    /// How the sync stands.
    pub state: SyncState,
    /// Documents the hub has not acknowledged and nobody needs to look at.
    pub waiting: u64,
    /// Documents a person has to look at.
    pub attention: u64,
    /// Time of day the hub went away, `14:05`, with the date when it was not today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_since_text: Option<String>,
    /// Time of day of the last complete sync.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_synced_text: Option<String>,
    /// When the hub went away, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_since: Option<String>,
    /// When everything was last synced, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_synced: Option<String>,
}

/// Which documents the sync desk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DocumentFilter {
    /// Every one.
    All,
    /// Not acknowledged yet.
    Waiting,
    /// Those a person has to look at.
    Attention,
    /// Those the hub has.
    Acknowledged,
}

/// Asks for documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DocumentsRequest {
    /// Which ones.
    pub filter: DocumentFilter,
    /// How many at most, up to 200.
    pub limit: u32,
}

/// Where a document is on its way to the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Not tried yet.
    Pending,
    /// On its way.
    Sending,
    /// Waits for another document.
    Waiting,
    /// Will be tried again at a set time.
    Retrying,
    /// A person has to look at it.
    NeedsAttention,
    /// The hub has it.
    Acknowledged,
}

/// A document of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct DocumentView {
    /// Idempotency key.
    pub key: String,
    /// What it is, such as `invoice`.
    pub kind: String,
    /// Receipt number, empty when it has none.
    pub number: String,
    /// Its amount.
    pub total: MoneyView,
    /// Where it is.
    pub state: DocumentState,
    /// How often it was sent.
    pub tries: u32,
    /// Code of the hub's last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_answer_code: Option<String>,
    /// The same as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_answer: Option<String>,
    /// When it was made, in the shop's time.
    pub created_text: String,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_try_text: Option<String>,
    /// When the hub acknowledged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_text: Option<String>,
}

/// How many documents are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DocumentCountsView {
    /// Not acknowledged yet.
    pub waiting: u64,
    /// A person has to look.
    pub attention: u64,
    /// The hub has them.
    pub acknowledged: u64,
}

/// The sync desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DocumentsView {
    /// Newest first.
    pub documents: Vec<DocumentView>,
    /// Over all documents, whatever the filter.
    pub counts: DocumentCountsView,
}

/// Asks for another try at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct RetryRequest {
    /// Only this document; all that wait when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// How much of the catalogue is on the till.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CatalogueView {
    /// Items that can be sold now.
    pub items: u64,
    /// Set while the first load runs; the till sells what is already there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loading: Option<LoadingView>,
}

/// Progress of a catalogue load, in records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoadingView {
    /// Records applied.
    pub done: u64,
    /// Records announced by the hub.
    pub total: u64,
}
