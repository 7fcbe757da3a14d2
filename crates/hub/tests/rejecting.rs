//! Documents that must not be posted, and the code each of them gets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use evertill_core::calc::ChargeType;
use evertill_core::{Invoice, Money, Part, Quantity};
use evertill_protocol::{BatchResult, DocumentKind, Envelope, Outcome, code};
use serde_json::value::RawValue;
use support::{Till, World, next_id, sealed};

fn codes(result: &BatchResult) -> Vec<&str> {
    result
        .results
        .iter()
        .map(|result| result.code.as_deref().unwrap_or_default())
        .collect()
}

fn text(envelope: &Envelope) -> String {
    serde_json::to_string(envelope).unwrap()
}

/// What is no envelope, or not the envelope it was, as text.
fn bad_envelopes(till: &Till) -> Vec<(String, &'static str)> {
    let good = || till.envelope(&till.invoice());
    let damaged = {
        let envelope = good();
        let payload = envelope
            .payload
            .get()
            .replace("\"paid\":479", "\"paid\":480");
        assert_ne!(payload, envelope.payload.get());
        text(&Envelope {
            payload: RawValue::from_string(payload).unwrap(),
            ..envelope
        })
    };
    let no_key = {
        let envelope = good();
        text(&envelope).replacen(&envelope.key.to_string(), "no uuid", 1)
    };
    let no_day = text(&good()).replacen("2026-01-05", "2026-02-30", 1);
    let no_hash = Envelope {
        payload_hash: "0".repeat(64),
        ..good()
    };
    vec![
        ("null".to_owned(), code::ENVELOPE_MALFORMED),
        ("\"garbage\"".to_owned(), code::ENVELOPE_MALFORMED),
        (
            format!("{{\"key\":\"{}\"}}", next_id()),
            code::ENVELOPE_MALFORMED,
        ),
        (no_key, code::ENVELOPE_MALFORMED),
        (no_day, code::ENVELOPE_MALFORMED),
        (text(&no_hash), code::PAYLOAD_HASH_WRONG),
        (damaged, code::PAYLOAD_HASH_WRONG),
    ]
}

/// What is an envelope, but not of an invoice this till may post.
fn bad_payloads(till: &Till, neighbour: &Till) -> Vec<(String, &'static str)> {
    let good = || till.envelope(&till.invoice());
    let with_payload = |payload: &str| text(&sealed(&till.invoice(), payload.to_owned()));
    let unknown_kind = Envelope {
        kind: DocumentKind::from("cash_movement"),
        ..good()
    };
    let renumbered = Envelope {
        number: Some("01-999999".to_owned()),
        ..good()
    };
    let unnumbered = Envelope {
        number: None,
        ..good()
    };
    let other_day = Envelope {
        business_date: "2026-01-06".parse().unwrap(),
        ..good()
    };
    let other_key = Envelope {
        key: next_id(),
        ..good()
    };
    let theirs = neighbour.envelope(&neighbour.invoice());
    let mut in_dollars = till.invoice();
    in_dollars.currency.code = "USD".to_owned();
    vec![
        (with_payload("{}"), code::PAYLOAD_MALFORMED),
        (with_payload("null"), code::PAYLOAD_MALFORMED),
        (with_payload("[[[[[[]]]]]]"), code::PAYLOAD_MALFORMED),
        (with_payload("1e400"), code::PAYLOAD_MALFORMED),
        (text(&theirs), code::TILL_DIFFERS),
        (text(&unknown_kind), code::DOCUMENT_KIND_UNKNOWN),
        (text(&renumbered), code::PAYLOAD_DIFFERS),
        (text(&unnumbered), code::PAYLOAD_DIFFERS),
        (text(&other_day), code::PAYLOAD_DIFFERS),
        (text(&other_key), code::PAYLOAD_DIFFERS),
        (text(&till.envelope(&in_dollars)), code::CURRENCY_DIFFERS),
    ]
}

#[tokio::test]
async fn a_bad_document_is_rejected_with_its_code_and_blocks_nothing() {
    let world = World::open().await;
    let till = world.till().await;
    let neighbour = world.till().await;
    let mut bad = bad_envelopes(&till);
    bad.extend(bad_payloads(&till, &neighbour));
    let mut documents = Vec::new();
    let mut expected = Vec::new();
    for (document, code) in &bad {
        // A good one before each bad one, as raw text so that every byte of a payload is kept.
        documents.push(serde_json::to_string(&till.envelope(&till.invoice())).unwrap());
        expected.push("");
        documents.push(document.clone());
        expected.push(*code);
    }
    let body = format!(r#"{{"documents":[{}]}}"#, documents.join(","));
    for round in [Outcome::Accepted, Outcome::Duplicate] {
        let result = till.post_text(body.clone()).await.unwrap();
        assert_eq!(codes(&result), expected);
        for pair in result.results.chunks(2) {
            assert_eq!(
                (pair[0].outcome, pair[1].outcome),
                (round, Outcome::Rejected)
            );
            assert!(
                pair[1]
                    .message
                    .as_deref()
                    .is_some_and(|text| text.ends_with('.'))
            );
        }
    }
    let report = world.hub.repository().report(false).unwrap();
    assert_eq!(usize::try_from(report.sales).unwrap(), bad.len());
    assert_eq!(
        report.rejected,
        i64::try_from(bad.len()).unwrap() - 2,
        "three have no key at all"
    );
    world.hub.stop().await;
}

type Spoiler = (&'static str, Box<dyn Fn(&mut Invoice)>);

fn cent(amount: &mut Money) {
    *amount = amount.checked_add(Money::from_minor(1)).unwrap();
}

fn uncent(amount: &mut Money) {
    *amount = amount.checked_sub(Money::from_minor(1)).unwrap();
}

/// Every amount of an invoice changed by a cent, and coarser ways to spoil it.
fn spoilers() -> Vec<Spoiler> {
    vec![
        ("gross", Box::new(|i| cent(&mut i.totals.gross))),
        (
            "line discount",
            Box::new(|i| cent(&mut i.totals.line_discount)),
        ),
        (
            "invoice discount",
            Box::new(|i| cent(&mut i.totals.invoice_discount)),
        ),
        ("net", Box::new(|i| cent(&mut i.totals.net))),
        ("tax", Box::new(|i| cent(&mut i.totals.tax))),
        ("total", Box::new(|i| cent(&mut i.totals.total))),
        ("paid", Box::new(|i| cent(&mut i.paid))),
        ("change", Box::new(|i| cent(&mut i.change))),
        ("tender", Box::new(|i| cent(&mut i.tenders[0].amount))),
        ("line amount", Box::new(|i| cent(&mut i.lines[0].amount))),
        (
            "line discount of a line",
            Box::new(|i| cent(&mut i.lines[0].discount)),
        ),
        (
            "share of a line",
            Box::new(|i| cent(&mut i.lines[0].invoice_discount)),
        ),
        ("tax base", Box::new(|i| cent(&mut i.tax_lines[0].base))),
        ("tax of a rule", Box::new(|i| cent(&mut i.tax_lines[0].tax))),
        (
            "gross of a rule",
            Box::new(|i| cent(&mut i.tax_lines[0].gross)),
        ),
        (
            "price",
            Box::new(|i| i.lines[0].price = Money::from_minor(99)),
        ),
        (
            "quantity",
            Box::new(|i| i.lines[0].quantity = Quantity::parse("3").unwrap()),
        ),
        ("a line less", Box::new(|i| drop(i.lines.pop()))),
        ("a tax less", Box::new(|i| drop(i.tax_lines.pop()))),
        ("huge", Box::new(|i| i.lines[0].price = Money::MAX)),
    ]
}

/// What adds up in itself; only working it out again shows it.
fn quiet_spoilers() -> Vec<Spoiler> {
    vec![
        (
            "a cent of tax called net",
            Box::new(|i| {
                uncent(&mut i.totals.tax);
                cent(&mut i.totals.net);
                uncent(&mut i.tax_lines[0].tax);
                cent(&mut i.tax_lines[0].base);
            }),
        ),
        (
            "a difference called rounding",
            Box::new(|i| {
                cent(&mut i.totals.rounding);
                uncent(&mut i.totals.difference);
            }),
        ),
        ("the net of a line", Box::new(|i| cent(&mut i.lines[0].net))),
        (
            "a unit more at half the price",
            Box::new(|i| {
                let units = i.lines[0].quantity.checked_add(Quantity::ONE).unwrap();
                i.lines[0].parts = vec![Part {
                    quantity: units,
                    price: i.lines[0].price,
                }];
            }),
        ),
        (
            "another arithmetic of taxes",
            Box::new(|i| i.charges[0].charge_type = ChargeType::OnItemQuantity),
        ),
    ]
}

#[tokio::test]
async fn an_invoice_that_does_not_add_up_is_rejected_whatever_was_changed() {
    let world = World::open().await;
    let till = world.till().await;
    let changes: Vec<_> = spoilers().into_iter().chain(quiet_spoilers()).collect();
    let mut documents = Vec::new();
    for (_, change) in &changes {
        let mut invoice = till.invoice();
        change(&mut invoice);
        documents.push(till.envelope(&invoice));
    }
    let result = till.post(&documents).await;
    for ((what, _), result) in changes.iter().zip(&result.results) {
        assert_eq!(result.outcome, Outcome::Rejected, "{what}");
        assert_eq!(
            result.code.as_deref(),
            Some(code::TOTALS_DO_NOT_ADD_UP),
            "{what}"
        );
    }
    // From a till that did not yet say how it calculates: only sums can be checked, and are.
    let without_policy = |change: fn(&mut Invoice)| {
        let mut invoice = till.invoice();
        invoice.totals_policy = None;
        change(&mut invoice);
        till.envelope(&invoice)
    };
    let old = [
        without_policy(|i| cent(&mut i.lines[0].price)),
        without_policy(|i| {
            cent(&mut i.tax_lines[0].base);
            cent(&mut i.tax_lines[0].gross);
        }),
        without_policy(|i| {
            cent(&mut i.totals.total);
            cent(&mut i.totals.rounding);
            cent(&mut i.paid);
            cent(&mut i.tenders[0].amount);
        }),
    ];
    let result = till.post(&old).await;
    assert_eq!(codes(&result), [code::TOTALS_DO_NOT_ADD_UP; 3]);

    let mut empty = till.invoice();
    empty.lines.clear();
    let mut gap = till.invoice();
    gap.lines[1].row = 3;
    let result = till
        .post(&[till.envelope(&empty), till.envelope(&gap)])
        .await;
    assert_eq!(codes(&result), [code::PAYLOAD_MALFORMED; 2]);
    assert_eq!(world.hub.repository().report(false).unwrap().sales, 0);
    world.hub.stop().await;
}
