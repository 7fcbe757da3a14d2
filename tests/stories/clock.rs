//! The till's clock goes wrong, and the shop's day is not the machine's.

use std::time::Duration;

use evertill_testkit::{BREAD, MILK, NetworkFault, World};

use crate::books::{Books, notes};
use crate::desk::until_tried;

const DAY: i64 = 86_400;

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_lives_in_the_future_is_accepted_and_noted() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let right = till.sell(&[&MILK]).await;
    till.clock.put_wrong_by(3 * DAY);
    let ahead = till.sell(&[&BREAD]).await;
    till.clock.put_wrong_by(-300 * DAY);
    let behind = till.sell(&[&BREAD]).await;
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 3);
    assert!(notes(&world, &right.number).is_empty());
    let noted = notes(&world, &ahead.number);
    assert!(
        noted.len() == 1 && noted[0].starts_with("clock_ahead: 2026-11-26"),
        "{noted:?}"
    );
    assert!(world.hub().numbers().contains(&behind.number));
    let dates: Vec<String> = world
        .hub()
        .sales()
        .into_iter()
        .map(|it| it.business_date)
        .collect();
    assert_eq!(
        dates[..2],
        ["2026-11-23", "2026-11-26"],
        "each as it was sold"
    );
}

/// A retry that was set for a moment which, after the clock was put back, lies a year ahead.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_keeps_nothing_from_being_sent() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("mia").await;
    let mut books = Books::default();
    till.network
        .always("POST /v1/documents", NetworkFault::status(500));
    books.sold(&till.sell(&[&MILK]).await);
    until_tried(&till).await;
    till.clock.put_wrong_by(-365 * DAY);
    books.sold(&till.sell(&[&BREAD]).await);
    till.network.calm();
    till.until_synced().await;
    books.agree_with(&world.hub().report());
}

/// Half past midnight in Berlin is still yesterday in UTC; the sale counts for the shop's today.
#[tokio::test(flavor = "multi_thread")]
async fn a_sale_counts_for_the_shops_day() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.sell(&[&MILK]).await;
    world.clock.advance(Duration::from_secs(15 * 3600 + 1800));
    till.sell(&[&MILK]).await;
    till.until_synced().await;
    let dates: Vec<String> = world
        .hub()
        .sales()
        .into_iter()
        .map(|it| it.business_date)
        .collect();
    assert_eq!(dates, ["2026-11-23", "2026-11-24"]);
}
