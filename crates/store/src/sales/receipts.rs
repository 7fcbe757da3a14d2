//! The print queue: a receipt waits until it came out of the printer.

use evertill_core::ReceiptNumber;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::value::{bad, count, named, parsed, text_or_none};
use crate::db::{Database, StoreError};

/// Whether a receipt was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// Not yet.
    Waiting,
    /// At least once.
    Printed,
    /// It was tried and is not tried again by itself.
    Failed,
}

/// What became of an attempt to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintResult {
    /// It came out.
    Printed,
    /// It did not and waits.
    Waiting {
        /// Code of the printer's trouble.
        code: String,
        /// The same as a sentence.
        message: String,
    },
    /// It did not and is given up until somebody asks for it.
    Failed {
        /// Code of the printer's trouble.
        code: String,
        /// The same as a sentence.
        message: String,
    },
}

/// A receipt in the print queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Key of the invoice.
    pub invoice: Uuid,
    /// Its number.
    pub number: ReceiptNumber,
    /// Whether it was printed.
    pub state: PrintState,
    /// How often it came out: if not 0, the next one is a copy.
    pub copies: u32,
    /// Code of the printer's last trouble.
    pub last_code: Option<String>,
    /// The same as a sentence.
    pub last_message: Option<String>,
}

macro_rules! rows {
    () => {
        "SELECT documents.key, invoices.number_prefix, invoices.number_counter,
                receipts.state, receipts.copies, receipts.code, receipts.message
         FROM receipts
         CROSS JOIN invoices ON invoices.id = receipts.invoice
         CROSS JOIN documents ON documents.seq = invoices.id "
    };
}

impl Database {
    /// The receipts still to be printed, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn receipts_waiting(&self) -> Result<Vec<ReceiptRow>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(concat!(
                rows!(),
                "WHERE receipts.state = 'waiting' ORDER BY receipts.invoice"
            ))?;
            let rows = statement.query_map([], receipt_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The receipt of one invoice.
    ///
    /// # Errors
    /// Database errors.
    pub fn receipt(&self, invoice: &Uuid) -> Result<Option<ReceiptRow>, StoreError> {
        self.read(|conn| {
            let found = conn
                .prepare_cached(concat!(
                    rows!(),
                    "WHERE receipts.state IN ('waiting', 'printed', 'failed')
                       AND receipts.invoice = (SELECT seq FROM documents WHERE key = ?1)"
                ))?
                .query_row([invoice.to_string()], receipt_row)
                .optional()?;
            Ok(found)
        })
    }

    /// Keeps what an attempt to print came to. A receipt that was printed stays so, even if a
    /// copy of it fails.
    ///
    /// # Errors
    /// `unknown_key`; `disk_full` and database errors.
    pub fn mark_receipt(&self, invoice: &Uuid, result: &PrintResult) -> Result<(), StoreError> {
        let (state, printed, code, message) = match result {
            PrintResult::Printed => ("printed", 1, "", ""),
            PrintResult::Waiting { code, message } => {
                ("waiting", 0, code.as_str(), message.as_str())
            }
            PrintResult::Failed { code, message } => ("failed", 0, code.as_str(), message.as_str()),
        };
        self.write(|tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE receipts SET copies = copies + ?3, code = ?4, message = ?5,
                         updated_at = ?6,
                         state = CASE WHEN copies + ?3 > 0 THEN 'printed' ELSE ?2 END
                     WHERE state IN ('waiting', 'printed', 'failed')
                       AND invoice = (SELECT seq FROM documents WHERE key = ?1)",
                )?
                .execute((
                    invoice.to_string(),
                    state,
                    printed,
                    code,
                    message,
                    tx.now().as_millisecond(),
                ))?;
            match changed {
                0 => Err(StoreError::Unknown {
                    what: "receipt",
                    key: invoice.to_string(),
                }),
                _ => Ok(()),
            }
        })
    }

    /// Puts a first print back in line, unless it may be on paper: it came out before, or its code
    /// is `under_way` or `unknown`. One statement, because the printer works meanwhile. Gives back
    /// whether it is in line.
    ///
    /// # Errors
    /// `disk_full` and database errors.
    pub fn print_first_again(
        &self,
        invoice: &Uuid,
        [under_way, unknown]: [&str; 2],
    ) -> Result<bool, StoreError> {
        self.write(|tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE receipts SET state = 'waiting', code = '', message = '',
                         updated_at = ?4
                     WHERE state IN ('waiting', 'failed') AND copies = 0
                       AND code NOT IN (?2, ?3)
                       AND invoice = (SELECT seq FROM documents WHERE key = ?1)",
                )?
                .execute((
                    invoice.to_string(),
                    under_way,
                    unknown,
                    tx.now().as_millisecond(),
                ))?;
            Ok(changed > 0)
        })
    }
}

pub(crate) fn queue(conn: &Connection, invoice: i64, now: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO receipts (invoice, state, copies, code, message, updated_at)
         VALUES (?1, 'waiting', 0, '', '', ?2)",
    )?
    .execute((invoice, now))?;
    Ok(())
}

fn receipt_row(row: &Row<'_>) -> rusqlite::Result<ReceiptRow> {
    Ok(ReceiptRow {
        invoice: parsed(row, 0)?,
        number: ReceiptNumber::new(row.get::<_, String>(1)?, count(row, 2)?)
            .map_err(|error| bad(2, error))?,
        state: named(row, 3)?,
        copies: row.get(4)?,
        last_code: text_or_none(row, 5)?,
        last_message: text_or_none(row, 6)?,
    })
}
