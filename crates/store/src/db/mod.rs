//! The encrypted file and the ways into it. Nothing here knows a table.

mod connection;
mod database;
mod error;
mod files;
pub(crate) mod fts;
pub(crate) mod migrate;
mod readers;
mod transaction;
pub(crate) mod value;
mod vault;
pub(crate) mod words;

pub use database::{Database, Maintained, StoreConfig};
pub use error::{DatabaseError, StoreError};
pub(crate) use transaction::Tx;
pub use vault::{DeviceSecret, Secret, SecretError};
