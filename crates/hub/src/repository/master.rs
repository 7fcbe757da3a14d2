//! Master data and its change feed.

use evertill_protocol::{ChangeBody, Record, RecordKind, Shop};
use rusqlite::{OptionalExtension, Transaction, params};

use super::Repository;
use crate::error::HubError;
use crate::master_data::MasterData;

/// A page of the change feed, as lines ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangesPage {
    /// The changes as JSON, one a line.
    pub lines: Vec<String>,
    /// The sequence of the last one, or the cursor asked for if there is none.
    pub cursor: u64,
    /// There are more.
    pub more: bool,
}

/// Who takes the rows of a snapshot.
pub trait SnapshotRows {
    /// Before the first row: the cursor the snapshot stands for, and how many rows will come.
    ///
    /// # Errors
    /// Whatever makes the receiver give up; the snapshot ends there.
    fn begin(&mut self, cursor: u64, records: u64) -> Result<(), HubError>;

    /// One change as a line of JSON.
    ///
    /// # Errors
    /// As above.
    fn row(&mut self, line: &str) -> Result<(), HubError>;
}

impl Repository {
    /// Publishes changes to all tills, in one transaction. A record that is already exactly like
    /// that makes no change. Returns how many changes there were.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like; then nothing was published.
    pub fn publish(&self, changes: &[ChangeBody]) -> Result<u64, HubError> {
        self.write(|tx| publish(tx, changes))
    }

    /// Everything an import is checked against, in one consistent state.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn master_data(&self) -> Result<MasterData, HubError> {
        self.read(|tx| {
            let mut bodies = tx.prepare("SELECT body FROM master_records WHERE deleted = 0")?;
            let mut rows = bodies.query(())?;
            let mut records = Vec::new();
            while let Some(row) = rows.next()? {
                let body: String = row.get(0)?;
                records.push(serde_json::from_str(&body)?);
            }
            let mut people = tx.prepare("SELECT user_id FROM credentials")?;
            let with_password = people.query_map((), |row| row.get(0))?;
            Ok(MasterData {
                records,
                with_password: with_password.collect::<Result<_, _>>()?,
                cursor: u64::try_from(last_seq(tx)?).unwrap_or_default(),
            })
        })
    }

    /// One record as it is now; `None` if it never was there or was deleted.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn record(&self, kind: RecordKind, id: &str) -> Result<Option<Record>, HubError> {
        self.read(|tx| record(tx, kind, id))
    }

    /// The shop; `None` in a database that was never filled.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn shop(&self) -> Result<Option<Shop>, HubError> {
        self.read(shop)
    }

    /// Changes after a cursor, oldest first.
    ///
    /// # Errors
    /// [`HubError::CursorAhead`] if this hub never got that far, [`HubError::Storage`] and the
    /// like.
    pub fn changes(&self, after: u64, limit: u32) -> Result<ChangesPage, HubError> {
        self.read(|tx| {
            let ahead = HubError::CursorAhead { cursor: after };
            let Ok(from) = i64::try_from(after) else {
                return Err(ahead);
            };
            if from > last_seq(tx)? {
                return Err(ahead);
            }
            let mut statement = tx.prepare_cached(
                "SELECT seq, kind, id, deleted, body FROM master_records
                 WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            )?;
            // One more than asked for tells whether there is more.
            let mut rows = statement.query(params![from, i64::from(limit) + 1])?;
            let mut page = ChangesPage {
                lines: Vec::new(),
                cursor: after,
                more: false,
            };
            while let Some(row) = rows.next()? {
                if page.lines.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
                    page.more = true;
                    break;
                }
                let seq: i64 = row.get(0)?;
                page.cursor = u64::try_from(seq).unwrap_or_default();
                page.lines.push(line(row)?);
            }
            Ok(page)
        })
    }

    /// Everything there is, in one consistent state, row by row: what others point to comes
    /// first. Memory does not grow with the number of rows.
    ///
    /// # Errors
    /// What the receiver gives up with, [`HubError::Storage`] and the like.
    pub fn snapshot(&self, into: &mut impl SnapshotRows) -> Result<(u64, u64), HubError> {
        self.read(|tx| {
            let cursor = u64::try_from(last_seq(tx)?).unwrap_or_default();
            let count: i64 = tx.query_row(
                "SELECT count(*) FROM master_records WHERE deleted = 0",
                (),
                |row| row.get(0),
            )?;
            let records = u64::try_from(count).unwrap_or_default();
            into.begin(cursor, records)?;
            let mut statement = tx.prepare(
                "SELECT seq, kind, id, deleted, body FROM master_records
                 WHERE deleted = 0 ORDER BY rank, seq",
            )?;
            let mut rows = statement.query(())?;
            while let Some(row) = rows.next()? {
                into.row(&line(row)?)?;
            }
            Ok((cursor, records))
        })
    }
}

/// The highest sequence given so far. It never goes back: a change moves its row to the end, and
/// tombstones stay.
pub(super) fn last_seq(tx: &Transaction<'_>) -> Result<i64, HubError> {
    let last = tx
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM master_records")?
        .query_row((), |row| row.get(0))?;
    Ok(last)
}

/// A stored row as a line of the feed. The body is JSON already and is not parsed again: the
/// line is what `FeedLine::Change` would write, which the tests hold it to.
fn line(row: &rusqlite::Row<'_>) -> Result<String, HubError> {
    let seq: i64 = row.get(0)?;
    let deleted: bool = row.get(3)?;
    if deleted {
        let (kind, id): (String, String) = (row.get(1)?, row.get(2)?);
        let id = serde_json::to_string(&id)?;
        return Ok(format!(
            r#"{{"type":"change","seq":{seq},"body":{{"delete":{{"kind":"{kind}","id":{id}}}}}}}"#
        ));
    }
    let body: String = row.get(4)?;
    Ok(format!(
        r#"{{"type":"change","seq":{seq},"body":{{"upsert":{body}}}}}"#
    ))
}

pub(super) fn publish(tx: &Transaction<'_>, changes: &[ChangeBody]) -> Result<u64, HubError> {
    let mut seq = last_seq(tx)?;
    let mut made = 0_u64;
    for change in changes {
        let changed = match change {
            ChangeBody::Upsert(record) => upsert(tx, record, seq + 1)?,
            ChangeBody::Delete { kind, id } => delete(tx, *kind, id, seq + 1)?,
        };
        if changed {
            seq += 1;
            made += 1;
        }
    }
    Ok(made)
}

fn upsert(tx: &Transaction<'_>, record: &Record, seq: i64) -> Result<bool, HubError> {
    let rank = RecordKind::ALL
        .iter()
        .position(|kind| *kind == record.kind())
        .unwrap_or_default();
    let changed = tx
        .prepare_cached(
            "INSERT INTO master_records (kind, id, rank, seq, deleted, body)
             VALUES (?1, ?2, ?3, ?4, 0, ?5)
             ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, deleted = 0,
                                                  body = excluded.body
             WHERE deleted = 1 OR body <> excluded.body",
        )?
        .execute(params![
            record.kind().as_str(),
            record.id(),
            i64::try_from(rank).unwrap_or_default(),
            seq,
            serde_json::to_string(record)?,
        ])?;
    Ok(changed > 0)
}

fn delete(tx: &Transaction<'_>, kind: RecordKind, id: &str, seq: i64) -> Result<bool, HubError> {
    let changed = tx
        .prepare_cached(
            "UPDATE master_records SET seq = ?3, deleted = 1
             WHERE kind = ?1 AND id = ?2 AND deleted = 0",
        )?
        .execute(params![kind.as_str(), id, seq])?;
    Ok(changed > 0)
}

pub(super) fn record(
    tx: &Transaction<'_>,
    kind: RecordKind,
    id: &str,
) -> Result<Option<Record>, HubError> {
    let body: Option<String> = tx
        .prepare_cached(
            "SELECT body FROM master_records WHERE kind = ?1 AND id = ?2 AND deleted = 0",
        )?
        .query_row(params![kind.as_str(), id], |row| row.get(0))
        .optional()?;
    Ok(body.as_deref().map(serde_json::from_str).transpose()?)
}

pub(super) fn shop(tx: &Transaction<'_>) -> Result<Option<Shop>, HubError> {
    let body: Option<String> = tx
        .query_row(
            "SELECT body FROM master_records WHERE kind = ?1 AND deleted = 0",
            [RecordKind::Shop.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    match body.as_deref().map(serde_json::from_str).transpose()? {
        Some(Record::Shop(shop)) => Ok(Some(shop)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    struct Kinds(Vec<String>);

    impl SnapshotRows for Kinds {
        fn begin(&mut self, _: u64, _: u64) -> Result<(), HubError> {
            Ok(())
        }

        fn row(&mut self, line: &str) -> Result<(), HubError> {
            self.0.push(line.to_owned());
            Ok(())
        }
    }

    /// The place of a kind is stored with each record, so it must move when kinds are added.
    #[test]
    fn a_database_from_before_a_kind_was_added_sends_them_all_in_order() {
        let dir = std::env::temp_dir().join(format!("evertill-hub-kinds-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("hub.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(super::super::MIGRATIONS[0]).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        let before = "shop price_list tax_rule category payment_mode user customer item price";
        for (rank, kind) in (0_i64..).zip(before.split(' ')) {
            let insert = "INSERT INTO master_records VALUES (?1, 'x', ?2, ?2 + 1, 0, ?3)";
            old.execute(insert, (kind, rank, format!("{kind:?}")))
                .unwrap();
        }
        drop(old);

        let repository = Repository::open(&path).unwrap();
        let template = r#"{"kind":"tax_template","id":"x","name":"X","category":"","charges":[]}"#;
        let promotion = r#"{"kind":"promotion","id":"x","name":"X","effect":{"kind":"ticket",
            "of":{},"benefit":{"kind":"free"}}}"#;
        let both = [promotion, template].map(|json| serde_json::from_str(json).unwrap());
        repository.publish(&both.map(ChangeBody::Upsert)).unwrap();
        let mut kinds = Kinds(Vec::new());
        repository.snapshot(&mut kinds).unwrap();
        assert_eq!(kinds.0.len(), RecordKind::ALL.len());
        for (line, kind) in kinds.0.iter().zip(RecordKind::ALL) {
            assert!(line.contains(&format!("\"{}\"", kind.as_str())), "{line}");
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
