//! Records on their way into their tables: where they go, and why one is not taken.

use evertill_core::Coded;
use rusqlite::Connection;

use crate::db::StoreError;

/// Longer ids and names are no ids and names but garbage; they would not fit a screen either.
const MAX_ID: usize = 140;
pub(crate) const MAX_NAME: usize = 500;

/// Where a record is written.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// The transaction.
    pub(crate) conn: &'a Connection,
    /// The snapshot the row belongs to.
    pub(crate) generation: i64,
}

/// Why a row is not taken.
#[derive(Debug)]
pub(crate) struct RowRejection {
    /// Stable code of what is wrong.
    pub(crate) code: String,
    /// The same as a sentence.
    pub(crate) message: String,
    /// The record it waits for.
    pub(crate) needs: Option<String>,
}

impl RowRejection {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            needs: None,
        }
    }

    pub(crate) fn needing(mut self, id: &str) -> Self {
        self.needs = Some(id.to_owned());
        self
    }
}

/// What ends the work on one row: a refusal, or an error that ends the run.
#[derive(Debug)]
pub(crate) enum RowError {
    Refused(RowRejection),
    Store(StoreError),
}

impl From<RowRejection> for RowError {
    fn from(refusal: RowRejection) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for RowError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for RowError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The errors of the core's types say by code what is wrong with a value.
pub(crate) fn refused(error: &impl Coded) -> RowError {
    RowRejection::new(error.code(), error.to_string()).into()
}

/// Refuses what cannot be an id.
pub(crate) fn text_id(id: &str) -> Result<(), RowRejection> {
    if id.trim().is_empty() {
        return Err(RowRejection::new("id_empty", "The row has no id."));
    }
    if id.len() > MAX_ID {
        return Err(RowRejection::new(
            "id_too_long",
            format!("The id has over {MAX_ID} bytes."),
        ));
    }
    Ok(())
}

/// Refuses what cannot be a name.
pub(crate) fn text_name(name: &str) -> Result<(), RowRejection> {
    if name.trim().is_empty() {
        return Err(RowRejection::new("name_empty", "The row has no name."));
    }
    if name.len() > MAX_NAME {
        return Err(RowRejection::new(
            "name_too_long",
            format!("The name has over {MAX_NAME} bytes."),
        ));
    }
    Ok(())
}
