//! Search as you type: words of any order, each a beginning, the most popular items first.

use std::fmt::Write;

use evertill_core::{CategoryId, ItemId, PriceListId, SaleItem};
use rusqlite::{Connection, params};

use super::items;
use super::sale_item::{item_columns, sale_item};
use super::words::category_word;
use crate::db::fts::MAX_HITS;
use crate::db::words::word_query;
use crate::db::{Database, StoreError};

/// Parts of the index that are merged together while a snapshot is taken.
const LAZY_PARTS: i64 = 8;

/// Pages of an index merged in one transaction: some ten milliseconds of work.
const MERGE_PAGES: i64 = 500;

impl Database {
    /// Items that can be sold by this price list and have every word of `text` at the beginning
    /// of one of theirs, the most popular first; all of them for an empty text. A text that is
    /// an item's id or barcode brings that item first. Case and accents make no difference, and
    /// "ä" may be typed "ae".
    ///
    /// # Errors
    /// Database errors.
    pub fn search_items(
        &self,
        text: &str,
        category: Option<&CategoryId>,
        list: &PriceListId,
        limit: u32,
    ) -> Result<Vec<SaleItem>, StoreError> {
        let limit = limit.min(MAX_HITS);
        self.read(|conn| {
            let mut hits = match query(text, category) {
                Some(query) => matching(conn, &query, category, list, limit)?,
                None if text.trim().is_empty() => most_popular(conn, list, limit)?,
                None => Vec::new(),
            };
            let exact = by_code(conn, text, list)?
                .filter(|item| category.is_none_or(|category| item.category == *category));
            if let Some(exact) = exact {
                hits.retain(|hit| hit.id != exact.id);
                hits.insert(0, exact);
                hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            }
            Ok(hits)
        })
    }
}

/// The item whose id or barcode the text is.
fn by_code(
    conn: &Connection,
    text: &str,
    list: &PriceListId,
) -> Result<Option<SaleItem>, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match items::by_id(conn, &ItemId::from(text), list)? {
        Some(item) => Ok(Some(item)),
        None => items::by_barcode(conn, text, list),
    }
}

fn matching(
    conn: &Connection,
    query: &str,
    category: Option<&CategoryId>,
    list: &PriceListId,
    limit: u32,
) -> Result<Vec<SaleItem>, StoreError> {
    // CROSS JOIN keeps SQLite from starting anywhere but at the index, whose order is the order
    // of the hits. The category is compared again, for its word in the index is a short hash.
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        item_columns!(),
        "
         FROM items_fts
         CROSS JOIN items ON items.serial = items_fts.rowid & 16777215
         CROSS JOIN prices ON prices.item = items.id AND prices.price_list = ?2
         CROSS JOIN tax_rules ON tax_rules.id = items.tax_rule
         WHERE items_fts MATCH ?1 AND (?3 = '' OR items.category = ?3)
         ORDER BY items_fts.rowid LIMIT ?4"
    ))?;
    let category = category.map_or("", CategoryId::as_str);
    let hits = statement.query_map(params![query, list.as_str(), category, limit], sale_item)?;
    Ok(hits.collect::<Result<_, _>>()?)
}

fn most_popular(
    conn: &Connection,
    list: &PriceListId,
    limit: u32,
) -> Result<Vec<SaleItem>, StoreError> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        item_columns!(),
        "
         FROM items_fts
         CROSS JOIN items ON items.serial = items_fts.rowid & 16777215
         CROSS JOIN prices ON prices.item = items.id AND prices.price_list = ?1
         CROSS JOIN tax_rules ON tax_rules.id = items.tax_rule
         ORDER BY items_fts.rowid LIMIT ?2"
    ))?;
    let hits = statement.query_map(params![list.as_str(), limit], sale_item)?;
    Ok(hits.collect::<Result<_, _>>()?)
}

/// The query in the language of FTS5, `None` if nothing can match or nothing is asked for.
fn query(text: &str, category: Option<&CategoryId>) -> Option<String> {
    let mut query = word_query(text);
    if query.is_empty() && !text.trim().is_empty() {
        return None;
    }
    if let Some(category) = category {
        let _ = write!(query, " \"{}\"", category_word(category.as_str()));
    }
    Some(query).filter(|query| !query.is_empty())
}

/// Merges the search indexes a little. Changes leave them in parts, and every search has to look
/// through all of them.
pub(crate) fn tidy(conn: &Connection) -> Result<(), StoreError> {
    for sql in [
        "INSERT INTO items_fts (items_fts, rank) VALUES ('merge', ?1)",
        "INSERT INTO customers_fts (customers_fts, rank) VALUES ('merge', ?1)",
    ] {
        conn.prepare_cached(sql)?.execute([MERGE_PAGES])?;
    }
    Ok(())
}

/// How the index of the items merges its parts while rows are written. During a snapshot, whose
/// end merges them all, it is enough to keep their number within bounds for the searches
/// meanwhile. A forced merge (`crisismerge`) would come in one piece and make a sale wait for
/// seconds, so it is put out of reach.
pub(crate) fn merge_lazily(conn: &Connection, lazily: bool) -> Result<(), StoreError> {
    let (together, forced) = if lazily { (LAZY_PARTS, 1_000) } else { (4, 16) };
    conn.prepare_cached("INSERT INTO items_fts (items_fts, rank) VALUES ('automerge', ?1)")?
        .execute([together])?;
    conn.prepare_cached("INSERT INTO items_fts (items_fts, rank) VALUES ('crisismerge', ?1)")?
        .execute([forced])?;
    Ok(())
}

/// Merges a part of the index of the items on the way to one whole. `first` begins such a round.
/// Gives back whether there is more to do.
pub(crate) fn merge_some(conn: &Connection, first: bool) -> Result<bool, StoreError> {
    // A negative number merges all parts, however few; positive ones then go on with it.
    let pages = if first { -MERGE_PAGES } else { MERGE_PAGES };
    let before = conn.total_changes();
    conn.prepare_cached("INSERT INTO items_fts (items_fts, rank) VALUES ('merge', ?1)")?
        .execute([pages])?;
    // The statement itself counts as one change (https://www.sqlite.org/fts5.html#the_merge_command).
    Ok(conn.total_changes() - before >= 2)
}

#[cfg(test)]
mod tests {
    use super::{category_word, query};
    use evertill_core::CategoryId;

    #[test]
    fn whatever_is_typed_becomes_a_query() {
        let table = [
            ("", None),
            ("  ", None),
            ("\"-*", None),
            ("milk", Some("\"milk\"*")),
            ("Coca-Cola 0,5", Some("\"Coca\"* \"Cola\"* \"0\"* \"5\"*")),
            ("a\" OR b*", Some("\"a\"* \"OR\"* \"b\"*")),
            ("\u{e001}x", Some("\"x\"*")),
        ];
        for (text, expected) in table {
            assert_eq!(query(text, None).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_category_narrows_a_query_but_a_text_of_no_words_finds_nothing() {
        let category = CategoryId::from("DAIRY");
        let word = category_word("DAIRY");
        assert_eq!(query("", Some(&category)), Some(format!(" \"{word}\"")));
        assert_eq!(
            query("mi", Some(&category)),
            Some(format!("\"mi\"* \"{word}\""))
        );
        assert_eq!(query("!?", Some(&category)), None);
    }
}
