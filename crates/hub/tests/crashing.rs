//! The hub as a program: killed without warning it keeps every document it acknowledged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use evertill_protocol::{DocumentList, Envelope, Outcome};
use serde_json::Value;
use support::{Folder, World};

const HUB: &str = env!("CARGO_BIN_EXE_evertill-hub");

/// The program with its database, ended when the story ends.
struct Program {
    child: Child,
    greeting: Value,
}

impl Program {
    fn demo(folder: &Folder) -> Self {
        let mut child = Command::new(HUB)
            .args(["demo", "--listen", "127.0.0.1:0", "--print-json", "--db"])
            .arg(folder.db())
            .env("EVERTILL_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            greeting: serde_json::from_str(&line).unwrap(),
        }
    }

    fn url(&self) -> String {
        self.greeting["url"].as_str().unwrap().to_owned()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Folder, arguments: &[&str]) -> (bool, String) {
    let (verb, rest) = arguments.split_first().unwrap();
    let db = folder.db();
    let output = Command::new(HUB)
        .args([*verb, "--db", db.to_str().unwrap()])
        .args(rest)
        .env("EVERTILL_LOG", "warn")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (
        output.status.success(),
        text + &String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_posting_it_keeps_what_it_acknowledged() {
    let folder = Folder::new();
    let mut program = Program::demo(&folder);
    // The in-process world lends its clock and its way to enrol; the hub is the program.
    let world = World::open().await;
    let mut till = world.till().await;
    let code = program.greeting["enrol_code"].as_str().unwrap();
    let enrolled: evertill_protocol::EnrolResponse = till
        .http
        .post(format!("{}/v1/devices/enrol", program.url()))
        .json(&serde_json::json!({
            "code": code, "device_name": "Front", "platform": "test", "app_version": "0",
        }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    till.enrolled = enrolled;
    let till = Arc::new(std::sync::RwLock::new(till));

    let mut acknowledged = Vec::new();
    let mut sent: Vec<Envelope> = Vec::new();
    for _ in 0..3 {
        till.write().unwrap().hub = program.url();
        let (answers, mut answered) = tokio::sync::mpsc::unbounded_channel();
        let batches: Vec<Vec<Envelope>> = {
            let till = till.read().unwrap();
            (0..200)
                .map(|_| (0..3).map(|_| till.envelope(&till.invoice())).collect())
                .collect()
        };
        sent.extend(batches.iter().flatten().cloned());
        let (http, url, token) = {
            let till = till.read().unwrap();
            let token = till.enrolled.token.clone();
            (
                till.http.clone(),
                format!("{}/v1/documents", till.hub),
                token,
            )
        };
        let sender = tokio::spawn(async move {
            for batch in batches {
                let body = evertill_protocol::DocumentBatch { documents: batch };
                let answer = http.post(&url).bearer_auth(&token).json(&body).send().await;
                let Ok(answer) = answer else { return };
                let Ok(result) = answer.json::<evertill_protocol::BatchResult>().await else {
                    return;
                };
                let _ = answers.send(result);
            }
        });
        // After some were acknowledged, and while more are on their way.
        let mut seen = 0;
        while seen < 10 {
            let result = answered.recv().await.expect("the hub answers");
            acknowledged.extend(result.results);
            seen += 1;
        }
        program.kill();
        sender.await.unwrap();
        while let Some(result) = answered.recv().await {
            acknowledged.extend(result.results);
        }
        program = Program::demo(&folder);
        assert_eq!(
            program.greeting["filled"],
            Value::Bool(false),
            "the shop is still there"
        );
    }
    assert!(acknowledged.len() >= 90, "{}", acknowledged.len());
    assert!(
        acknowledged.len() < sent.len(),
        "it was killed before the end"
    );
    for result in &acknowledged {
        assert_eq!(result.outcome, Outcome::Accepted, "{result:?}");
    }

    let mut till = Arc::into_inner(till).unwrap().into_inner().unwrap();
    till.hub = program.url();
    let listed: DocumentList = till.get("/v1/documents?limit=1000").await.unwrap();
    let keys: std::collections::BTreeSet<_> = listed
        .documents
        .iter()
        .map(|document| document.key)
        .collect();
    for result in &acknowledged {
        assert!(
            keys.contains(&result.key),
            "{} was acknowledged and is gone",
            result.key
        );
    }
    // Sending everything again posts the rest, each once.
    for batch in sent.chunks(500) {
        for result in till.post(batch).await.results {
            let expected = if keys.contains(&result.key) {
                Outcome::Duplicate
            } else {
                Outcome::Accepted
            };
            assert_eq!(result.outcome, expected);
        }
    }
    let (fine, report) = command(&folder, &["report", "--json"]);
    assert!(fine, "{report}");
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["sales"], sent.len());
    assert_eq!(report["lines"], 2 * sent.len());
    assert_eq!(report["total"], 379 * sent.len());
    assert_eq!(report["duplicates"], 0);
    program.kill();
    world.hub.stop().await;
}

#[test]
fn the_demo_fills_a_shop_once_and_its_commands_say_what_they_do() {
    let folder = Folder::new();
    let (fine, text) = command(&folder, &["report", "--json"]);
    assert!(!fine && text.contains("there is no database"), "{text}");

    let program = Program::demo(&folder);
    assert_eq!(program.greeting["filled"], Value::Bool(true));
    assert_eq!(program.greeting["users"].as_array().unwrap().len(), 5);
    let first = program.greeting["enrol_code"].clone();
    // Commands work beside the running hub.
    let (fine, code) = command(&folder, &["enrol-code"]);
    assert!(fine && code.trim().len() == 9, "{code}");
    program.kill();

    let program = Program::demo(&folder);
    assert_eq!(program.greeting["filled"], Value::Bool(false));
    assert_ne!(
        program.greeting["enrol_code"], first,
        "a fresh code each time"
    );
    program.kill();

    let (fine, text) = command(&folder, &["report"]);
    assert!(
        fine && text.contains("sales") && text.contains("quarantined"),
        "{text}"
    );
    let (fine, text) = command(&folder, &["revoke", "77"]);
    assert!(!fine, "{text}");

    let records = folder.path().join("records.ndjson");
    std::fs::write(
        &records,
        "{\"kind\":\"category\",\"id\":\"new\",\"name\":\"New\",\"position\":99}\n\n\
         {\"delete\":{\"kind\":\"category\",\"id\":\"fuel\"}}\n",
    )
    .unwrap();
    let (fine, text) = command(&folder, &["import", records.to_str().unwrap()]);
    assert!(fine && text.contains("2 of 2"), "{text}");
    std::fs::write(&records, "{\"kind\":\"category\",\"id\":\"half\"}\n").unwrap();
    let (fine, text) = command(&folder, &["import", records.to_str().unwrap()]);
    assert!(!fine && text.contains("line 1"), "{text}");
}
