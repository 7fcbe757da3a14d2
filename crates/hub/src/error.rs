//! Everything that can go wrong in the hub, each with its code.

use evertill_protocol::code;

/// Why the hub did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// No such enrolment code.
    #[error("This enrolment code is not known. Check it, or ask for a new one.")]
    EnrolCodeWrong,
    /// The code has enrolled a till already.
    #[error("This enrolment code has been used already. Ask for a new one.")]
    EnrolCodeUsed,
    /// The code's ten minutes are over.
    #[error("This enrolment code has expired. Ask for a new one.")]
    EnrolCodeExpired,
    /// No token, a token of nobody, or of a revoked device.
    #[error("The hub does not know this till. Enrol it again.")]
    DeviceUnknown,
    /// User or password wrong, or the user is disabled; it never says which.
    #[error("Name or password is wrong.")]
    SignInRefused,
    /// Too many wrong codes or passwords.
    #[error("Too many wrong attempts. Try again in {retry_after} seconds.")]
    TooManyAttempts {
        /// Seconds until the next attempt is looked at.
        retry_after: u64,
    },
    /// The database has no shop yet, so no till can be enrolled in it.
    #[error("The hub has no shop yet. Make one there with: evertill-hub init")]
    NoShop,
    /// The database has a shop already, which a new one must not replace.
    #[error("There is a shop already.")]
    ShopExists,
    /// The cursor is ahead of everything this hub ever published.
    #[error("The cursor {cursor} is ahead of this hub. Load the catalogue anew.")]
    CursorAhead {
        /// The cursor asked for.
        cursor: u64,
    },
    /// All places for long answers are taken.
    #[error("The hub is busy. Try again in a few seconds.")]
    Busy,
    /// The hub's disk is full.
    #[error("The hub's disk is full. Nothing was posted; try again later.")]
    StorageFull,
    /// The database was written by a newer hub.
    #[error("The database has version {found}, this hub knows up to {known}. Update the hub.")]
    StoreNewer {
        /// Version of the file.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// The database failed.
    #[error("The hub's database failed: {0}")]
    Storage(rusqlite::Error),
    /// A row of the database is not what this hub wrote.
    #[error("The hub's database holds something unreadable: {0}")]
    Unreadable(String),
    /// The operating system gave no randomness, or hashing failed.
    #[error("The hub could not make a secret: {0}")]
    Secret(String),
    /// Files or sockets failed.
    #[error("The hub could not use the file or address: {0}")]
    Io(#[from] std::io::Error),
}

impl HubError {
    /// The stable code of [`evertill_protocol::code`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EnrolCodeWrong => code::ENROL_CODE_WRONG,
            Self::EnrolCodeUsed => code::ENROL_CODE_USED,
            Self::EnrolCodeExpired => code::ENROL_CODE_EXPIRED,
            Self::DeviceUnknown => code::DEVICE_UNKNOWN,
            Self::SignInRefused => code::SIGN_IN_REFUSED,
            Self::TooManyAttempts { .. } => code::TOO_MANY_ATTEMPTS,
            Self::NoShop => code::HUB_WITHOUT_SHOP,
            Self::CursorAhead { .. } => code::CURSOR_AHEAD,
            Self::Busy => code::BUSY,
            Self::StorageFull => code::STORAGE_FULL,
            Self::StoreNewer { .. }
            | Self::ShopExists
            | Self::Storage(_)
            | Self::Unreadable(_)
            | Self::Secret(_)
            | Self::Io(_) => code::INTERNAL,
        }
    }
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
