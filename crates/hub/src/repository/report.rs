//! What the shop sold, read from the posted rows alone.

use rusqlite::Transaction;
use serde::Serialize;

use super::Repository;
use crate::error::HubError;

/// Sums over everything posted. Amounts are minor units of the shop's currency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Sales posted.
    pub sales: i64,
    /// Lines of those sales.
    pub lines: i64,
    /// Sum of price · quantity.
    pub gross: i64,
    /// Sum of line discounts.
    pub line_discount: i64,
    /// Sum of invoice discounts.
    pub invoice_discount: i64,
    /// Sum without tax.
    pub net: i64,
    /// Sum of taxes.
    pub tax: i64,
    /// Sum of what net and tax miss prices that hold tax by.
    pub difference: i64,
    /// Sum of what went to the nearest coin.
    pub rounding: i64,
    /// Sum of totals.
    pub total: i64,
    /// Payments less change.
    pub taken: i64,
    /// Documents accepted, of whatever kind.
    pub documents: i64,
    /// Sales posted a second time for the same cart: must be 0.
    pub duplicates: i64,
    /// How often a document was sent again and acknowledged without posting.
    pub repeats: i64,
    /// Forks that a person has to look at.
    pub quarantined: i64,
    /// Documents refused.
    pub rejected: i64,
    /// Enrolled tills that were not revoked.
    pub tills: i64,
    /// Every sale, only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_list: Option<Vec<SaleRow>>,
}

/// One sale of the report. Amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleRow {
    /// Receipt number.
    pub number: String,
    /// Shop day.
    pub business_date: String,
    /// Who sold.
    pub cashier: String,
    /// Its lines.
    pub lines: i64,
    /// Line discounts.
    pub line_discount: i64,
    /// Discount on the whole sale.
    pub invoice_discount: i64,
    /// Taxes.
    pub tax: i64,
    /// Total.
    pub total: i64,
}

impl Repository {
    /// Adds up what was posted; `with_sales` lists every sale too.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn report(&self, with_sales: bool) -> Result<Report, HubError> {
        self.read(|tx| {
            let mut report = sums(tx)?;
            if with_sales {
                report.sales_list = Some(sales(tx)?);
            }
            Ok(report)
        })
    }
}

fn sums(tx: &Transaction<'_>) -> Result<Report, HubError> {
    let mut report = tx.query_row(
        "SELECT count(*), coalesce(sum(gross), 0), coalesce(sum(line_discount), 0),
                coalesce(sum(invoice_discount), 0), coalesce(sum(net), 0),
                coalesce(sum(tax), 0), coalesce(sum(total), 0),
                coalesce(sum(change), 0), count(*) - count(DISTINCT cart),
                coalesce(sum(difference), 0), coalesce(sum(rounding), 0)
         FROM sales",
        (),
        |row| {
            let change: i64 = row.get(7)?;
            Ok(Report {
                sales: row.get(0)?,
                gross: row.get(1)?,
                line_discount: row.get(2)?,
                invoice_discount: row.get(3)?,
                net: row.get(4)?,
                tax: row.get(5)?,
                total: row.get(6)?,
                taken: -change,
                duplicates: row.get(8)?,
                difference: row.get(9)?,
                rounding: row.get(10)?,
                ..Report::default()
            })
        },
    )?;
    let number = |sql: &str| tx.query_row(sql, (), |row| row.get::<_, i64>(0));
    report.taken += number("SELECT coalesce(sum(amount), 0) FROM sale_payments")?;
    report.lines = number("SELECT count(*) FROM sale_lines")?;
    report.documents = number("SELECT count(*) FROM documents")?;
    report.repeats = number("SELECT coalesce(sum(repeats), 0) FROM documents")?;
    report.quarantined = number("SELECT count(*) FROM quarantine")?;
    report.rejected = number("SELECT count(*) FROM rejections")?;
    report.tills = number("SELECT count(*) FROM devices WHERE revoked_at = 0")?;
    Ok(report)
}

fn sales(tx: &Transaction<'_>) -> Result<Vec<SaleRow>, HubError> {
    let mut statement = tx.prepare(
        "SELECT number, business_date, cashier,
                (SELECT count(*) FROM sale_lines WHERE document_id = sales.document_id),
                line_discount, invoice_discount, tax, total
         FROM sales ORDER BY document_id",
    )?;
    let rows = statement.query_map((), |row| {
        Ok(SaleRow {
            number: row.get(0)?,
            business_date: row.get(1)?,
            cashier: row.get(2)?,
            lines: row.get(3)?,
            line_discount: row.get(4)?,
            invoice_discount: row.get(5)?,
            tax: row.get(6)?,
            total: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
