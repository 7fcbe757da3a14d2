//! The outbox: every document that has to reach the hub, and how far it has got.

use evertill_core::Money;
use evertill_protocol::Envelope;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::value::{bad, count, id, named, parsed, text_or_none, time, time_or_none};
use crate::db::{Database, StoreError};

/// How far a document has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Not sent yet.
    Pending,
    /// On its way; the answer is not here.
    Sending,
    /// Waits for another document.
    Waiting,
    /// Will be sent again at a time.
    Retrying,
    /// A person must look.
    Attention,
    /// The hub has it.
    Acknowledged,
}

/// A document and how far it has got.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Its place in the order of writing, from 1.
    pub seq: u64,
    /// The document with its key and hash.
    pub envelope: Envelope,
    /// How far it has got.
    pub state: OutboxState,
    /// How often it was sent.
    pub tries: u32,
    /// When it will be sent again, while retrying.
    pub next_at: Option<Timestamp>,
    /// Code of the hub's last answer, if that was a refusal.
    pub last_code: Option<String>,
    /// The same as a sentence.
    pub last_message: Option<String>,
    /// When the hub acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// What the sale came to, if it is one.
    pub total: Option<Money>,
}

/// What an attempt to send came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxResult {
    /// The hub has it, now or already before.
    Acknowledged,
    /// To be sent again.
    Retry {
        /// When.
        at: Timestamp,
        /// Stable code of why.
        code: String,
        /// The same as a sentence.
        message: String,
    },
    /// Sending it again as it is would not help.
    NeedsAttention {
        /// Stable code of why.
        code: String,
        /// The same as a sentence.
        message: String,
    },
}

/// Which documents the sync desk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxFilter {
    /// Every one.
    All,
    /// Those on their way: neither acknowledged nor needing attention.
    Waiting,
    /// Those a person must look at.
    Attention,
    /// Those the hub has.
    Acknowledged,
}

/// How many documents are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// On their way.
    pub waiting: u64,
    /// A person must look.
    pub attention: u64,
    /// The hub has them.
    pub acknowledged: u64,
    /// When the oldest of those on their way was made.
    pub oldest_waiting_at: Option<Timestamp>,
}

/// A retry this far ahead was set by a clock that has been put back since: no answer asks for
/// more than a day.
const MAX_WAIT_MS: i64 = 24 * 60 * 60 * 1_000;

/// Every state but acknowledged. Written as a list, so that SQLite goes to these rows by the
/// primary key instead of passing by all that are acknowledged.
macro_rules! open {
    () => {
        open!("state")
    };
    ($state:literal) => {
        concat!(
            $state,
            " IN ('pending', 'sending', 'waiting', 'retrying', 'attention')"
        )
    };
}

/// Documents with their state, from a row source of outbox rows that follows.
macro_rules! rows {
    () => {
        "SELECT documents.seq, documents.key, documents.kind, documents.till, documents.number,
                documents.business_date, documents.created_at, documents.payload_hash,
                documents.payload, o.state, o.tries, o.next_at, o.code, o.message,
                o.acknowledged_at, invoices.total "
    };
}

/// What leads from an outbox row `o` to its document.
macro_rules! to_document {
    () => {
        " CROSS JOIN documents ON documents.seq = o.document
          LEFT JOIN invoices ON invoices.id = documents.seq "
    };
}

impl Database {
    /// What is to be sent now, oldest first: pending documents and those whose time has come.
    ///
    /// # Errors
    /// Database errors.
    pub fn outbox_due(&self, now: Timestamp, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let now = now.as_millisecond();
        self.read(|conn| {
            let mut statement = conn.prepare_cached(concat!(
                rows!(),
                "FROM (SELECT * FROM outbox WHERE state IN ('pending', 'retrying')
                         AND (next_at <= ?1 OR next_at > ?2)
                       ORDER BY document LIMIT ?3) AS o",
                to_document!(),
                "ORDER BY o.document"
            ))?;
            let far = now.saturating_add(MAX_WAIT_MS);
            let rows = statement.query_map((now, far, limit), outbox_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// When the next document that is retrying is due; `None` if none is.
    ///
    /// # Errors
    /// Database errors.
    pub fn outbox_next_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|conn| {
            let next: Option<i64> = conn
                .prepare_cached("SELECT min(next_at) FROM outbox WHERE state = 'retrying'")?
                .query_row([], |row| row.get(0))?;
            next.map(Timestamp::from_millisecond)
                .transpose()
                .map_err(|error| StoreError::value("time of retry", error))
        })
    }

    /// Says of documents that they are being sent and counts the try. Must come before the first
    /// byte leaves, so that a till that dies knows their outcome is open.
    ///
    /// # Errors
    /// `unknown_key`; `disk_full` and database errors.
    pub fn outbox_mark_sending(&self, keys: &[Uuid]) -> Result<(), StoreError> {
        self.write(|tx| {
            for key in keys {
                change(tx, key, |document| {
                    tx.prepare_cached(concat!(
                        "UPDATE outbox SET state = 'sending', tries = tries + 1
                             WHERE document = ?1 AND ",
                        open!()
                    ))?
                    .execute([document])
                })?;
            }
            Ok(())
        })
    }

    /// Keeps what one attempt came to.
    ///
    /// # Errors
    /// As [`Database::outbox_results`].
    pub fn outbox_result(&self, key: &Uuid, result: OutboxResult) -> Result<(), StoreError> {
        self.outbox_results(&[(*key, result)])
    }

    /// Keeps what a batch came to, in one transaction. An acknowledged document stays so,
    /// whatever answer still comes in.
    ///
    /// # Errors
    /// `unknown_key`, with nothing kept; `disk_full` and database errors.
    pub fn outbox_results(&self, results: &[(Uuid, OutboxResult)]) -> Result<(), StoreError> {
        self.write(|tx| {
            let now = tx.now().as_millisecond();
            for (key, result) in results {
                let (state, at, code, message, acknowledged) = match result {
                    OutboxResult::Acknowledged => ("acknowledged", 0, "", "", now),
                    OutboxResult::Retry { at, code, message } => (
                        "retrying",
                        at.as_millisecond(),
                        code.as_str(),
                        message.as_str(),
                        0,
                    ),
                    OutboxResult::NeedsAttention { code, message } => {
                        ("attention", 0, code.as_str(), message.as_str(), 0)
                    }
                };
                change(tx, key, |document| {
                    tx.prepare_cached(concat!(
                        "UPDATE outbox SET state = ?2, next_at = ?3, code = ?4, message = ?5,
                                 acknowledged_at = ?6
                             WHERE document = ?1 AND ",
                        open!()
                    ))?
                    .execute((
                        document,
                        state,
                        at,
                        code,
                        message,
                        acknowledged,
                    ))
                })?;
            }
            Ok(())
        })
    }

    /// Makes one document due at once, or all that are retrying or need attention. Gives back
    /// how many.
    ///
    /// # Errors
    /// `unknown_key`; `disk_full` and database errors.
    pub fn outbox_retry_now(&self, key: Option<&Uuid>) -> Result<usize, StoreError> {
        self.write(|tx| match key {
            Some(key) => change(tx, key, |document| {
                tx.prepare_cached(
                    "UPDATE outbox SET state = 'pending', next_at = 0
                     WHERE document = ?1 AND state IN ('retrying', 'attention')",
                )?
                .execute([document])
            }),
            None => Ok(tx
                .prepare_cached(
                    "UPDATE outbox SET state = 'pending', next_at = 0
                     WHERE state IN ('retrying', 'attention')",
                )?
                .execute([])?),
        })
    }

    /// Makes every retrying document due at once whose next try is later than `latest`. No wait is
    /// that long, so the clock was set back since it was chosen. One statement, however many wait.
    /// Gives back how many.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn outbox_retry_later_than(&self, latest: Timestamp) -> Result<usize, StoreError> {
        self.write(|tx| {
            Ok(tx
                .prepare_cached(
                    "UPDATE outbox SET state = 'pending', next_at = 0
                     WHERE state = 'retrying' AND next_at > ?1",
                )?
                .execute([latest.as_millisecond()])?)
        })
    }

    /// Documents for the sync desk, the newest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn outbox_list(
        &self,
        filter: OutboxFilter,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = match filter {
            OutboxFilter::All => concat!(
                rows!(),
                "FROM documents CROSS JOIN outbox AS o ON o.document = documents.seq
                    AND (o.state = 'acknowledged' OR ",
                open!("o.state"),
                ")
                 LEFT JOIN invoices ON invoices.id = documents.seq
                 ORDER BY documents.seq DESC LIMIT ?1"
            ),
            OutboxFilter::Waiting => concat!(
                rows!(),
                "FROM (SELECT * FROM outbox WHERE state <> 'attention' AND ",
                open!(),
                "
                       ORDER BY document DESC LIMIT ?1) AS o",
                to_document!(),
                "ORDER BY o.document DESC"
            ),
            OutboxFilter::Attention => concat!(
                rows!(),
                "FROM (SELECT * FROM outbox WHERE state = 'attention'
                       ORDER BY document DESC LIMIT ?1) AS o",
                to_document!(),
                "ORDER BY o.document DESC"
            ),
            OutboxFilter::Acknowledged => concat!(
                rows!(),
                "FROM (SELECT * FROM outbox WHERE state = 'acknowledged'
                       ORDER BY document DESC LIMIT ?1) AS o",
                to_document!(),
                "ORDER BY o.document DESC"
            ),
        };
        self.read(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query_map([limit], outbox_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// One document.
    ///
    /// # Errors
    /// Database errors.
    pub fn outbox_row(&self, key: &Uuid) -> Result<Option<OutboxRow>, StoreError> {
        self.read(|conn| {
            let found = conn
                .prepare_cached(concat!(
                    rows!(),
                    "FROM documents CROSS JOIN outbox AS o ON o.document = documents.seq
                        AND (o.state = 'acknowledged' OR ",
                    open!("o.state"),
                    ")
                     LEFT JOIN invoices ON invoices.id = documents.seq
                     WHERE documents.key = ?1"
                ))?
                .query_row([key.to_string()], outbox_row)
                .optional()?;
            Ok(found)
        })
    }

    /// How many documents are where.
    ///
    /// # Errors
    /// Database errors.
    pub fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        self.read(|conn| {
            let (waiting, attention, oldest) = conn
                .prepare_cached(concat!(
                    "SELECT count(*) FILTER (WHERE state <> 'attention'),
                            count(*) FILTER (WHERE state = 'attention'),
                            min(document) FILTER (WHERE state <> 'attention')
                     FROM outbox WHERE ",
                    open!()
                ))?
                .query_row([], |row| {
                    Ok((
                        count(row, 0)?,
                        count(row, 1)?,
                        row.get::<_, Option<i64>>(2)?,
                    ))
                })?;
            // Documents are never deleted, so the last one's number is how many there are.
            let all = conn
                .prepare_cached("SELECT coalesce(max(seq), 0) FROM documents")?
                .query_row([], |row| count(row, 0))?;
            let oldest_waiting_at = match oldest {
                None => None,
                Some(seq) => conn
                    .prepare_cached("SELECT created_at FROM documents WHERE seq = ?1")?
                    .query_row([seq], |row| time(row, 0).map(Some))?,
            };
            let acknowledged = all.saturating_sub(waiting).saturating_sub(attention);
            Ok(OutboxCounts {
                waiting,
                attention,
                acknowledged,
                oldest_waiting_at,
            })
        })
    }
}

/// Puts a document into the outbox and gives back its place.
pub(crate) fn put(conn: &Connection, envelope: &Envelope) -> Result<i64, StoreError> {
    let document = conn
        .prepare_cached(
            "INSERT INTO documents (key, kind, till, number, business_date, created_at,
                                    payload_hash, payload)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .insert((
            envelope.key.to_string(),
            envelope.kind.as_str(),
            envelope.till.as_str(),
            envelope.number.as_deref().unwrap_or_default(),
            envelope.business_date.to_string(),
            envelope.created_at.as_millisecond(),
            &envelope.payload_hash,
            envelope.payload.get(),
        ))?;
    conn.prepare_cached(
        "INSERT INTO outbox (document, state, tries, next_at, code, message, acknowledged_at)
         VALUES (?1, 'pending', 0, 0, '', '', 0)",
    )?
    .execute([document])?;
    Ok(document)
}

/// What was on its way when the till died is sent again with its key: the hub knows whether it
/// has it.
pub(crate) fn recover(conn: &Connection) -> Result<(), StoreError> {
    let any: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'sending')",
        [],
        |row| row.get(0),
    )?;
    // Asked first, so that opening a store does not write.
    if any {
        conn.execute(
            "UPDATE outbox SET state = 'pending' WHERE state = 'sending'",
            [],
        )?;
    }
    Ok(())
}

fn change(
    conn: &Connection,
    key: &Uuid,
    update: impl FnOnce(i64) -> rusqlite::Result<usize>,
) -> Result<usize, StoreError> {
    let document: i64 = conn
        .prepare_cached("SELECT seq FROM documents WHERE key = ?1")?
        .query_row([key.to_string()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::Unknown {
            what: "document",
            key: key.to_string(),
        })?;
    Ok(update(document)?)
}

fn outbox_row(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let kind: String = row.get(2)?;
    let payload: String = row.get(8)?;
    Ok(OutboxRow {
        seq: count(row, 0)?,
        envelope: Envelope {
            key: parsed(row, 1)?,
            kind: kind.into(),
            till: id(row, 3)?,
            number: text_or_none(row, 4)?,
            business_date: parsed(row, 5)?,
            created_at: time(row, 6)?,
            payload_hash: row.get(7)?,
            payload: serde_json::value::RawValue::from_string(payload)
                .map_err(|error| bad(8, error))?,
        },
        state: named(row, 9)?,
        tries: row.get(10)?,
        next_at: time_or_none(row, 11)?,
        last_code: text_or_none(row, 12)?,
        last_message: text_or_none(row, 13)?,
        acknowledged_at: time_or_none(row, 14)?,
        total: row.get::<_, Option<i64>>(15)?.map(Money::from_minor),
    })
}
