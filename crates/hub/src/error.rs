//! Everything that can go wrong in the hub, each with its code.

use evertill_core::Coded;
use evertill_protocol::code;

/// Why the hub did not do what it was asked.
#[derive(Debug, thiserror::Error, Coded)]
pub enum HubError {
    /// No such enrolment code.
    #[error("This enrolment code is not known. Check it, or ask for a new one.")]
    #[coded(code::ENROL_CODE_WRONG)]
    EnrolCodeWrong,
    /// The code has enrolled a till already.
    #[error("This enrolment code has been used already. Ask for a new one.")]
    #[coded(code::ENROL_CODE_USED)]
    EnrolCodeUsed,
    /// The code's ten minutes are over.
    #[error("This enrolment code has expired. Ask for a new one.")]
    #[coded(code::ENROL_CODE_EXPIRED)]
    EnrolCodeExpired,
    /// No token, a token of nobody, or of a revoked device.
    #[error("The hub does not know this till. Enrol it again.")]
    #[coded(code::DEVICE_UNKNOWN)]
    DeviceUnknown,
    /// User or password wrong, or the user is disabled; it never says which.
    #[error("Name or password is wrong.")]
    #[coded(code::SIGN_IN_REFUSED)]
    SignInRefused,
    /// Too many wrong codes or passwords.
    #[error("Too many wrong attempts. Try again in {retry_after} seconds.")]
    #[coded(code::TOO_MANY_ATTEMPTS)]
    TooManyAttempts {
        /// Seconds until the next attempt is looked at.
        retry_after: u64,
    },
    /// The database has no shop yet, so no till can be enrolled in it.
    #[error("The hub has no shop yet. Make one there with: evertill-hub init")]
    #[coded(code::HUB_WITHOUT_SHOP)]
    NoShop,
    /// The database has a shop already, which a new one must not replace.
    #[error("There is a shop already.")]
    #[coded(code::INTERNAL)]
    ShopExists,
    /// Somebody changed the master data between an import's check and its publication.
    #[error("Something else was published meanwhile. Nothing was imported; run it again.")]
    #[coded(code::INTERNAL)]
    Overtaken,
    /// The cursor is ahead of everything this hub ever published.
    #[error("The cursor {cursor} is ahead of this hub. Load the whole catalogue again.")]
    #[coded(code::CURSOR_AHEAD)]
    CursorAhead {
        /// The cursor asked for.
        cursor: u64,
    },
    /// All places for long answers are taken.
    #[error("The hub is busy. Try again in a few seconds.")]
    #[coded(code::BUSY)]
    Busy,
    /// The hub's disk is full.
    #[error("The hub's disk is full. Nothing was posted; try again later.")]
    #[coded(code::STORAGE_FULL)]
    StorageFull,
    /// The database was written by a newer hub.
    #[error("The database has version {found}, this hub knows up to {known}. Update the hub.")]
    #[coded(code::INTERNAL)]
    StoreNewer {
        /// Version of the file.
        #[coded(skip)]
        found: i64,
        /// Newest version this program knows.
        #[coded(skip)]
        known: i64,
    },
    /// The database was written by an older hub, and this command upgrades none.
    #[error(
        "The database has version {found}, this hub needs {known}. Start the hub once: that \
         upgrades it."
    )]
    #[coded(code::INTERNAL)]
    StoreOlder {
        /// Version of the file.
        #[coded(skip)]
        found: i64,
        /// The version this program needs.
        #[coded(skip)]
        known: i64,
    },
    /// The database failed.
    #[error("The hub's database failed: {0}")]
    #[coded(code::INTERNAL)]
    Storage(#[coded(skip)] rusqlite::Error),
    /// A row of the database is not what this hub wrote.
    #[error("The hub's database holds something unreadable: {0}")]
    #[coded(code::INTERNAL)]
    Unreadable(#[coded(skip)] String),
    /// The operating system gave no randomness, or hashing failed.
    #[error("The hub could not make a secret: {0}")]
    #[coded(code::INTERNAL)]
    Secret(#[coded(skip)] String),
    /// Files or sockets failed.
    #[error("The hub could not use the file or address: {0}")]
    #[coded(code::INTERNAL)]
    Io(
        #[coded(skip)]
        #[from]
        std::io::Error,
    ),
}

impl From<rusqlite::Error> for HubError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::StorageFull,
            _ => Self::Storage(error),
        }
    }
}

impl From<serde_json::Error> for HubError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<jiff::Error> for HubError {
    fn from(error: jiff::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
