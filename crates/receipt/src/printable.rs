//! Text that may come from anywhere, made fit for a line of a receipt.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One character for each column: accents are put together with their letters (an "é" may come
/// as two characters), white space becomes single spaces, and what cannot take a column of its
/// own (control characters, lone accents, invisible marks) is left out. With the control
/// characters go all printer commands somebody may have hidden in the name of an item.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.nfc() {
        if character.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !character.is_control()
            && !is_combining_mark(character)
            && !is_invisible(character)
        {
            out.push(character);
        }
    }
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out
}

/// Format characters of Unicode that take no room: soft hyphen, zero-width spaces and joiners,
/// direction marks, variation selectors, byte order mark, tags.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// How many columns a printable text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_anywhere_becomes_one_character_a_column() {
        let table = [
            ("Milk", "Milk"),
            ("  Milk \t\r\n 1 l  ", "Milk 1 l"),
            ("Cre\u{300}me bru\u{302}le\u{301}e", "Crème brûlée"),
            ("no\u{a0}break", "no break"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("\u{1b}p\u{0}\u{19}\u{fa}drawer", "púdrawer"),
            ("q\u{307}x", "qx"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(printable(text), expected, "{text:?}");
        }
    }
}
