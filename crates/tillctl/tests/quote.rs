//! `tillctl quote`: documents through the program itself.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::Value;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/erpnext/vectors.jsonl")
}

fn quote(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tillctl"));
    command.arg("quote").args(arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    command
}

/// Runs to the end with this on standard input. The input goes in from a thread of its own: a
/// program that answers as it reads would otherwise wait for somebody to read its answers.
fn answered(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = quote(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// The answers of a run that went well.
fn answers(output: &Output) -> Vec<Value> {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    let text = str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What in an answer is not what ERPNext calculated.
fn compare(path: &str, expected: &Value, answer: &Value, places: u32, found: &mut Vec<String>) {
    match (expected, answer) {
        (Value::Object(fields), _) => {
            let fields = fields
                .iter()
                .filter(|(name, _)| *name != "distributed_discount_amount");
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                compare(&path, value, &answer[name], places, found);
            }
        }
        (Value::Array(rows), _) if answer.as_array().map(Vec::len) == Some(rows.len()) => {
            for (index, row) in rows.iter().enumerate() {
                let path = format!("{path}[{index}]");
                compare(&path, row, &answer[index], places, found);
            }
        }
        (Value::Number(number), Value::Number(ours)) => {
            // Unrounded fields carry nine decimals.
            let unrounded = path.contains("stock_qty") || path.contains("base_change");
            let places = if unrounded { 9 } else { places.max(2) };
            let [theirs, ours] = [number, ours]
                .map(|number| Decimal::from_str(&number.to_string()).map(|n| n.round_dp(places)));
            if theirs != ours {
                found.push(format!("{path}: {ours:?}, ERPNext {theirs:?}"));
            }
        }
        _ if expected == answer => {}
        _ => found.push(format!("{path}: {answer}, ERPNext {expected}")),
    }
}

fn differences(record: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let reason = record["expect_error"]["reason"].as_str();
    let ours = answer["error"]["reason"].as_str();
    if reason != ours {
        found.push(format!("refused {ours:?}, ERPNext {reason:?}"));
    } else if record["expect_error"].is_null() {
        let places = u32::try_from(record["currency_precision"].as_u64().unwrap()).unwrap();
        compare("", &record["expect"], answer, places, &mut found);
    } else {
        assert!(answer["error"]["message"].as_str().unwrap().ends_with('.'));
    }
    if record["submit_checked"].is_number() {
        let theirs = &record["expect_submit_error"]["reason"];
        let ours = &answer["submit_error"]["reason"];
        if theirs != ours {
            found.push(format!("booking {ours}, ERPNext {theirs}"));
        }
    }
    found
}

/// Compares answer by answer, and says how many were sales, refusals and returns of a sale before.
fn all_equal(text: &str, answers: &[Value]) -> [usize; 3] {
    let mut kinds = [0; 3];
    assert_eq!(answers.len(), text.lines().count());
    for (line, answer) in text.lines().zip(answers) {
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["id"], answer["id"], "not in the order of the input");
        let found = differences(&record, answer);
        assert!(found.is_empty(), "{}: {found:#?}", record["id"]);
        kinds[0] += usize::from(record["expect"].is_object());
        kinds[1] += usize::from(record["expect_error"].is_object());
        kinds[2] += usize::from(record["return_against"].is_string());
    }
    kinds
}

#[test]
fn what_erpnext_calculated_comes_out_field_by_field_from_a_file_and_from_standard_input() {
    let path = vectors();
    let text = std::fs::read_to_string(&path).unwrap();
    let file = quote(&["--arithmetic", "erpnext", path.to_str().unwrap()])
        .output()
        .unwrap();
    let kinds = all_equal(&text, &answers(&file));
    assert_eq!(kinds, [732, 48, 35]);
    for arguments in [
        &["-", "--arithmetic=erpnext"][..],
        &["--arithmetic=erpnext"],
    ] {
        let piped = answered(arguments, text.as_bytes());
        assert!(piped.stdout == file.stdout, "{arguments:?}");
    }
}

#[test]
fn exact_decimals_are_the_default() {
    let text = std::fs::read(vectors()).unwrap();
    let default = answered(&[], &text);
    assert_eq!(default, answered(&["--arithmetic", "exact"], &text));
    // Some ties are decided by binary noise, so the two arithmetics are not the same.
    let erpnext = answered(&["--arithmetic", "erpnext"], &text);
    assert_eq!(answers(&default).len(), answers(&erpnext).len());
    assert!(default.stdout != erpnext.stdout);
}

#[test]
fn what_cannot_be_quoted_says_so_in_its_place_and_the_rest_goes_on() {
    let input = b"\xEF\xBB\xBF{\"id\":1,\"items\":[{\"qty\":1,\"rate\":2}]}\r\n\
        \n\
        {\"id\":\"cut off\",\"items\":[{\"qty\":1\n\
        {\"id\":\"no items\"}\n\
        [1, 2]\n\
        {\"id\":\"not text\",\"items\":[{\"qty\":1,\"rate\":1,\"uom\":\"\xFF\"}]}\n\
        {\"id\":\"none\",\"items\":[{\"qty\":0,\"rate\":1}]}\n\
        {\"id\":\"back\",\"is_return\":1,\"return_against\":\"nowhere\",\"items\":[{\"qty\":-1,\"rate\":2}]}\n\
        {\"id\":\"back\",\"is_return\":1,\"return_against\":\"1\",\"items\":[{\"qty\":-1,\"rate\":2,\"return_row\":1}]}\n\
        {\"id\":\"last\",\"items\":[{\"qty\":1,\"rate\":3}]}";
    let answers = answers(&answered(&[], input));
    let found: Vec<String> = answers
        .iter()
        .map(|answer| {
            let outcome = match answer["error"]["reason"].as_str() {
                Some(reason) => reason.to_owned(),
                None => answer["grand_total"].to_string(),
            };
            format!("{} {outcome}", answer["id"])
        })
        .collect();
    let expected = [
        "1 2",
        "null invalid-input",
        "\"no items\" invalid-input",
        "null invalid-input",
        "null invalid-input",
        "\"none\" quantity-zero",
        "\"back\" original-not-found",
        "\"back\" -2",
        "\"last\" 3",
    ];
    assert_eq!(found, expected);
}

#[test]
fn one_object_may_go_over_many_lines() {
    let pretty = "\n{\n  \"id\": \"A\",\n  \"items\": [\n    {\n      \"qty\": 2,\n      \"rate\": 1.5\n    }\n  ]\n}\n";
    let found = answers(&answered(&[], pretty.as_bytes()));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], "A");
    assert_eq!(found[0]["grand_total"].to_string(), "3");

    // A first line that was cut off is not the beginning of everything after it.
    let cut = "{\"id\":\"A\",\"items\":[\n{\"id\":\"B\",\"items\":[{\"qty\":1,\"rate\":1}]}\n{\"id\":\"C\",\"items\":[{\"qty\":1,\"rate\":1}]}\n";
    let found = answers(&answered(&[], cut.as_bytes()));
    let ids: Vec<&Value> = found.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [&Value::Null, &"B".into(), &"C".into()]);
    assert_eq!(found[0]["error"]["reason"], "invalid-input");
    assert_eq!(answered(&[], b"").stdout, b"");
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let mut child = quote(&[]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in 1..=3 {
        writeln!(
            stdin,
            "{{\"id\":{id},\"items\":[{{\"qty\":1,\"rate\":1}}]}}"
        )
        .unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
    }
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_file_that_cannot_be_read_fails_and_says_which() {
    let output = quote(&["no-such-file.jsonl"]).output().unwrap();
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("no-such-file.jsonl"), "{errors}");
}
