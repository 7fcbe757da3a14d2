//! The till's encrypted SQLite store.
//!
//! One file, encrypted as a whole by SQLCipher with a random key that lies beside it only wrapped
//! ([`DeviceSecret`]). One connection writes, a few read. What [`Database::commit_sale`] gave back is
//! safe on disk: the write-ahead log is flushed at every commit.
//!
//! `db` opens the file and knows no table. Above it each table has a module of its own, in the
//! room of its domain, and adds its reads and writes to [`Database`]. [`Store`] puts them together.

mod catalogue;
mod customers;
mod db;
mod journal;
mod people;
mod pricing;
mod row;
mod sales;
mod schema;
mod settings;
mod store;
mod sync;
#[cfg(feature = "tampering")]
mod tampering;
#[cfg(test)]
mod upgrade_tests;

pub use catalogue::categories::Category;
pub use catalogue::feed::batch::Applied;
pub use catalogue::feed::skipped::SkippedRow;
pub use db::fts::MAX_HITS;
pub use db::{
    Database, DatabaseError, DeviceSecret, Maintained, Secret, SecretError, StoreConfig, StoreError,
};
pub use journal::VerifyError;
pub use people::credentials::{Credential, NewCredential};
pub use people::users::User;
pub use sales::invoices::InvoiceSummary;
pub use sales::payment_modes::PaymentMode;
pub use sales::receipts::{PrintResult, PrintState, ReceiptRow};
pub use settings::SHOP_SETTING;
pub use store::{Store, WriteTx};
pub use sync::outbox::{OutboxCounts, OutboxFilter, OutboxResult, OutboxRow, OutboxState};
