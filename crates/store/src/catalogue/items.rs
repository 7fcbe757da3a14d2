//! Items: the row, its barcodes, its place in the search, the count of its category.

use std::collections::{BTreeSet, HashMap};

use evertill_core::{ItemId, PriceListId, SaleItem, barcode};
use evertill_protocol::ItemRecord;
use rusqlite::{Connection, OptionalExtension, Row};

use super::sale_item::{BARCODE_SEPARATOR, item_columns, sale_item};
use super::words::item_words;
use super::{categories, search_rowid};
use crate::db::fts::Fts;
use crate::db::{Database, StoreError};
use crate::pricing::prices;
use crate::row::{RowError, RowRejection, Target, text_id, text_name};

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

impl Database {
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
    /// [`Database::item_by_barcode`].
    ///
    /// # Errors
    /// Database errors; `store_value` for prices of a shop that is not known.
    pub fn item(&self, item: &ItemId, list: &PriceListId) -> Result<Option<SaleItem>, StoreError> {
        self.read(|conn| by_id(conn, item, list))
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
    if more {
        item.prices = prices::of_item(conn, &item)?;
    }
    Ok(item)
}

/// Items while a run of the feed writes them.
pub(crate) struct ItemWriter<'a> {
    to: Target<'a>,
    index: Fts,
    /// By how much the number of searchable items of a category changes.
    counts: HashMap<String, i64>,
    /// Tax rules known to exist, so that each item need not look its rule up.
    tax_rules: BTreeSet<String>,
}

/// What has to be known of an item already there.
struct Known {
    serial: i64,
    name: String,
    category: String,
    barcodes: String,
    popularity: i64,
    disabled: bool,
}

impl<'a> ItemWriter<'a> {
    /// Items written to there.
    pub(crate) fn new(to: Target<'a>) -> Self {
        Self {
            to,
            index: Fts::of(
                "DELETE FROM items_fts WHERE rowid = ?1",
                "INSERT INTO items_fts (rowid, words) VALUES (?1, ?2)",
            ),
            counts: HashMap::new(),
            tax_rules: BTreeSet::new(),
        }
    }

    /// There is such a tax rule now.
    pub(crate) fn tax_rule_came(&mut self, id: &str) {
        self.tax_rules.insert(id.to_owned());
    }

    /// The tax rule is gone.
    pub(crate) fn tax_rule_went(&mut self, id: &str) {
        self.tax_rules.remove(id);
    }

    /// Writes the search index and the counts of the categories.
    pub(crate) fn finish(&self) -> Result<(), StoreError> {
        self.index.write(self.to.conn)?;
        categories::add_counts(self.to.conn, &self.counts)
    }

    /// Writes an item. Gives back a flaw that leaves it sellable: a barcode that cannot be scanned.
    pub(crate) fn upsert(&mut self, record: &ItemRecord) -> Result<Option<RowRejection>, RowError> {
        let to = self.to;
        text_id(record.id.as_str())?;
        text_name(&record.name)?;
        if record.unit.trim().is_empty() {
            return Err(RowRejection::new("unit_empty", "The item has no unit.").into());
        }
        self.needs_tax_rule(record.tax_rule.as_str())?;
        let (barcodes, flaw) = spellings(record);
        let popularity = search_rowid::clamp(record.popularity);
        let known = find(self.to.conn, record.id.as_str())?;
        let serial = match &known {
            Some(known) => {
                update(to, record, known.serial, &barcodes, popularity)?;
                known.serial
            }
            None => insert(to, record, &barcodes, popularity)?,
        };
        let before = known.as_ref().map_or("", |known| &known.barcodes);
        if before != barcodes {
            write_barcodes(self.to.conn, serial, before, &barcodes)?;
        }
        self.reindex(known.as_ref(), record, serial, popularity);
        Ok(flaw)
    }

    /// Removes an item and all that leads to it. Its prices stay: a tombstone of their own ends them.
    pub(crate) fn delete(&mut self, id: &str) -> Result<(), StoreError> {
        let Some(known) = find(self.to.conn, id)? else {
            return Ok(());
        };
        write_barcodes(self.to.conn, known.serial, &known.barcodes, "")?;
        self.to
            .conn
            .prepare_cached("DELETE FROM items WHERE serial = ?1")?
            .execute([known.serial])?;
        if !known.disabled {
            self.index
                .remove(search_rowid::rowid(known.popularity, known.serial));
            self.count(&known.category, -1);
        }
        Ok(())
    }

    fn needs_tax_rule(&mut self, rule: &str) -> Result<(), RowError> {
        if self.tax_rules.contains(rule) {
            return Ok(());
        }
        let there = self
            .to
            .conn
            .prepare_cached("SELECT 1 FROM tax_rules WHERE id = ?1")?
            .exists([rule])?;
        if !there {
            let refusal =
                RowRejection::new("tax_rule_unknown", format!("There is no tax rule {rule}."));
            return Err(refusal.needing(rule).into());
        }
        self.tax_rules.insert(rule.to_owned());
        Ok(())
    }

    fn reindex(
        &mut self,
        known: Option<&Known>,
        record: &ItemRecord,
        serial: i64,
        popularity: i64,
    ) {
        let category = record.category.as_str();
        let before = known.filter(|known| !known.disabled);
        let unchanged = before.is_some_and(|known| {
            !record.disabled
                && known.popularity == popularity
                && known.name == record.name
                && known.category == category
        });
        if unchanged {
            return;
        }
        if let Some(known) = before {
            self.index
                .remove(search_rowid::rowid(known.popularity, serial));
            self.count(&known.category, -1);
        }
        if !record.disabled {
            let words = item_words(&record.name, category);
            self.index
                .add(search_rowid::rowid(popularity, serial), words);
            self.count(category, 1);
        }
    }

    fn count(&mut self, category: &str, by: i64) {
        if let Some(change) = self.counts.get_mut(category) {
            *change += by;
        } else {
            self.counts.insert(category.to_owned(), by);
        }
    }
}

fn find(conn: &Connection, id: &str) -> Result<Option<Known>, StoreError> {
    let known = conn
        .prepare_cached(
            "SELECT serial, name, category, barcodes, popularity, disabled
             FROM items WHERE id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Known {
                serial: row.get(0)?,
                name: row.get(1)?,
                category: row.get(2)?,
                barcodes: row.get(3)?,
                popularity: row.get(4)?,
                disabled: row.get(5)?,
            })
        })
        .optional()?;
    Ok(known)
}

fn insert(
    to: Target<'_>,
    record: &ItemRecord,
    barcodes: &str,
    popularity: i64,
) -> Result<i64, StoreError> {
    let serial = to
        .conn
        .prepare_cached(
            "INSERT INTO items (id, name, category, brand, unit, whole_units, tax_rule, barcodes,
                                popularity, disabled, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .insert((
            record.id.as_str(),
            &record.name,
            record.category.as_str(),
            &record.brand,
            &record.unit,
            record.whole_units,
            record.tax_rule.as_str(),
            barcodes,
            popularity,
            record.disabled,
            to.generation,
        ))?;
    Ok(serial)
}

fn update(
    to: Target<'_>,
    record: &ItemRecord,
    serial: i64,
    barcodes: &str,
    popularity: i64,
) -> Result<(), StoreError> {
    to.conn
        .prepare_cached(
            "UPDATE items SET name = ?2, category = ?3, brand = ?4, unit = ?5, whole_units = ?6,
                 tax_rule = ?7, barcodes = ?8, popularity = ?9, disabled = ?10, generation = ?11
             WHERE serial = ?1",
        )?
        .execute((
            serial,
            &record.name,
            record.category.as_str(),
            &record.brand,
            &record.unit,
            record.whole_units,
            record.tax_rule.as_str(),
            barcodes,
            popularity,
            record.disabled,
            to.generation,
        ))?;
    Ok(())
}

/// The barcodes as a scan is looked up, a line each, and what is wrong with the first of the rest.
fn spellings(record: &ItemRecord) -> (String, Option<RowRejection>) {
    let mut text = String::new();
    let mut flaw = None;
    for code in &record.barcodes {
        let wrong = match barcode::normalise(code) {
            // The separator of the list cannot be part of a code.
            Ok(code) if code.as_str().contains(BARCODE_SEPARATOR) => {
                RowRejection::new("barcode_line_break", "The barcode has a line break in it.")
            }
            Ok(code) => {
                if !text.is_empty() {
                    text.push(BARCODE_SEPARATOR);
                }
                text.push_str(code.as_str());
                continue;
            }
            Err(error) => RowRejection::new(
                evertill_core::Coded::code(&error),
                format!("“{code}”: {error}"),
            ),
        };
        flaw.get_or_insert(wrong);
    }
    (text, flaw)
}

fn write_barcodes(
    conn: &Connection,
    serial: i64,
    before: &str,
    after: &str,
) -> Result<(), StoreError> {
    if !before.is_empty() {
        // Only the item's own: another item may have taken the code over.
        let mut delete =
            conn.prepare_cached("DELETE FROM barcodes WHERE barcode = ?1 AND item = ?2")?;
        for code in before.split(BARCODE_SEPARATOR) {
            delete.execute((code, serial))?;
        }
    }
    if !after.is_empty() {
        let mut insert = conn.prepare_cached(
            "INSERT INTO barcodes (barcode, item) VALUES (?1, ?2)
             ON CONFLICT (barcode) DO UPDATE SET item = excluded.item",
        )?;
        for code in after.split(BARCODE_SEPARATOR) {
            insert.execute((code, serial))?;
        }
    }
    Ok(())
}
