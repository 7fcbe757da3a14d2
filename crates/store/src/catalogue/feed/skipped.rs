//! Rows of the feed that are not taken, kept for a person to look at.

use evertill_protocol::{Record, RecordKind};
use rusqlite::Connection;

use crate::db::value::{count, integer, json, named};
use crate::db::{Database, StoreError};
use crate::row::RowRejection;

/// A row of the feed that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRow {
    /// The hub's sequence number of the change.
    pub seq: u64,
    /// What kind of row.
    pub kind: RecordKind,
    /// Its id within the kind.
    pub id: String,
    /// Stable code of what is wrong: `name_empty`, `tax_rule_unknown`, `price_negative`, …
    pub code: String,
    /// The same as a sentence.
    pub message: String,
}

impl Database {
    /// The rows of the feed that are still not taken, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn skipped_rows(&self, limit: u32) -> Result<Vec<SkippedRow>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT seq, kind, id, code, message FROM skipped_rows ORDER BY seq LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], |row| {
                Ok(SkippedRow {
                    seq: count(row, 0)?,
                    kind: named(row, 1)?,
                    id: row.get(2)?,
                    code: row.get(3)?,
                    message: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Whether any row is kept.
pub(super) fn any(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM skipped_rows)")?
        .query_row([], |row| row.get(0))?)
}

/// Keeps a row that is not taken, or not all of it.
pub(super) fn put(
    conn: &Connection,
    seq: u64,
    record: &Record,
    why: RowRejection,
) -> Result<SkippedRow, StoreError> {
    let (kind, id) = (record.kind(), record.id());
    tracing::warn!(
        seq,
        kind = kind.as_str(),
        id,
        code = why.code,
        "row of the feed skipped"
    );
    let text = serde_json::to_string(record).map_err(|error| StoreError::value("record", error))?;
    conn.prepare_cached(
        "INSERT INTO skipped_rows (kind, id, seq, code, message, needs, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, code = excluded.code,
             message = excluded.message, needs = excluded.needs,
             record = excluded.record",
    )?
    .execute((
        kind.as_str(),
        id,
        integer("sequence", seq)?,
        &why.code,
        &why.message,
        why.needs.unwrap_or_default(),
        text,
    ))?;
    Ok(SkippedRow {
        seq,
        kind,
        id: id.to_owned(),
        code: why.code,
        message: why.message,
    })
}

/// Forgets a row: it came again and is right, or it is gone.
pub(super) fn delete(conn: &Connection, kind: RecordKind, id: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM skipped_rows WHERE kind = ?1 AND id = ?2")?
        .execute((kind.as_str(), id))?;
    Ok(())
}

/// The records that wait for another, with the hub's sequence numbers, oldest first.
pub(super) fn waiting_for(
    conn: &Connection,
    needed: &str,
) -> Result<Vec<(u64, Record)>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT seq, record FROM skipped_rows WHERE needs = ?1 ORDER BY seq")?;
    let rows = statement.query_map([needed], |row| Ok((count(row, 0)?, json(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
