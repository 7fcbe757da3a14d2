//! What the hub says about documents, and what becomes of them. Time is simulated; the store is real.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::hub::{FakeHub, PostFault, status};
use common::{Till, everything_sent, seconds, until};
use evertill_protocol::Outcome;
use evertill_store::OutboxState;
use evertill_sync::SyncState;

#[tokio::test(start_paused = true)]
async fn too_large_batches_are_halved_and_a_too_large_document_needs_a_person() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(40);
    hub.state().max_documents = Some(7);
    hub.state().oversized.insert(keys[20]);
    let handle = till.start(hub.upstream());
    let started = tokio::time::Instant::now();
    let status = until(&handle, seconds(60), |s| s.acknowledged == 39).await;
    assert_eq!((status.state, status.attention), (SyncState::Attention, 1));
    assert!(
        started.elapsed() < seconds(5),
        "no waiting: the hub is well"
    );
    assert_eq!(
        till.row(keys[20]).last_code.as_deref(),
        Some("document_too_large")
    );
    assert_eq!(
        status.offline_since, None,
        "this is no failure of the network"
    );
}

#[tokio::test(start_paused = true)]
async fn answers_are_matched_by_key_not_by_place() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(4);
    hub.state()
        .verdicts
        .insert(keys[0], (Outcome::Rejected, "totals_do_not_add_up"));
    hub.state().posts.push_back(PostFault::Reversed);
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), |s| {
        s.acknowledged == 3 && s.attention == 1
    })
    .await;
    assert_eq!(till.state(keys[0]), OutboxState::Attention);
    assert!(
        keys[1..]
            .iter()
            .all(|key| till.state(*key) == OutboxState::Acknowledged)
    );
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_leaves_out_is_sent_again() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(5);
    hub.state().posts.push_back(PostFault::Shortened(2));
    let handle = till.start(hub.upstream());
    let partly = until(&handle, seconds(5), |s| s.acknowledged == 2).await;
    assert_eq!(partly.waiting, 3);
    assert_eq!(
        till.row(keys[4]).last_code.as_deref(),
        Some("hub_answer_missing")
    );
    until(&handle, seconds(60), everything_sent).await;
    assert!(
        keys.iter()
            .all(|key| till.state(*key) == OutboxState::Acknowledged)
    );
}

#[tokio::test(start_paused = true)]
async fn refused_documents_wait_for_a_person_who_can_send_them_again() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(4);
    hub.state()
        .verdicts
        .insert(keys[1], (Outcome::Fork, "number_reused"));
    hub.state()
        .verdicts
        .insert(keys[2], (Outcome::Rejected, "payload_malformed"));
    hub.state()
        .verdicts
        .insert(keys[3], (Outcome::Retry, "busy"));
    let handle = till.start(hub.upstream());
    let status = until(&handle, seconds(5), |s| s.attention == 2 && s.waiting == 1).await;
    assert_eq!(status.state, SyncState::Attention);
    assert_eq!(
        till.row(keys[1]).last_code.as_deref(),
        Some("number_reused")
    );
    assert_eq!(till.row(keys[3]).last_code.as_deref(), Some("busy"));
    tokio::time::sleep(seconds(3_600)).await;
    assert_eq!(till.row(keys[1]).tries, 1, "never by itself");
    assert!(till.row(keys[3]).tries > 5, "this one by itself");

    hub.state().verdicts.clear();
    till.store.outbox_retry_now(None).expect("put back in line");
    handle.retry_now();
    until(&handle, seconds(5), everything_sent).await;
}

#[tokio::test(start_paused = true)]
async fn a_revoked_till_says_so_keeps_trying_slowly_and_loses_nothing() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().every_post = Some(status(401, "device_unknown", None));
    let keys = till.sell_many(3);
    let handle = till.start(hub.upstream());
    let seen = until(&handle, seconds(60), |s| s.state == SyncState::Attention).await;
    assert_eq!(seen.problem.expect("a reason").code, "device_unknown");
    assert_eq!(
        (seen.waiting, seen.attention),
        (3, 0),
        "the documents are not to blame"
    );

    for _ in 0..60 {
        tokio::time::sleep(seconds(60)).await;
        till.sell();
        handle.wake();
    }
    assert!(
        (10..=14).contains(&hub.asked("post")),
        "slowly: {}",
        hub.asked("post")
    );

    hub.state().every_post = None;
    handle.retry_now();
    until(&handle, seconds(5), everything_sent).await;
    assert!(keys.iter().all(|key| hub.has(*key)));
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_asks_for_time_gets_it() {
    for (code, wait) in [(429, 120), (503, 90)] {
        let (till, hub) = (Till::stocked(5), FakeHub::default());
        let asked = Some(seconds(wait));
        hub.state()
            .posts
            .push_back(PostFault::Fails(status(code, "busy", asked)));
        till.sell();
        let handle = till.start(hub.upstream());
        for _ in 0..(wait / 10) {
            tokio::time::sleep(seconds(9)).await;
            till.sell();
            handle.wake();
        }
        assert_eq!(hub.asked("post"), 1, "{code}: not even for a new sale");
        until(&handle, seconds(60), everything_sent).await;
        assert!(hub.gaps("post")[0] >= seconds(wait));
    }
    // A person may overrule it.
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state()
        .posts
        .push_back(PostFault::Fails(status(429, "busy", Some(seconds(3_000)))));
    till.sell();
    let handle = till.start(hub.upstream());
    tokio::time::sleep(seconds(10)).await;
    assert_eq!(hub.asked("post"), 1);
    handle.retry_now();
    until(&handle, seconds(1), everything_sent).await;
}
