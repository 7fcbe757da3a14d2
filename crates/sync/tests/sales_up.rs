//! Sales on their way up, whatever the hub does. Time is simulated; the store is real.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::time::Duration;

use common::hub::{FakeHub, PostFault, internal, status, unreachable};
use common::{Till, everything_sent, seconds, until};
use evertill_core::{Clock, Coded};
use evertill_protocol::Outcome;
use evertill_store::{OutboxFilter, OutboxState};
use evertill_sync::{Pace, SyncState, UpstreamError, WorkerConfig};

#[tokio::test(start_paused = true)]
async fn a_shift_without_a_network_is_sent_exactly_once_when_it_is_back() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), everything_sent).await;

    tokio::time::sleep(seconds(60)).await;
    let cut = till.clock.now();
    hub.state().down = true;
    let mut keys = till.sell_many(1);
    handle.wake();
    let status = until(&handle, seconds(5), |s| s.state == SyncState::Offline).await;
    assert_eq!(status.waiting, 1);
    let since = status.offline_since.expect("a time");
    assert!(since >= cut && since <= cut + seconds(5), "{since}");
    assert_eq!(status.problem.expect("a reason").code, "hub_unreachable");

    for _ in 0..19 {
        tokio::time::sleep(seconds(90)).await;
        keys.extend(till.sell_many(1));
        handle.wake();
    }
    let status = until(&handle, seconds(5), |s| s.waiting == 20).await;
    assert_eq!(status.state, SyncState::Offline);
    assert_eq!(
        status.offline_since,
        Some(since),
        "the first failure, not the last"
    );
    let before = status.last_synced.expect("it was in order once");
    assert!(before <= since);

    hub.state().down = false;
    let status = until(&handle, seconds(20), everything_sent).await;
    assert_eq!(
        (status.acknowledged, status.offline_since, status.problem),
        (20, None, None)
    );
    assert!(status.last_synced.expect("now") > before);
    assert!(
        keys.iter()
            .all(|key| till.state(*key) == OutboxState::Acknowledged)
    );
    assert!(
        keys.iter().all(|key| hub.state().history[key].1 == 1),
        "each came once"
    );
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_sale_is_sent_at_once() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), everything_sent).await;
    tokio::time::sleep(seconds(10)).await;
    let sold = tokio::time::Instant::now();
    let key = till.sell();
    handle.wake();
    until(&handle, seconds(1), |s| s.acknowledged == 1).await;
    assert!(hub.has(key));
    assert!(
        sold.elapsed() < Duration::from_millis(50),
        "{:?}",
        sold.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn an_absent_hub_is_only_probed_gently_and_heard_soon_when_it_is_back() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().down = true;
    let key = till.sell();
    let handle = till.start(hub.upstream());
    tokio::time::sleep(seconds(3_600)).await;
    assert_eq!(hub.asked("post"), 1, "after one failure nothing but probes");
    let probes = hub.asked("health");
    assert!((240..1_000).contains(&probes), "{probes} probes in an hour");

    hub.state().down = false;
    let back = tokio::time::Instant::now();
    until(&handle, seconds(20), everything_sent).await;
    assert!(back.elapsed() <= seconds(16), "{:?}", back.elapsed());
    assert!(hub.has(key));
}

#[tokio::test(start_paused = true)]
async fn scans_in_a_row_do_not_hammer_an_absent_hub() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().down = true;
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), |s| s.state == SyncState::Offline).await;
    let before = hub.asked("health");
    for _ in 0..200 {
        handle.wake();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let probes = hub.asked("health") - before;
    assert!(probes <= 20, "{probes} probes in ten seconds");
    assert!(probes >= 5, "a sale does ask for a probe: {probes}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_costs_a_second_send_and_never_a_second_posting() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state()
        .posts
        .extend([PostFault::ReplyLost, PostFault::ReplyLost]);
    let keys = till.sell_many(3);
    let handle = till.start(hub.upstream());
    until(&handle, seconds(60), everything_sent).await;
    let state = hub.state();
    assert_eq!(state.history.len(), 3);
    assert!(
        keys.iter().any(|key| state.history[key].1 > 1),
        "the reply was lost after posting"
    );
}

#[tokio::test(start_paused = true)]
async fn every_way_to_fail_is_tried_again_until_it_works() {
    let garbage = UpstreamError::Garbage {
        detail: "<html>".to_owned(),
    };
    let lost = UpstreamError::Lost {
        detail: "reset".to_owned(),
    };
    for failure in [
        internal(),
        garbage,
        lost,
        UpstreamError::Timeout,
        unreachable(),
        status(404, "hub_error", None),
        status(507, "storage_full", None),
        status(503, "busy", None),
        status(400, "version_unsupported", None),
    ] {
        let (till, hub) = (Till::stocked(5), FakeHub::default());
        hub.state()
            .posts
            .extend(vec![PostFault::Fails(failure.clone()); 4]);
        let keys = till.sell_many(2);
        let handle = till.start(hub.upstream());
        let down = until(&handle, seconds(60), |s| s.state == SyncState::Offline).await;
        assert_eq!(down.problem.expect("a reason").code, failure.code());
        let status = until(&handle, seconds(120), everything_sent).await;
        assert_eq!(
            (status.acknowledged, status.attention),
            (2, 0),
            "{failure:?}"
        );
        assert!(keys.iter().all(|key| hub.has(*key)));
        handle.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn back_off_grows_to_five_minutes_and_never_ends() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().every_post = Some(internal());
    let key = till.sell();
    let handle = till.start(hub.upstream());
    tokio::time::sleep(seconds(24 * 3_600)).await;
    let gaps = hub.gaps("post");
    assert!(
        gaps.len() > 24 * 12,
        "still trying after a day: {}",
        gaps.len()
    );
    assert!(
        gaps.iter().all(|gap| *gap <= seconds(330)),
        "never longer than five minutes and a bit"
    );
    assert!(
        gaps.iter().take(4).all(|gap| *gap <= seconds(16)),
        "quick at first: {gaps:?}"
    );
    let mean = gaps.iter().sum::<Duration>() / u32::try_from(gaps.len()).expect("few");
    // The longer of two even draws from 0 to 300 s, the link's and the document's.
    assert!(mean > seconds(150) && mean < seconds(250), "{mean:?}");
    assert_eq!(till.state(key), OutboxState::Retrying);
    assert!(till.row(key).tries > 24 * 12);

    hub.state().every_post = None;
    until(&handle, seconds(700), everything_sent).await;
    assert_eq!(hub.state().history[&key].1, 1);
}

#[tokio::test(start_paused = true)]
async fn one_document_that_breaks_the_hub_holds_up_nobody() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(40);
    let bad = keys[7];
    hub.state().poison.insert(bad);
    let handle = till.start(hub.upstream());
    let status = until(&handle, seconds(60), |s| s.acknowledged == 39).await;
    assert_eq!(status.waiting, 1);
    assert_eq!(till.state(bad), OutboxState::Retrying);
    assert_eq!(till.row(bad).last_code.as_deref(), Some("internal"));

    // From now on it is sent alone, and a new sale goes out in the first request.
    tokio::time::sleep(seconds(1_800)).await;
    for _ in 0..5 {
        let fresh = till.sell();
        let posts = hub.asked("post");
        handle.wake();
        let limit = seconds(2);
        let at = status.acknowledged;
        until(&handle, limit, |s| s.acknowledged > at).await;
        tokio::time::sleep(seconds(1)).await;
        assert!(hub.has(fresh));
        assert!(
            hub.asked("post") - posts <= 2,
            "no new search for the guilty one"
        );
        tokio::time::sleep(seconds(600)).await;
    }

    hub.state().poison.clear();
    until(&handle, seconds(700), everything_sent).await;
    assert!(
        hub.has(bad),
        "put right at the hub, it goes through by itself"
    );
}

#[tokio::test(start_paused = true)]
async fn stopping_in_the_middle_of_a_request_loses_nothing() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().posts.push_back(PostFault::Slow(seconds(25)));
    let keys = till.sell_many(3);
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), |s| s.state == SyncState::Syncing).await;
    let asked = tokio::time::Instant::now();
    handle.stop().await;
    assert!(asked.elapsed() < seconds(1), "it does not wait for the hub");
    assert!(
        keys.iter()
            .all(|key| till.state(*key) == OutboxState::Retrying),
        "none is left sending"
    );

    let again = till.start(hub.upstream());
    let status = until(&again, seconds(5), everything_sent).await;
    assert_eq!(status.acknowledged, 3);
}

#[tokio::test(start_paused = true)]
async fn a_sale_shows_as_waiting_while_the_hub_is_slow() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().posts.push_back(PostFault::Slow(seconds(20)));
    till.sell();
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), |s| s.state == SyncState::Syncing).await;
    till.sell();
    handle.wake();
    until(&handle, seconds(1), |s| s.waiting == 2).await;
    until(&handle, seconds(60), everything_sent).await;
}

#[tokio::test(start_paused = true)]
async fn a_long_queue_goes_out_in_batches_oldest_first() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(120);
    let pace = Pace {
        batch: 50,
        ..Pace::default()
    };
    let config = WorkerConfig {
        pace,
        ..WorkerConfig::default()
    };
    let handle = till.start_with(config, hub.upstream());
    until(&handle, seconds(5), everything_sent).await;
    let posts: Vec<String> = hub
        .state()
        .log
        .iter()
        .map(|(_, what)| what.clone())
        .filter(|w| w.starts_with("post"))
        .collect();
    assert_eq!(posts, ["post 50", "post 50", "post 20"]);
    assert_eq!(
        till.store
            .outbox_list(OutboxFilter::Waiting, 500)
            .expect("read")
            .len(),
        0
    );
    assert_eq!(hub.state().history.len(), keys.len());
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_holds_up_nothing() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let key = till.sell();
    hub.state().verdicts.insert(key, (Outcome::Retry, "busy"));
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), |s| {
        s.waiting == 1 && s.last_synced.is_none()
    })
    .await;
    tokio::time::sleep(seconds(60)).await;
    till.clock.put_wrong_by(-3 * 3_600);
    hub.state().verdicts.clear();
    until(&handle, seconds(310), |s| s.acknowledged == 1).await;

    // And across a restart: the far waits of an earlier run are not believed.
    let second = till.sell();
    hub.state()
        .verdicts
        .insert(second, (Outcome::Retry, "busy"));
    handle.wake();
    tokio::time::sleep(seconds(60)).await;
    handle.stop().await;
    till.clock.put_wrong_by(-8 * 3_600);
    hub.state().verdicts.clear();
    let again = till.start(hub.upstream());
    until(&again, seconds(5), |s| s.acknowledged == 2).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_write_forgets_no_acknowledgement_and_no_document() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let keys = till.sell_many(3);
    hub.state().posts.push_back(PostFault::Slow(seconds(2)));
    let handle = till.start(hub.upstream());
    until(&handle, seconds(1), |s| s.state == SyncState::Syncing).await;
    outbox_writable(&till, false);
    let stuck = until(&handle, seconds(60), |s| s.problem.is_some()).await;
    assert_eq!(stuck.problem.expect("a reason").code, "store_database");
    assert_eq!(
        stuck.acknowledged, 0,
        "nothing is said that the store does not hold"
    );
    tokio::time::sleep(seconds(600)).await;
    outbox_writable(&till, true);
    until(&handle, seconds(60), everything_sent).await;
    assert!(
        keys.iter()
            .all(|key| till.state(*key) == OutboxState::Acknowledged)
    );
}

/// While it is not, every change to the outbox fails, as on a disk without room.
fn outbox_writable(till: &Till, writable: bool) {
    let trigger = "CREATE TRIGGER no_room BEFORE UPDATE ON outbox \
                   BEGIN SELECT RAISE(ABORT, 'no room'); END";
    let sql = if writable {
        "DROP TRIGGER no_room"
    } else {
        trigger
    };
    till.store.tamper(sql).expect("set up");
}

#[tokio::test(start_paused = true)]
async fn the_history_survives_a_restart() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    let handle = till.start(hub.upstream());
    let synced = until(&handle, seconds(5), everything_sent)
        .await
        .last_synced;
    hub.state().down = true;
    tokio::time::sleep(seconds(40)).await;
    let before = until(&handle, seconds(5), |s| s.state == SyncState::Offline).await;
    handle.stop().await;

    let again = till.start(hub.upstream());
    tokio::time::sleep(seconds(600)).await;
    let after = until(&again, seconds(5), |s| s.state == SyncState::Offline).await;
    assert_eq!(
        after.offline_since, before.offline_since,
        "since the first failure, also today"
    );
    assert!(after.last_synced >= synced && after.last_synced < Some(till.clock.now()));
}
