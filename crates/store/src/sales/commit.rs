//! The sale: one transaction for all that it is.

use evertill_core::{Cart, CheckoutError, Invoice, ReceiptNumber};
use evertill_protocol::{DocumentKind, Envelope};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::{carts, numbers, receipts};
use crate::db::value::{integer, name};
use crate::db::{Database, StoreError, Tx};
use crate::journal;
use crate::pricing::coupons;
use crate::sync::outbox;

/// What the journal says of a sale.
#[derive(Serialize)]
struct SaleEntry<'a> {
    number: String,
    payload_hash: &'a str,
    total: i64,
    currency: &'a str,
    cashier: &'a str,
}

impl Database {
    /// Sells a cart. In one transaction: the till's next number, the invoice that `make` makes
    /// with it, its lines, taxes, payments and coupons, the journal entry, the document for the hub, the
    /// receipt to print, and the cart closed. When this returns all of it is safe on disk; on an
    /// error none of it is, the number is not used up and the cart is still open.
    ///
    /// # Errors
    /// What `make` refuses; `not_enrolled`, `cart_closed`, `sale_mismatch`, `disk_full`.
    pub fn commit_sale(
        &self,
        cart: &Cart,
        make: impl FnOnce(ReceiptNumber) -> Result<Invoice, CheckoutError>,
    ) -> Result<Invoice, StoreError> {
        self.write(|tx| {
            let now = tx.now().as_millisecond();
            carts::sell(tx, &cart.id, now)?;
            let number = numbers::take(tx)?;
            let invoice = make(number.clone())?;
            if invoice.number != number {
                return Err(StoreError::SaleMismatch { what: "number" });
            }
            if invoice.cart != cart.id {
                return Err(StoreError::SaleMismatch { what: "cart" });
            }
            record(tx, &invoice, now)?;
            Ok(invoice)
        })
    }
}

fn record(tx: &Tx<'_>, invoice: &Invoice, now: i64) -> Result<(), StoreError> {
    let payload =
        serde_json::to_string(invoice).map_err(|error| StoreError::value("invoice", error))?;
    let envelope = Envelope::new(
        invoice.key,
        DocumentKind::Invoice,
        invoice.till.clone(),
        Some(invoice.number.to_string()),
        invoice.business_date,
        invoice.sold_at,
        payload,
    )
    .map_err(|error| StoreError::value("document", error))?;
    let id = outbox::put(tx, &envelope)?;
    insert_invoice(tx, invoice, id)?;
    insert_lines(tx, invoice, id)?;
    insert_taxes(tx, invoice, id)?;
    insert_payments(tx, invoice, id)?;
    let customer = invoice.customer.as_ref().map(|customer| &customer.id);
    let on = invoice.business_date;
    coupons::spend(tx, id, &invoice.coupons, customer, on)?;
    receipts::queue(tx, id, now)?;
    journal::write(
        tx,
        journal::SALE,
        &invoice.key.to_string(),
        &SaleEntry {
            number: invoice.number.to_string(),
            payload_hash: &envelope.payload_hash,
            total: invoice.totals.total.minor(),
            currency: &invoice.currency.code,
            cashier: invoice.cashier.as_str(),
        },
    )?;
    Ok(())
}

/// Rows of an invoice, as the migration says.
const ROWS: i64 = 1_024;

fn row_id(invoice: i64, row: u32) -> Result<i64, StoreError> {
    if i64::from(row) >= ROWS {
        return Err(StoreError::value(
            "invoice",
            format!("it has over {ROWS} rows"),
        ));
    }
    Ok(invoice * ROWS + i64::from(row))
}

fn insert_invoice(conn: &Connection, invoice: &Invoice, id: i64) -> Result<(), StoreError> {
    let totals = &invoice.totals;
    let arithmetic = invoice
        .totals_policy
        .map_or("", |how| how.arithmetic.name());
    conn.prepare_cached(
        "INSERT INTO invoices (id, till, number_prefix, number_counter, cart, business_date,
             sold_at, cashier, customer, currency, gross, line_discount, invoice_discount, net,
             tax, total, paid, change, arithmetic, difference, rounding)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
             ?19, ?20, ?21)",
    )?
    .execute(params![
        id,
        invoice.till.as_str(),
        invoice.number.prefix,
        integer("number", invoice.number.counter)?,
        invoice.cart.to_string(),
        invoice.business_date.to_string(),
        invoice.sold_at.as_millisecond(),
        invoice.cashier.as_str(),
        invoice
            .customer
            .as_ref()
            .map_or("", |customer| customer.id.as_str()),
        invoice.currency.code,
        totals.gross.minor(),
        totals.line_discount.minor(),
        totals.invoice_discount.minor(),
        totals.net.minor(),
        totals.tax.minor(),
        totals.total.minor(),
        invoice.paid.minor(),
        invoice.change.minor(),
        arithmetic,
        totals.difference.minor(),
        totals.rounding.minor(),
    ])?;
    Ok(())
}

fn insert_lines(conn: &Connection, invoice: &Invoice, id: i64) -> Result<(), StoreError> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO invoice_lines (id, item, name, quantity, list_price, price,
             discount, invoice_discount, amount, tax_rule, net)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for line in &invoice.lines {
        insert.execute((
            row_id(id, line.row)?,
            line.item.as_str(),
            &line.name,
            line.quantity.to_string(),
            line.list_price.minor(),
            line.price.minor(),
            line.discount.minor(),
            line.invoice_discount.minor(),
            line.amount.minor(),
            line.tax_rule.as_str(),
            line.net.minor(),
        ))?;
    }
    Ok(())
}

fn insert_taxes(conn: &Connection, invoice: &Invoice, id: i64) -> Result<(), StoreError> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO invoice_taxes (id, tax_rule, rate, inclusive, base, tax)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (row, line) in (1_u32..).zip(&invoice.tax_lines) {
        insert.execute((
            row_id(id, row)?,
            line.rule.as_str(),
            line.rate.to_string(),
            line.inclusive,
            line.base.minor(),
            line.tax.minor(),
        ))?;
    }
    Ok(())
}

fn insert_payments(conn: &Connection, invoice: &Invoice, id: i64) -> Result<(), StoreError> {
    let mut insert = conn
        .prepare_cached("INSERT INTO payments (id, mode, kind, amount) VALUES (?1, ?2, ?3, ?4)")?;
    for (row, tender) in (1_u32..).zip(&invoice.tenders) {
        insert.execute((
            row_id(id, row)?,
            tender.mode.as_str(),
            name("kind of payment", &tender.kind)?,
            tender.amount.minor(),
        ))?;
    }
    Ok(())
}
