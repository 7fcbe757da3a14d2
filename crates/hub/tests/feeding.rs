//! Master data on its way down: snapshot and change feed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use std::collections::BTreeMap;

use evertill_protocol::{Change, ChangeBody, FeedLine, Record, RecordKind, code};
use reqwest::StatusCode;
use support::{Till, World, item};

/// What a till would hold after reading these lines, and the end line.
fn apply(store: &mut BTreeMap<(RecordKind, String), Record>, lines: &[FeedLine]) -> (u64, bool) {
    let (
        Some(FeedLine::Header {
            records: announced, ..
        }),
        Some(end),
    ) = (lines.first(), lines.last())
    else {
        panic!("no header: {lines:?}");
    };
    let FeedLine::End {
        cursor,
        records,
        more,
    } = end
    else {
        panic!("no end: {end:?}")
    };
    assert_eq!(*announced, *records);
    assert_eq!(usize::try_from(*records).unwrap(), lines.len() - 2);
    let mut last = 0;
    for line in &lines[1..lines.len() - 1] {
        let FeedLine::Change(Change { seq, body }) = line else {
            panic!("{line:?}")
        };
        last = last.max(*seq);
        match body {
            ChangeBody::Upsert(record) => {
                store.insert((record.kind(), record.id().to_owned()), record.clone());
            }
            ChangeBody::Delete { kind, id } => {
                store.remove(&(*kind, id.clone()));
            }
        }
    }
    assert!(last <= *cursor);
    (*cursor, *more)
}

/// Pages through the feed until there is no more.
async fn catch_up(
    till: &Till,
    store: &mut BTreeMap<(RecordKind, String), Record>,
    mut cursor: u64,
    limit: u32,
) -> u64 {
    loop {
        let lines = till
            .feed(&format!("/v1/changes?after={cursor}&limit={limit}"))
            .await
            .unwrap();
        let (next, more) = apply(store, &lines);
        cursor = next;
        if !more {
            return cursor;
        }
    }
}

fn upsert(id: &str) -> ChangeBody {
    ChangeBody::Upsert(Record::Item(item(id)))
}

fn delete(id: &str) -> ChangeBody {
    ChangeBody::Delete {
        kind: RecordKind::Item,
        id: id.to_owned(),
    }
}

#[tokio::test]
async fn a_snapshot_holds_everything_once_and_what_others_point_to_first() {
    let world = World::open().await;
    let till = world.till().await;
    world.hub.repository().publish(&[delete("candle")]).unwrap();
    let lines = till.feed("/v1/snapshot").await.unwrap();
    let mut store = BTreeMap::new();
    let (cursor, more) = apply(&mut store, &lines);
    assert!(!more);
    assert!(
        !store.contains_key(&(RecordKind::Item, "candle".to_owned())),
        "deleted"
    );
    assert!(store.contains_key(&(RecordKind::Shop, "shop".to_owned())));
    let ranks: Vec<usize> = lines
        .iter()
        .filter_map(|line| match line {
            FeedLine::Change(Change {
                body: ChangeBody::Upsert(record),
                ..
            }) => RecordKind::ALL
                .iter()
                .position(|kind| *kind == record.kind()),
            _ => None,
        })
        .collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    assert_eq!(
        catch_up(&till, &mut store, cursor, 10).await,
        cursor,
        "nothing is left to fetch"
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn the_feed_tells_of_changes_and_deletions_and_pages_without_loss() {
    let world = World::open().await;
    let till = world.till().await;
    let hub = world.hub.repository();
    let mut store = BTreeMap::new();
    let mut cursor = catch_up(&till, &mut store, 0, 3).await;

    let odd = "odd \"id\" \\ with ü and \u{1}";
    let many: Vec<ChangeBody> = (0..25).map(|n| upsert(&format!("item {n}"))).collect();
    assert_eq!(hub.publish(&many).unwrap(), 25);
    assert_eq!(
        hub.publish(&many).unwrap(),
        0,
        "nothing changed, so nothing is said"
    );
    hub.publish(&[upsert(odd)]).unwrap();
    hub.publish(&[delete("item 3"), delete("never there")])
        .unwrap();
    for limit in [1, 4, 5000] {
        let mut paged = store.clone();
        catch_up(&till, &mut paged, cursor, limit).await;
        assert!(
            paged.contains_key(&(RecordKind::Item, "item 24".to_owned())),
            "limit {limit}"
        );
        assert!(paged.contains_key(&(RecordKind::Item, odd.to_owned())));
        assert!(!paged.contains_key(&(RecordKind::Item, "item 3".to_owned())));
    }
    cursor = catch_up(&till, &mut store, cursor, 7).await;

    hub.publish(&[delete(odd), upsert("item 3")]).unwrap();
    let lines = till
        .feed(&format!("/v1/changes?after={cursor}"))
        .await
        .unwrap();
    let FeedLine::Change(Change { body, .. }) = &lines[1] else {
        panic!("{lines:?}")
    };
    assert_eq!(*body, delete(odd), "a tombstone with the very id");
    apply(&mut store, &lines);
    assert!(
        store.contains_key(&(RecordKind::Item, "item 3".to_owned())),
        "it came back"
    );

    // The feed says what the snapshot says.
    let mut fresh = BTreeMap::new();
    apply(&mut fresh, &till.feed("/v1/snapshot").await.unwrap());
    assert_eq!(fresh, store);
    world.hub.stop().await;
}

#[tokio::test]
async fn reading_while_the_shop_writes_ends_with_the_same_catalogue() {
    let world = World::open().await;
    let till = world.till().await;
    let repository = world.hub.repository().clone();
    let writer = tokio::task::spawn_blocking(move || {
        for round in 0..60_u32 {
            // Each round is one transaction: a pair is there together or not at all.
            let pair = [format!("left {round}"), format!("right {round}")];
            repository
                .publish(&[upsert(&pair[0]), upsert(&pair[1])])
                .unwrap();
            if round % 3 == 0 {
                repository
                    .publish(&[delete(&pair[0]), delete(&pair[1])])
                    .unwrap();
            }
        }
    });
    let mut snapshots = 0;
    let mut store = BTreeMap::new();
    let mut cursor = 0;
    while !writer.is_finished() {
        let mut fresh = BTreeMap::new();
        apply(&mut fresh, &till.feed("/v1/snapshot").await.unwrap());
        let count = |side: &str| fresh.keys().filter(|(_, id)| id.starts_with(side)).count();
        assert_eq!(count("left"), count("right"), "a snapshot is one state");
        snapshots += 1;
        cursor = catch_up(&till, &mut store, cursor, 5).await;
    }
    writer.await.unwrap();
    assert!(snapshots > 0);
    catch_up(&till, &mut store, cursor, 5).await;
    let mut fresh = BTreeMap::new();
    apply(&mut fresh, &till.feed("/v1/snapshot").await.unwrap());
    assert_eq!(store, fresh);
    assert_eq!(
        fresh
            .keys()
            .filter(|(_, id)| id.starts_with("left"))
            .count(),
        40
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn a_reader_who_stops_reading_holds_up_nobody_and_the_rest_is_still_one_state() {
    let world = World::open().await;
    let till = world.till().await;
    let repository = world.hub.repository();
    let many: Vec<ChangeBody> = (0..30_000)
        .map(|n| upsert(&format!("item {n:05}")))
        .collect();
    repository.publish(&many).unwrap();
    let url = world.url("/v1/snapshot");
    let token = &till.enrolled.token;
    // Without compression there is more to send than sockets and queue can hold.
    let plain = reqwest::Client::builder().no_gzip().build().unwrap();
    let mut answer = plain.get(&url).bearer_auth(token).send().await.unwrap();
    let mut text = answer.chunk().await.unwrap().unwrap().to_vec();

    let invoice = till.invoice();
    let result = till.post(&[till.envelope(&invoice)]).await;
    assert_eq!(
        result.results[0].outcome,
        evertill_protocol::Outcome::Accepted
    );
    repository.publish(&[delete("item 29999")]).unwrap();

    while let Some(chunk) = answer.chunk().await.unwrap() {
        text.extend_from_slice(&chunk);
    }
    assert!(text.len() > 4_000_000, "{} bytes", text.len());
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<FeedLine> = text
        .lines()
        .map(|line| FeedLine::parse(line).unwrap())
        .collect();
    let mut store = BTreeMap::new();
    let (cursor, _) = apply(&mut store, &lines);
    assert!(
        store.contains_key(&(RecordKind::Item, "item 29999".to_owned())),
        "as it was"
    );
    catch_up(&till, &mut store, cursor, 100).await;
    assert!(
        !store.contains_key(&(RecordKind::Item, "item 29999".to_owned())),
        "as it is"
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn a_cursor_this_hub_never_gave_asks_for_a_snapshot() {
    let world = World::open().await;
    let till = world.till().await;
    for cursor in ["1000", "18446744073709551615"] {
        let (status, error) = till
            .feed(&format!("/v1/changes?after={cursor}"))
            .await
            .unwrap_err();
        assert_eq!(
            (status, error.code.as_str()),
            (StatusCode::CONFLICT, code::CURSOR_AHEAD)
        );
    }
    for query in ["after=-1", "after=x", "limit=", "limit=99999999999"] {
        let (status, error) = till
            .feed(&format!("/v1/changes?{query}"))
            .await
            .unwrap_err();
        assert_eq!(
            (status, error.code.as_str()),
            (StatusCode::BAD_REQUEST, code::REQUEST_MALFORMED),
            "{query}"
        );
    }
    for query in ["limit=0", "limit=5001"] {
        let (status, error) = till
            .feed(&format!("/v1/changes?{query}"))
            .await
            .unwrap_err();
        assert_eq!(
            (status, error.code.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, code::REQUEST_INVALID),
            "{query}"
        );
    }
    world.hub.stop().await;
}

/// The kinds that decide on whole sales, and a price with a condition.
fn sale_rules() -> Vec<Record> {
    let json = [
        r#"{"kind":"tax_template","id":"home","name":"At home","category":"","charges":[{"account":"vat",
            "name":"VAT","charge_type":"on_net_total","rate":"19","included":true,"amount":"0"}]}"#,
        r#"{"kind":"promotion","id":"p","name":"Five off","coupon":{"code":"FIVE"},"effect":{
            "kind":"ticket","of":{"everything":true},"from":"50","benefit":{"kind":"amount","value":"5"}}}"#,
        r#"{"kind":"price","id":"apple-6","price_list":"retail","item":"apple","amount":9,"min_qty":"6"}"#,
        r#"{"kind":"customer","id":"c9","name":"Nina","phone":"","email":"","tax_id":"","group":"staff"}"#,
    ];
    json.map(|json| serde_json::from_str(json).unwrap()).into()
}

#[tokio::test]
async fn promotions_charges_and_prices_with_conditions_reach_the_till_whole() {
    let world = World::open().await;
    let till = world.till().await;
    let mut followed = BTreeMap::new();
    let start = catch_up(&till, &mut followed, 0, 3).await;
    let upserts: Vec<ChangeBody> = sale_rules().into_iter().map(ChangeBody::Upsert).collect();
    assert_eq!(world.hub.repository().publish(&upserts).unwrap(), 4);
    assert_eq!(
        world.hub.repository().publish(&upserts).unwrap(),
        0,
        "the same again is no change"
    );
    catch_up(&till, &mut followed, start, 3).await;
    let mut loaded = BTreeMap::new();
    let lines = till.feed("/v1/snapshot").await.unwrap();
    apply(&mut loaded, &lines);
    assert_eq!(followed, loaded);
    for record in sale_rules() {
        let key = (record.kind(), record.id().to_owned());
        assert_eq!(loaded.get(&key), Some(&record));
    }
    let gone = ChangeBody::Delete {
        kind: RecordKind::Promotion,
        id: "p".to_owned(),
    };
    world.hub.repository().publish(&[gone]).unwrap();
    catch_up(&till, &mut followed, start, 3).await;
    assert!(!followed.contains_key(&(RecordKind::Promotion, "p".to_owned())));
}
