//! Documents on their way up: envelopes, batches, and what became of each.

use evertill_core::TillId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// What kind of document an envelope carries.
///
/// A hub may be older than a till: a kind it does not know is still readable, so that the one
/// document is rejected and not the whole batch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum DocumentKind {
    /// A sale paid at the counter; the payload is an `evertill_core::Invoice`.
    Invoice,
    /// A kind this version does not know.
    Other(String),
}

impl DocumentKind {
    /// The kind's name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Invoice => "invoice",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for DocumentKind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "invoice" => Self::Invoice,
            _ => Self::Other(name),
        }
    }
}

impl From<&str> for DocumentKind {
    fn from(name: &str) -> Self {
        Self::from(name.to_owned())
    }
}

impl From<DocumentKind> for String {
    fn from(kind: DocumentKind) -> Self {
        kind.as_str().to_owned()
    }
}

impl std::fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A document with what makes its posting happen exactly once.
///
/// Key and hash are fixed before the first send and never change: the same key with the same hash
/// is acknowledged again, the same key with another hash is a fork.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Envelope {
    /// Idempotency key, a version 7 UUID. Never expires.
    pub key: Uuid,
    /// What the payload is.
    #[schema(value_type = String, example = "invoice", max_length = 100)]
    pub kind: DocumentKind,
    /// The till the document was made on.
    #[schema(value_type = String, example = "03")]
    pub till: TillId,
    /// The document's number, where its kind has one.
    #[serde(default)]
    #[schema(example = "03-000147")]
    pub number: Option<String>,
    /// The shop day the document counts for.
    #[schema(value_type = String, format = Date)]
    pub business_date: Date,
    /// When it was made, by the till's clock.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// SHA-256 over the payload's exact bytes, lower-case hex.
    #[schema(min_length = 64, max_length = 64)]
    pub payload_hash: String,
    /// The document itself, byte for byte as it was hashed.
    #[schema(value_type = Object)]
    pub payload: Box<RawValue>,
}

/// Why an envelope could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The document cannot be written as JSON, or a stored payload is none.
    #[error("the document is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl Envelope {
    /// Wraps a document given as JSON text, kept byte for byte, and hashes it.
    ///
    /// `number` is `None` for kinds that have none.
    ///
    /// # Errors
    /// [`EnvelopeError::NotJson`] if `payload` is not JSON.
    pub fn new(
        key: Uuid,
        kind: DocumentKind,
        till: TillId,
        number: Option<String>,
        business_date: Date,
        created_at: Timestamp,
        payload: String,
    ) -> Result<Self, EnvelopeError> {
        let payload = RawValue::from_string(payload)?;
        let payload_hash = payload_hash(payload.get());
        Ok(Self {
            key,
            kind,
            till,
            number,
            business_date,
            created_at,
            payload_hash,
            payload,
        })
    }

    /// Whether the payload is still what was hashed.
    #[must_use]
    pub fn verify_hash(&self) -> bool {
        payload_hash(self.payload.get()) == self.payload_hash
    }
}

impl PartialEq for Envelope {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
            && self.kind == other.kind
            && self.till == other.till
            && self.number == other.number
            && self.business_date == other.business_date
            && self.created_at == other.created_at
            && self.payload_hash == other.payload_hash
            && self.payload.get() == other.payload.get()
    }
}

/// SHA-256 of a payload's exact bytes, lower-case hex.
///
/// The bytes are those of the JSON value without white space around it, which is what
/// [`RawValue`] keeps.
#[must_use]
pub fn payload_hash(payload: &str) -> String {
    hex::encode(Sha256::digest(payload.as_bytes()))
}

/// Documents to post, at most [`crate::MAX_BATCH_DOCUMENTS`] and [`crate::MAX_BODY_BYTES`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentBatch {
    /// The envelopes, oldest first.
    pub documents: Vec<Envelope>,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BatchResult {
    /// One result a document, in the order they were sent.
    pub results: Vec<DocumentResult>,
}

/// What became of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentResult {
    /// The document's idempotency key; all zeros if not even that could be read.
    pub key: Uuid,
    /// What became of it.
    pub outcome: Outcome,
    /// Stable code for everything but accepted and duplicate.
    #[serde(default)]
    pub code: Option<String>,
    /// The same as a sentence.
    #[serde(default)]
    pub message: Option<String>,
    /// What the hub found worth noting though it accepted the document as sold.
    #[serde(default)]
    pub notes: Vec<String>,
    /// When the document was posted, for accepted and duplicate.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub posted_at: Option<Timestamp>,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Posted now.
    Accepted,
    /// Posted before, with the same payload.
    Duplicate,
    /// Key or number were used before for something else: quarantined, a person must look.
    Fork,
    /// Can never be posted as it is: a person must look.
    Rejected,
    /// Could not be posted now: send it again later.
    Retry,
}

/// What the hub has of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentSummary {
    /// Idempotency key.
    pub key: Uuid,
    /// Kind.
    #[schema(value_type = String, example = "invoice")]
    pub kind: DocumentKind,
    /// The till it was made on.
    #[schema(value_type = String)]
    pub till: TillId,
    /// Its number, where its kind has one.
    #[serde(default)]
    pub number: Option<String>,
    /// SHA-256 of the payload.
    pub payload_hash: String,
    /// Total in minor units of the shop's currency; 0 for kinds without one.
    pub total_minor: i64,
    /// The shop day it counts for.
    #[schema(value_type = String, format = Date)]
    pub business_date: Date,
    /// When the hub posted it.
    #[schema(value_type = String, format = DateTime)]
    pub posted_at: Timestamp,
}

/// A page of what the hub has from one till.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DocumentList {
    /// The documents in the order they were posted.
    pub documents: Vec<DocumentSummary>,
    /// Give this as `after` for the next page; absent on the last one.
    #[serde(default)]
    pub next: Option<u64>,
}
