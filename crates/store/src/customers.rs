//! Customers, found by name, phone, e-mail or tax number.

use evertill_core::CustomerId;
use evertill_protocol::CustomerRecord;
use rusqlite::{OptionalExtension, Row, params};

use crate::db::fts::{Fts, MAX_HITS};
use crate::db::value::id;
use crate::db::words::{plain_words, word_query};
use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, text_id, text_name};

/// The columns [`customer`] reads.
macro_rules! columns {
    () => {
        "customers.id, customers.name, customers.phone, customers.email, customers.tax_id,
         customers.customer_group, customers.price_list, customers.tax_category,
         customers.exemption, customers.loyalty"
    };
}

impl Database {
    /// Customers with every word of `text` at the beginning of one of theirs, the longest known
    /// first; all of them for an empty text.
    ///
    /// # Errors
    /// Database errors.
    pub fn search_customers(
        &self,
        text: &str,
        limit: u32,
    ) -> Result<Vec<CustomerRecord>, StoreError> {
        let limit = limit.min(MAX_HITS);
        let query = word_query(text);
        if query.is_empty() && !text.trim().is_empty() {
            return Ok(Vec::new());
        }
        self.read(|conn| {
            let rows = if query.is_empty() {
                conn.prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM customers
                     ORDER BY serial LIMIT ?1"
                ))?
                .query_map(params![limit], customer)?
                .collect::<Result<_, _>>()?
            } else {
                conn.prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM customers_fts
                     CROSS JOIN customers ON customers.serial = customers_fts.rowid
                     WHERE customers_fts MATCH ?1 ORDER BY customers_fts.rowid LIMIT ?2"
                ))?
                .query_map(params![query, limit], customer)?
                .collect::<Result<_, _>>()?
            };
            Ok(rows)
        })
    }

    /// The customer with this id.
    ///
    /// # Errors
    /// Database errors.
    pub fn customer(&self, customer_id: &CustomerId) -> Result<Option<CustomerRecord>, StoreError> {
        self.read(|conn| {
            let found = conn
                .prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM customers WHERE id = ?1"
                ))?
                .query_row([customer_id.as_str()], customer)
                .optional()?;
            Ok(found)
        })
    }
}

/// Changes of the customers' index.
pub(crate) fn index() -> Fts {
    Fts::of(
        "DELETE FROM customers_fts WHERE rowid = ?1",
        "INSERT INTO customers_fts (rowid, words) VALUES (?1, ?2)",
    )
}

fn customer(row: &Row<'_>) -> rusqlite::Result<CustomerRecord> {
    Ok(CustomerRecord {
        id: id(row, 0)?,
        name: row.get(1)?,
        phone: row.get(2)?,
        email: row.get(3)?,
        tax_id: row.get(4)?,
        group: row.get(5)?,
        price_list: row.get(6)?,
        tax_category: row.get(7)?,
        exemption: row.get(8)?,
        loyalty: row.get(9)?,
    })
}

/// What the index keeps of a customer.
fn words(customer: &CustomerRecord) -> String {
    let texts = [
        &customer.name,
        &customer.phone,
        &customer.email,
        &customer.tax_id,
    ];
    texts.map(|text| plain_words(text)).join(" ")
}

/// Writes a customer.
pub(crate) fn put(
    to: Target<'_>,
    index: &mut Fts,
    customer: &CustomerRecord,
) -> Result<(), RowError> {
    text_id(customer.id.as_str())?;
    text_name(&customer.name)?;
    let serial: Option<i64> = to
        .conn
        .prepare_cached("SELECT serial FROM customers WHERE id = ?1")?
        .query_row([customer.id.as_str()], |row| row.get(0))
        .optional()?;
    let new: i64 = to
        .conn
        .prepare_cached(
            "INSERT INTO customers (id, name, phone, email, tax_id, customer_group, price_list,
                                    tax_category, exemption, loyalty, local, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
                 email = excluded.email, tax_id = excluded.tax_id,
                 customer_group = excluded.customer_group, price_list = excluded.price_list,
                 tax_category = excluded.tax_category, exemption = excluded.exemption,
                 loyalty = excluded.loyalty, local = 0, generation = excluded.generation
             RETURNING serial",
        )?
        .query_row(
            (
                customer.id.as_str(),
                &customer.name,
                &customer.phone,
                &customer.email,
                &customer.tax_id,
                &customer.group,
                &customer.price_list,
                &customer.tax_category,
                &customer.exemption,
                customer.loyalty,
                to.generation,
            ),
            |row| row.get(0),
        )?;
    if let Some(serial) = serial {
        index.remove(serial);
    }
    index.add(new, words(customer));
    Ok(())
}

/// Deletes a customer, if it is there.
pub(crate) fn delete(to: Target<'_>, index: &mut Fts, id: &str) -> Result<(), StoreError> {
    let serial: Option<i64> = to
        .conn
        .prepare_cached("DELETE FROM customers WHERE id = ?1 RETURNING serial")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(serial) = serial {
        index.remove(serial);
    }
    Ok(())
}
