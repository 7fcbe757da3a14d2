//! Quotes as integrators meet them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

use evertill_core::calc::Arithmetic;
use evertill_core::calc::quote::{Quoter, documents};
use expect_test::expect;
use serde_json::Value;

const GUIDE: &str = include_str!("../../../docs/quote.md");
const CALCULATION: &str = include_str!("../../../docs/calculation.md");
const SCHEMA: &str = include_str!("../../../docs/quote.schema.json");
const VECTORS: &str = include_str!("../../../tests/data/erpnext/vectors.jsonl");

fn quote(json: &str) -> String {
    Quoter::new(Arithmetic::Exact).quote_line(json)
}

fn reason(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer["error"]["reason"]
        .as_str()
        .unwrap_or("none")
        .to_owned()
}

#[test]
fn the_guide_shows_what_really_comes_out() {
    let blocks: Vec<&str> = GUIDE
        .split("```json\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap().trim())
        .collect();
    let request = blocks[0].replace('\n', " ");
    assert_eq!(quote(&request), blocks[1]);
    let refused = r#"{"id": "A-2", "items": [{"qty": 1, "rate": 1}, {"qty": 0, "rate": 1}]}"#;
    assert_eq!(quote(refused), blocks[2]);
}

/// Whether `answer` says at least what `expected` says.
fn holds(answer: &Value, expected: &Value) -> bool {
    match expected {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, value)| holds(&answer[name], value)),
        Value::Array(rows) => rows
            .iter()
            .enumerate()
            .all(|(index, row)| holds(&answer[index], row)),
        Value::Number(number) => answer.as_number().and_then(|n| n.as_f64()) == number.as_f64(),
        other => answer == other,
    }
}

#[test]
fn every_example_of_the_calculation_comes_out_as_written() {
    let blocks: Vec<&str> = CALCULATION
        .split("```json\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap().trim())
        .collect();
    assert!(
        blocks.len() >= 38 && blocks.len().is_multiple_of(2),
        "{}",
        blocks.len()
    );
    for pair in blocks.chunks(2) {
        let expected: Value = serde_json::from_str(pair[1]).unwrap();
        for arithmetic in [Arithmetic::Exact, Arithmetic::Erpnext] {
            let answer = Quoter::new(arithmetic).quote_line(pair[0]);
            let value: Value = serde_json::from_str(&answer).unwrap();
            assert!(holds(&value, &expected), "{answer}\nis not\n{}", pair[1]);
        }
    }
}

#[test]
fn the_schema_knows_every_field_of_a_recorded_document() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let about_the_record = [
        "family",
        "label",
        "expect",
        "expect_error",
        "expect_submit_error",
        "calculated_at",
        "submit_checked",
        "binary_noise",
    ];
    for line in VECTORS.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        for (name, value) in record.as_object().unwrap() {
            if about_the_record.contains(&name.as_str()) {
                continue;
            }
            let field = &schema["properties"][name];
            assert!(field.is_object(), "{name} is not in the schema");
            let rows = field["items"]["properties"].as_object();
            for row in value.as_array().into_iter().flatten() {
                for name in row.as_object().unwrap().keys() {
                    assert!(
                        rows.unwrap().contains_key(name),
                        "{name} is not in the schema"
                    );
                }
            }
        }
    }
}

#[test]
fn numbers_are_read_to_the_last_digit_however_they_are_written() {
    let as_number = quote(r#"{"id": 7, "items": [{"qty": 1, "rate": 1.005}]}"#);
    let as_text = quote(r#"{"id": 7, "items": [{"qty": "1", "rate": "1.005"}]}"#);
    let as_power = quote(r#"{"id": 7, "items": [{"qty": 1e0, "rate": 1005E-3}]}"#);
    assert_eq!(as_number, as_text);
    assert_eq!(as_number, as_power);
    expect![[r#"{"id":7,"total":1,"net_total":1,"discount_amount":0,"total_taxes_and_charges":0,"grand_total":1,"rounded_total":1,"rounding_adjustment":0,"items":[{"rate":1,"amount":1,"net_amount":1,"net_rate":1}],"taxes":[]}"#]]
    .assert_eq(&as_number);
}

#[test]
fn a_text_is_one_document_or_one_on_each_line() {
    let pretty = "{\n  \"id\": 1,\n  \"items\": []\n}\n";
    assert_eq!(documents(pretty), [pretty]);
    let lines = "{\"id\": 1}\n\n{\"id\": 2}\r\nnonsense\n";
    assert_eq!(documents(lines), ["{\"id\": 1}", "{\"id\": 2}", "nonsense"]);
    assert!(documents("").is_empty());
}

#[test]
fn a_return_finds_its_sale_and_takes_back_no_more_than_was_sold() {
    let mut quoter = Quoter::new(Arithmetic::Exact);
    let back = |id: &str, qty: &str| {
        format!(
            r#"{{"id": "{id}", "is_return": 1, "return_against": "S", "items": [{{"qty": {qty}, "rate": 2.5, "return_row": 1}}]}}"#
        )
    };
    assert_eq!(
        reason(&quoter.quote_line(&back("early", "-1"))),
        "original-not-found"
    );
    quoter.quote_line(r#"{"id": "S", "items": [{"qty": 3, "rate": 2.5}]}"#);
    assert_eq!(reason(&quoter.quote_line(&back("one", "-1"))), "none");
    assert_eq!(
        reason(&quoter.quote_line(&back("too much", "-3"))),
        "returned-too-much"
    );
    assert_eq!(reason(&quoter.quote_line(&back("rest", "-2"))), "none");
    assert_eq!(
        reason(&quoter.quote_line(&back("again", "-1"))),
        "returned-too-much"
    );
    assert_eq!(
        reason(&quoter.quote_line(&back("nothing", "0"))),
        "quantity-must-be-negative"
    );
}

#[test]
fn nonsense_is_answered_and_stops_nothing() {
    let mut quoter = Quoter::new(Arithmetic::Erpnext);
    let cases = [
        ("", "invalid-input"),
        ("[]", "invalid-input"),
        (r#"{"id": "a"}"#, "invalid-input"),
        (r#"{"id": "a", "items": []}"#, "no-lines"),
        (
            r#"{"id": "a", "items": [{"qty": "many"}]}"#,
            "invalid-input",
        ),
        (r#"{"id": "a", "items": [{"qty": 1e400}]}"#, "invalid-input"),
        (
            r#"{"id": "a", "settings": {"currency_precision": 10}, "items": []}"#,
            "invalid-input",
        ),
        (
            r#"{"id": "a", "doctype": "Sales Order", "items": []}"#,
            "invalid-input",
        ),
        (
            r#"{"id": "a", "items": [{"qty": 9e27, "rate": 9e27}]}"#,
            "number-too-large",
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(reason(&quoter.quote_line(json)), expected, "{json}");
    }
    assert!(
        quoter
            .quote_line(r#"{"id": "a"}"#)
            .starts_with(r#"{"id":"a","error""#)
    );
}
