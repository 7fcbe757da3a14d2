//! A document and its posting as rows.

use evertill_core::{Invoice, PaymentKind};
use evertill_protocol::Envelope;
use jiff::Timestamp;
use rusqlite::{Savepoint, params};

use super::devices::Device;
use super::millis;

/// Writes the document and its posting.
pub(super) fn insert(
    tx: &mut Savepoint<'_>,
    device: &Device,
    envelope: &Envelope,
    invoice: &Invoice,
    notes: &[String],
    now: Timestamp,
) -> rusqlite::Result<()> {
    let notes = serde_json::Value::from(notes).to_string();
    tx.prepare_cached(
        "INSERT INTO documents (key, kind, till, number, business_date, created_at, posted_at,
                                device_id, payload_hash, payload, total, notes, repeats)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0)",
    )?
    .execute(params![
        envelope.key.to_string(),
        envelope.kind.as_str(),
        envelope.till.as_str(),
        envelope.number.as_deref().unwrap_or_default(),
        envelope.business_date.to_string(),
        millis(envelope.created_at),
        millis(now),
        device.id.to_string(),
        envelope.payload_hash,
        envelope.payload.get(),
        invoice.totals.total.minor(),
        notes,
    ])?;
    let document = tx.last_insert_rowid();
    insert_sale(tx, document, invoice)?;
    insert_lines(tx, document, invoice)?;
    insert_taxes(tx, document, invoice)?;
    insert_payments(tx, document, invoice)
}

fn insert_sale(tx: &Savepoint<'_>, document: i64, invoice: &Invoice) -> rusqlite::Result<()> {
    let totals = &invoice.totals;
    tx.prepare_cached(
        "INSERT INTO sales (document_id, cart, till, number, business_date, sold_at, cashier,
                            customer, currency, price_list, gross, line_discount,
                            invoice_discount, net, tax, total, paid, change, arithmetic,
                            difference, rounding)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, ?21)",
    )?
    .execute(params![
        document,
        invoice.cart.to_string(),
        invoice.till.as_str(),
        invoice.number.to_string(),
        invoice.business_date.to_string(),
        millis(invoice.sold_at),
        invoice.cashier.as_str(),
        invoice
            .customer
            .as_ref()
            .map(|customer| customer.id.as_str())
            .unwrap_or_default(),
        invoice.currency.code,
        invoice.price_list.as_str(),
        totals.gross.minor(),
        totals.line_discount.minor(),
        totals.invoice_discount.minor(),
        totals.net.minor(),
        totals.tax.minor(),
        totals.total.minor(),
        invoice.paid.minor(),
        invoice.change.minor(),
        invoice
            .totals_policy
            .map_or("", |how| how.arithmetic.name()),
        totals.difference.minor(),
        totals.rounding.minor(),
    ])?;
    Ok(())
}

fn insert_lines(tx: &Savepoint<'_>, document: i64, invoice: &Invoice) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO sale_lines (document_id, row, item, name, unit, quantity, list_price, price,
                                 discount, invoice_discount, amount, tax_rule, tax_rate,
                                 tax_inclusive, net)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for line in &invoice.lines {
        statement.execute(params![
            document,
            line.row,
            line.item.as_str(),
            line.name,
            line.unit,
            line.quantity.to_string(),
            line.list_price.minor(),
            line.price.minor(),
            line.discount.minor(),
            line.invoice_discount.minor(),
            line.amount.minor(),
            line.tax_rule.as_str(),
            line.tax_rate.to_string(),
            line.tax_inclusive,
            line.net.minor(),
        ])?;
    }
    Ok(())
}

fn insert_taxes(tx: &Savepoint<'_>, document: i64, invoice: &Invoice) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO sale_taxes (document_id, row, tax_rule, rate, inclusive, base, tax)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (row, tax) in (1_i64..).zip(&invoice.tax_lines) {
        statement.execute(params![
            document,
            row,
            tax.rule.as_str(),
            tax.rate.to_string(),
            tax.inclusive,
            tax.base.minor(),
            tax.tax.minor(),
        ])?;
    }
    Ok(())
}

fn insert_payments(tx: &Savepoint<'_>, document: i64, invoice: &Invoice) -> rusqlite::Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO sale_payments (document_id, row, mode, kind, amount)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (row, tender) in (1_i64..).zip(&invoice.tenders) {
        let kind = match tender.kind {
            PaymentKind::Cash => "cash",
            PaymentKind::Card => "card",
            PaymentKind::Other => "other",
        };
        statement.execute(params![
            document,
            row,
            tender.mode.as_str(),
            kind,
            tender.amount.minor()
        ])?;
    }
    Ok(())
}
