//! One run of changes inside its transaction.

use std::collections::BTreeSet;

use evertill_protocol::{Record, RecordKind};
use rusqlite::Connection;

use super::records;
use super::run::Run;
use super::skipped::{self, SkippedRow};
use crate::db::StoreError;
use crate::row::{RowError, RowRejection};

/// What became of a run of changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Rows written.
    pub upserted: u64,
    /// Tombstones heard, whether or not the row was there.
    pub deleted: u64,
    /// Rows that were not taken, or not all of them.
    pub skipped: Vec<SkippedRow>,
}

/// A run of changes.
pub(super) struct Batch<'a> {
    conn: &'a Connection,
    run: Run<'a>,
    /// Tax rules that came with this run: rows may have waited for them.
    new_rules: BTreeSet<String>,
    /// Whether any row is kept as skipped; if none is, none has to be looked for.
    any_skipped: bool,
    applied: Applied,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(conn: &'a Connection) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            run: Run::begin(conn)?,
            new_rules: BTreeSet::new(),
            any_skipped: skipped::any(conn)?,
            applied: Applied::default(),
        })
    }

    pub(super) fn upsert(&mut self, seq: u64, record: &Record) -> Result<(), StoreError> {
        match records::upsert(&mut self.run, record) {
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
                records::keep(&self.run, record)?;
                self.skip(seq, record, refusal)
            }
            Err(RowError::Store(error)) => Err(error),
        }
    }

    pub(super) fn delete(&mut self, kind: RecordKind, id: &str) -> Result<(), StoreError> {
        records::delete(&mut self.run, kind, id)?;
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
        self.run.finish()?;
        Ok(self.applied)
    }

    fn skip(&mut self, seq: u64, record: &Record, why: RowRejection) -> Result<(), StoreError> {
        let row = skipped::put(self.conn, seq, record, why)?;
        self.any_skipped = true;
        self.applied.skipped.push(row);
        Ok(())
    }

    fn forget_skipped(&self, kind: RecordKind, id: &str) -> Result<(), StoreError> {
        if self.any_skipped {
            skipped::delete(self.conn, kind, id)?;
        }
        Ok(())
    }

    fn waiting_for(&self, needed: &str) -> Result<Vec<(u64, Record)>, StoreError> {
        if self.any_skipped {
            skipped::waiting_for(self.conn, needed)
        } else {
            Ok(Vec::new())
        }
    }
}
