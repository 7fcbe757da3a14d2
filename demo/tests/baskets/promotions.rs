//! The week's loyalty, coupon and match discounts, as promotions of the money engine.

use std::process::Output;

use crate::{Totals, data, evertill_demo, value};

fn promotions(arguments: &[&str]) -> Output {
    let data = ["--data", data().to_str().unwrap()];
    evertill_demo("promotions", &[&data, arguments].concat())
}

#[test]
fn the_weeks_discounts_run_through_the_engine_and_every_basket_comes_to_its_own_total() {
    let output = promotions(&[]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    let totals = Totals::read();
    assert_eq!(value(&text, "baskets that differ"), "0");
    assert_eq!(value(&text, "baskets "), totals.0["baskets"].to_string());
    for (name, field) in [
        ("total ", "paid_cents"),
        ("loyalty ", "loyalty_cents"),
        ("coupon ", "coupon_cents"),
        ("match ", "match_cents"),
        ("shelf ", "rounding_cents"),
    ] {
        assert_eq!(value(&text, name), totals.cents(field), "{name}");
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
