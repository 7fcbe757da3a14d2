//! A catalogue with bad rows, cut feeds and prices that change under the till's feet.

use std::time::Duration;

use evertill_app::types::SyncState;
use evertill_protocol::{ChangeBody, ItemRecord, Record, RecordKind};
use evertill_testkit::{APPLES, BREAD, COFFEE, GOODS, Good, MILK, NetworkFault, SOAP, Till, World};
use serde_json::json;

use crate::books::{Books, notes};

const SNAPSHOT: &str = "GET /v1/snapshot";
const CHANGES: &str = "GET /v1/changes";

async fn enrolled(world: &World) -> Till {
    let till = world.bare_till("A").await;
    till.start().await;
    till.enrol().await;
    till
}

/// Signs in as soon as the people have come with the feed.
async fn signed_in(till: &Till) {
    let begun = std::time::Instant::now();
    while till.people().await.people.is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "nobody works here"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    till.sign_in("ana").await;
}

/// The feed with one line of it changed; the line is the first that has all of these words.
fn spoilt(
    words: &'static [&'static str],
    change: impl Fn(&str) -> String + Send + Sync + 'static,
) -> NetworkFault {
    NetworkFault::rewrite(move |feed| {
        let mut found = false;
        let lines = feed.lines().map(|line| {
            if !found && words.iter().all(|word| line.contains(word)) {
                found = true;
                change(line)
            } else {
                line.to_owned()
            }
        });
        let feed = lines.collect::<Vec<_>>().join("\n") + "\n";
        assert!(found, "no line has {words:?}");
        feed
    })
}

/// One row a way in which a row can be bad; the other four goods are sold all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_row_leaves_the_rest_sellable() {
    let milk_price = &["\"price\"", "shelf/milk"][..];
    let milk = &["\"item\"", "Whole Milk"][..];
    let troubles: [(&str, NetworkFault); 8] = [
        (
            "no JSON",
            spoilt(milk, |_| "{\"type\":\"change\",\"seq\":".to_owned()),
        ),
        ("no text", spoilt(milk, |_| "\u{fffd}\u{0}\u{1}".to_owned())),
        (
            "no price",
            spoilt(milk_price, |line| line.replace(":119", ":null")),
        ),
        (
            "price in words",
            spoilt(milk_price, |line| line.replace(":119", ":\"cheap\"")),
        ),
        (
            "price as a fraction",
            spoilt(milk_price, |line| line.replace(":119", ":1.19")),
        ),
        (
            "price beyond all money",
            spoilt(milk_price, |line| {
                line.replace(":119", ":9000000000000000000")
            }),
        ),
        (
            "a kind nobody knows",
            spoilt(milk, |line| line.replace("\"item\"", "\"hologram\"")),
        ),
        (
            "a tax rule nobody knows",
            spoilt(milk, |line| line.replace("\"food\"", "\"moon\"")),
        ),
    ];
    for (name, trouble) in troubles {
        let world = World::new().await;
        let till = world.bare_till("A").await;
        till.network.always(SNAPSHOT, trouble);
        till.start().await;
        till.enrol().await;
        signed_in(&till).await;
        till.until_price(&SOAP, Some(345)).await;
        let mut books = Books::default();
        books.sold(&till.sell(&[&BREAD, &COFFEE, &APPLES, &SOAP]).await);
        let fault = till
            .refused("sell.scan", json!({ "code": MILK.barcode() }))
            .await;
        assert_eq!(fault.code, "barcode_unknown", "{name}");
        assert_eq!(till.price(&MILK).await, None, "{name}");
        till.until_synced().await;
        books.agree_with(&world.hub().report());
        // The shop puts the row right, and it is for sale.
        let record = ItemRecord {
            popularity: 7,
            ..MILK.record()
        };
        world
            .hub()
            .publish(ChangeBody::Upsert(Record::Item(record)));
        world.hub().change_price(&MILK, 120);
        till.until_price(&MILK, Some(120)).await;
        till.scan(&MILK).await;
        till.stop().await;
    }
}

/// A feed that is cut off moves nothing on and is asked for again, until it comes whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_cut_off_is_asked_for_again() {
    let troubles = [
        ("half a reply", NetworkFault::HalfReply),
        ("half closed", NetworkFault::HalfClose),
        (
            "stopped between two lines",
            NetworkFault::rewrite(|feed| {
                let lines: Vec<&str> = feed.lines().collect();
                lines[..lines.len() * 2 / 3].join("\n")
            }),
        ),
        (
            "a line lost",
            NetworkFault::rewrite(|feed| {
                let lines = feed.lines().filter(|line| !line.contains("shelf/bread"));
                lines.collect::<Vec<_>>().join("\n")
            }),
        ),
        (
            "garbage",
            NetworkFault::Answer(200, &[("content-type", "application/x-ndjson")], "<html>\n"),
        ),
        ("a login page", NetworkFault::status(200)),
        ("500", NetworkFault::status(500)),
        (
            "429",
            NetworkFault::Answer(429, &[("retry-after", "0")], ""),
        ),
        ("noise", NetworkFault::Noise(b"\x00\x01\x02")),
    ];
    for (name, trouble) in troubles {
        let world = World::new().await;
        let till = world.bare_till("A").await;
        till.network.times(2, SNAPSHOT, trouble.clone());
        till.start().await;
        till.enrol().await;
        signed_in(&till).await;
        for good in &GOODS {
            till.until_price(good, Some(good.cents)).await;
        }
        assert_eq!(till.network.fired(), 2, "{name}");
        // And the same with a change while the shop is open: sales go on.
        till.network.times(2, CHANGES, trouble);
        world.hub().change_price(&BREAD, 259);
        till.sell(&[&MILK]).await;
        till.until_price(&BREAD, Some(259)).await;
        till.until_synced().await;
        assert_eq!(world.hub().report().sales, 1, "{name}");
        till.stop().await;
    }
}

/// A catalogue that is not whole says so, from the first moment to the last.
#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_is_loading_until_it_is_whole() {
    let world = World::new().await;
    let till = world.bare_till("A").await;
    till.network.times(3, SNAPSHOT, NetworkFault::HalfReply);
    till.start().await;
    assert_eq!(
        till.state().await.catalogue.loading,
        None,
        "there is no shop yet"
    );
    till.enrol().await;
    let begun = std::time::Instant::now();
    loop {
        let catalogue = till.state().await.catalogue;
        if catalogue.loading.is_none() {
            assert_eq!(catalogue.items, 5);
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{catalogue:?}");
    }
    assert_eq!(till.network.fired(), 3);
    till.network.cut().await;
    till.restart().await;
    let catalogue = till.state().await.catalogue;
    assert_eq!(
        (catalogue.items, catalogue.loading),
        (5, None),
        "it is still whole"
    );
}

/// The till sells while its first catalogue is still on its way, and again after a restart in the
/// middle of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_during_the_first_load_starts_it_again() {
    let world = World::new().await;
    let till = world.bare_till("A").await;
    till.network.always(SNAPSHOT, NetworkFault::HalfReply);
    till.start().await;
    till.enrol().await;
    while till.network.fired() < 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    till.crash().await;
    till.network.calm();
    signed_in(&till).await;
    till.until_price(&SOAP, Some(SOAP.cents)).await;
    till.sell(&[&MILK, &SOAP]).await;
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 1);
}

/// Sold before the till could know: accepted as it was sold, and noted.
#[tokio::test(flavor = "multi_thread")]
async fn what_changed_between_sale_and_posting_is_accepted_as_sold() {
    let world = World::new().await;
    let till = enrolled(&world).await;
    signed_in(&till).await;
    till.until_price(&SOAP, Some(SOAP.cents)).await;
    till.network.cut().await;
    let sale = till.sell(&[&MILK, &COFFEE, &SOAP]).await;
    world.hub().change_price(&MILK, 999);
    world.hub().disable(&COFFEE);
    world.hub().publish(ChangeBody::Delete {
        kind: RecordKind::Item,
        id: SOAP.id.to_owned(),
    });
    till.network.mend();
    till.until_synced().await;
    let report = world.hub().report();
    assert_eq!((report.sales, report.total), (1, 119 + 599 + 345));
    assert_eq!(
        notes(&world, &sale.number),
        [
            "item_disabled: coffee",
            "item_unknown: soap",
            "price_changed: milk"
        ]
    );

    // From now on the new catalogue counts.
    till.until_price(&MILK, Some(999)).await;
    till.until_price(&COFFEE, None).await;
    till.until_price(&SOAP, None).await;
    for good in [&COFFEE, &SOAP] {
        let fault = till
            .refused("sell.scan", json!({ "code": good.barcode() }))
            .await;
        assert_eq!(fault.code, "barcode_unknown", "{}", good.id);
    }
    assert_eq!(till.scan(&MILK).await.total.text, "9.99");
}

/// A price that changes while the item lies in the cart does not change under the customer's eyes.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_in_the_cart_keeps_its_price() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&BREAD).await;
    world.hub().change_price(&BREAD, 300);
    till.until_price(&BREAD, Some(300)).await;
    assert_eq!(till.cart().await.total.text, "2.49");
    let cart = till.scan(&BREAD).await;
    assert_eq!(cart.total.text, "5.49", "the second one at the new price");
    assert_eq!(cart.lines.len(), 2, "on a line of its own");
    till.pay_cash("10").await;
    till.until_synced().await;
    assert_eq!(world.hub().report().total, 549);
}

/// A hub restored from an older copy has a shorter feed than the till has read: the till loads the
/// catalogue again instead of waiting for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_went_back_in_time_is_followed() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let saved = world.hub().save().await;
    let good: &Good = &MILK;
    world.hub().change_price(good, 130);
    till.until_price(good, Some(130)).await;
    world.hub().go_back_to(saved).await;
    till.until_price(good, Some(119)).await;
    till.sell(&[good]).await;
    let pill = till.until_synced().await;
    assert_eq!(pill.state, SyncState::Synced);
}
