//! The hub as a program: killed without warning it keeps every document it acknowledged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use evertill_protocol::{
    BatchResult, DocumentBatch, DocumentList, DocumentResult, Envelope, Outcome,
};
use serde_json::Value;
use support::{Folder, Till, World};
use uuid::Uuid;

const HUB: &str = env!("CARGO_BIN_EXE_evertill-hub");

/// The program with its database, ended when the story ends.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// Serves the folder's database.
    fn serve(folder: &Folder) -> Self {
        let mut child = Command::new(HUB)
            .args(["serve", "--listen", "127.0.0.1:0", "--db"])
            .arg(folder.db())
            .env("EVERTILL_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (_, url) = line.trim().rsplit_once(' ').expect("it says where it is");
        Self {
            child,
            url: url.to_owned(),
        }
    }

    fn url(&self) -> String {
        self.url.clone()
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

/// Publishes a shop to an empty database; the hub serves none without one.
fn publish_shop(folder: &Folder) {
    drop(evertill_hub::repository::Repository::open(&folder.db()).unwrap());
    let lines: Vec<String> = support::shop_records()
        .iter()
        .map(|change| serde_json::to_string(change).unwrap())
        .collect();
    let records = folder.path().join("shop.ndjson");
    std::fs::write(&records, lines.join("\n")).unwrap();
    let (fine, text) = command(folder, &["import", records.to_str().unwrap()]);
    assert!(fine, "{text}");
}

/// Enrols a till at the program.
async fn enrol(program: &Program, folder: &Folder, till: &mut Till) {
    let (fine, code) = command(folder, &["enrol-code"]);
    assert!(fine, "{code}");
    let code = code.trim();
    let request = serde_json::json!({
        "code": code, "device_name": "Front", "platform": "test", "app_version": "0",
    });
    let url = format!("{}/v1/devices/enrol", program.url());
    let answer = till.http.post(url).json(&request).send().await.unwrap();
    till.enrolled = answer.json().await.unwrap();
    till.hub = program.url();
}

/// Posts batches of three until the program is killed, which happens after ten answers. Returns
/// every result that was acknowledged.
async fn post_until_killed(
    program: Program,
    till: &Till,
    batches: Vec<Vec<Envelope>>,
) -> Vec<DocumentResult> {
    let (answers, mut answered) = tokio::sync::mpsc::unbounded_channel();
    let url = format!("{}/v1/documents", till.hub);
    let (http, token) = (till.http.clone(), till.enrolled.token.clone());
    let sender = tokio::spawn(async move {
        for documents in batches {
            let body = DocumentBatch { documents };
            let answer = http.post(&url).bearer_auth(&token).json(&body).send().await;
            let Ok(answer) = answer else { return };
            let Ok(result) = answer.json::<BatchResult>().await else {
                return;
            };
            let _ = answers.send(result);
        }
    });
    let mut acknowledged = Vec::new();
    // After some were acknowledged, and while more are on their way.
    for _ in 0..10 {
        acknowledged.extend(answered.recv().await.expect("the hub answers").results);
    }
    program.kill();
    sender.await.unwrap();
    while let Some(result) = answered.recv().await {
        acknowledged.extend(result.results);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_posting_it_keeps_what_it_acknowledged() {
    let folder = Folder::new();
    publish_shop(&folder);
    let mut program = Program::serve(&folder);
    // The world in this process lends its clock and its invoices; the hub is the program.
    let world = World::open().await;
    let mut till = world.till().await;
    enrol(&program, &folder, &mut till).await;

    let mut acknowledged = Vec::new();
    let mut sent: Vec<Envelope> = Vec::new();
    for _ in 0..3 {
        till.hub = program.url();
        let three = || (0..3).map(|_| till.envelope(&till.invoice())).collect();
        let batches: Vec<Vec<Envelope>> = (0..200).map(|_| three()).collect();
        sent.extend(batches.iter().flatten().cloned());
        acknowledged.extend(post_until_killed(program, &till, batches).await);
        program = Program::serve(&folder);
    }
    assert!(acknowledged.len() >= 90, "{}", acknowledged.len());
    assert!(
        acknowledged.len() < sent.len(),
        "it was killed before the end"
    );
    for result in &acknowledged {
        assert_eq!(result.outcome, Outcome::Accepted, "{result:?}");
    }

    till.hub = program.url();
    let mut keys = BTreeSet::new();
    let mut after = 0;
    loop {
        let path = format!("/v1/documents?after={after}&limit=1000");
        let page: DocumentList = till.get(&path).await.unwrap();
        keys.extend(page.documents.iter().map(|document| document.key));
        let Some(next) = page.next else { break };
        after = next;
    }
    for result in &acknowledged {
        assert!(
            keys.contains(&result.key),
            "{} was acknowledged and is gone",
            result.key
        );
    }
    send_all_again(&till, &sent, &keys).await;
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

/// Sending everything again posts what was lost on the way, each once.
async fn send_all_again(till: &Till, sent: &[Envelope], keys: &BTreeSet<Uuid>) {
    for batch in sent.chunks(500) {
        for result in till.post(batch).await.results {
            let known = keys.contains(&result.key);
            let expected = if known {
                Outcome::Duplicate
            } else {
                Outcome::Accepted
            };
            assert_eq!(result.outcome, expected);
        }
    }
}

#[test]
fn its_commands_say_what_they_do() {
    let folder = Folder::new();
    let (fine, text) = command(&folder, &["report", "--json"]);
    assert!(!fine && text.contains("There is no database"), "{text}");

    publish_shop(&folder);
    let program = Program::serve(&folder);
    // Commands work beside the running hub.
    let (fine, first) = command(&folder, &["enrol-code"]);
    assert!(fine && first.trim().len() == 9, "{first}");
    let (fine, second) = command(&folder, &["enrol-code"]);
    assert!(fine && second != first, "a fresh code each time: {second}");
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
         {\"delete\":{\"kind\":\"category\",\"id\":\"all\"}}\n",
    )
    .unwrap();
    let (fine, text) = command(&folder, &["import", records.to_str().unwrap()]);
    assert!(fine && text.contains("2 of 2"), "{text}");
    std::fs::write(&records, "{\"kind\":\"category\",\"id\":\"half\"}\n").unwrap();
    let (fine, text) = command(&folder, &["import", records.to_str().unwrap()]);
    assert!(!fine && text.contains("line 1"), "{text}");
}
