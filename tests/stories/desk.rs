//! The manager's sync desk and the pill say what is so, at each step.

use std::time::Duration;

use evertill_app::types::{DocumentState, DocumentView, DocumentsView, Event, SyncState, SyncView};
use evertill_testkit::{BREAD, COFFEE, MILK, NetworkFault, Till, World};
use serde_json::json;

const POST: &str = "POST /v1/documents";

/// Waits until a document was sent in vain and is to be sent again.
pub(crate) async fn until_tried(till: &Till) -> DocumentView {
    let begun = std::time::Instant::now();
    loop {
        let desk = till.desk().await;
        let tried = |it: &DocumentView| it.tries > 0 && it.state == DocumentState::Retrying;
        if let Some(document) = desk.documents.iter().find(|it| tried(it)) {
            return document.clone();
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "never tried: {desk:?}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waiting, in need of attention, acknowledged.
fn counts(desk: &DocumentsView) -> (u64, u64, u64) {
    let counts = desk.counts;
    (counts.waiting, counts.attention, counts.acknowledged)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_tells_the_truth_at_each_step() {
    let world = World::new().await;
    let till = world.till("A").await;
    let pill = till.pill().await;
    assert_eq!(
        (pill.state, pill.waiting, pill.attention),
        (SyncState::Synced, 0, 0)
    );
    assert_eq!(
        pill.last_synced_text.as_deref().map(str::len),
        Some(5),
        "{pill:?}"
    );
    till.sign_in("mia").await;
    assert!(till.desk().await.documents.is_empty());

    // The network goes.
    till.network.cut().await;
    till.sell(&[&MILK]).await;
    till.sell(&[&COFFEE]).await;
    let pill = till.until_offline().await;
    assert_eq!(pill.waiting, 2);
    let since = pill.offline_since.expect("since when");
    let desk = till.desk().await;
    assert_eq!(counts(&desk), (2, 0, 0));
    let newest = &desk.documents[0];
    let what = (
        newest.kind.as_str(),
        newest.number.as_str(),
        newest.total.text.as_str(),
    );
    assert_eq!(what, ("invoice", "01-000002", "5.99"));
    for document in &desk.documents {
        assert_ne!(document.state, DocumentState::Acknowledged, "{document:?}");
        assert_eq!(document.acknowledged_text, None, "{document:?}");
    }

    // An hour later it is still gone, and since the same moment.
    world.clock.advance(Duration::from_secs(3600));
    till.sell(&[&BREAD]).await;
    let pill = till.until_offline().await;
    assert_eq!((pill.waiting, pill.offline_since), (3, Some(since)));

    // It is back, but the hub is broken: not synced, tried, and with its answer.
    till.network.always(POST, NetworkFault::status(500));
    till.network.mend();
    let tried = until_tried(&till).await;
    assert!(
        tried.last_answer.is_some_and(|text| text.ends_with('.')),
        "a sentence"
    );
    assert!(tried.last_answer_code.is_some() && tried.next_try_text.is_some());
    assert_eq!(world.hub().report().documents, 0);
    assert_ne!(till.pill().await.state, SyncState::Synced);

    // The hub is well again, and the manager does not want to wait.
    till.network.calm();
    till.ask::<SyncView>("sync.retry_now", json!({})).await;
    let pill = till.until_synced().await;
    assert_eq!((pill.waiting, pill.offline_since), (0, None));
    let desk = till.desk().await;
    assert_eq!(counts(&desk), (0, 0, 3));
    for document in &desk.documents {
        assert_eq!(document.state, DocumentState::Acknowledged, "{document:?}");
        assert!(document.acknowledged_text.is_some(), "{document:?}");
    }
    assert_eq!(world.hub().report().sales, 3);
    let unknown = till
        .refused("sync.retry_now", json!({ "key": "nothing" }))
        .await;
    assert_eq!(unknown.code, "document_unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filters_show_what_they_say() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ben").await;
    till.sell(&[&MILK]).await;
    till.until_synced().await;
    till.network.cut().await;
    till.sell(&[&BREAD]).await;
    for (filter, numbers) in [
        ("all", &["01-000002", "01-000001"][..]),
        ("waiting", &["01-000002"]),
        ("attention", &[]),
        ("acknowledged", &["01-000001"]),
    ] {
        let request = json!({ "filter": filter, "limit": 10 });
        let desk: DocumentsView = till.ask("sync.documents", request).await;
        let found: Vec<&str> = desk.documents.iter().map(|it| it.number.as_str()).collect();
        assert_eq!(found, numbers, "{filter}");
        assert_eq!(
            desk.counts.waiting + desk.counts.acknowledged,
            2,
            "the counts are of all"
        );
    }
}

/// The window hears by itself what the pill and the printer do.
#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_told_without_asking() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let mut events = till.app().events();
    till.network.cut().await;
    let sale = till.sell(&[&MILK]).await;
    till.until_offline().await;
    till.network.mend();
    till.until_synced().await;
    till.printed(1).await;
    let (mut offline, mut synced, mut printed) = (false, false, false);
    while !(offline && synced && printed) {
        let event = tokio::time::timeout(Duration::from_secs(10), events.recv()).await;
        let event = event.unwrap_or_else(|_| panic!("told: {offline} {synced} {printed}"));
        match event.unwrap() {
            Event::SyncChanged { sync } if sync.state == SyncState::Offline => {
                offline = true;
            }
            Event::SyncChanged { sync } if sync.state == SyncState::Synced => {
                assert_eq!(sync.waiting, 0);
                synced = offline;
            }
            Event::PrintChanged { invoice_id, print } => {
                assert_eq!(invoice_id, sale.invoice_id);
                printed |= print.state == evertill_app::types::PrintState::Printed;
            }
            _ => {}
        }
    }
}

/// Nothing waits, but the hub has not answered either: that is not "synced".
#[tokio::test(flavor = "multi_thread")]
async fn the_pill_is_not_green_before_the_hub_was_heard() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.stop().await;
    till.network.always(
        "GET /v1/changes",
        NetworkFault::Delay(Duration::from_millis(800)),
    );
    till.start().await;
    let pill = till.pill().await;
    assert_ne!(pill.state, SyncState::Synced, "{pill:?}");
    assert_eq!(pill.waiting, 0);
    till.until_synced().await;
    assert!(till.network.fired() > 0);
}

/// A till the hub has thrown out says so, sells on, and drops nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_till_says_so_and_keeps_everything() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("mia").await;
    let now = evertill_core::Clock::now(&world.clock);
    world.hub().repository().revoke(&"01".into(), now).unwrap();
    let sale = till.sell(&[&MILK]).await;
    let pill = till
        .until("refused", |pill| pill.state == SyncState::Attention)
        .await;
    assert_eq!(pill.waiting, 1, "it still waits");
    till.restart().await;
    let fault = till
        .refused(
            "session.sign_in",
            evertill_testkit::password("mia", "mia-password"),
        )
        .await;
    assert_eq!(fault.code, "device_unknown");
    till.sign_in_with_pin("mia").await;
    till.sell(&[&BREAD]).await;
    till.until("refused", |pill| {
        pill.state == SyncState::Attention && pill.waiting == 2
    })
    .await;
    assert_eq!(till.desk().await.documents[1].number, sale.number);
    assert_eq!(world.hub().report().documents, 0);
}
