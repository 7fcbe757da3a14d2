//! The journal: every entry hashed over the one before it.

use evertill_core::journal::ChainVerifier;
use evertill_core::{Coded, JournalEntry, JournalFault};
use evertill_protocol::payload_hash;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Deserialize;

use crate::db::value::{count, integer, time};
use crate::db::{Database, StoreError, Tx};

/// Kind of the entry that a sale writes.
pub(crate) const SALE: &str = "sale";

/// Why a journal is not as it was written.
#[derive(Debug, thiserror::Error, Coded)]
pub enum VerifyError {
    /// An entry was touched.
    #[error(transparent)]
    Fault(#[from] JournalFault),
    /// The chain is whole, but a document is not the one an entry speaks of.
    #[error("Journal entry {seq} does not fit its document {subject}: {what}.")]
    #[coded("journal_document")]
    Document {
        /// The entry.
        seq: u64,
        /// The document's key.
        subject: String,
        /// What is wrong with the document.
        what: &'static str,
    },
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for VerifyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The part of a sale's entry that leads to its document.
#[derive(Deserialize)]
struct SaleBody {
    payload_hash: String,
    number: String,
}

impl Database {
    /// Checks every entry, and every sale's document against its entry. Gives back how many
    /// entries there are.
    ///
    /// # Errors
    /// [`VerifyError`] with the first entry that does not hold.
    pub fn journal_verify(&self) -> Result<u64, VerifyError> {
        self.read(|conn| Ok(verify(conn)))?
    }

    /// The newest entries, the newest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn journal_entries(&self, limit: u32) -> Result<Vec<JournalEntry>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT seq, at, kind, subject, body, previous, hash
                 FROM journal ORDER BY seq DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], entry)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Writes an entry. `body` becomes JSON.
pub(crate) fn write(
    tx: &Tx<'_>,
    kind: &str,
    subject: &str,
    body: &impl serde::Serialize,
) -> Result<JournalEntry, StoreError> {
    let body =
        serde_json::to_string(body).map_err(|error| StoreError::value("journal entry", error))?;
    let last = tx
        .prepare_cached(
            "SELECT seq, at, kind, subject, body, previous, hash
             FROM journal ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([], entry)
        .optional()?;
    let entry = JournalEntry::chain(last.as_ref(), tx.now(), kind, subject, body);
    tx.prepare_cached(
        "INSERT INTO journal (seq, at, kind, subject, body, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        integer("journal entry", entry.seq)?,
        entry.at.as_millisecond(),
        &entry.kind,
        &entry.subject,
        &entry.body,
        &entry.previous,
        &entry.hash,
    ))?;
    Ok(entry)
}

fn verify(conn: &Connection) -> Result<u64, VerifyError> {
    let mut statement = conn
        .prepare("SELECT seq, at, kind, subject, body, previous, hash FROM journal ORDER BY seq")?;
    let mut chain = ChainVerifier::default();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = entry(row)?;
        chain.push(&entry)?;
        if entry.kind == SALE {
            verify_sale(conn, &entry)?;
        }
    }
    Ok(chain.checked())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    Ok(JournalEntry {
        seq: count(row, 0)?,
        at: time(row, 1)?,
        kind: row.get(2)?,
        subject: row.get(3)?,
        body: row.get(4)?,
        previous: row.get(5)?,
        hash: row.get(6)?,
    })
}

/// The chain protects the entries; the hash in an entry protects the document it speaks of.
fn verify_sale(conn: &Connection, entry: &JournalEntry) -> Result<(), VerifyError> {
    let wrong = |what| VerifyError::Document {
        seq: entry.seq,
        subject: entry.subject.clone(),
        what,
    };
    let body: SaleBody =
        serde_json::from_str(&entry.body).map_err(|_| wrong("the entry cannot be read"))?;
    let found: Option<(String, String, String)> = conn
        .prepare_cached("SELECT payload, payload_hash, number FROM documents WHERE key = ?1")?
        .query_row([&entry.subject], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (payload, hash, number) = found.ok_or_else(|| wrong("it is gone"))?;
    if payload_hash(&payload) != body.payload_hash || hash != body.payload_hash {
        return Err(wrong("it was changed"));
    }
    if number != body.number {
        return Err(wrong("its number was changed"));
    }
    Ok(())
}
