//! Paper is the last thing a sale waits for.

use std::time::{Duration, Instant};

use evertill_app::types::{PrintState, PrintView, PrinterCondition, PrinterView};
use evertill_testkit::{BREAD, COFFEE, MILK, PrinterBehaviour, World};
use serde_json::json;

/// What a printer does (switched off where it is nothing), the code the window shows, and how the
/// receipt stands.
const TROUBLES: [(Option<PrinterBehaviour>, &str, PrintState); 5] = [
    (
        Some(PrinterBehaviour::NoPaper),
        "printer_paper_out",
        PrintState::Waiting,
    ),
    (
        Some(PrinterBehaviour::Silent),
        "printer_timeout",
        PrintState::Waiting,
    ),
    (None, "printer_unreachable", PrintState::Waiting),
    (
        Some(PrinterBehaviour::Vanishes),
        "printer_unknown",
        PrintState::Failed,
    ),
    (
        Some(PrinterBehaviour::PrintsAndVanishes),
        "printer_unknown",
        PrintState::Failed,
    ),
];

/// Whatever the printer does, the sale is made, posted, and no slower for it.
#[tokio::test(flavor = "multi_thread")]
async fn no_printer_can_hold_up_or_lose_a_sale() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    for (sales, (behaviour, code, state)) in (1..).zip(TROUBLES) {
        match behaviour {
            Some(behaviour) => till.printer.is(behaviour),
            None => till.printer.switch_off().await,
        }
        let begun = Instant::now();
        let sale = till.sell(&[&MILK, &BREAD]).await;
        assert!(
            begun.elapsed() < Duration::from_millis(1500),
            "{behaviour:?}: {:?}",
            begun.elapsed()
        );
        till.until_synced().await;
        assert_eq!(world.hub().report().sales, sales, "{behaviour:?}");
        let begun = Instant::now();
        loop {
            let print = till.receipt(&sale).await;
            if print.state == state && print.code.as_deref() == Some(code) {
                assert!(
                    print.message.is_some_and(|text| text.ends_with('.')),
                    "a sentence"
                );
                break;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{behaviour:?}: {print:?}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // All is well again before the next one.
        till.printer.is(PrinterBehaviour::Fine);
        till.printer.switch_on();
        if state == PrintState::Waiting {
            till.until_receipt(&sale, PrintState::Printed).await;
        }
    }
    let paper = till.printer.printed();
    assert!(
        paper.iter().all(|paper| !paper.says("COPY")),
        "no original was called a copy"
    );
    let printed: usize = (1..=5)
        .map(|n| till.printer.printed_with(&format!("01-00000{n}")).len())
        .sum();
    assert_eq!(
        printed, 4,
        "three waited and came, one came and was not confirmed, one never came"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_wait_for_the_printer_and_come_in_their_order() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.printer.switch_off().await;
    let mut last = None;
    for good in [&MILK, &BREAD, &COFFEE] {
        last = Some(till.sell(&[good]).await);
    }
    let last = last.unwrap();
    till.until_receipt(&last, PrintState::Waiting).await;
    // The till is switched off over night; the receipts are still wanted in the morning.
    till.restart().await;
    till.sign_in("ana").await;
    assert!(till.printer.printed().is_empty());
    till.printer.switch_on();
    till.until_receipt(&last, PrintState::Printed).await;
    let paper = till.printer.printed();
    assert_eq!(paper.len(), 3, "each once");
    for (number, paper) in (1..).zip(&paper) {
        assert!(paper.says(&format!("01-00000{number}")), "{paper:?}");
        assert!(!paper.says("COPY"), "late, but the original");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reprint_is_marked_as_a_copy_and_opens_no_drawer() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let sale = till.sell(&[&COFFEE]).await;
    till.until_receipt(&sale, PrintState::Printed).await;
    let again = json!({ "invoice_id": sale.invoice_id });
    till.ask::<PrintView>("receipt.print_again", again.clone())
        .await;
    let paper = till.printed(2).await;
    assert!(!paper[0].says("COPY") && paper[0].opened_drawer());
    assert!(
        paper[1].says("COPY") && !paper[1].opened_drawer(),
        "{:?}",
        paper[1]
    );
    assert!(paper[1].says(&sale.number));
    // A copy is marked as one across a restart, too.
    till.until_receipt(&sale, PrintState::Printed).await;
    till.crash().await;
    till.sign_in("leo").await;
    till.ask::<PrintView>("receipt.print_again", again).await;
    assert!(till.printed(3).await[2].says("COPY"));
    let nothing = json!({ "invoice_id": "00000000-0000-7000-8000-000000000000" });
    assert_eq!(
        till.refused("receipt.print_again", nothing).await.code,
        "invoice_unknown"
    );
    assert_eq!(world.hub().report().sales, 1, "paper sells nothing");
}

/// The job may be on the counter already: a person looks, and what they print then is a copy.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_may_have_come_out_is_not_printed_again_by_itself() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.printer.is(PrinterBehaviour::PrintsAndVanishes);
    let sale = till.sell(&[&MILK]).await;
    let print = till.until_receipt(&sale, PrintState::Failed).await;
    assert_eq!(print.code.as_deref(), Some("printer_unknown"));
    till.printer.is(PrinterBehaviour::Fine);
    let next = till.sell(&[&BREAD]).await;
    till.until_receipt(&next, PrintState::Printed).await;
    assert_eq!(till.printer.printed_with(&sale.number).len(), 1);
    till.ask::<PrintView>(
        "receipt.print_again",
        json!({ "invoice_id": sale.invoice_id }),
    )
    .await;
    till.until_receipt(&sale, PrintState::Printed).await;
    let both = till.printer.printed_with(&sale.number);
    assert_eq!(both.len(), 2);
    assert!(both[1].says("COPY"), "{:?}", both[1]);
}

/// Slow is not broken: the till waits for the printer, and nobody waits for the till.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_printer_prints_everything_once() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.printer
        .is(PrinterBehaviour::Slow(Duration::from_millis(700)));
    let begun = Instant::now();
    let mut last = None;
    for _ in 0..3 {
        last = Some(till.sell(&[&MILK]).await);
    }
    assert!(
        begun.elapsed() < Duration::from_millis(2000),
        "{:?}",
        begun.elapsed()
    );
    till.until_receipt(&last.unwrap(), PrintState::Printed)
        .await;
    assert_eq!(till.printer.printed().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_till_says_how_the_printer_is() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ada").await;
    assert_eq!(till.state().await.printer.state, PrinterCondition::Unknown);
    till.printer.is(PrinterBehaviour::NoPaper);
    let sale = till.sell(&[&MILK]).await;
    till.until_receipt(&sale, PrintState::Waiting).await;
    let begun = Instant::now();
    while till.state().await.printer.code.as_deref() != Some("printer_paper_out") {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    till.printer.is(PrinterBehaviour::Fine);
    till.until_receipt(&sale, PrintState::Printed).await;
    assert_eq!(till.state().await.printer.state, PrinterCondition::Ready);

    for (kind, address) in [("tcp", "not an address"), ("tcp", "host:0"), ("file", " ")] {
        let request = json!({ "kind": kind, "address": address, "paper": "80" });
        assert_eq!(
            till.refused("settings.printer", request).await.code,
            "printer_address_invalid"
        );
    }
    let none = json!({ "kind": "none", "address": "", "paper": "58" });
    let view: PrinterView = till.ask("settings.printer", none).await;
    assert_eq!(view.state, PrinterCondition::None);
    let sale = till.sell(&[&BREAD]).await;
    let print = till.until_receipt(&sale, PrintState::Failed).await;
    assert_eq!(print.code.as_deref(), Some("printer_none"));
    // A printer is bought: the receipt can still be had.
    let address = till.printer.address().to_string();
    let bought = json!({ "kind": "tcp", "address": address, "paper": "58" });
    till.ask::<PrinterView>("settings.printer", bought).await;
    till.ask::<PrintView>(
        "receipt.print_again",
        json!({ "invoice_id": sale.invoice_id }),
    )
    .await;
    till.until_receipt(&sale, PrintState::Printed).await;
    assert_eq!(till.printer.printed_with(&sale.number).len(), 1);
}

/// Power goes while the printer has the job: nobody knows whether it came out, so a person looks.
#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_dies_while_printing_prints_nothing_twice() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.printer
        .is(PrinterBehaviour::Slow(Duration::from_millis(1500)));
    let sale = till.sell(&[&MILK]).await;
    let begun = Instant::now();
    while till.printer.jobs_begun() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "never sent");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    till.crash().await;
    till.sign_in("ana").await;
    let print = till.until_receipt(&sale, PrintState::Failed).await;
    assert_eq!(print.code.as_deref(), Some("printer_unknown"));
    till.printer.is(PrinterBehaviour::Fine);
    let next = till.sell(&[&BREAD]).await;
    till.until_receipt(&next, PrintState::Printed).await;
    assert!(
        till.printer.printed_with(&sale.number).is_empty(),
        "it was cut off, as it happens"
    );
    let wanted = json!({ "invoice_id": sale.invoice_id });
    till.ask::<PrintView>("receipt.print_again", wanted).await;
    till.until_receipt(&sale, PrintState::Printed).await;
    assert_eq!(till.printer.printed_with(&sale.number).len(), 1);
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 2);
}
