//! What a full-text index takes for words. Query and index must cut words alike.

use std::borrow::Cow;
use std::fmt::Write;

/// More words than anybody types narrow nothing down any further.
const MAX_WORDS: usize = 8;

/// Every word of a text as a beginning. Empty if the text has no word.
pub(crate) fn word_query(text: &str) -> String {
    let mut query = String::new();
    let words = text.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    for word in words.take(MAX_WORDS) {
        let _ = write!(query, "\"{word}\"* ");
    }
    query.truncate(query.trim_end().len());
    query
}

/// A text with nothing in it but what the index takes for words, and German umlauts also as they
/// are typed without them.
pub(crate) fn plain_words(text: &str) -> Cow<'_, str> {
    let has_umlaut = |c: char| matches!(c, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü' | 'ß' | 'ẞ');
    if !text.contains(|c: char| has_umlaut(c) || (!is_word(c) && !c.is_ascii())) {
        return Cow::Borrowed(text);
    }
    let mut words = String::with_capacity(text.len() * 2);
    for word in text.split(|c| !is_word(c)).filter(|word| !word.is_empty()) {
        let _ = write!(words, "{word} ");
        if word.contains(has_umlaut) {
            words.extend(word.chars().flat_map(spelt_out));
            words.push(' ');
        }
    }
    Cow::Owned(words)
}

fn spelt_out(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ä' | 'Ä' => ('a', Some('e')),
        'ö' | 'Ö' => ('o', Some('e')),
        'ü' | 'Ü' => ('u', Some('e')),
        'ß' | 'ẞ' => ('s', Some('s')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

/// Whether FTS5's tokenizer takes a character for a part of a word. Query and index must cut words
/// alike. Where Unicode's tables in Rust and in SQLite differ, a character is no part of a word
/// here: circled letters, and all beyond the basic plane. Neither are private characters, so that
/// an index can have words in it that nobody types.
fn is_word(c: char) -> bool {
    let combining = ('\u{300}'..='\u{36f}').contains(&c);
    let circled = ('\u{2460}'..='\u{24ff}').contains(&c);
    let private = ('\u{e000}'..='\u{f8ff}').contains(&c);
    (c.is_alphanumeric() || combining) && !circled && !private && c <= '\u{ffff}'
}

#[cfg(test)]
mod tests {
    use super::{is_word, plain_words};

    /// Query and index must agree on what a word is, or a query for two words in one breaks.
    #[test]
    fn no_character_of_a_word_is_cut_by_the_tokenizer() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let sql = include_str!("../../../../migrations/till/0002_catalogue.sql");
        conn.execute_batch(sql).unwrap();
        let mut find = conn
            .prepare("SELECT 1 FROM items_fts WHERE items_fts MATCH ?1")
            .unwrap();
        let mut words = 0;
        let mut cut = Vec::new();
        for c in ('\0'..=char::MAX).filter(|c| is_word(*c)) {
            words += 1;
            if find.exists([format!("\"a{c}a\"*")]).is_err() {
                cut.push(format!("{:04x}", u32::from(c)));
            }
        }
        assert!(words > 40_000, "{words}");
        assert!(
            cut.is_empty(),
            "{} characters: {}",
            cut.len(),
            cut.join(" ")
        );
    }

    #[test]
    fn umlauts_are_kept_and_spelt_out() {
        assert_eq!(plain_words("Müsli-Riegel 3x"), "Müsli Muesli Riegel 3x ");
        assert_eq!(plain_words("Straßenkäse"), "Straßenkäse Strassenkaese ");
        assert_eq!(plain_words("Coca-Cola"), "Coca-Cola");
        assert_eq!(plain_words("a\u{e000}b"), "a b ");
    }
}
