//! One case for each rule of ERPNext's calculation: `cases.md` tells them, and
//! each fails when its rule is dropped. The recorded documents show that the
//! rules together are right; these show which rule is which.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

use std::collections::BTreeSet;

use evertill_core::calc::Arithmetic;
use evertill_core::calc::quote::Quoter;
use serde_json::Value;

const CASES: &str = include_str!("cases.md");

struct Case {
    name: &'static str,
    /// Documents, one a line.
    asked: &'static str,
    /// What the answer to the last one holds.
    expected: Value,
}

fn cases() -> Vec<Case> {
    CASES
        .split("\n## ")
        .skip(1)
        .map(|text| {
            let mut blocks = text.split("```json\n").skip(1);
            let mut block = || blocks.next().unwrap().split("\n```").next().unwrap();
            Case {
                name: text.lines().next().unwrap(),
                asked: block(),
                expected: serde_json::from_str(block()).unwrap(),
            }
        })
        .collect()
}

/// Whether `answer` says what `expected` says; null stands for a field that is
/// not there.
fn holds(answer: &Value, expected: &Value) -> bool {
    match expected {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, value)| holds(&answer[name], value)),
        Value::Array(rows) => {
            answer.as_array().map(Vec::len) == Some(rows.len())
                && rows
                    .iter()
                    .enumerate()
                    .all(|(index, row)| holds(&answer[index], row))
        }
        // The fields of a line's discount are given where the line had one.
        Value::Number(number) if answer.is_null() => number.as_f64() == Some(0.0),
        Value::Number(number) => answer.as_f64() == number.as_f64(),
        other => answer == other,
    }
}

#[test]
fn every_case_holds_in_both_arithmetics() {
    let mut wrong = Vec::new();
    for case in cases() {
        for arithmetic in [Arithmetic::Erpnext, Arithmetic::Exact] {
            let mut quoter = Quoter::new(arithmetic);
            let answers = case.asked.lines().map(|asked| quoter.quote_line(asked));
            let answer = answers.last().unwrap();
            if !holds(&serde_json::from_str(&answer).unwrap(), &case.expected) {
                let (name, expected) = (case.name, &case.expected);
                wrong.push(format!(
                    "{name} ({arithmetic:?})\n  {answer}\n  is not {expected}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "each name stands once");
    // 7.6 is about what a server fills in, 7.15, 7.18 and 7.19 about what it
    // keeps: no quote gets there.
    for rule in [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17] {
        let rule = format!("7.{rule}: ");
        assert!(names.iter().any(|name| name.starts_with(&rule)), "{rule}");
    }
}
