//! Reading the catalogue: items with price and tax, categories, modes of payment.

use evertill_core::{
    CategoryId, ItemId, Money, PaymentKind, PaymentModeId, PriceListId, SaleItem, TaxRule, barcode,
};
use evertill_protocol::RecordKind;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::error::StoreError;
use crate::feed::LINE;
use crate::store::Store;
use crate::value::{count, id, named, parsed};

/// A category and how many items it has that may be sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// What its tile says.
    pub name: String,
    /// How many items.
    pub items: u64,
}

/// A mode of payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMode {
    /// Its id.
    pub id: PaymentModeId,
    /// What its key says.
    pub name: String,
    /// Cash, card or other.
    pub kind: PaymentKind,
}

/// The columns [`sale_item`] reads.
macro_rules! item_columns {
    () => {
        "items.id, items.name, items.unit, items.whole_units, items.category, items.barcodes,
         prices.amount, tax_rules.id, tax_rules.name, tax_rules.rate, tax_rules.inclusive"
    };
}
pub(crate) use item_columns;

/// An item from the columns of [`item_columns`].
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
            rates: Vec::new(),
        },
        barcode: barcodes
            .split(LINE)
            .next()
            .filter(|code| !code.is_empty())
            .map(str::to_owned),
        brand: String::new(),
        prices: Vec::new(),
    })
}

impl Store {
    /// The item with this barcode, in any of its spellings, if it may be sold by that price list.
    ///
    /// # Errors
    /// Database errors. A code that cannot be one finds nothing.
    pub fn item_by_barcode(
        &self,
        code: &str,
        list: &PriceListId,
    ) -> Result<Option<SaleItem>, StoreError> {
        self.read(|conn| by_barcode(conn, code, list))
    }

    /// The item with this id, if it may be sold by that price list.
    ///
    /// # Errors
    /// Database errors.
    pub fn item(&self, item: &ItemId, list: &PriceListId) -> Result<Option<SaleItem>, StoreError> {
        self.read(|conn| by_id(conn, item, list))
    }

    /// The categories in the order of their tiles.
    ///
    /// # Errors
    /// Database errors.
    pub fn categories(&self) -> Result<Vec<Category>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT categories.id, categories.name, coalesce(category_counts.items, 0)
                 FROM categories
                 LEFT JOIN category_counts ON category_counts.category = categories.id
                 ORDER BY categories.position, categories.name, categories.id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Category {
                    id: id(row, 0)?,
                    name: row.get(1)?,
                    items: count(row, 2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How many items may be sold, for the status line.
    ///
    /// # Errors
    /// Database errors.
    pub fn item_count(&self) -> Result<u64, StoreError> {
        self.read(|conn| {
            let found = conn
                .prepare_cached("SELECT coalesce(sum(items), 0) FROM category_counts")?
                .query_row([], |row| count(row, 0))?;
            Ok(found)
        })
    }

    /// How many rows of one kind of master data there are. Counts them, so not for each keystroke.
    ///
    /// # Errors
    /// Database errors.
    pub fn record_count(&self, kind: RecordKind) -> Result<u64, StoreError> {
        let sql = match kind {
            RecordKind::Item => "SELECT count(*) FROM items",
            RecordKind::Price => "SELECT count(*) FROM prices",
            RecordKind::PriceList => "SELECT count(*) FROM price_lists",
            RecordKind::TaxRule => "SELECT count(*) FROM tax_rules",
            RecordKind::Category => "SELECT count(*) FROM categories",
            RecordKind::Customer => "SELECT count(*) FROM customers",
            RecordKind::PaymentMode => "SELECT count(*) FROM payment_modes",
            RecordKind::User => "SELECT count(*) FROM users",
            RecordKind::Shop => "SELECT count(*) FROM settings WHERE key = 'shop'",
        };
        self.read(|conn| {
            Ok(conn
                .prepare_cached(sql)?
                .query_row([], |row| count(row, 0))?)
        })
    }

    /// The modes of payment in the order of their keys.
    ///
    /// # Errors
    /// Database errors.
    pub fn payment_modes(&self) -> Result<Vec<PaymentMode>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, kind FROM payment_modes ORDER BY position, name, id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(PaymentMode {
                    id: id(row, 0)?,
                    name: row.get(1)?,
                    kind: named(row, 2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

pub(crate) fn by_id(
    conn: &Connection,
    item: &ItemId,
    list: &PriceListId,
) -> Result<Option<SaleItem>, StoreError> {
    let found = conn
        .prepare_cached(concat!(
            "SELECT ",
            item_columns!(),
            "
             FROM items
             CROSS JOIN prices ON prices.item = items.id AND prices.price_list = ?2
             CROSS JOIN tax_rules ON tax_rules.id = items.tax_rule
             WHERE items.id = ?1 AND items.disabled = 0"
        ))?
        .query_row((item.as_str(), list.as_str()), sale_item)
        .optional()?;
    Ok(found)
}

pub(crate) fn by_barcode(
    conn: &Connection,
    code: &str,
    list: &PriceListId,
) -> Result<Option<SaleItem>, StoreError> {
    let Ok(code) = barcode::normalise(code) else {
        return Ok(None);
    };
    let found = conn
        .prepare_cached(concat!(
            "SELECT ",
            item_columns!(),
            "
             FROM barcodes
             CROSS JOIN items ON items.serial = barcodes.item AND items.disabled = 0
             CROSS JOIN prices ON prices.item = items.id AND prices.price_list = ?2
             CROSS JOIN tax_rules ON tax_rules.id = items.tax_rule
             WHERE barcodes.barcode = ?1"
        ))?
        .query_row((code.as_str(), list.as_str()), sale_item)
        .optional()?;
    // The line says by which code it was found: the receipt and a return go by that one.
    Ok(found.map(|item| SaleItem {
        barcode: Some(code.as_str().to_owned()),
        ..item
    }))
}
