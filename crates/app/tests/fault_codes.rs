//! The window knows every code the crates below it can give, and has a sentence for it in every
//! language.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::path::{Path, PathBuf};

use evertill_app::fault_codes;
use serde_json::Value;

/// The crates whose refusals reach the window.
const CRATES: [&str; 6] = ["core", "store", "sync", "device", "receipt", "app"];

/// Errors that reach no command: a row of the feed is skipped for them, and kept with their sentence.
const OF_ROWS: [&str; 3] = ["PromotionError", "TaxError", "TotalsPolicyError"];

/// Where the errors are joined, and the files of the window's sentences.
const JOIN: &str = include_str!("../src/fault_codes.rs");
const LANGUAGES: [(&str, &str); 2] = [
    ("en.json", include_str!("../../../ui/messages/en.json")),
    ("de.json", include_str!("../../../ui/messages/de.json")),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The types of a source whose `#[derive(…)]` names `Coded`.
fn coded(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    code.split("#[derive(")
        .skip(1)
        .filter_map(|rest| rest.split_once(")]"))
        .filter(|(traits, _)| traits.split([',', ' ', '\n']).any(|name| name == "Coded"))
        .map(|(_, rest)| {
            let mut words = rest
                .split(|c: char| !c.is_alphanumeric())
                .skip_while(|word| {
                    // Attributes and comments stand between the derive and the type.
                    *word != "enum" && *word != "struct"
                });
            words.nth(1).unwrap().to_owned()
        })
        .collect()
}

#[test]
fn every_code_is_known_to_the_window() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in CRATES {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let types: Vec<String> = files
        .iter()
        .flat_map(|file| coded(&std::fs::read_to_string(file).unwrap()))
        .collect();
    assert!(
        types.len() >= 21,
        "the sources were not read as they are written: {types:?}"
    );
    let missing: Vec<&String> = types
        .iter()
        .filter(|name| !OF_ROWS.contains(&name.as_str()))
        .filter(|name| !JOIN.contains(&format!("::{name}::CODES")))
        .collect();
    assert!(missing.is_empty(), "not in fault_codes.rs: {missing:?}");
}

/// The names in braces in a sentence, or in all its forms.
fn spoken_of(sentence: &Value) -> Vec<String> {
    match sentence {
        Value::String(text) => text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect(),
        Value::Array(all) => all.iter().flat_map(spoken_of).collect(),
        Value::Object(all) => all.values().flat_map(spoken_of).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_code_has_its_sentence_in_every_language() {
    let mut wrong = Vec::new();
    for (file, text) in LANGUAGES {
        let messages: Value = serde_json::from_str(text).unwrap();
        for (code, params) in fault_codes() {
            let Some(sentence) = messages.get(format!("fault_{code}")) else {
                wrong.push(format!("{file} has no sentence fault_{code}"));
                continue;
            };
            for name in spoken_of(sentence) {
                if !params.contains(&name.as_str()) {
                    wrong.push(format!(
                        "{file}: fault_{code} speaks of {{{name}}}, {code} has {params:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
