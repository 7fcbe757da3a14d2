//! What till and hub say to each other: JSON over HTTP below `/v1`, and NDJSON for the feeds.
//!
//! The crate holds the words only: serde types with their OpenAPI schemas, the stable error codes,
//! and the hash that makes a document's payload tamper-evident. It knows no HTTP client and no
//! server, so both sides can be tested against the very same types.
//!
//! | request | answer | who may ask |
//! |---|---|---|
//! | `POST /v1/devices/enrol` [`EnrolRequest`] | [`EnrolResponse`] | whoever holds a code |
//! | `POST /v1/sessions` [`SignInRequest`] | [`Grant`] | an enrolled device |
//! | `GET /v1/snapshot` | [`FeedLine`]s | an enrolled device |
//! | `GET /v1/changes?after=&limit=` | [`FeedLine`]s | an enrolled device |
//! | `POST /v1/documents` [`DocumentBatch`] | [`BatchResult`] | an enrolled device |
//! | `GET /v1/documents?business_date=&after=&limit=` | [`DocumentList`] | an enrolled device |
//! | `GET /v1/health` | [`Health`] | anybody |
//!
//! Everything that goes wrong is answered with an HTTP status and an [`ApiError`].

mod document;
mod enrol;
mod error;
mod feed;
mod health;
mod price;
mod record;
mod schema;
mod session;

pub use document::{
    BatchResult, DocumentBatch, DocumentKind, DocumentList, DocumentResult, DocumentSummary,
    Envelope, EnvelopeError, Outcome, payload_hash,
};
pub use enrol::{EnrolCheckRequest, EnrolCheckResponse, EnrolRequest, EnrolResponse, Shop};
pub use error::{ApiError, code};
pub use feed::{Change, ChangeBody, FeedLine, FeedLineError};
pub use health::Health;
pub use price::PriceRecord;
pub use record::{
    CategoryRecord, CustomerRecord, ItemRecord, PaymentModeRecord, PriceListRecord, Record,
    RecordKind, TaxRuleRecord, UserRecord,
};
pub use session::{Grant, SignInRequest};

/// The protocol version these types belong to: the `1` of `/v1`.
pub const VERSION: u32 = 1;

/// The most documents one batch may carry; a hub answers more with `body_too_large`.
pub const MAX_BATCH_DOCUMENTS: usize = 500;

/// The largest request body in bytes; a hub answers more with `body_too_large`.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The media type of the snapshot and the change feed: one JSON object a line.
pub const NDJSON: &str = "application/x-ndjson";
