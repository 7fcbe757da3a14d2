//! Master data on its way down, whatever the hub does. Time is simulated; the store is real.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::time::Duration;

use common::hub::{FakeHub, end, header, internal, list, page, status};
use common::{Till, seconds, until};
use evertill_protocol::RecordKind;
use evertill_sync::{Loading, SyncState, SyncStatus, UpstreamError, WorkerConfig};

fn in_order(status: &SyncStatus) -> bool {
    status.state == SyncState::Synced
}

fn lists(till: &Till) -> u64 {
    till.store
        .record_count(RecordKind::PriceList)
        .expect("read")
}

fn gone(seq: u64, id: &str) -> String {
    format!(
        r#"{{"type":"change","seq":{seq},"body":{{"delete":{{"kind":"price_list","id":"{id}"}}}}}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn the_first_load_comes_in_bounded_chunks_with_progress() {
    let (till, hub) = (Till::new(), FakeHub::default());
    hub.state().snapshot = page(2_500, (1..=2_500).map(list).collect(), false);
    // Time enough between two chunks for this test to see each.
    hub.state().drip = Duration::from_millis(1);
    let handle = till.start(hub.upstream());
    let mut watched = handle.status();
    let mut seen = Vec::new();
    while !in_order(&watched.borrow_and_update().clone()) {
        watched.changed().await.expect("the worker runs");
        seen.extend(watched.borrow().catalogue_loading);
    }
    seen.dedup();
    let done: Vec<u64> = seen.iter().map(|loading| loading.done).collect();
    // The last step may be over before this test looks.
    assert_eq!(done.get(..2), Some([1_000, 2_000].as_slice()), "{seen:?}");
    assert!(done.len() == 2 || done[2..] == [2_500], "{seen:?}");
    assert!(seen.iter().all(|loading: &Loading| loading.total == 2_500));
    assert_eq!(handle.status().borrow().catalogue_loading, None);
    assert_eq!(
        (lists(&till), till.store.cursor().expect("read")),
        (2_500, Some(2_500))
    );
    assert_eq!(hub.asked("snapshot"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_cut_off_anywhere_is_taken_again_and_only_a_whole_one_counts() {
    let (till, hub) = (Till::new(), FakeHub::default());
    hub.state().snapshot = page(2_500, (1..=2_500).map(list).collect(), false);
    hub.state().cuts.extend([0, 1, 1_500, 2_501]);
    let handle = till.start(hub.upstream());
    let cut = until(&handle, seconds(60), |_| hub.asked("snapshot") == 4).await;
    assert!(!in_order(&cut));
    assert_eq!(
        till.store.cursor().expect("read"),
        None,
        "half a catalogue has no cursor"
    );
    assert!(lists(&till) > 0, "but what came can be sold");
    until(&handle, seconds(60), in_order).await;
    assert_eq!(
        (lists(&till), till.store.cursor().expect("read")),
        (2_500, Some(2_500))
    );
}

#[tokio::test(start_paused = true)]
async fn malformed_rows_are_left_out_counted_and_stop_nothing() {
    let (till, hub) = (Till::new(), FakeHub::default());
    let mut rows: Vec<String> = (1..=20).map(list).collect();
    rows[3] = "{ not JSON".to_owned();
    rows[4] = r#"{"type":"change","seq":5,"body":{"upsert":{"kind":"unicorn"}}}"#.to_owned();
    rows[5] = rows[5].replace("List 6", "");
    rows[6] = "\u{fffd}\u{fffd}".to_owned();
    hub.state().snapshot = page(20, rows, false);
    let handle = till.start(hub.upstream());
    let status = until(&handle, seconds(5), in_order).await;
    assert_eq!((status.skipped_rows, lists(&till)), (4, 16));
    assert_eq!(
        till.store.cursor().expect("read"),
        Some(20),
        "they do not hold up the cursor"
    );
}

#[tokio::test(start_paused = true)]
async fn changes_and_tombstones_follow_every_half_minute() {
    let (till, hub) = (Till::new(), FakeHub::default());
    hub.state().snapshot = page(3, (1..=3).map(list).collect(), false);
    let handle = till.start(hub.upstream());
    let first = until(&handle, seconds(5), in_order).await;

    hub.state()
        .changes
        .insert(3, page(5, vec![list(4), list(5)], true));
    hub.state()
        .changes
        .insert(5, page(6, vec![gone(6, "list-000001")], false));
    tokio::time::sleep(seconds(31)).await;
    let second = until(&handle, seconds(1), |s| {
        s.catalogue_version > first.catalogue_version
    })
    .await;
    assert!(second.last_synced > first.last_synced);
    tokio::time::sleep(seconds(1)).await;
    assert_eq!(lists(&till), 4);
    assert_eq!(
        till.store.cursor().expect("read"),
        Some(6),
        "the second page at once"
    );
    let quiet = handle.status().borrow().catalogue_version;
    tokio::time::sleep(seconds(300)).await;
    assert_eq!(
        handle.status().borrow().catalogue_version,
        quiet,
        "no news is no change"
    );
    assert!(
        (9..=11).contains(&hub.asked("changes 6")),
        "{}",
        hub.asked("changes 6")
    );
}

#[tokio::test(start_paused = true)]
async fn the_cursor_moves_only_when_a_page_came_whole() {
    let lost_line = {
        let mut page = page(9, vec![list(6), list(7), list(8)], false);
        page.remove(2);
        page
    };
    let no_end = page(9, vec![list(6)], false)[..2].to_vec();
    let twice = vec![header(9, 1), header(9, 1), list(6), end(9, 1, false)];
    for broken in [lost_line, no_end, twice, vec!["<html>".to_owned()], vec![]] {
        let (till, hub) = (Till::stocked(5), FakeHub::default());
        hub.state().changes.insert(5, broken.clone());
        let handle = till.start(hub.upstream());
        until(&handle, seconds(5), |s| s.state == SyncState::Offline).await;
        tokio::time::sleep(seconds(30)).await;
        assert_eq!(till.store.cursor().expect("read"), Some(5), "{broken:?}");

        hub.state()
            .changes
            .insert(5, page(9, vec![list(6), list(7)], false));
        until(&handle, seconds(120), in_order).await;
        assert_eq!(
            (till.store.cursor().expect("read"), lists(&till)),
            (Some(9), 2)
        );
        handle.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_was_put_back_is_followed_with_a_new_snapshot() {
    let ahead = status(409, "cursor_ahead", None);
    // It says so itself, or its feed ends before our cursor.
    for said in [true, false] {
        let (till, hub) = (Till::stocked(5_000), FakeHub::default());
        hub.state().snapshot = page(40, vec![list(1)], false);
        if said {
            hub.state().every_pull = Some(ahead.clone());
        } else {
            hub.state().changes.insert(5_000, page(40, vec![], false));
        }
        let handle = till.start(hub.upstream());
        let loaded = until(&handle, seconds(5), |_| hub.asked("snapshot") == 1).await;
        assert_eq!(loaded.problem, None, "this is not a failure");
        hub.state().every_pull = None;
        until(&handle, seconds(60), in_order).await;
        assert_eq!(
            (till.store.cursor().expect("read"), lists(&till)),
            (Some(40), 1)
        );
        handle.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn sales_go_out_while_a_long_snapshot_comes_in() {
    let (till, hub) = (Till::new(), FakeHub::default());
    hub.state().snapshot = page(3_000, (1..=3_000).map(list).collect(), false);
    hub.state().drip = Duration::from_millis(20);
    let handle = till.start(hub.upstream());
    until(&handle, seconds(30), |s| s.catalogue_loading.is_some()).await;
    let key = till.sell();
    handle.wake();
    until(&handle, seconds(25), |s| s.acknowledged == 1).await;
    assert!(hub.has(key));
    assert_eq!(
        till.store.cursor().expect("read"),
        None,
        "the snapshot still goes on"
    );
    until(&handle, seconds(60), in_order).await;
    assert_eq!(lists(&till), 3_000);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_drips_for_ever_is_left_and_sales_go_out_meanwhile() {
    let (till, hub) = (Till::new(), FakeHub::default());
    hub.state().snapshot = page(3_000, (1..=3_000).map(list).collect(), false);
    hub.state().drip = seconds(10);
    let handle = till.start(hub.upstream());
    for sold in 1..=5 {
        let key = till.sell();
        handle.wake();
        let limit = WorkerConfig::default().chunk_patience + seconds(10);
        until(&handle, limit, |s| s.acknowledged == sold).await;
        assert!(hub.has(key));
        tokio::time::sleep(seconds(200)).await;
    }
    let slow = handle.status().borrow().clone();
    assert_eq!(slow.problem.expect("a reason").code, "hub_timeout");
    hub.state().drip = Duration::ZERO;
    until(&handle, seconds(400), in_order).await;
}

#[tokio::test(start_paused = true)]
async fn a_broken_feed_keeps_no_sale_back_and_broken_posting_no_change() {
    let (till, hub) = (Till::stocked(5), FakeHub::default());
    hub.state().every_pull = Some(UpstreamError::Garbage {
        detail: "<html>".to_owned(),
    });
    let handle = till.start(hub.upstream());
    until(&handle, seconds(5), |s| s.state == SyncState::Offline).await;
    tokio::time::sleep(seconds(3_600)).await;
    let key = till.sell();
    handle.wake();
    let status = until(&handle, seconds(1), |s| s.acknowledged == 1).await;
    assert!(hub.has(key));
    assert_eq!(status.state, SyncState::Offline, "not all is well");
    assert_eq!(
        status.last_synced, None,
        "no word of a catalogue that is up to date"
    );

    hub.state().every_pull = None;
    hub.state().every_post = Some(internal());
    hub.state().changes.insert(5, page(6, vec![list(6)], false));
    till.sell();
    handle.wake();
    tokio::time::sleep(seconds(700)).await;
    assert_eq!(
        (till.store.cursor().expect("read"), lists(&till)),
        (Some(6), 1)
    );
}

#[tokio::test(start_paused = true)]
async fn stopping_in_the_middle_of_a_snapshot_is_quick_and_harmless() {
    let (till, hub) = (Till::new(), FakeHub::default());
    hub.state().snapshot = page(3_000, (1..=3_000).map(list).collect(), false);
    hub.state().drip = Duration::from_millis(20);
    let handle = till.start(hub.upstream());
    until(&handle, seconds(30), |s| s.catalogue_loading.is_some()).await;
    let asked = tokio::time::Instant::now();
    handle.stop().await;
    assert!(asked.elapsed() < seconds(1));

    hub.state().drip = Duration::ZERO;
    let again = till.start(hub.upstream());
    until(&again, seconds(10), in_order).await;
    assert_eq!(lists(&till), 3_000);
}
