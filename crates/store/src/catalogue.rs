//! Reading the catalogue: items with price and tax, categories, modes of payment.

use evertill_core::pricing::PriceRule;
use evertill_core::{
    CategoryId, ItemId, Money, PaymentKind, PaymentModeId, PriceListId, SaleItem, TaxRule, barcode,
};
use evertill_protocol::RecordKind;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row};
use rust_decimal::Decimal;

use crate::error::StoreError;
use crate::feed::{BARCODE_SEPARATOR, SHOP_SETTING};
use crate::pricing::json;
use crate::store::Store;
use crate::value::{bad, count, id, named, parsed, text_or_none};

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
         prices.amount, tax_rules.id, tax_rules.name, tax_rules.rate, tax_rules.inclusive,
         tax_rules.rates, items.brand"
    };
}
pub(crate) use item_columns;

/// Whether the item has a price besides the plain one in the list asked for. The other plain
/// prices lie on the page just read, and most shops have no conditions at all, so this costs two
/// short look-ups; the prices themselves are read for the few items that have any.
macro_rules! more_prices {
    () => {
        "EXISTS (SELECT 1 FROM price_rules WHERE price_rules.item = items.id)
         OR EXISTS (SELECT 1 FROM prices AS others
                    WHERE others.item = items.id AND others.price_list <> ?2)"
    };
}

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

impl Store {
    /// The item with this barcode, in any of its spellings, if it may be sold by that price list.
    /// What makes it sellable is its plain price in that list: prices with conditions and those
    /// of other lists come along, but an item that has no other is unknown.
    ///
    /// # Errors
    /// Database errors; `store_value` for prices of a shop that is not known. A code that cannot be one finds nothing.
    pub fn item_by_barcode(
        &self,
        code: &str,
        list: &PriceListId,
    ) -> Result<Option<SaleItem>, StoreError> {
        self.read(|conn| by_barcode(conn, code, list))
    }

    /// The item with this id, if it may be sold by that price list; see
    /// [`Store::item_by_barcode`].
    ///
    /// # Errors
    /// Database errors; `store_value` for prices of a shop that is not known.
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
            RecordKind::Price => {
                "SELECT (SELECT count(*) FROM prices) + (SELECT count(*) FROM price_rules)"
            }
            RecordKind::PriceList => "SELECT count(*) FROM price_lists",
            RecordKind::TaxRule => "SELECT count(*) FROM tax_rules",
            RecordKind::TaxTemplate => "SELECT count(*) FROM tax_templates",
            RecordKind::Promotion => "SELECT count(*) FROM promotions",
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

    /// How a price list is called, if it is known.
    ///
    /// # Errors
    /// Database errors.
    pub fn price_list_name(&self, list: &PriceListId) -> Result<Option<String>, StoreError> {
        self.read(|conn| {
            let name = conn
                .prepare_cached("SELECT name FROM price_lists WHERE id = ?1")?
                .query_row([list.as_str()], |row| row.get(0))
                .optional()?;
            Ok(name)
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
            ", ",
            more_prices!(),
            "
             FROM items
             CROSS JOIN prices ON prices.item = items.id AND prices.price_list = ?2
             CROSS JOIN tax_rules ON tax_rules.id = items.tax_rule
             WHERE items.id = ?1 AND items.disabled = 0"
        ))?
        .query_row((item.as_str(), list.as_str()), item_and_more)
        .optional()?;
    found.map(|found| with_prices(conn, found)).transpose()
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
            ", ",
            more_prices!(),
            "
             FROM barcodes
             CROSS JOIN items ON items.serial = barcodes.item AND items.disabled = 0
             CROSS JOIN prices ON prices.item = items.id AND prices.price_list = ?2
             CROSS JOIN tax_rules ON tax_rules.id = items.tax_rule
             WHERE barcodes.barcode = ?1"
        ))?
        .query_row((code.as_str(), list.as_str()), item_and_more)
        .optional()?;
    let found = found.map(|found| with_prices(conn, found)).transpose()?;
    // The line says by which code it was found: the receipt and a return go by that one.
    Ok(found.map(|item| SaleItem {
        barcode: Some(code.as_str().to_owned()),
        ..item
    }))
}

fn item_and_more(row: &Row<'_>) -> rusqlite::Result<(SaleItem, bool)> {
    Ok((sale_item(row)?, row.get(13)?))
}

/// The item with all its prices in every list, where there are any besides its own.
fn with_prices(
    conn: &Connection,
    (mut item, more): (SaleItem, bool),
) -> Result<SaleItem, StoreError> {
    if !more {
        return Ok(item);
    }
    let decimals = decimals(conn)?;
    let mut statement = conn.prepare_cached(
        "SELECT price_list || '/' || item, price_list, '', amount, '', '', '0', '', ''
         FROM prices WHERE item = ?1
         UNION ALL
         SELECT id, price_list, unit, amount, first_day, last_day, min_qty, customer, batch
         FROM price_rules WHERE item = ?1",
    )?;
    let rows = statement.query_map([item.id.as_str()], |row| price_rule(row, &item, decimals))?;
    let prices = rows.collect::<Result<_, _>>()?;
    item.prices = prices;
    Ok(item)
}

fn price_rule(row: &Row<'_>, item: &SaleItem, decimals: u32) -> rusqlite::Result<PriceRule> {
    let day = |column| match row.get_ref(column)?.as_str()? {
        "" => Ok(None),
        _ => parsed::<Date>(row, column).map(Some),
    };
    Ok(PriceRule {
        id: row.get(0)?,
        list: row.get(1)?,
        item: item.id.to_string(),
        uom: text_or_none(row, 2)?.unwrap_or_else(|| item.unit.clone()),
        rate: Decimal::try_new(row.get(3)?, decimals).map_err(|error| bad(3, error))?,
        from: day(4)?,
        to: day(5)?,
        min_qty: parsed(row, 6)?,
        customer: text_or_none(row, 7)?,
        batch: text_or_none(row, 8)?,
    })
}

/// The decimals of the shop's currency, which turn minor units into prices.
fn decimals(conn: &Connection) -> Result<u32, StoreError> {
    let found: Option<u32> = conn
        .prepare_cached(
            "SELECT json_extract(value, '$.currency.decimals') FROM settings WHERE key = ?1",
        )?
        .query_row([SHOP_SETTING], |row| row.get(0))
        .optional()?;
    found.ok_or_else(|| StoreError::value("price", "the shop and its currency are not known"))
}
