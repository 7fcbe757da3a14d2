//! The till's encrypted SQLite store.
//!
//! One file, encrypted as a whole by SQLCipher with a random key that lies beside it only wrapped
//! ([`DeviceSecret`]). One connection writes, a few read. What [`Store::commit_sale`] gave back is
//! safe on disk: the write-ahead log is flushed at every commit.
//!
//! Every table has a module of its own; all of them add to [`Store`].

mod carts;
mod catalogue;
mod connection;
mod cursors;
mod customers;
mod error;
mod feed;
mod files;
mod invoices;
mod journal;
mod migrate;
mod numbers;
mod outbox;
mod pricing;
mod readers;
mod receipts;
mod sales;
mod search;
mod search_rowid;
mod settings;
mod store;
#[cfg(test)]
mod upgrade_tests;
mod users;
mod value;
mod vault;

pub use catalogue::{Category, PaymentMode};
pub use error::StoreError;
pub use feed::{Applied, SHOP_SETTING, SkippedRow};
pub use invoices::InvoiceSummary;
pub use journal::VerifyError;
pub use outbox::{OutboxCounts, OutboxFilter, OutboxResult, OutboxRow, OutboxState};
pub use receipts::{PrintResult, PrintState, ReceiptRow};
pub use search::MAX_HITS;
pub use store::{Maintained, Store, StoreConfig, WriteTx};
pub use users::{Credential, NewCredential, User};
pub use vault::{DeviceSecret, Secret, SecretError};
