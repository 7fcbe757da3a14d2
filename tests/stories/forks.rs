//! Documents that cannot be posted: they are shown, they hold nothing up, and they are not lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use evertill_app::types::{DocumentState, SyncState, SyncView};
use evertill_protocol::{DocumentBatch, Envelope};
use evertill_testkit::{BREAD, COFFEE, MILK, NetworkFault, Till, World};
use serde_json::json;

use crate::books::Books;

const POST: &str = "POST /v1/documents";

/// Changes the documents of a batch on their way, as somebody on the wire would.
fn tampered(body: &str, change: impl Fn(Envelope) -> Envelope) -> String {
    let batch: DocumentBatch = serde_json::from_str(body).expect("the till's batch");
    let documents = batch.documents.into_iter().map(change).collect();
    serde_json::to_string(&DocumentBatch { documents }).expect("a batch")
}

/// The same document with other contents, and a hash that fits them.
fn rewritten(envelope: Envelope, from: &str, to: &str) -> Envelope {
    let payload = envelope.payload.get().replace(from, to);
    let Envelope {
        key,
        kind,
        till,
        number,
        business_date,
        created_at,
        ..
    } = envelope;
    Envelope::new(key, kind, till, number, business_date, created_at, payload).expect("JSON")
}

async fn supervisor_sees(till: &Till, number: &str, code: &str) {
    let desk = till.desk().await;
    let document = desk
        .documents
        .iter()
        .find(|document| document.number == number);
    let document = document.expect("the document is on the desk");
    assert_eq!(
        document.state,
        DocumentState::NeedsAttention,
        "{document:?}"
    );
    assert_eq!(
        document.last_answer_code.as_deref(),
        Some(code),
        "{document:?}"
    );
    assert!(
        document
            .last_answer
            .as_ref()
            .is_some_and(|text| text.len() > 20),
        "{document:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_other_contents_is_quarantined_and_shown() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ben").await;
    // Somebody on the wire changes the first sale, and the answer to it is lost: the hub now has
    // another document under this key than the till.
    let other = |body: String| tampered(&body, |it| rewritten(it, "Ben Ode", "Eve Oda"));
    till.network
        .once(POST, NetworkFault::forge_and_lose_reply(other));
    let sale = till.sell(&[&MILK]).await;
    let pill = till
        .until("in need of attention", |pill| pill.attention == 1)
        .await;
    assert_eq!(pill.state, SyncState::Attention);
    supervisor_sees(&till, &sale.number, "key_reused").await;
    let report = world.hub().report();
    assert_eq!(
        (report.sales, report.quarantined),
        (1, 1),
        "nothing was overwritten"
    );
    // It holds nothing up.
    till.sell(&[&BREAD]).await;
    till.until("sent", |pill| pill.waiting == 0 && pill.attention == 1)
        .await;
    assert_eq!(world.hub().report().sales, 2);
}

/// A machine restored from an old copy counts on from there, and uses a number a second time.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_used_twice_is_quarantined_and_shown() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ben").await;
    till.sell(&[&MILK]).await;
    till.until_synced().await;
    let copy = till.copy();
    let lost = till.sell(&[&COFFEE]).await;
    till.until_synced().await;

    till.restore(copy).await;
    till.sign_in("ben").await;
    let again = till.sell(&[&BREAD]).await;
    assert_eq!(again.number, lost.number, "the copy does not know better");
    till.until("in need of attention", |pill| pill.attention == 1)
        .await;
    supervisor_sees(&till, &again.number, "number_reused").await;
    let report = world.hub().report();
    assert_eq!(
        (report.sales, report.total, report.quarantined),
        (2, 119 + 599, 1)
    );
    till.sell(&[&BREAD]).await;
    till.until("sent", |pill| pill.waiting == 0 && pill.attention == 1)
        .await;
    assert_eq!(world.hub().report().sales, 3, "the next number is free");
}

/// One bad document among others: they are posted, it waits for a person, and once what was wrong
/// is put right the person sends it again.
#[tokio::test(flavor = "multi_thread")]
async fn one_bad_document_does_not_block_the_others() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("mia").await;
    let mut books = Books::default();
    till.network.cut().await;
    for goods in [&[&MILK][..], &[&COFFEE], &[&BREAD], &[&MILK, &BREAD]] {
        books.sold(&till.sell(goods).await);
    }
    // Whatever has coffee in it arrives damaged.
    till.network.always(
        POST,
        NetworkFault::forge(|body| {
            tampered(&body, |mut it| {
                if it.payload.get().contains(COFFEE.name) {
                    it.payload_hash = "0".repeat(64);
                }
                it
            })
        }),
    );
    till.network.mend();
    till.until("sent but one", |pill| {
        pill.waiting == 0 && pill.attention == 1
    })
    .await;
    supervisor_sees(&till, "01-000002", "payload_hash_wrong").await;
    assert_eq!(
        world.hub().numbers(),
        ["01-000001", "01-000003", "01-000004"]
    );

    till.network.calm();
    till.ask::<SyncView>("sync.retry_now", json!({})).await;
    till.until_synced().await;
    assert_eq!(world.hub().numbers(), books.numbers());
    assert_eq!(world.hub().report().total, 119 + 599 + 249 + 368);
}

/// A hub that breaks over one document (500 whenever it is in a batch) still gets all the others,
/// and in the end that one too.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_the_hub_breaks_over_waits_alone() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("mia").await;
    let mut books = Books::default();
    till.network.cut().await;
    for number in 0..8 {
        let goods = if number == 3 { &COFFEE } else { &MILK };
        books.sold(&till.sell(&[goods]).await);
    }
    let broke = Arc::new(AtomicUsize::new(0));
    till.network.roll({
        let broke = Arc::clone(&broke);
        move |what, body| {
            let breaks = what == POST && body.contains(COFFEE.name);
            broke.fetch_add(usize::from(breaks), Ordering::SeqCst);
            breaks.then(|| NetworkFault::status(500))
        }
    });
    till.network.mend();
    till.until("all but one sent", |pill| pill.waiting == 1)
        .await;
    assert_eq!(world.hub().report().sales, 7);
    assert!(
        broke.load(Ordering::SeqCst) >= 2,
        "the batch, its halves, the document"
    );
    till.sell(&[&BREAD]).await;
    till.until("the next one sent", |pill| pill.waiting == 1)
        .await;
    assert_eq!(world.hub().report().sales, 8);
    assert_eq!(
        till.pill().await.attention,
        0,
        "500 may pass: nobody has to look yet"
    );

    till.network.calm();
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 9);
    assert_eq!(world.hub().report().duplicates, 0);
    assert_eq!(books.count(), 8);
}

/// Even alone it is too large for this hub: no use in trying for ever, and no reason to lose it.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_too_large_for_the_hub_needs_a_person() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("mia").await;
    till.network.cut().await;
    till.sell(&[&MILK]).await;
    let large = till.sell(&[&COFFEE]).await;
    till.sell(&[&MILK]).await;
    till.network.roll(|what, body| {
        (what == POST && body.contains(COFFEE.name)).then(|| NetworkFault::status(413))
    });
    till.network.mend();
    till.until("sent but one", |pill| {
        pill.waiting == 0 && pill.attention == 1
    })
    .await;
    supervisor_sees(&till, &large.number, "document_too_large").await;
    assert_eq!(world.hub().numbers(), ["01-000001", "01-000003"]);
    till.network.calm();
    till.ask::<SyncView>("sync.retry_now", json!({})).await;
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 3);
}
