//! The order of search hits, built into the rowid.
//!
//! A full-text search that ranks its hits has to see them all first. Here the rowid itself
//! carries the rank: FTS5 delivers rowids ascending at no cost, so a search stops as soon as the
//! first page is full. 39 bits hold the popularity, turned round so that the most popular item
//! comes first, 24 bits the item's serial, which keeps rowids unique and leads back to the item.
//! Both are the item's own, so a change of popularity moves one row and never renumbers others.

/// Bits of the serial.
const SERIAL_BITS: u32 = 24;
/// The highest serial, which the table's CHECK repeats.
pub(crate) const SERIAL_MASK: i64 = (1 << SERIAL_BITS) - 1;
/// Above this all popularities are alike: half a million million pieces sold.
const MAX_POPULARITY: i64 = (1 << 39) - 1;

/// A popularity as the store keeps it.
pub(crate) fn clamp(popularity: u64) -> i64 {
    i64::try_from(popularity).map_or(MAX_POPULARITY, |popularity| popularity.min(MAX_POPULARITY))
}

/// The rowid of an item in the search index.
pub(crate) const fn rowid(popularity: i64, serial: i64) -> i64 {
    ((MAX_POPULARITY - popularity) << SERIAL_BITS) | (serial & SERIAL_MASK)
}

#[cfg(test)]
mod tests {
    use super::{MAX_POPULARITY, SERIAL_MASK, clamp, rowid};

    #[test]
    fn more_popular_comes_first_then_the_older_item() {
        let table = [
            (MAX_POPULARITY, 1),
            (500, 7),
            (499, 1),
            (499, 2),
            (1, SERIAL_MASK),
            (0, 1),
        ];
        let rowids = table.map(|(popularity, serial)| rowid(popularity, serial));
        assert!(rowids.is_sorted_by(|a, b| a < b), "{rowids:?}");
        assert!(rowids.iter().all(|rowid| *rowid > 0));
        for ((_, serial), rowid) in table.into_iter().zip(rowids) {
            assert_eq!(rowid & SERIAL_MASK, serial);
        }
    }

    #[test]
    fn an_absurd_popularity_stays_in_its_bits() {
        assert_eq!(clamp(u64::MAX), MAX_POPULARITY);
        assert!(rowid(clamp(u64::MAX), SERIAL_MASK) > 0);
    }
}
