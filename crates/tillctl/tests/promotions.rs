//! The week's loyalty, coupon and match discounts, as promotions of the money engine.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

fn promotions(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tillctl"))
        .args(["promotions", "--data"])
        .arg(demo())
        .args(arguments)
        .output()
        .unwrap()
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
fn the_weeks_discounts_run_through_the_engine_and_every_basket_comes_to_its_own_total() {
    let output = promotions(&[]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    let totals = std::fs::read(demo().join("totals.json")).unwrap();
    let totals: serde_json::Value = serde_json::from_slice(&totals).unwrap();
    let cents = |field: &str| {
        let cents = totals["till"][field].as_i64().unwrap();
        format!("{}.{:02}", cents / 100, cents % 100)
    };
    assert_eq!(value(&text, "baskets that differ"), "0");
    assert_eq!(value(&text, "baskets "), totals["baskets"].to_string());
    for (name, field) in [
        ("total ", "paid_cents"),
        ("loyalty ", "loyalty_cents"),
        ("coupon ", "coupon_cents"),
        ("match ", "match_cents"),
        ("shelf ", "rounding_cents"),
    ] {
        assert_eq!(value(&text, name), cents(field), "{name}");
    }
    // Each was made for one discount, and none was left over.
    assert_eq!(
        value(&text, "promotions applied"),
        value(&text, "promotions ")
    );
}

#[test]
fn without_a_card_a_loyalty_price_stays_a_shelf_price_and_the_check_says_so() {
    let output = promotions(&["--without-card"]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(value(&text, "loyalty "), "0.00");
    assert_ne!(value(&text, "loyalty in the data set"), "0.00");
    assert_ne!(
        value(&text, "total "),
        value(&text, "total in the data set")
    );
    assert_ne!(value(&text, "baskets that differ"), "0");
}
