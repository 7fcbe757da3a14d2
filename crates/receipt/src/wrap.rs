//! Long texts on narrow paper.

use crate::printable::columns;

/// Breaks a printable text into lines of at most `width` columns, at spaces where there are any
/// and within a word only where it is longer than a line. A text of more than `max_lines` lines is
/// cut, and the last line ends in "..." to say so. Never empty.
pub(crate) fn wrap(text: &str, width: usize, max_lines: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut rest = word;
        while let Some(room) = room_for(&lines, rest, width) {
            if room == Room::NextLine {
                lines.push(String::new());
            } else {
                let (now, later) = split_at(rest, width);
                push(&mut lines, now);
                lines.push(String::new());
                rest = later;
            }
        }
        push(&mut lines, rest);
    }
    if lines.len() > max_lines.max(1) {
        lines.truncate(max_lines.max(1));
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last}..."), width);
        }
    }
    lines
}

#[derive(PartialEq, Eq)]
enum Room {
    /// The word goes on a line of its own.
    NextLine,
    /// The word is longer than a whole, still empty, line.
    Never,
}

/// What stands in the way of the word, or `None` where it fits on the last line.
fn room_for(lines: &[String], word: &str, width: usize) -> Option<Room> {
    let used = lines.last().map_or(0, |line| columns(line));
    let gap = usize::from(used > 0);
    if used + gap + columns(word) <= width {
        None
    } else if used > 0 {
        Some(Room::NextLine)
    } else {
        Some(Room::Never)
    }
}

fn push(lines: &mut [String], word: &str) {
    if let Some(line) = lines.last_mut() {
        if !line.is_empty() && !word.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
}

fn split_at(text: &str, width: usize) -> (&str, &str) {
    let at = text
        .char_indices()
        .nth(width)
        .map_or(text.len(), |(at, _)| at);
    text.split_at(at)
}

/// A text of at most `width` columns; one that is longer ends in "...".
pub(crate) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let dots = width.min(3);
    let (kept, _) = split_at(text, width - dots);
    format!("{}{}", kept.trim_end(), ".".repeat(dots))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_within() {
        let table: [(&str, usize, usize, &[&str]); 10] = [
            ("short", 10, 3, &["short"]),
            ("", 10, 3, &[""]),
            ("two words", 9, 3, &["two words"]),
            ("two words", 8, 3, &["two", "words"]),
            ("Donaudampfschiff", 6, 3, &["Donaud", "ampfsc", "hiff"]),
            ("a Donaudampf b", 6, 3, &["a", "Donaud", "ampf b"]),
            ("äöü ßéè", 3, 3, &["äöü", "ßéè"]),
            ("one two three four", 5, 2, &["one", "tw..."]),
            ("one two three four", 5, 9, &["one", "two", "three", "four"]),
            ("ab", 1, 1, &["."]),
        ];
        for (text, width, max_lines, lines) in table {
            assert_eq!(wrap(text, width, max_lines), lines, "{text:?} in {width}");
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        let table = [
            ("Apple", 5, "Apple"),
            ("Apples", 5, "Ap..."),
            ("Ap ples", 6, "Ap..."),
            ("Apple", 2, ".."),
            ("Apple", 0, ""),
        ];
        for (text, width, expected) in table {
            assert_eq!(cut(text, width), expected);
        }
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_paper(text in "[a-zé ]{0,80}", width in 1_usize..20, max_lines in 1_usize..6) {
            let lines = wrap(&text, width, max_lines);
            prop_assert!(!lines.is_empty() && lines.len() <= max_lines);
            prop_assert!(lines.iter().all(|line| columns(line) <= width), "{lines:?}");
        }

        #[test]
        fn nothing_is_lost_where_there_is_room(text in "[a-zé]{1,9}( [a-zé]{1,9}){0,9}", width in 1_usize..20) {
            let joined: String = wrap(&text, width, 1_000).concat().replace(' ', "");
            prop_assert_eq!(joined, text.replace(' ', ""));
        }
    }
}
