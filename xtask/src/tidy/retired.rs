//! Words that are retired: `docs/glossary.md` says what to say instead. A word that is still in use
//! has the most uses there may be in the list, and that number only goes down.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Breach, read};

const LIST: &str = "xtask/data/retired_words.txt";
const GLOSSARY: &str = "docs/glossary.md";

/// A retired word, what to say instead, and how often it may still be there.
struct Retired {
    word: String,
    instead: String,
    max: usize,
}

/// Words that are there more often than they may be, and those the glossary does not show.
pub(super) fn check(files: &[PathBuf]) -> Result<Vec<Breach>> {
    let list = parse(&read(Path::new(LIST))?)?;
    let mut uses = vec![Vec::new(); list.len()];
    for path in files.iter().filter(|path| has_words(path)) {
        let text = read(path)?.to_lowercase();
        let file = path.to_string_lossy().replace('\\', "/");
        for (index, line) in text.lines().enumerate() {
            for (retired, uses) in list.iter().zip(&mut uses) {
                for _ in 0..count(line, &retired.word) {
                    uses.push((file.clone(), index + 1));
                }
            }
        }
    }
    let glossary = read(Path::new(GLOSSARY))?;
    let mut breaches = unshown(&list, &glossary);
    for (retired, uses) in list.iter().zip(&uses) {
        breaches.extend(too_many(retired, uses));
    }
    Ok(breaches)
}

/// Lines are `word | say instead | most uses`.
fn parse(text: &str) -> Result<Vec<Retired>> {
    let line = |line: &str| -> Result<Retired> {
        let mut parts = line.split('|').map(str::trim);
        let mut next = || parts.next().with_context(|| format!("{LIST}: `{line}`"));
        Ok(Retired {
            word: next()?.to_owned(),
            instead: next()?.to_owned(),
            max: next()?
                .parse()
                .with_context(|| format!("{LIST}: `{line}`"))?,
        })
    };
    text.lines().map(line).collect()
}

fn unshown(list: &[Retired], glossary: &str) -> Vec<Breach> {
    let row = |retired: &&Retired| {
        let row = format!("| {} | {} |", retired.word, retired.instead);
        !glossary.lines().any(|line| line == row)
    };
    let missing = list.iter().filter(row);
    let breach = |retired: &Retired| Breach {
        file: GLOSSARY.into(),
        line: 0,
        what: format!("does not show the retired word `{}`", retired.word),
    };
    missing.map(breach).collect()
}

fn too_many(retired: &Retired, uses: &[(String, usize)]) -> Vec<Breach> {
    let Retired { word, instead, max } = retired;
    if uses.len() <= *max {
        return Vec::new();
    }
    let what = format!(
        "`{word}` is retired, say: {instead} ({} uses, {max} at most)",
        uses.len()
    );
    // With old uses in the tree, all are shown: which one is new, git knows.
    let breach = |(file, line): &(String, usize)| Breach {
        file: file.clone(),
        line: *line,
        what: what.clone(),
    };
    uses.iter().map(breach).collect()
}

fn has_words(path: &Path) -> bool {
    let file = path.to_string_lossy().replace('\\', "/");
    let exempt = file == GLOSSARY
        || file == "xtask/src/tidy/retired.rs"
        || file.starts_with("ui/src/backend/generated/")
        || file.starts_with("migrations/");
    let ending = path.extension().and_then(|ending| ending.to_str());
    let words = matches!(ending, Some("rs" | "ts" | "svelte" | "md"));
    !exempt && (words || file.starts_with("ui/messages/"))
}

/// How often the word is in a line in small letters; `word*` is any word that begins so.
fn count(line: &str, word: &str) -> usize {
    let word = word.to_lowercase();
    let (begin, open) = match word.strip_suffix('*') {
        Some(begin) => (begin, true),
        None => (word.as_str(), false),
    };
    let inside = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let whole = |at: usize| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at + begin.len()..)
            .and_then(|text| text.chars().next());
        !inside(before) && (open || !inside(after))
    };
    line.match_indices(begin)
        .filter(|(at, _)| whole(*at))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_whole_and_a_star_is_any_ending() {
        assert_eq!(count("it stands; understands stands_in", "stands"), 1);
        assert_eq!(count("the reckoning reckons", "reckon*"), 2);
        assert_eq!(count("a coinuse", "CoinUse"), 1);
        assert_eq!(count("most_lines at_most_one", "most_*"), 1);
    }

    #[test]
    fn one_use_too_many_is_a_breach_and_an_old_one_is_not() -> Result<()> {
        let list = parse("anew | again | 1\n")?;
        let uses = vec![("a.rs".to_owned(), 1), ("b.rs".to_owned(), 2)];
        assert!(too_many(&list[0], &uses[..1]).is_empty());
        assert_eq!(too_many(&list[0], &uses).len(), 2);
        Ok(())
    }

    #[test]
    fn the_glossary_shows_the_same_list() -> Result<()> {
        let list = parse("anew | again | 0\n")?;
        assert!(unshown(&list, "| anew | again |\n").is_empty());
        assert_eq!(unshown(&list, "| anew | afresh |\n").len(), 1);
        Ok(())
    }

    #[test]
    fn migrations_the_glossary_and_pictures_are_exempt() {
        let words = |file: &str| has_words(Path::new(file));
        assert!(words("crates/core/src/lib.rs") && words("ui/messages/en.json"));
        assert!(!words("migrations/till/0001.sql") && !words(GLOSSARY) && !words("a.png"));
    }
}
