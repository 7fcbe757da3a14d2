//! How typed values lie in columns.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;

/// An error while reading a column, in the shape a row mapper gives back.
pub(crate) fn bad(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// A column with a text that parses.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|error| bad(column, error))
}

/// A column with one of our ids.
pub(crate) fn id<T: From<String>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get::<_, String>(column).map(T::from)
}

/// A column with a count.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|error| bad(column, error))
}

/// A column with a time.
pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| bad(column, error))
}

/// A column with a time, 0 for none.
pub(crate) fn time_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    match row.get::<_, i64>(column)? {
        0 => Ok(None),
        _ => time(row, column).map(Some),
    }
}

/// A column with a text, empty for none.
pub(crate) fn text_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    row.get::<_, String>(column)
        .map(|text| Some(text).filter(|text| !text.is_empty()))
}

/// A count as the integer a column takes.
pub(crate) fn integer(what: &'static str, count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(|error| StoreError::value(what, error))
}

/// The name serde gives to an enum without contents, as role and kind of payment have.
pub(crate) fn name(what: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(other) => Err(StoreError::value(what, format!("{other} is not a name"))),
        Err(error) => Err(StoreError::value(what, error)),
    }
}

/// A column with such a name.
pub(crate) fn named<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(row.get(column)?))
        .map_err(|error| bad(column, error))
}

/// A column with JSON.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| bad(column, error))
}
