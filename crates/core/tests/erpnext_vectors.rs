//! Documents that ERPNext 15.109 calculated itself, worked out here again:
//! every field equal, every refusal the same. `tests/data/erpnext/README.md`
//! explains the records.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::str::FromStr;

use evertill_core::calc::quote::Quoter;
use evertill_core::calc::{Arithmetic, DocumentTotals};
use rust_decimal::Decimal;
use serde_json::Value;

const VECTORS: &str = include_str!("../../../tests/data/erpnext/vectors.jsonl");

/// All differences between what ERPNext calculated and what the engine does,
/// by record.
fn differences(arithmetic: Arithmetic) -> (usize, BTreeMap<String, Vec<String>>) {
    let mut quoter = Quoter::new(arithmetic);
    let mut totals_quoter = Quoter::new(arithmetic);
    let mut differing = BTreeMap::new();
    let mut count = 0;
    for line in VECTORS.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap().to_owned();
        let answer: Value = serde_json::from_str(&quoter.quote_line(line)).unwrap();
        let mut found = Vec::new();
        assert_eq!(answer["id"], record["id"]);
        compare_answer(&record, &answer, &mut found);
        if let Ok(totals) = totals_quoter.work_out(line) {
            compare_shares(&record, &totals, &mut found);
        }
        if !found.is_empty() {
            differing.insert(id, found);
        }
        count += 1;
    }
    (count, differing)
}

fn compare_answer(record: &Value, answer: &Value, found: &mut Vec<String>) {
    let expected_reason = record["expect_error"]["reason"].as_str();
    let reason = answer["error"]["reason"].as_str();
    if expected_reason != reason {
        found.push(format!("refusal {reason:?}, ERPNext {expected_reason:?}"));
        return;
    }
    if expected_reason.is_some() {
        return;
    }
    let precision = u32::try_from(record["currency_precision"].as_u64().unwrap()).unwrap();
    compare("", &record["expect"], answer, precision, found);
    // What ERPNext would not book was found out for some records only.
    if record["submit_checked"].is_number() {
        let expected = record["expect_submit_error"]["reason"].as_str();
        let reason = answer["submit_error"]["reason"].as_str();
        if expected != reason {
            found.push(format!("booking {reason:?}, ERPNext {expected:?}"));
        }
    }
}

fn compare(path: &str, expected: &Value, answer: &Value, places: u32, found: &mut Vec<String>) {
    match expected {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "distributed_discount_amount" {
                    assert!(answer[name].is_null(), "{name} is not part of an answer");
                    continue;
                }
                compare(
                    &format!("{path}.{name}"),
                    value,
                    &answer[name],
                    places,
                    found,
                );
            }
        }
        Value::Array(rows) => {
            let given = answer.as_array().map_or(0, Vec::len);
            if given != rows.len() {
                found.push(format!("{path}: {given} rows, ERPNext {}", rows.len()));
            }
            for (index, row) in rows.iter().enumerate() {
                compare(
                    &format!("{path}[{index}]"),
                    row,
                    &answer[index],
                    places,
                    found,
                );
            }
        }
        Value::Number(number) => {
            // Unrounded fields carry nine decimals.
            let exact = path.contains("stock_qty") || path.contains("base_change");
            let places = if exact { 9 } else { places.max(2) };
            let round = |number: &serde_json::Number| {
                Decimal::from_str(&number.to_string())
                    .unwrap()
                    .round_dp(places)
            };
            let ours = answer.as_number().map(round);
            if ours != Some(round(number)) {
                found.push(format!("{path}: {answer}, ERPNext {number}"));
            }
        }
        other => {
            if other != answer {
                found.push(format!("{path}: {answer}, ERPNext {other}"));
            }
        }
    }
}

fn compare_shares(record: &Value, totals: &DocumentTotals, found: &mut Vec<String>) {
    let Some(items) = record["expect"]["items"].as_array() else {
        return;
    };
    for (index, (item, line)) in items.iter().zip(&totals.lines).enumerate() {
        let share = item["distributed_discount_amount"].to_string();
        if Decimal::from_str(&share) != Ok(line.distributed_discount_amount) {
            let ours = line.distributed_discount_amount;
            found.push(format!(".items[{index}] share {ours}, ERPNext {share}"));
        }
    }
}

fn listed(differing: &BTreeMap<String, Vec<String>>) -> String {
    let mut text = String::new();
    for (id, found) in differing {
        text.push_str(&format!("{id}\n  {}\n", found.join("\n  ")));
    }
    text
}

#[test]
fn erpnext_arithmetic_equals_erpnext_in_every_field() {
    let (count, differing) = differences(Arithmetic::Erpnext);
    assert_eq!(count, 780, "the records are all there");
    assert!(
        differing.is_empty(),
        "{} differ:\n{}",
        differing.len(),
        listed(&differing)
    );
}

#[test]
fn exact_arithmetic_differs_only_where_binary_noise_decides_a_tie() {
    let (_, differing) = differences(Arithmetic::Exact);
    let noisy: Vec<String> = VECTORS
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|record| !record["binary_noise"].is_null())
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect();
    let named: Vec<String> = differing.keys().cloned().collect();
    assert_eq!(named, noisy, "{}", listed(&differing));
    assert_eq!(
        noisy.len(),
        1,
        "one record of these is decided by binary noise: {noisy:?}"
    );
}
