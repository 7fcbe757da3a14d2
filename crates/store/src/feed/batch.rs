//! One run of changes inside its transaction.

use std::collections::{BTreeSet, HashMap};

use evertill_core::Coded;
use evertill_protocol::{Record, RecordKind};
use rusqlite::Connection;

use super::index::SearchIndex;
use super::{Applied, SkippedRow, items, records};
use crate::cursors;
use crate::error::StoreError;
use crate::value::integer;

/// Why a row is not taken.
#[derive(Debug)]
pub(super) struct RowRejection {
    code: &'static str,
    message: String,
    /// The record it waits for.
    needs: Option<String>,
}

impl RowRejection {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            needs: None,
        }
    }

    pub(super) fn needing(mut self, id: &str) -> Self {
        self.needs = Some(id.to_owned());
        self
    }
}

/// What ends the work on one row: a refusal, or an error that ends the run.
#[derive(Debug)]
pub(super) enum RowError {
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
pub(super) fn refused(error: &impl Coded) -> RowError {
    RowRejection::new(error.code(), error.to_string()).into()
}

/// A run of changes.
pub(super) struct Batch<'a> {
    pub(super) conn: &'a Connection,
    /// The snapshot the rows belong to.
    pub(super) generation: i64,
    pub(super) items: SearchIndex,
    pub(super) customers: SearchIndex,
    /// By how much the number of searchable items of a category changes.
    pub(super) counts: HashMap<String, i64>,
    /// Tax rules known to exist, so that each item need not look its rule up.
    pub(super) tax_rules: BTreeSet<String>,
    /// Whether any item has a price with conditions; if none has, none has to be looked for.
    pub(super) any_price_rules: bool,
    /// Whether anything changed that sales are priced and taxed by as a whole.
    pub(super) terms_changed: bool,
    /// Tax rules that came with this run: rows may have waited for them.
    new_rules: BTreeSet<String>,
    /// Whether any row is kept as skipped; if none is, none has to be looked for.
    any_skipped: bool,
    applied: Applied,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(conn: &'a Connection) -> Result<Self, StoreError> {
        let generation = cursors::get(conn, cursors::GENERATION)?.unwrap_or(0);
        let any_skipped = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM skipped_rows)")?
            .query_row([], |row| row.get(0))?;
        let any_price_rules = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM price_rules)")?
            .query_row([], |row| row.get(0))?;
        Ok(Self {
            conn,
            generation: integer("generation", generation)?,
            items: SearchIndex::items(),
            customers: SearchIndex::customers(),
            counts: HashMap::new(),
            tax_rules: BTreeSet::new(),
            any_price_rules,
            terms_changed: false,
            new_rules: BTreeSet::new(),
            any_skipped,
            applied: Applied::default(),
        })
    }

    pub(super) fn upsert(&mut self, seq: u64, record: &Record) -> Result<(), StoreError> {
        match records::upsert(self, record) {
            Ok(flaw) => {
                self.forget_skipped(record.kind(), record.id())?;
                self.applied.upserted += 1;
                if let Record::TaxRule(rule) = record {
                    self.new_rules.insert(rule.id.as_str().to_owned());
                }
                match flaw {
                    Some(flaw) => self.skip(seq, record, flaw),
                    None => Ok(()),
                }
            }
            Err(RowError::Refused(refusal)) => {
                records::keep(self, record)?;
                self.skip(seq, record, refusal)
            }
            Err(RowError::Store(error)) => Err(error),
        }
    }

    pub(super) fn delete(&mut self, kind: RecordKind, id: &str) -> Result<(), StoreError> {
        records::delete(self, kind, id)?;
        self.forget_skipped(kind, id)?;
        self.applied.deleted += 1;
        Ok(())
    }

    /// Takes what waited for rules that came, then writes the search indexes and says whether the
    /// terms changed.
    pub(super) fn finish(mut self) -> Result<Applied, StoreError> {
        for rule in std::mem::take(&mut self.new_rules) {
            for (seq, record) in self.waiting_for(&rule)? {
                self.upsert(seq, &record)?;
            }
        }
        self.items.write(self.conn)?;
        self.customers.write(self.conn)?;
        items::write_counts(self.conn, &self.counts)?;
        if self.terms_changed {
            let version = cursors::get(self.conn, cursors::PROMOTIONS)?.unwrap_or(0);
            cursors::set(self.conn, cursors::PROMOTIONS, version + 1)?;
        }
        Ok(self.applied)
    }

    fn skip(&mut self, seq: u64, record: &Record, why: RowRejection) -> Result<(), StoreError> {
        let (kind, id) = (record.kind(), record.id());
        tracing::warn!(
            seq,
            kind = kind.as_str(),
            id,
            code = why.code,
            "row of the feed skipped"
        );
        let text =
            serde_json::to_string(record).map_err(|error| StoreError::value("record", error))?;
        self.conn
            .prepare_cached(
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
                why.code,
                &why.message,
                why.needs.unwrap_or_default(),
                text,
            ))?;
        self.any_skipped = true;
        self.applied.skipped.push(SkippedRow {
            seq,
            kind,
            id: id.to_owned(),
            code: why.code.to_owned(),
            message: why.message,
        });
        Ok(())
    }

    fn forget_skipped(&self, kind: RecordKind, id: &str) -> Result<(), StoreError> {
        if self.any_skipped {
            self.conn
                .prepare_cached("DELETE FROM skipped_rows WHERE kind = ?1 AND id = ?2")?
                .execute((kind.as_str(), id))?;
        }
        Ok(())
    }

    fn waiting_for(&self, needed: &str) -> Result<Vec<(u64, Record)>, StoreError> {
        if !self.any_skipped {
            return Ok(Vec::new());
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT seq, record FROM skipped_rows WHERE needs = ?1 ORDER BY seq")?;
        let rows = statement.query_map([needed], |row| {
            let record: String = row.get(1)?;
            let record =
                serde_json::from_str(&record).map_err(|error| crate::value::bad(1, error))?;
            Ok((crate::value::count(row, 0)?, record))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
