//! The window knows every code the crates below it can give: read from their own sources.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evertill_app::FAULT_CODES;

/// The crates whose refusals reach the window. The money engine's `calc` speaks to integrators.
const CRATES: [&str; 6] = ["core", "store", "sync", "device", "receipt", "app"];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path
                .file_name()
                .is_some_and(|name| name != "calc" && name != "pricing")
            {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The words in quotes inside every `fn code(&self)`.
fn codes(source: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for body in source.split("fn code(&self)").skip(1) {
        let body = body.split("\n    }").next().unwrap();
        let quoted = body.split('"').skip(1).step_by(2);
        codes.extend(quoted.map(str::to_owned));
    }
    codes
}

#[test]
fn every_code_is_known_to_the_window() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in CRATES {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let given: BTreeSet<String> = files
        .iter()
        .flat_map(|file| codes(&std::fs::read_to_string(file).unwrap()))
        .collect();
    assert!(
        given.len() > 60,
        "the sources were not read as they are written: {given:?}"
    );
    let known: Vec<&str> = FAULT_CODES.iter().map(|(code, _)| *code).collect();
    let unknown: Vec<&String> = given
        .iter()
        .filter(|code| !known.contains(&code.as_str()))
        .collect();
    assert!(unknown.is_empty(), "not in FAULT_CODES: {unknown:?}");
    assert!(
        known.is_sorted(),
        "FAULT_CODES is sorted, so that a reader finds a code"
    );
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), known.len());
}
