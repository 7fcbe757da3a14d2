//! What the search index keeps of an item.

use sha2::{Digest, Sha256};

use crate::db::words::plain_words;

/// What the index keeps of an item.
pub(super) fn item_words(name: &str, category: &str) -> String {
    let mut words = plain_words(name).into_owned();
    words.push(' ');
    words.push_str(&category_word(category));
    words
}

/// The word by which the index finds a category: two private characters from its hash. Nobody can
/// type it, and its beginnings do not mix with those of names.
pub(super) fn category_word(category: &str) -> String {
    let hash = Sha256::digest(category.as_bytes());
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| hash.get(at).copied().unwrap_or(0));
    let private = |high: u8, low: u8| {
        let offset = u32::from(u16::from_be_bytes([high, low])) % 6_400;
        char::from_u32(0xe000 + offset).unwrap_or('\u{e000}')
    };
    [private(a, b), private(c, d)].into_iter().collect()
}
