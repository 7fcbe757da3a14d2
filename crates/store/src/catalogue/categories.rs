//! Categories and how many items of each may be sold.

use std::collections::HashMap;

use evertill_core::CategoryId;
use evertill_protocol::CategoryRecord;
use rusqlite::Connection;

use crate::db::value::{count, id};
use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, text_id, text_name};

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

impl Database {
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
}

/// Writes a category.
pub(crate) fn put(to: Target<'_>, category: &CategoryRecord) -> Result<(), RowError> {
    text_id(category.id.as_str())?;
    text_name(&category.name)?;
    to.conn
        .prepare_cached(
            "INSERT INTO categories (id, name, position, generation) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                 position = excluded.position, generation = excluded.generation",
        )?
        .execute((
            category.id.as_str(),
            &category.name,
            category.position,
            to.generation,
        ))?;
    Ok(())
}

/// Adds the changes to the counts of the categories.
pub(crate) fn add_counts(
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
