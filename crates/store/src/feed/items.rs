//! Items: the row, its barcodes, its place in the search, the count of its category.

use std::collections::HashMap;

use evertill_core::barcode;
use evertill_protocol::ItemRecord;
use rusqlite::{Connection, OptionalExtension};

use super::batch::{Batch, RowError, RowRejection};
use super::records::{text_id, text_name};
use crate::error::StoreError;
use crate::search;
use crate::search_rowid;

/// What separates the barcodes in `items.barcodes`. A code may have spaces.
pub(crate) const BARCODE_SEPARATOR: char = '\n';

/// What has to be known of an item already there.
struct Known {
    serial: i64,
    name: String,
    category: String,
    barcodes: String,
    popularity: i64,
    disabled: bool,
}

/// Writes an item. Gives back a flaw that leaves it sellable: a barcode that cannot be scanned.
pub(super) fn upsert(
    batch: &mut Batch<'_>,
    record: &ItemRecord,
) -> Result<Option<RowRejection>, RowError> {
    text_id(record.id.as_str())?;
    text_name(&record.name)?;
    if record.unit.trim().is_empty() {
        return Err(RowRejection::new("unit_empty", "The item has no unit.").into());
    }
    needs_tax_rule(batch, record.tax_rule.as_str())?;
    let (barcodes, flaw) = spellings(record);
    let popularity = search_rowid::clamp(record.popularity);
    let known = find(batch.conn, record.id.as_str())?;
    let serial = match &known {
        Some(known) => {
            update(batch, record, known.serial, &barcodes, popularity)?;
            known.serial
        }
        None => insert(batch, record, &barcodes, popularity)?,
    };
    let before = known.as_ref().map_or("", |known| &known.barcodes);
    if before != barcodes {
        write_barcodes(batch.conn, serial, before, &barcodes)?;
    }
    reindex(batch, known.as_ref(), record, serial, popularity);
    Ok(flaw)
}

/// Removes an item and all that leads to it. Its prices stay: a tombstone of their own ends them.
pub(super) fn delete(batch: &mut Batch<'_>, id: &str) -> Result<(), StoreError> {
    let Some(known) = find(batch.conn, id)? else {
        return Ok(());
    };
    write_barcodes(batch.conn, known.serial, &known.barcodes, "")?;
    batch
        .conn
        .prepare_cached("DELETE FROM items WHERE serial = ?1")?
        .execute([known.serial])?;
    if !known.disabled {
        batch
            .items
            .remove(search_rowid::rowid(known.popularity, known.serial));
        count(batch, &known.category, -1);
    }
    Ok(())
}

fn needs_tax_rule(batch: &mut Batch<'_>, rule: &str) -> Result<(), RowError> {
    if batch.tax_rules.contains(rule) {
        return Ok(());
    }
    let there = batch
        .conn
        .prepare_cached("SELECT 1 FROM tax_rules WHERE id = ?1")?
        .exists([rule])?;
    if !there {
        let refusal =
            RowRejection::new("tax_rule_unknown", format!("There is no tax rule {rule}."));
        return Err(refusal.needing(rule).into());
    }
    batch.tax_rules.insert(rule.to_owned());
    Ok(())
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
    batch: &Batch<'_>,
    record: &ItemRecord,
    barcodes: &str,
    popularity: i64,
) -> Result<i64, StoreError> {
    let serial = batch
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
            batch.generation,
        ))?;
    Ok(serial)
}

fn update(
    batch: &Batch<'_>,
    record: &ItemRecord,
    serial: i64,
    barcodes: &str,
    popularity: i64,
) -> Result<(), StoreError> {
    batch
        .conn
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
            batch.generation,
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

fn reindex(
    batch: &mut Batch<'_>,
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
        batch
            .items
            .remove(search_rowid::rowid(known.popularity, serial));
        count(batch, &known.category, -1);
    }
    if !record.disabled {
        let words = search::item_words(&record.name, category);
        batch
            .items
            .add(search_rowid::rowid(popularity, serial), words);
        count(batch, category, 1);
    }
}

fn count(batch: &mut Batch<'_>, category: &str, by: i64) {
    if let Some(change) = batch.counts.get_mut(category) {
        *change += by;
    } else {
        batch.counts.insert(category.to_owned(), by);
    }
}

/// Adds the changes to the counts of the categories.
pub(super) fn write_counts(
    conn: &Connection,
    counts: &HashMap<String, i64>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO category_counts (category, items) VALUES (?1, ?2)
         ON CONFLICT (category) DO UPDATE SET items = items + excluded.items",
    )?;
    for (category, change) in counts {
        if *change != 0 {
            statement.execute((category, change))?;
        }
    }
    Ok(())
}
