//! The same sale in plain SQLite: the till's own tables and the same rows, without a key.

use std::path::Path;

use anyhow::Result;
use evertill_core::Invoice;
use rusqlite::{Connection, params};

const TABLES: [&str; 3] = [
    include_str!("../../migrations/till/0001_house.sql"),
    include_str!("../../migrations/till/0002_catalogue.sql"),
    include_str!("../../migrations/till/0003_selling.sql"),
];

/// A plain database with the till's tables.
pub(crate) struct Plain {
    conn: Connection,
}

impl Plain {
    /// Makes it, as durable as the till's store is.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.pragma_update(None, "journal_mode", "wal")?;
        conn.pragma_update(None, "synchronous", "full")?;
        conn.pragma_update(None, "wal_autocheckpoint", 16_384)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        for tables in TABLES {
            conn.execute_batch(tables)?;
        }
        Ok(Self { conn })
    }

    /// The cart, saved as it was rung up; not part of the sale.
    pub(crate) fn prepare(&self, invoice: &Invoice) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO carts (id, state, body, updated_at) VALUES (?1, 'open', ?2, 0)",
            )?
            .execute((invoice.cart.to_string(), serde_json::to_string(invoice)?))?;
        Ok(())
    }

    /// The rows of the sale in one transaction.
    pub(crate) fn sell(&mut self, invoice: &Invoice) -> Result<()> {
        let tx = self
            .conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.prepare_cached("UPDATE carts SET state = 'sold', body = '' WHERE id = ?1")?
            .execute([invoice.cart.to_string()])?;
        let id = insert_document(&tx, invoice)?;
        insert_invoice(&tx, invoice, id)?;
        insert_rows(&tx, invoice, id)?;
        insert_receipt_and_journal(&tx, invoice, id)?;
        tx.commit()?;
        Ok(())
    }
}

fn insert_invoice(conn: &Connection, invoice: &Invoice, id: i64) -> Result<()> {
    let totals = &invoice.totals;
    conn.prepare_cached(
        "INSERT INTO invoices (id, till, number_prefix, number_counter, cart, business_date,
             sold_at, cashier, customer, currency, gross, line_discount, invoice_discount, net,
             tax, total, paid, change)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        id,
        invoice.till.as_str(),
        invoice.number.prefix,
        i64::try_from(invoice.number.counter)?,
        invoice.cart.to_string(),
        invoice.business_date.to_string(),
        invoice.sold_at.as_millisecond(),
        invoice.cashier.as_str(),
        invoice.currency.code,
        totals.gross.minor(),
        totals.line_discount.minor(),
        totals.invoice_discount.minor(),
        totals.net.minor(),
        totals.tax.minor(),
        totals.total.minor(),
        invoice.paid.minor(),
        invoice.change.minor(),
    ])?;
    Ok(())
}

fn insert_rows(conn: &Connection, invoice: &Invoice, id: i64) -> Result<()> {
    let mut lines = conn.prepare_cached(
        "INSERT INTO invoice_lines (id, item, name, quantity, list_price, price,
             discount, invoice_discount, amount, tax_rule)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for line in &invoice.lines {
        lines.execute((
            row_id(id, line.row),
            line.item.as_str(),
            &line.name,
            line.quantity.to_string(),
            line.list_price.minor(),
            line.price.minor(),
            line.discount.minor(),
            line.invoice_discount.minor(),
            line.amount.minor(),
            line.tax_rule.as_str(),
        ))?;
    }
    let mut taxes = conn.prepare_cached(
        "INSERT INTO invoice_taxes (id, tax_rule, rate, inclusive, base, tax)
         VALUES (?1, ?2, ?3, 1, ?4, ?5)",
    )?;
    for (row, tax) in (1_u32..).zip(&invoice.tax_lines) {
        let (rule, rate) = (tax.rule.as_str(), tax.rate.to_string());
        taxes.execute((
            row_id(id, row),
            rule,
            rate,
            tax.base.minor(),
            tax.tax.minor(),
        ))?;
    }
    let mut payments = conn.prepare_cached(
        "INSERT INTO payments (id, mode, kind, amount) VALUES (?1, ?2, 'cash', ?3)",
    )?;
    for (row, tender) in (1_u32..).zip(&invoice.tenders) {
        payments.execute((row_id(id, row), tender.mode.as_str(), tender.amount.minor()))?;
    }
    Ok(())
}

/// The id of an invoice's row, as the migration says.
fn row_id(invoice: i64, row: u32) -> i64 {
    invoice * 1_024 + i64::from(row)
}

/// The document and its place in the outbox; what the till computes for them (hashes, chain) is
/// part of its own price.
fn insert_document(conn: &Connection, invoice: &Invoice) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO documents (key, kind, till, number, business_date, created_at, payload_hash,
             payload) VALUES (?1, 'invoice', ?2, ?3, ?4, 0, ?5, ?6)",
    )?
    .execute((
        invoice.key.to_string(),
        invoice.till.as_str(),
        invoice.number.to_string(),
        invoice.business_date.to_string(),
        "0".repeat(64),
        serde_json::to_string(invoice)?,
    ))?;
    let document = conn.last_insert_rowid();
    conn.prepare_cached(
        "INSERT INTO outbox (document, state, tries, next_at, code, message, acknowledged_at)
         VALUES (?1, 'pending', 0, 0, '', '', 0)",
    )?
    .execute([document])?;
    Ok(document)
}

/// The receipt to print, and a journal entry of the till's size.
fn insert_receipt_and_journal(conn: &Connection, invoice: &Invoice, id: i64) -> Result<()> {
    let zeros = "0".repeat(64);
    conn.prepare_cached(
        "INSERT INTO receipts (invoice, state, copies, code, message, updated_at)
         VALUES (?1, 'waiting', 0, '', '', 0)",
    )?
    .execute([id])?;
    let number = &invoice.number;
    let body = format!("{{\"number\":\"{number}\",\"payload_hash\":\"{zeros}\"}}");
    conn.prepare_cached(
        "INSERT INTO journal (at, kind, subject, body, previous, hash)
         VALUES (0, 'sale', ?1, ?2, ?3, ?3)",
    )?
    .execute((invoice.key.to_string(), body, &zeros))?;
    Ok(())
}
