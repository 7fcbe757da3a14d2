//! Documents on their way up: each posted exactly once, none held up by another.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use evertill_core::{CartCustomer, Invoice, Money};
use evertill_protocol::{
    BatchResult, ChangeBody, DocumentList, Envelope, ItemRecord, Outcome, Record, RecordKind, code,
};
use reqwest::StatusCode;
use support::{World, item};

fn outcomes(result: &BatchResult) -> Vec<Outcome> {
    result.results.iter().map(|result| result.outcome).collect()
}

fn codes(result: &BatchResult) -> Vec<&str> {
    result
        .results
        .iter()
        .map(|result| result.code.as_deref().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn a_sale_is_posted_once_however_often_it_is_sent() {
    let world = World::open().await;
    let till = world.till().await;
    let invoices = [till.invoice(), till.invoice_of(&[("candle", "3")])];
    let batch = invoices.each_ref().map(|invoice| till.envelope(invoice));

    let first = till.post(&batch).await;
    assert_eq!(outcomes(&first), [Outcome::Accepted; 2]);
    assert_eq!(first.results[0].key, invoices[0].key);
    let posted_at = first.results[0].posted_at.unwrap();

    world.clock.turn(3600);
    let again = till.post(&batch).await;
    assert_eq!(outcomes(&again), [Outcome::Duplicate; 2]);
    assert_eq!(
        again.results[0].posted_at,
        Some(posted_at),
        "when it was posted, not now"
    );

    // A year and a restart later too: keys never expire.
    world.clock.turn(365 * 24 * 3600);
    let world = world.restart().await;
    let mut till = till;
    till.hub = world.hub.url();
    let late = till.post(&batch[1..]).await;
    assert_eq!(outcomes(&late), [Outcome::Duplicate]);
    // Twice within one batch.
    let twice = till.envelope(&till.invoice());
    let result = till.post(&[twice.clone(), twice]).await;
    assert_eq!(outcomes(&result), [Outcome::Accepted, Outcome::Duplicate]);

    let report = world.hub.repository().report(true).unwrap();
    assert_eq!(
        (report.sales, report.documents, report.duplicates),
        (3, 3, 0)
    );
    assert_eq!(report.repeats, 4);
    assert_eq!(report.lines, 5);
    // By hand: 2 × 0.45 + 2.89 = 3.79, twice; 3 × 12.50 = 37.50.
    assert_eq!(report.total, 379 + 3750 + 379);
    assert_eq!(report.net + report.tax, report.total);
    assert_eq!(report.taken, report.total, "payments less change");
    // 3.79 × 7/107 = 0.2479 → 0.25; 37.50 × 19/119 = 5.987 → 5.99.
    assert_eq!(report.tax, 25 + 599 + 25);
    let sales = report.sales_list.unwrap();
    assert_eq!(sales[1].number, "01-000002");
    assert_eq!((sales[1].lines, sales[1].total), (1, 3750));
    world.hub.stop().await;
}

#[tokio::test]
async fn sent_by_many_at_once_it_is_still_posted_once() {
    let world = World::open().await;
    let till = std::sync::Arc::new(world.till().await);
    let batch: Vec<Envelope> = (0..20).map(|_| till.envelope(&till.invoice())).collect();
    let mut senders = tokio::task::JoinSet::new();
    for shift in 0..6_usize {
        let till = till.clone();
        let mut batch = batch.clone();
        // Each sends the same documents in another order.
        batch.rotate_left(shift * 3);
        senders.spawn(async move { till.post(&batch).await });
    }
    let mut accepted = std::collections::BTreeSet::new();
    let mut repeats = 0;
    while let Some(result) = senders.join_next().await {
        for result in result.unwrap().results {
            match result.outcome {
                Outcome::Accepted => assert!(accepted.insert(result.key), "accepted twice"),
                Outcome::Duplicate => repeats += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!((accepted.len(), repeats), (20, 100));
    let report = world.hub.repository().report(false).unwrap();
    assert_eq!(
        (report.sales, report.total, report.duplicates),
        (20, 20 * 379, 0)
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn a_fork_is_quarantined_and_overwrites_nothing() {
    let world = World::open().await;
    let till = world.till().await;
    let invoice = till.invoice();
    till.post(&[till.envelope(&invoice)]).await;

    // The same key for another basket.
    let other = till.invoice_of(&[("candle", "1")]);
    let reused_key = Invoice {
        key: invoice.key,
        ..other.clone()
    };
    // The same number under another key.
    let reused_number = Invoice {
        number: invoice.number.clone(),
        ..other.clone()
    };
    let forks = [till.envelope(&reused_key), till.envelope(&reused_number)];
    for _ in 0..2 {
        let result = till.post(&forks).await;
        assert_eq!(outcomes(&result), [Outcome::Fork; 2]);
        assert_eq!(codes(&result), [code::KEY_REUSED, code::NUMBER_REUSED]);
    }
    // The same number on another till is nothing strange, and neither is the original again.
    let neighbour = world.till().await;
    let result = neighbour
        .post(&[neighbour.envelope(&neighbour.invoice())])
        .await;
    assert_eq!(outcomes(&result), [Outcome::Accepted]);
    let result = till
        .post(&[till.envelope(&invoice), till.envelope(&other)])
        .await;
    assert_eq!(outcomes(&result), [Outcome::Duplicate, Outcome::Accepted]);

    let report = world.hub.repository().report(false).unwrap();
    assert_eq!(
        (report.sales, report.quarantined),
        (3, 2),
        "a fork sent again is the same fork"
    );
    assert_eq!(report.total, 379 + 379 + 1250);
    world.hub.stop().await;
}

#[tokio::test]
async fn what_changed_since_it_was_sold_is_noted_and_accepted_as_sold() {
    let world = World::open().await;
    let till = world.till().await;
    let mut invoice = till.invoice_of(&[("apple", "1"), ("bread", "1"), ("candle", "1")]);
    invoice.customer = Some(CartCustomer::named("c-1".into(), "Unknown here"));
    let mut envelope = till.envelope(&invoice);
    envelope.created_at = invoice.sold_at + jiff::SignedDuration::from_mins(6);
    world
        .hub
        .repository()
        .publish(&[
            ChangeBody::Upsert(Record::Item(ItemRecord {
                disabled: true,
                ..item("apple")
            })),
            ChangeBody::Upsert(Record::Item(ItemRecord {
                tax_rule: "standard".into(),
                ..item("bread")
            })),
            ChangeBody::Upsert(Record::Price(evertill_protocol::PriceRecord::new(
                "retail".into(),
                "bread".into(),
                Money::from_minor(299),
            ))),
            ChangeBody::Delete {
                kind: RecordKind::Item,
                id: "candle".to_owned(),
            },
        ])
        .unwrap();
    let result = till.post(&[envelope]).await;
    assert_eq!(result.results[0].outcome, Outcome::Accepted);
    assert_eq!(
        result.results[0].notes,
        [
            "clock_ahead: 2026-01-05T09:06:00Z",
            "customer_unknown: c-1",
            "item_disabled: apple",
            "item_unknown: candle",
            "price_changed: bread",
            "tax_changed: bread",
        ]
    );
    let report = world.hub.repository().report(false).unwrap();
    assert_eq!(
        (report.sales, report.total),
        (1, invoice.totals.total.minor())
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn a_till_lists_what_the_hub_has_of_it_by_day_and_page() {
    let world = World::open().await;
    let till = world.till().await;
    let neighbour = world.till().await;
    neighbour
        .post(&[neighbour.envelope(&neighbour.invoice())])
        .await;
    let mut invoices: Vec<Invoice> = (0..7).map(|_| till.invoice()).collect();
    invoices[6].business_date = "2026-01-06".parse().unwrap();
    let batch: Vec<Envelope> = invoices
        .iter()
        .map(|invoice| till.envelope(invoice))
        .collect();
    till.post(&batch).await;

    let mut listed = Vec::new();
    let mut after = 0;
    loop {
        let path = format!("/v1/documents?business_date=2026-01-05&after={after}&limit=4");
        let page: DocumentList = till.get(&path).await.unwrap();
        listed.extend(page.documents);
        let Some(next) = page.next else { break };
        after = next;
    }
    assert_eq!(listed.len(), 6);
    for ((listed, invoice), sent) in listed.iter().zip(&invoices).zip(&batch) {
        assert_eq!(listed.key, invoice.key);
        assert_eq!(listed.number, Some(invoice.number.to_string()));
        assert_eq!(listed.payload_hash, sent.payload_hash);
        assert_eq!(listed.total_minor, 379);
    }
    let all: DocumentList = till.get("/v1/documents").await.unwrap();
    assert_eq!((all.documents.len(), all.next), (7, None));
    let none: DocumentList = till
        .get("/v1/documents?after=9223372036854775807")
        .await
        .unwrap();
    assert!(none.documents.is_empty());
    for query in ["after=9223372036854775808", "limit=0", "limit=1001"] {
        let path = format!("/v1/documents?{query}");
        let (status, error) = till.get::<DocumentList>(&path).await.unwrap_err();
        assert_eq!(
            (status, error.code.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, code::REQUEST_INVALID),
            "{query}"
        );
    }
    let (status, error) = till
        .get::<DocumentList>("/v1/documents?business_date=2026-02-30")
        .await
        .unwrap_err();
    assert_eq!(
        (status, error.code.as_str()),
        (StatusCode::BAD_REQUEST, code::REQUEST_MALFORMED)
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn a_batch_is_at_most_five_hundred_documents() {
    let world = World::open().await;
    let till = world.till().await;
    let batch: Vec<Envelope> = (0..501).map(|_| till.envelope(&till.invoice())).collect();
    let body = |batch: &[Envelope]| {
        format!(
            "{{\"documents\":{}}}",
            serde_json::to_string(batch).unwrap()
        )
    };
    let (status, error) = till.post_text(body(&batch)).await.unwrap_err();
    assert_eq!(
        (status, error.code.as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, code::BODY_TOO_LARGE)
    );
    assert_eq!(world.hub.repository().report(false).unwrap().sales, 0);
    let result = till.post(&batch[..500]).await;
    assert!(
        outcomes(&result)
            .iter()
            .all(|outcome| *outcome == Outcome::Accepted)
    );
    let none = till.post(&[]).await;
    assert!(none.results.is_empty());
    world.hub.stop().await;
}
