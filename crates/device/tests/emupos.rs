//! The till's printer against a simulated Epson TM-T20III on the wire (emupos).
//!
//! Needs `EVERTILL_EMUPOS` or the environment that `cargo xtask test` makes under `target/`; without
//! either these tests fail, they do not skip.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use evertill_core::Coded;
use evertill_device::{PrintError, Printer, PrinterAddress};

/// Euro sign (code page 858), text, cut; then the drawer.
const RECEIPT: &[u8] = b"\x1b@\x1bt\x13Brezel 1,20 \xd5\n\n\n\x1dV\x00\x1bp\x00\x19\xfa";

struct Emupos {
    launcher: Child,
    folder: tempfile::TempDir,
    printer: String,
    api: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

fn emupos_program() -> PathBuf {
    let named = std::env::var_os("EVERTILL_EMUPOS").map(PathBuf::from);
    let program = named.unwrap_or_else(|| repository().join("target/emupos-venv/bin/emupos"));
    assert!(
        program.exists(),
        "{} is missing: run `cargo xtask test`, or set EVERTILL_EMUPOS (see tests/printer/README.md)",
        program.display()
    );
    program
}

impl Emupos {
    fn start(paper: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut launcher = Command::new("python3")
            .arg(repository().join("tests/printer/printer.py"))
            .arg("--emupos")
            .arg(emupos_program())
            .arg("--dir")
            .arg(folder.path())
            .args(["--paper", paper])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        BufReader::new(launcher.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("one line");
        let facts: serde_json::Value = serde_json::from_str(&line).expect("the printer's address");
        let text = |key: &str| facts[key].as_str().expect(key).to_owned();
        Self {
            launcher,
            folder,
            printer: text("printer"),
            api: text("api"),
        }
    }

    fn printer(&self) -> std::sync::Arc<dyn Printer> {
        self.printer
            .parse::<PrinterAddress>()
            .expect("an address")
            .printer()
    }

    /// One request to the control API; the answer's body.
    fn control(&self, method: &str, path: &str) -> String {
        let rest = self.api.strip_prefix("http://").expect("plain http");
        let (authority, base) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(authority).expect("the control API");
        write!(
            stream,
            "{method} /{base}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(
            answer.starts_with("HTTP/1.1 2"),
            "{method} {path}: {answer}"
        );
        answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned())
            .unwrap_or_default()
    }

    fn fault(&self, name: &str, active: bool) {
        self.control(
            if active { "PUT" } else { "DELETE" },
            &format!("/faults/{name}"),
        );
    }

    /// The text of every receipt that came out, oldest first, as soon as there are `at_least` many.
    /// emupos answers first and writes its files a moment later.
    fn receipts(&self, at_least: usize) -> Vec<String> {
        let give_up = Instant::now() + Duration::from_secs(10);
        loop {
            let found = self.files();
            if found.len() >= at_least || Instant::now() > give_up {
                return found;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.folder.path().join("receipts"))
            .expect("the receipts")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .collect();
        files.sort();
        for file in &files {
            let picture = std::fs::read(file.with_extension("png")).expect("the picture");
            assert!(
                picture.starts_with(b"\x89PNG"),
                "each receipt has its picture"
            );
        }
        let text = |file: &PathBuf| std::fs::read_to_string(file.with_extension("txt"));
        files
            .iter()
            .map(|file| text(file).expect("the text"))
            .collect()
    }
}

impl Drop for Emupos {
    fn drop(&mut self) {
        // Closing its input asks the launcher to stop the printer and itself.
        drop(self.launcher.stdin.take());
        let _already_gone = self.launcher.wait();
    }
}

fn code(outcome: &Result<(), PrintError>) -> &str {
    outcome.as_ref().err().map_or("printed", Coded::code)
}

#[tokio::test]
async fn a_receipt_comes_out_once_and_the_drawer_opens() {
    let emupos = Emupos::start("80");
    let printer = emupos.printer();
    let before = printer.status().await.expect("it answers");
    assert_eq!(before.problem(), None);

    assert_eq!(code(&printer.print(RECEIPT).await), "printed");
    let receipts = emupos.receipts(1);
    assert_eq!(receipts.len(), 1);
    assert!(receipts[0].contains("Brezel 1,20 €"), "{receipts:?}");
    let drawer = emupos.control("GET", "");
    assert!(drawer.contains(r#""drawer":"open""#), "{drawer}");
    let after = printer.status().await.expect("it answers");
    assert_ne!(
        before.drawer_pin_high, after.drawer_pin_high,
        "the pin follows the drawer"
    );
}

#[tokio::test]
async fn a_printer_in_trouble_says_so_at_once_and_prints_when_it_is_put_right() {
    let emupos = Emupos::start("80");
    let printer = emupos.printer();
    let table = [
        ("paper-out", "printer_paper_out"),
        ("cover-open", "printer_cover_open"),
        ("offline", "printer_off"),
    ];
    for (round, (fault, expected)) in table.into_iter().enumerate() {
        emupos.fault(fault, true);
        let asked = Instant::now();
        let outcome = printer.print(RECEIPT).await;
        assert_eq!(code(&outcome), expected);
        assert!(outcome.expect_err("not printed").retry_is_safe());
        assert!(
            asked.elapsed() < Duration::from_secs(2),
            "no waiting for a known trouble"
        );
        let status = printer.status().await.expect("it still answers");
        assert_eq!(status.problem().expect("a problem").code(), expected);

        emupos.fault(fault, false);
        // Had the job been sent, it would come out now, in front of the next one.
        assert_eq!(code(&printer.print(RECEIPT).await), "printed");
        assert_eq!(
            emupos.receipts(round + 1).len(),
            round + 1,
            "nothing was held back"
        );
    }
}

#[tokio::test]
async fn a_roll_that_is_nearly_used_up_still_prints() {
    let emupos = Emupos::start("58");
    emupos.fault("paper-near-end", true);
    let printer = emupos.printer();
    assert!(printer.status().await.expect("it answers").paper_low);
    assert_eq!(code(&printer.print(RECEIPT).await), "printed");
    assert_eq!(emupos.receipts(1).len(), 1);
}

#[tokio::test]
async fn twenty_receipts_are_twenty_pictures() {
    let emupos = Emupos::start("80");
    let printer = emupos.printer();
    for number in 1..=20 {
        let job = format!("\u{1b}@receipt {number:02}\n\n\u{1d}V\u{0}");
        assert_eq!(code(&printer.print(job.as_bytes()).await), "printed");
    }
    let receipts = emupos.receipts(20);
    assert_eq!(receipts.len(), 20);
    for number in 1..=20 {
        let words = format!("receipt {number:02}");
        assert_eq!(
            receipts.iter().filter(|text| text.contains(&words)).count(),
            1
        );
    }
}
