//! A sale never waits for paper. Time is simulated: it passes while everybody waits.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{World, call, refused, sell_cola, until};
use evertill_app::{PrintError, PrinterChoice, Till};
use serde_json::{Value, json};

async fn state(till: &Till, sale: &Value) -> Value {
    call(
        till,
        "receipt.state",
        json!({"invoice_id": sale["invoice_id"]}),
    )
    .await
}

/// Long enough for everything that the till does by itself.
async fn an_hour_passes() {
    tokio::time::sleep(Duration::from_secs(3_600)).await;
}

#[tokio::test(start_paused = true)]
async fn receipts_wait_for_a_printer_in_trouble_and_come_out_in_order() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let unreachable = PrintError::Unreachable {
        address: "p:9100".into(),
        detail: "off".into(),
    };
    *world.printer.trouble.lock().unwrap() = Some(unreachable);
    let first = sell_cola(&till).await;
    until("the till knows", async || {
        state(&till, &first).await["code"] == "printer_unreachable"
    })
    .await;
    *world.printer.trouble.lock().unwrap() = Some(PrintError::PaperOut);
    let second = sell_cola(&till).await;
    until("the till knows", async || {
        state(&till, &second).await["code"] == "printer_paper_out"
    })
    .await;
    assert_eq!(state(&till, &first).await["state"], "waiting");
    let printer = call(&till, "till.state", json!({})).await["printer"].clone();
    assert_eq!(printer["state"], "problem");
    assert_eq!(printer["code"], "printer_paper_out");

    *world.printer.trouble.lock().unwrap() = None;
    until("both are out", async || {
        world.printer.jobs.lock().unwrap().len() == 2
    })
    .await;
    let jobs = world.printer.jobs.lock().unwrap().clone();
    assert!(jobs[0].contains("03-000001") && jobs[1].contains("03-000002"));
    assert!(jobs.iter().all(|job| !job.contains("COPY")));
    until("it says so", async || {
        state(&till, &second).await["state"] == "printed"
    })
    .await;
    till.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_printer_holds_nobody_up() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    world.printer.busy.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let sale = sell_cola(&till).await;
        assert_eq!(state(&till, &sale).await["state"], "printing");
    }
    // Three sales are closed and not even the first receipt is out.
    let tries = async || world.printer.tries.load(Ordering::SeqCst) == 1;
    until("the first is on its way", tries).await;
    assert!(world.printer.jobs.lock().unwrap().is_empty());
    world.printer.busy.store(false, Ordering::SeqCst);
    till.shutdown().await;
    drop(till);
    // What was not out yet comes out after the restart, each once.
    let till = world.start().await;
    until("all are out", async || {
        world.printer.jobs.lock().unwrap().len() == 3
    })
    .await;
    till.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn printing_again_is_a_copy_and_says_so() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let sale = sell_cola(&till).await;
    until("it is out", async || {
        state(&till, &sale).await["state"] == "printed"
    })
    .await;
    let again = json!({"invoice_id": sale["invoice_id"]});
    call(&till, "receipt.print_again", again.clone()).await;
    until("the copy is out", async || {
        world.printer.jobs.lock().unwrap().len() == 2
    })
    .await;
    assert!(!world.printer.jobs.lock().unwrap()[0].contains("COPY"));
    assert!(world.printer.jobs.lock().unwrap()[1].contains("COPY"));
    until("it says so", async || {
        state(&till, &sale).await["state"] == "printed"
    })
    .await;
    let unknown = json!({"invoice_id": "00000000-0000-7000-8000-000000000000"});
    assert_eq!(
        refused(&till, "receipt.print_again", unknown).await.code,
        "invoice_unknown"
    );
    till.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_may_be_on_paper_is_printed_again_by_a_person_only_and_as_a_copy() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let unknown = PrintError::Unknown {
        cause: Box::new(PrintError::PaperOut),
    };
    *world.printer.trouble.lock().unwrap() = Some(unknown);
    let sale = sell_cola(&till).await;
    until("the till gave up", async || {
        state(&till, &sale).await["state"] == "failed"
    })
    .await;
    assert_eq!(state(&till, &sale).await["code"], "printer_unknown");
    *world.printer.trouble.lock().unwrap() = None;
    an_hour_passes().await;
    assert!(
        world.printer.jobs.lock().unwrap().is_empty(),
        "it was printed twice"
    );
    call(
        &till,
        "receipt.print_again",
        json!({"invoice_id": sale["invoice_id"]}),
    )
    .await;
    until("the copy is out", async || {
        world.printer.jobs.lock().unwrap().len() == 1
    })
    .await;
    assert!(world.printer.jobs.lock().unwrap()[0].contains("COPY"));
    till.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn asked_for_during_the_first_print_it_comes_out_a_second_time_as_a_copy() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    world.printer.busy.store(true, Ordering::SeqCst);
    let sale = sell_cola(&till).await;
    let under_way = async || world.printer.tries.load(Ordering::SeqCst) == 1;
    until("the first is on its way", under_way).await;
    let again = json!({"invoice_id": sale["invoice_id"]});
    call(&till, "receipt.print_again", again).await;
    world.printer.busy.store(false, Ordering::SeqCst);
    let both = async || world.printer.jobs.lock().unwrap().len() == 2;
    until("both are out", both).await;
    let jobs = world.printer.jobs.lock().unwrap().clone();
    assert!(!jobs[0].contains("COPY") && jobs[1].contains("COPY"));
    till.shutdown().await;
}

/// A receipt whose first print may be on paper, and a copy of it that meets `trouble`: whatever
/// comes out in the end is marked as a copy.
async fn unknown_then(trouble: PrintError, code: &str) {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let unknown = PrintError::Unknown {
        cause: Box::new(PrintError::PaperOut),
    };
    *world.printer.trouble.lock().unwrap() = Some(unknown);
    let sale = sell_cola(&till).await;
    let gave_up = async || state(&till, &sale).await["state"] == "failed";
    until("the till gave up", gave_up).await;
    *world.printer.trouble.lock().unwrap() = Some(trouble);
    let tries = world.printer.tries.load(Ordering::SeqCst);
    let again = json!({"invoice_id": sale["invoice_id"]});
    call(&till, "receipt.print_again", again.clone()).await;
    let tried = async || world.printer.tries.load(Ordering::SeqCst) > tries;
    until(code, tried).await;
    *world.printer.trouble.lock().unwrap() = None;
    call(&till, "receipt.print_again", again).await;
    let out = async || state(&till, &sale).await["state"] == "printed";
    until("it is out", out).await;
    let jobs = world.printer.jobs.lock().unwrap().clone();
    assert!(!jobs.is_empty(), "{code}");
    assert!(
        jobs.iter().all(|job| job.contains("COPY")),
        "{code}: {jobs:?}"
    );
    till.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_meets_trouble_never_becomes_an_original() {
    unknown_then(PrintError::PaperOut, "the copy waits").await;
    unknown_then(PrintError::None, "there is no printer").await;
}

#[tokio::test(start_paused = true)]
async fn a_till_without_a_printer_sells_and_prints_when_one_is_set_up() {
    let world = World::new();
    let mut config = world.config();
    config.printer = PrinterChoice::Stored;
    let till = world.enrolled().await;
    till.shutdown().await;
    drop(till);
    let till = Till::start(config).await.unwrap();
    common::sign_in(&till, "ada").await;
    let sale = sell_cola(&till).await;
    until("the till gave up", async || {
        state(&till, &sale).await["state"] == "failed"
    })
    .await;
    assert_eq!(state(&till, &sale).await["code"], "printer_none");
    assert_eq!(
        call(&till, "till.state", json!({})).await["printer"]["state"],
        "none"
    );

    let wrong = json!({"kind": "tcp", "address": "http://printer", "paper": "80"});
    let fault = refused(&till, "settings.printer", wrong).await;
    assert_eq!(fault.code, "printer_address_invalid");
    let paper = world.dir.join("receipts.bin");
    let file = json!({"kind": "file", "address": paper, "paper": "58"});
    let printer = call(&till, "settings.printer", file).await;
    assert_eq!(printer["kind"], "file");
    assert_eq!(printer["state"], "unknown");
    an_hour_passes().await;
    assert!(!paper.exists(), "old receipts came out by themselves");
    call(
        &till,
        "receipt.print_again",
        json!({"invoice_id": sale["invoice_id"]}),
    )
    .await;
    until("it is out", async || {
        state(&till, &sale).await["state"] == "printed"
    })
    .await;
    let printed = String::from_utf8_lossy(&std::fs::read(&paper).unwrap()).into_owned();
    assert!(printed.contains("03-000001") && !printed.contains("COPY"));
    till.shutdown().await;
}

#[test]
fn a_receipt_that_was_on_its_way_when_the_till_died_is_not_printed_twice_by_itself() {
    died_while_printing(false);
}

#[test]
fn nor_is_one_that_was_asked_for_again_meanwhile() {
    died_while_printing(true);
}

fn died_while_printing(asked_again: bool) {
    let world = World::new();
    let dying = tokio::runtime::Runtime::new().unwrap();
    world.printer.busy.store(true, Ordering::SeqCst);
    let (first, second) = dying.block_on(async {
        let till = world.signed_in("ana").await;
        let sales = (sell_cola(&till).await, sell_cola(&till).await);
        until("the first is on its way", async || {
            world.printer.tries.load(Ordering::SeqCst) == 1
        })
        .await;
        if asked_again {
            let again = json!({"invoice_id": sales.0["invoice_id"]});
            call(&till, "receipt.print_again", again).await;
        }
        sales
    });
    // Nothing is told that it has to end, as with a pulled plug.
    dying.shutdown_timeout(Duration::from_secs(5));
    world.printer.busy.store(false, Ordering::SeqCst);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let till = world.start().await;
        common::sign_in(&till, "ana").await;
        until("the second is out", async || {
            state(&till, &second).await["state"] == "printed"
        })
        .await;
        assert_eq!(world.printer.jobs.lock().unwrap().len(), 1);
        assert!(world.printer.jobs.lock().unwrap()[0].contains("03-000002"));
        let first = state(&till, &first).await;
        assert_eq!(first["state"], "failed");
        assert_eq!(first["code"], "printer_unknown");
        till.shutdown().await;
    });
}
