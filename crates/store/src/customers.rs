//! Customers, found by name, phone, e-mail or tax number.

use evertill_core::CustomerId;
use evertill_protocol::CustomerRecord;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::search::{MAX_HITS, plain_words, word_query};
use crate::store::Store;
use crate::value::id;

/// The columns [`customer`] reads.
macro_rules! columns {
    () => {
        "customers.id, customers.name, customers.phone, customers.email, customers.tax_id,
         customers.customer_group, customers.price_list, customers.tax_category,
         customers.exemption, customers.loyalty"
    };
}

impl Store {
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
pub(crate) fn words(customer: &CustomerRecord) -> String {
    let texts = [
        &customer.name,
        &customer.phone,
        &customer.email,
        &customer.tax_id,
    ];
    texts.map(|text| plain_words(text)).join(" ")
}
