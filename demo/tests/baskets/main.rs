//! The week of the demo data, through the program itself.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod progress;
mod promotions;
mod replay;

use std::path::Path;
use std::process::{Command, Output};

/// The folder of the demo data.
fn data() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The data set's own sums.
struct Totals(serde_json::Value);

impl Totals {
    fn read() -> Self {
        let text = std::fs::read(data().join("totals.json")).unwrap();
        Self(serde_json::from_slice(&text).unwrap())
    }

    fn cents(&self, field: &str) -> String {
        let cents = self.0["till"][field].as_i64().unwrap();
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// Runs a command of `evertill-demo` to its end, with nothing of it on a terminal.
fn evertill_demo(command: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evertill-demo"))
        .arg(command)
        .args(arguments)
        .output()
        .unwrap()
}

/// What a program that succeeded printed.
fn printed(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The last word of the line that begins like this.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text
        .lines()
        .find(|line| line.starts_with(name))
        .expect(name);
    line.split_whitespace().next_back().unwrap()
}
