//! What can go wrong in the store, each with its code and a sentence.

use std::io;

use evertill_core::{CheckoutError, Coded, NumberError};

/// An error of the store. The transaction it happened in left nothing behind.
#[derive(Debug, thiserror::Error, Coded)]
pub enum StoreError {
    /// Another process has this store open.
    #[error("Evertill is already running on this till.")]
    #[coded("store_in_use")]
    InUse,
    /// The operating system's keyring did not answer or refused.
    #[error("The keyring of this computer cannot be reached: {reason}. Unlock it and start again.")]
    #[coded("keyring_unavailable")]
    KeyringUnavailable {
        /// What the keyring said.
        reason: String,
    },
    /// There is a store, but a part of its key is gone.
    #[error("The key to this till's data is missing: {what}.")]
    #[coded("key_missing")]
    KeyMissing {
        /// Which part.
        what: &'static str,
    },
    /// The key file is there but cannot be read or was changed.
    #[error("The key file of this till is damaged: {reason}.")]
    #[coded("key_damaged")]
    KeyDamaged {
        /// What is wrong with it.
        reason: String,
    },
    /// The keyring's secret does not open the key file.
    #[error("The key file of this till belongs to another keyring or another till.")]
    #[coded("key_wrong")]
    KeyWrong,
    /// The store's file is cut off, overwritten, or not opened by this key.
    #[error("The till's data is damaged: {reason}. The file was left as it is.")]
    #[coded("store_damaged")]
    Damaged {
        /// How it shows.
        reason: String,
    },
    /// There is no store to look into.
    #[error("There is no till in {dir}.")]
    #[coded("store_missing")]
    Missing {
        /// The folder.
        dir: String,
    },
    /// The store was written by an older version of the program and is only to be looked into.
    #[error(
        "The till's data was written by an older version of Evertill (store version {found}, this \
         version needs {known}). Start the till once: that upgrades it."
    )]
    #[coded("store_older")]
    Older {
        /// Version of the store.
        found: i64,
        /// The one this program needs.
        known: i64,
    },
    /// The store was written by a newer version of the program.
    #[error(
        "The till's data was written by a newer version of Evertill (store version {found}, this \
         version knows up to {known}). Install the newer version again."
    )]
    #[coded("store_newer")]
    Newer {
        /// Version of the store.
        found: i64,
        /// The highest this program knows.
        known: i64,
    },
    /// No room is left on the disk. Nothing was written.
    #[error("The disk is full. Nothing was saved or sold: make room and try again.")]
    #[coded("disk_full")]
    DiskFull,
    /// The till has no receipt numbers yet: it is not enrolled.
    #[error("This till has no receipt numbers yet. Enrol it first.")]
    #[coded("not_enrolled")]
    NotEnrolled,
    /// The cart was sold or dropped already.
    #[error("This cart is already {state}.")]
    #[coded("cart_closed")]
    CartClosed {
        /// `sold` or `dropped`.
        state: String,
    },
    /// What the sale made of its cart and number is not that cart's sale.
    #[error("The sale does not fit its cart: {what}.")]
    #[coded("sale_mismatch")]
    SaleMismatch {
        /// What differs.
        what: &'static str,
    },
    /// The sale itself was refused.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// A receipt number is impossible.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// No document, receipt or invoice has this key.
    #[error("There is no {what} {key}.")]
    #[coded("unknown_key")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// By which key.
        key: String,
    },
    /// A value in the store or for the store cannot be read or written.
    #[error("Something stored cannot be read: {what}: {reason}.")]
    #[coded("store_value")]
    Value {
        /// Which value.
        what: &'static str,
        /// Why not.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("A file of the till cannot be {action}: {source}.")]
    #[coded("store_file")]
    File {
        /// `read`, `written`, …
        #[coded(skip)]
        action: &'static str,
        /// The operating system's answer.
        #[coded(name = "reason", with = ToString::to_string)]
        source: io::Error,
    },
    /// Anything else the database refused.
    #[error("The till's database refused: {0}.")]
    #[coded("store_database")]
    Database(#[coded(name = "reason", with = ToString::to_string)] DatabaseError),
}

/// What the database said when it refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseError {
    message: String,
}

impl From<&rusqlite::Error> for DatabaseError {
    fn from(error: &rusqlite::Error) -> Self {
        Self {
            message: error.to_string(),
        }
    }
}

impl StoreError {
    pub(crate) fn file(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File { action, source },
        }
    }

    pub(crate) fn value(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Value {
            what,
            reason: reason.to_string(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHORT_READ};
        let Some(failure) = error.sqlite_error() else {
            return Self::Database((&error).into());
        };
        match (failure.code, failure.extended_code) {
            // The wal-index is grown by writing zeros: that fails for want of room.
            (rusqlite::ErrorCode::DiskFull, _) | (_, SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            (rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase, _)
            | (_, SQLITE_IOERR_SHORT_READ) => Self::Damaged {
                reason: error.to_string(),
            },
            _ => Self::Database((&error).into()),
        }
    }
}
