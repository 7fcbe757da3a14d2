//! An item as it lies in the tables, and as it is sold.

use evertill_core::{Money, SaleItem, TaxRule};
use rusqlite::Row;

use crate::db::value::{id, json, parsed};

/// What separates the barcodes in `items.barcodes`. A code may have spaces.
pub(crate) const BARCODE_SEPARATOR: char = '\n';

/// The columns [`sale_item`] reads.
macro_rules! item_columns {
    () => {
        "items.id, items.name, items.unit, items.whole_units, items.category, items.barcodes,
         prices.amount, tax_rules.id, tax_rules.name, tax_rules.rate, tax_rules.inclusive,
         tax_rules.rates, items.brand"
    };
}
pub(crate) use item_columns;

/// An item from the columns of [`item_columns`], without its other prices.
pub(crate) fn sale_item(row: &Row<'_>) -> rusqlite::Result<SaleItem> {
    let barcodes = row.get_ref(5)?.as_str()?;
    Ok(SaleItem {
        id: id(row, 0)?,
        name: row.get(1)?,
        unit: row.get(2)?,
        whole_units: row.get(3)?,
        category: id(row, 4)?,
        price: Money::from_minor(row.get(6)?),
        tax: TaxRule {
            id: id(row, 7)?,
            name: row.get(8)?,
            rate: parsed(row, 9)?,
            inclusive: row.get(10)?,
            rates: match row.get_ref(11)?.as_str()? {
                "" => Vec::new(),
                _ => json(row, 11)?,
            },
        },
        barcode: barcodes
            .split(BARCODE_SEPARATOR)
            .next()
            .filter(|code| !code.is_empty())
            .map(str::to_owned),
        brand: row.get(12)?,
        prices: Vec::new(),
    })
}
