//! The network is gone, and the queue at the counter never notices.

use std::time::Duration;

use evertill_app::types::SyncState;
use evertill_testkit::{APPLES, BREAD, COFFEE, GOODS, MILK, World};

use crate::books::Books;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_sales_offline_are_posted_exactly_once() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.network.cut().await;
    let mut books = Books::default();
    for sale in 0..20 {
        for good in GOODS.iter().take(1 + sale % GOODS.len()) {
            till.scan(good).await;
        }
        books.sold(&till.pay_cash("100").await);
    }
    let pill = till.until_offline().await;
    assert_eq!((pill.waiting, pill.attention), (20, 0));
    assert!(pill.offline_since_text.is_some());
    assert_eq!(world.hub().report().documents, 0, "nothing got through");

    till.network.mend();
    let pill = till.until_synced().await;
    assert_eq!(pill.offline_since_text, None);
    books.agree_with(&world.hub().report());
    assert_eq!(world.hub().report().repeats, 0, "and none was sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_quits_offline_and_goes_on_offline() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let mut books = Books::default();
    books.sold(&till.sell(&[&MILK]).await);
    till.until_synced().await;
    till.network.cut().await;
    for round in 0..3 {
        till.restart().await;
        till.sign_in("ana").await;
        books.sold(&till.sell(&[&BREAD, &COFFEE]).await);
        let pill = till.until_offline().await;
        assert_eq!(
            pill.waiting,
            round + 1,
            "what waited before the restart still waits"
        );
    }
    till.network.mend();
    till.until_synced().await;
    books.agree_with(&world.hub().report());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_restarts_between_and_during_sales() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let mut books = Books::default();
    for _ in 0..4 {
        books.sold(&till.sell(&[&MILK, &APPLES]).await);
        world.hub().stop().await;
        books.sold(&till.sell(&[&BREAD]).await);
        world.hub().start_again().await;
        books.sold(&till.sell(&[&COFFEE]).await);
    }
    till.until_synced().await;
    books.agree_with(&world.hub().report());
}

/// The counter is as fast without the hub as with it, even when the hub takes every connection and
/// never answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_never_answers_slows_nobody_down() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.lose_patience_after(Duration::from_secs(3));
    till.restart().await;
    till.sign_in("ana").await;
    let silence = evertill_testkit::NetworkFault::Delay(Duration::from_secs(60));
    till.network.always("POST /v1/documents", silence.clone());
    till.network.always("GET /v1/changes", silence.clone());
    till.network.always("GET /v1/health", silence);
    let mut books = Books::default();
    let begun = std::time::Instant::now();
    for _ in 0..5 {
        books.sold(&till.sell(&[&MILK, &BREAD]).await);
    }
    // Less than one single timeout of the hub, which five sales together must not wait for.
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        till.network.fired() > 0,
        "the hub was asked and said nothing"
    );
    till.until("offline", |pill| pill.state == SyncState::Offline)
        .await;
    till.network.calm();
    till.until_synced().await;
    books.agree_with(&world.hub().report());
}

/// A new sale and a hub that answers again both wake the sync at once, however long it had decided
/// to wait.
#[tokio::test(flavor = "multi_thread")]
async fn the_sync_wakes_at_once() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let begun = std::time::Instant::now();
    for _ in 0..5 {
        till.sell(&[&MILK]).await;
        till.until_synced().await;
    }
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        till.network.seen("POST /v1/documents") >= 5,
        "one batch a sale"
    );
    assert_eq!(world.hub().report().sales, 5);
}
