//! The week of the demo data, rung up by the program itself.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes at the end of a test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("evertill-tillctl-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

fn tillctl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tillctl"))
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

#[test]
fn the_week_adds_up_to_the_data_sets_own_sums() {
    let demo = demo();
    let text = printed(&tillctl(&["replay", "--data", demo.to_str().unwrap()]));
    let totals = std::fs::read(demo.join("totals.json")).unwrap();
    let totals: serde_json::Value = serde_json::from_slice(&totals).unwrap();
    let cents = |field: &str| {
        let cents = totals["till"][field].as_i64().unwrap();
        format!("{}.{:02}", cents / 100, cents % 100)
    };
    assert_eq!(value(&text, "sales"), totals["till"]["sales"].to_string());
    assert_eq!(
        value(&text, "lines"),
        totals["till"]["lines"]["item"].to_string()
    );
    assert_eq!(value(&text, "gross "), cents("gross_cents"));
    assert_eq!(value(&text, "total "), cents("paid_cents"));
    assert_eq!(value(&text, "baskets that differ"), "0");
    assert_eq!(
        value(&text, "journal entries"),
        totals["till"]["sales"].to_string()
    );
}

#[test]
fn a_cent_of_difference_is_found_and_named() {
    let folder = Folder::new();
    for name in ["products.csv", "baskets.csv", "lines.csv", "shop.json"] {
        std::fs::copy(demo().join(name), folder.path(name)).unwrap();
    }
    let baskets = std::fs::read_to_string(folder.path("baskets.csv")).unwrap();
    let honest = "31868848708,367,1935,2017-02-13T15:50:04,2,274,0,0,0,0,274,0";
    let wrong = "31868848708,367,1935,2017-02-13T15:50:04,2,274,0,0,0,0,275,0";
    assert!(baskets.contains(honest));
    std::fs::write(folder.path("baskets.csv"), baskets.replace(honest, wrong)).unwrap();
    let output = tillctl(&["replay", "--data", &folder.path(""), "--limit", "3"]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("basket 31868848708: gross 2.74 (data set 2.74), paid 2.74 (data set 2.75)")
    );
    assert_eq!(value(&text, "baskets that differ"), "1");
}

#[test]
fn a_till_is_looked_into_without_running_it() {
    let folder = Folder::new();
    let (dir, secret) = (folder.path("till"), folder.path("secret"));
    let place = ["--dir", &dir, "--secret-file", &secret];
    let data = demo();
    let replay = ["replay", "--data", data.to_str().unwrap(), "--limit", "2"];
    printed(&tillctl(&[&replay[..], &place].concat()));
    // Again on the same till: it goes on where it was.
    printed(&tillctl(&[&replay[..], &place].concat()));

    let text = printed(&tillctl(&[&["journal", "verify"][..], &place].concat()));
    assert_eq!(text, "4 journal entries, each sound\n");
    let text = printed(&tillctl(&[&["outbox", "list"][..], &place].concat()));
    assert!(
        text.contains("R-000004")
            && text.ends_with("4 waiting, 0 need attention, 0 acknowledged\n")
    );
    let text = printed(&tillctl(&[&["doctor"][..], &place].concat()));
    assert!(text.contains("every page is sound"));

    let file = folder.0.join("till").join("till.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    std::fs::write(&file, bytes).unwrap();
    let output = tillctl(&[&["doctor"][..], &place].concat());
    assert!(!output.status.success(), "a flipped bit went unnoticed");
    let none = tillctl(&["doctor", "--dir", &folder.path("none")]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("there is no till"));
}
