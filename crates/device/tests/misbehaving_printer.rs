//! A printer on loopback that stops, stutters and lies, to see what the till says about each job.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use evertill_core::Coded;
use evertill_device::{FilePrinter, NoPrinter, PrintError, Printer, TcpPatience, TcpPrinter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const READY: [u8; 4] = [0x12, 0x12, 0x12, 0x12];
const NO_PAPER: [u8; 4] = [0x1A, 0x32, 0x12, 0x7E];
const COVER_OPEN: [u8; 4] = [0x1A, 0x16, 0x12, 0x12];
const JOB: &[u8] = b"\x1b@Two rolls 1.00\n\x1dV\x00";

/// What the printer at the other end does.
#[derive(Clone, Copy)]
enum Manner {
    /// Accepts connections and says nothing, ever.
    Silent,
    /// Says how it is, then answers everything as it should.
    Fine([u8; 4]),
    /// Takes the job, waits, then confirms it.
    Slow(Duration),
    /// Takes the job and stays in this state without confirming it.
    StuckAs([u8; 4]),
    /// Takes the job, is out of paper for a while, then finishes it.
    NewRollAfter(Duration),
    /// Takes the job, then closes the connection.
    HangsUp,
    /// Sends flow control and unasked status around every answer.
    Chatty,
    /// Says it is ready, then reads nothing more.
    NeverReads,
}

struct Bench {
    printer: TcpPrinter,
    jobs: Arc<AtomicUsize>,
}

fn quick() -> TcpPatience {
    TcpPatience {
        connect: Duration::from_secs(2),
        status: Duration::from_secs(1),
        write: Duration::from_millis(500),
        finish: Duration::from_secs(4),
        trouble: Duration::from_millis(1_500),
    }
}

async fn bench(manner: Manner) -> Bench {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("the port").port();
    let jobs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&jobs);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, manner, Arc::clone(&counter)));
        }
    });
    Bench {
        printer: TcpPrinter::new("127.0.0.1", port, quick()),
        jobs,
    }
}

/// Plays the printer on one connection; returns when the till hangs up.
async fn serve(mut stream: TcpStream, manner: Manner, jobs: Arc<AtomicUsize>) -> Option<()> {
    let mut seen: Vec<u8> = Vec::new();
    let mut taken_at: Option<Instant> = None;
    loop {
        let mut byte = [0_u8; 1];
        if matches!(manner, Manner::NeverReads) && seen.len() >= 12 {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        seen.extend_from_slice(&byte);
        if seen.ends_with(&[0x1D, 0x72, 1]) {
            jobs.fetch_add(1, Ordering::SeqCst);
            taken_at = Some(Instant::now());
            finish(&mut stream, manner).await?;
        } else if let [.., 0x10, 0x04, n @ 1..=4] = seen.as_slice() {
            let at = usize::from(*n) - 1;
            answer(&mut stream, manner, at, taken_at).await?;
        }
    }
}

async fn finish(stream: &mut TcpStream, manner: Manner) -> Option<()> {
    match manner {
        Manner::Fine(_) => stream.write_all(&[0x00]).await.ok(),
        Manner::Chatty => stream.write_all(&[0x13, 0x11, 0x93, 0x03]).await.ok(),
        Manner::Slow(pause) => {
            tokio::time::sleep(pause).await;
            stream.write_all(&[0x00]).await.ok()
        }
        Manner::HangsUp => None,
        _ => Some(()),
    }
}

async fn answer(
    stream: &mut TcpStream,
    manner: Manner,
    at: usize,
    taken_at: Option<Instant>,
) -> Option<()> {
    let state = match (manner, taken_at) {
        (Manner::Silent, _) => return Some(()),
        (Manner::Fine(state), None) => state,
        (Manner::StuckAs(state), Some(_)) => state,
        (Manner::NewRollAfter(pause), Some(taken)) => {
            if taken.elapsed() < pause {
                NO_PAPER
            } else {
                stream.write_all(&[0x00]).await.ok()?;
                READY
            }
        }
        (Manner::Chatty, None) => {
            stream.write_all(&[0x11]).await.ok()?;
            READY
        }
        _ => READY,
    };
    stream.write_all(&state[at..=at]).await.ok()
}

fn code(outcome: &Result<(), PrintError>) -> &str {
    outcome.as_ref().err().map_or("printed", Coded::code)
}

/// The cause that goes with `printer_unknown`.
fn cause(outcome: &Result<(), PrintError>) -> String {
    let params = outcome
        .as_ref()
        .err()
        .map(Coded::params)
        .unwrap_or_default();
    params
        .into_iter()
        .find(|(name, _)| *name == "cause")
        .map(|(_, value)| value)
        .unwrap_or_default()
}

#[tokio::test]
async fn a_printer_in_trouble_gets_nothing_and_the_job_can_be_tried_again() {
    let table = [
        (Manner::Silent, "printer_timeout"),
        (Manner::Fine(NO_PAPER), "printer_paper_out"),
        (Manner::Fine(COVER_OPEN), "printer_cover_open"),
        (Manner::Fine([0x1A, 0x12, 0x12, 0x12]), "printer_off"),
        (Manner::Fine([0x1A, 0x52, 0x1A, 0x12]), "printer_fault"),
    ];
    for (manner, expected) in table {
        let bench = bench(manner).await;
        let outcome = bench.printer.print(JOB).await;
        assert_eq!(code(&outcome), expected);
        assert!(outcome.expect_err("not printed").retry_is_safe());
        assert_eq!(
            bench.jobs.load(Ordering::SeqCst),
            0,
            "{expected}: nothing may be sent"
        );
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable() {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("the port").port();
    drop(listener);
    let outcome = TcpPrinter::new("127.0.0.1", port, quick()).print(JOB).await;
    assert_eq!(code(&outcome), "printer_unreachable");
    let error = outcome.expect_err("not printed");
    assert!(error.retry_is_safe());
    assert!(
        error.to_string().contains(&port.to_string()),
        "the sentence names the address"
    );
}

#[tokio::test]
async fn a_job_without_confirmation_is_unknown_and_never_sent_again_by_itself() {
    let table = [
        (Manner::StuckAs(NO_PAPER), "printer_paper_out"),
        (Manner::StuckAs(COVER_OPEN), "printer_cover_open"),
        (Manner::StuckAs(READY), "printer_timeout"),
        (Manner::HangsUp, "printer_unreachable"),
    ];
    for (manner, expected_cause) in table {
        let bench = bench(manner).await;
        let outcome = bench.printer.print(JOB).await;
        assert_eq!(code(&outcome), "printer_unknown", "{expected_cause}");
        assert_eq!(cause(&outcome), expected_cause);
        assert!(!outcome.expect_err("not confirmed").retry_is_safe());
        assert_eq!(
            bench.jobs.load(Ordering::SeqCst),
            1,
            "sent once and not again"
        );
    }
}

#[tokio::test]
async fn a_printer_that_stops_reading_is_unknown_too() {
    let bench = bench(Manner::NeverReads).await;
    // More than the sockets of both sides can hold.
    let outcome = bench.printer.print(&vec![b'x'; 32 * 1024 * 1024]).await;
    assert_eq!(code(&outcome), "printer_unknown");
    assert_eq!(cause(&outcome), "printer_timeout");
}

#[tokio::test]
async fn slow_and_chatty_printers_and_a_new_roll_in_time_are_all_printed() {
    for manner in [
        Manner::Fine(READY),
        Manner::Slow(Duration::from_millis(1_800)),
        Manner::NewRollAfter(Duration::from_millis(700)),
        Manner::Chatty,
    ] {
        let bench = bench(manner).await;
        assert_eq!(code(&bench.printer.print(JOB).await), "printed");
        assert_eq!(bench.jobs.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn jobs_take_turns() {
    let bench = Arc::new(bench(Manner::Slow(Duration::from_millis(200))).await);
    let started = Instant::now();
    let both = [Arc::clone(&bench), Arc::clone(&bench)]
        .map(|bench| tokio::spawn(async move { bench.printer.print(JOB).await }));
    for job in both {
        assert_eq!(code(&job.await.expect("no panic")), "printed");
    }
    assert!(
        started.elapsed() >= Duration::from_millis(400),
        "one after the other"
    );
}

#[tokio::test]
async fn without_a_printer_the_receipt_waits() {
    let outcome = NoPrinter.print(JOB).await;
    assert_eq!(code(&outcome), "printer_none");
    assert!(outcome.expect_err("none").retry_is_safe());
    assert!(NoPrinter.status().await.is_err());
}

#[tokio::test]
async fn a_file_takes_every_job_and_says_when_it_cannot() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("receipts.bin");
    let printer = FilePrinter::new(&path);
    assert!(printer.status().await.is_ok());
    printer.print(b"one").await.expect("printed");
    printer.print(b"two").await.expect("printed");
    assert_eq!(std::fs::read(&path).expect("the file"), b"onetwo");

    let nowhere = FilePrinter::new(folder.path().join("missing/receipts.bin"));
    let outcome = nowhere.print(JOB).await;
    assert_eq!(code(&outcome), "printer_file");
    assert!(outcome.expect_err("no folder").retry_is_safe());
    assert!(nowhere.status().await.is_err());
}
