//! Rules that a line of source can break.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Breach, read};

/// A file is one screenful of purpose; past this it has two.
const FILE_LINES: usize = 500;

/// The one module that may compute with floats: it mirrors an ERP that does.
const FLOAT_MODULE: &str = "crates/core/src/calc/erpnext_f64.rs";

/// A thing that must not stand in a line, and where.
struct Rule {
    applies: fn(&str) -> bool,
    words: &'static [&'static str],
    what: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        applies: |file| {
            file.starts_with("ui/src/") && !file.starts_with("ui/src/backend/") && script(file)
        },
        words: &["@tauri-apps"],
        what: "only ui/src/backend may import @tauri-apps",
    },
    Rule {
        applies: |file| money_path(file) && file != FLOAT_MODULE,
        words: &["f64", "f32"],
        what: "no floating point where money, quantities or rates pass",
    },
    Rule {
        applies: |file| file.starts_with("ui/src/") && script(file),
        words: &["parseFloat", ".toFixed(", "Intl.NumberFormat"],
        what: "the window shows the amounts Rust formats and computes none",
    },
    Rule {
        applies: |file| product_rust(file) && !file.ends_with("/system.rs"),
        words: &[
            "SystemTime::now",
            "Timestamp::now",
            "Zoned::now",
            "Uuid::now_v7",
        ],
        what: "time and ids are handed in; only a file named system.rs asks for them",
    },
    Rule {
        applies: |file| product_rust(file) && !file.starts_with("crates/sync/"),
        words: &["impl Upstream for"],
        what: "only crates/sync speaks for an upstream: a program with its own signs in whom it likes",
    },
    Rule {
        applies: |file| {
            let waits = file.starts_with("crates/sync/src/") || file.starts_with("crates/app/src/");
            waits && product_rust(file) && !file.ends_with("/system.rs")
        },
        words: &["tokio::time", "Instant::now", "spawn_blocking"],
        what: "timer and threads are handed in; only a file named system.rs has the machine's",
    },
    Rule {
        applies: |file| (rust(file) || script(file)) && !file.starts_with("xtask/src/tidy"),
        words: &[
            "todo!(",
            "unimplemented!(",
            "#[ignore",
            "FIXME",
            "it.skip(",
            ".only(",
        ],
        what: "unfinished work does not land",
    },
    Rule {
        applies: |file| file.ends_with(".sql"),
        words: &["REAL", "FLOAT", "DOUBLE"],
        what: "money is INTEGER minor units, quantities and rates are TEXT decimals",
    },
];

/// Breaches in all files.
pub(super) fn check(files: &[PathBuf]) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for path in files {
        let file = path.to_string_lossy().replace('\\', "/");
        if !(rust(&file) || script(&file) || file.ends_with(".sql")) || generated(&file) {
            continue;
        }
        let text = read(path)?;
        length(&file, &text, &mut breaches);
        lines(&file, &text, &mut breaches);
        if file.ends_with(".sql") {
            strict_tables(&file, &text, &mut breaches);
        }
    }
    Ok(breaches)
}

fn length(file: &str, text: &str, breaches: &mut Vec<Breach>) {
    let lines = text.lines().count();
    if lines > FILE_LINES {
        let what = format!("{lines} lines; split it by purpose ({FILE_LINES} at most)");
        breaches.push(Breach {
            file: file.into(),
            line: lines,
            what,
        });
    }
}

fn lines(file: &str, text: &str, breaches: &mut Vec<Breach>) {
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| (rule.applies)(file)).collect();
    for (index, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for rule in &rules {
            if rule.words.iter().any(|word| stands_in(code, word)) {
                let what = format!("{}: {}", rule.what, line.trim());
                breaches.push(Breach {
                    file: file.into(),
                    line: index + 1,
                    what,
                });
            }
        }
    }
}

/// True if the word stands by itself, so that `BREAL` is no `REAL`.
fn stands_in(code: &str, word: &str) -> bool {
    let edge =
        |character: Option<char>| !character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        let open = !word.ends_with(|c: char| c.is_alphanumeric());
        let opens = !word.starts_with(|c: char| c.is_alphanumeric());
        (opens || edge(before)) && (open || edge(after))
    })
}

/// Every table is STRICT; a virtual one cannot be.
fn strict_tables(file: &str, text: &str, breaches: &mut Vec<Breach>) {
    let code: String = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    for statement in code.split(';') {
        let words = statement
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase();
        if words.starts_with("CREATE TABLE") && !words.contains("STRICT") {
            let what = format!("not STRICT: {}", words.chars().take(60).collect::<String>());
            breaches.push(Breach {
                file: file.into(),
                line: 0,
                what,
            });
        }
    }
}

fn rust(file: &str) -> bool {
    Path::new(file)
        .extension()
        .is_some_and(|ending| ending == "rs")
}

fn script(file: &str) -> bool {
    let ending = Path::new(file)
        .extension()
        .and_then(|ending| ending.to_str());
    file.starts_with("ui/") && matches!(ending, Some("ts" | "svelte" | "js" | "mjs"))
}

fn generated(file: &str) -> bool {
    file.starts_with("ui/src/backend/generated/")
}

/// The product's own Rust: no tests, no benches, no xtask.
fn product_rust(file: &str) -> bool {
    let product = file.starts_with("crates/") || file.starts_with("src-tauri/");
    product && rust(file) && file.contains("/src/") && !file.starts_with("crates/testkit")
}

/// Where money passes: all of the product but what only moves bytes or pixels.
fn money_path(file: &str) -> bool {
    product_rust(file) && !file.starts_with("crates/device/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> Vec<String> {
        let mut breaches = Vec::new();
        lines(file, text, &mut breaches);
        breaches.into_iter().map(|breach| breach.what).collect()
    }

    #[test]
    fn each_rule_finds_its_breach_and_leaves_the_rest() {
        let cases = [
            (
                "ui/src/views/Sell.svelte",
                "import { invoke } from '@tauri-apps/api/core'",
                1,
            ),
            (
                "ui/src/backend/call.ts",
                "import { invoke } from '@tauri-apps/api/core'",
                0,
            ),
            ("crates/core/src/money.rs", "let cents = total as f64;", 1),
            (
                "crates/core/src/money.rs",
                "let half64 = 1; // no f64 here",
                0,
            ),
            (
                "crates/core/src/calc/erpnext_f64.rs",
                "fn round(x: f64) -> f64 {",
                0,
            ),
            ("crates/app/src/system.rs", "jiff::Timestamp::now()", 0),
            ("crates/app/src/checkout.rs", "jiff::Timestamp::now()", 1),
            (
                "crates/tillctl/src/local.rs",
                "impl Upstream for LocalShop {",
                1,
            ),
            (
                "crates/sync/src/hub.rs",
                "impl Upstream for HubUpstream {",
                0,
            ),
            (
                "crates/sync/src/hub.rs",
                "tokio::time::sleep(wait).await",
                1,
            ),
            (
                "crates/app/src/system.rs",
                "tokio::time::sleep_until(end)",
                0,
            ),
            (
                "ui/src/features/pay/pay.svelte.ts",
                "Number.parseFloat(text)",
                1,
            ),
            ("migrations/till/0001.sql", "amount REAL NOT NULL", 1),
            ("migrations/till/0001.sql", "amount INTEGER NOT NULL", 0),
        ];
        for (file, line, breaches) in cases {
            assert_eq!(found(file, line).len(), breaches, "{file}: {line}");
        }
    }

    #[test]
    fn a_table_that_is_not_strict_is_found() {
        let mut breaches = Vec::new();
        strict_tables(
            "a.sql",
            "CREATE TABLE a (b TEXT); CREATE TABLE c (d TEXT) STRICT;",
            &mut breaches,
        );
        assert_eq!(breaches.len(), 1);
    }

    #[test]
    fn a_file_of_two_purposes_is_found() {
        let mut breaches = Vec::new();
        length("a.rs", &"line\n".repeat(FILE_LINES), &mut breaches);
        assert!(breaches.is_empty());
        length("a.rs", &"line\n".repeat(FILE_LINES + 1), &mut breaches);
        assert_eq!(breaches.len(), 1);
    }
}
