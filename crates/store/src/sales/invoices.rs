//! Reading what was sold.

use evertill_core::{Invoice, Money, ReceiptNumber};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};
use uuid::Uuid;

use super::receipts::PrintState;
use crate::db::Database;
use crate::db::StoreError;
use crate::db::value::{bad, count, named, parsed, time};
use crate::sync::outbox::OutboxState;

/// A line of the list of sales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceSummary {
    /// Its key.
    pub key: Uuid,
    /// Its number.
    pub number: ReceiptNumber,
    /// When it was sold.
    pub sold_at: Timestamp,
    /// What it came to.
    pub total: Money,
    /// Code of its currency.
    pub currency: String,
    /// Whether its receipt was printed.
    pub print: PrintState,
    /// How far it has got to the hub.
    pub sync: OutboxState,
}

impl Database {
    /// An invoice as it was sold.
    ///
    /// # Errors
    /// `store_value` if it cannot be read.
    pub fn invoice(&self, key: &Uuid) -> Result<Option<Invoice>, StoreError> {
        let payload: Option<String> = self.read(|conn| {
            let found = conn
                .prepare_cached(
                    "SELECT payload FROM documents WHERE key = ?1 AND kind = 'invoice'",
                )?
                .query_row([key.to_string()], |row| row.get(0))
                .optional()?;
            Ok(found)
        })?;
        payload
            .map(|payload| serde_json::from_str(&payload))
            .transpose()
            .map_err(|error| StoreError::value("invoice", error))
    }

    /// The key of the invoice a cart became, for a payment that is asked for twice.
    ///
    /// # Errors
    /// Database errors.
    pub fn invoice_of_cart(&self, cart: &Uuid) -> Result<Option<Uuid>, StoreError> {
        self.read(|conn| {
            // Newest first and without an index: it is the last sale or one of the last few, and
            // an index would cost every sale a page.
            let found = conn
                .prepare_cached(
                    "SELECT documents.key FROM invoices
                     CROSS JOIN documents ON documents.seq = invoices.id
                     WHERE invoices.cart = ?1 ORDER BY invoices.id DESC LIMIT 1",
                )?
                .query_row([cart.to_string()], |row| parsed(row, 0))
                .optional()?;
            Ok(found)
        })
    }

    /// The last sales, the newest first.
    ///
    /// # Errors
    /// Database errors.
    pub fn recent_invoices(&self, limit: u32) -> Result<Vec<InvoiceSummary>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT documents.key, invoices.number_prefix, invoices.number_counter,
                        invoices.sold_at, invoices.total, invoices.currency, receipts.state,
                        outbox.state
                 FROM invoices
                 CROSS JOIN documents ON documents.seq = invoices.id
                 CROSS JOIN receipts ON receipts.invoice = invoices.id
                     AND receipts.state IN ('waiting', 'printed', 'failed')
                 CROSS JOIN outbox ON outbox.document = invoices.id
                     AND outbox.state IN ('pending', 'sending', 'waiting', 'retrying',
                         'attention', 'acknowledged')
                 ORDER BY invoices.id DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], summary)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn summary(row: &Row<'_>) -> rusqlite::Result<InvoiceSummary> {
    Ok(InvoiceSummary {
        key: parsed(row, 0)?,
        number: ReceiptNumber::new(row.get::<_, String>(1)?, count(row, 2)?)
            .map_err(|error| bad(2, error))?,
        sold_at: time(row, 3)?,
        total: Money::from_minor(row.get(4)?),
        currency: row.get(5)?,
        print: named(row, 6)?,
        sync: named(row, 7)?,
    })
}
