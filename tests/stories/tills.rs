//! Several tills in one shop.

use evertill_app::types::{CartView, CustomersView};
use evertill_testkit::{BREAD, COFFEE, MILK, World};
use serde_json::json;

use crate::books::Books;

#[tokio::test(flavor = "multi_thread")]
async fn two_tills_know_the_same_customers_and_never_share_a_number() {
    let world = World::new().await;
    let (a, b) = tokio::join!(world.till("A"), world.till("B"));
    a.sign_in("ana").await;
    b.sign_in("ben").await;
    let of_a: CustomersView = a.ask("sell.customers", json!({ "text": "" })).await;
    let of_b: CustomersView = b.ask("sell.customers", json!({ "text": "" })).await;
    assert_eq!(of_a, of_b);
    assert_eq!(of_a.customers.len(), 2);

    let mut books = Books::default();
    a.network.cut().await;
    for round in 0..6 {
        if round == 3 {
            a.network.mend();
            b.network.cut().await;
        }
        for till in [&a, &b] {
            till.scan(&MILK).await;
            till.ask::<CartView>("sell.set_customer", json!({ "customer_id": "c2" }))
                .await;
        }
        let (one, two) = tokio::join!(a.pay_cash("2"), b.pay_cash("2"));
        assert_ne!(one.number, two.number);
        books.sold(&one);
        books.sold(&two);
    }
    b.network.mend();
    a.until_synced().await;
    b.until_synced().await;
    books.agree_with(&world.hub().report());
    assert_eq!(books.count(), 12);
}

/// Each till counts on by itself, whichever of them starts, stops or crashes in between.
#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_restarts_disturbs_no_other() {
    let world = World::new().await;
    let (a, b) = tokio::join!(world.till("A"), world.till("B"));
    let mut books = Books::default();
    for _ in 0..3 {
        for till in [&a, &b] {
            till.sign_in("ana").await;
        }
        books.sold(&a.sell(&[&BREAD]).await);
        let (sale, ()) = tokio::join!(b.sell(&[&COFFEE]), a.crash());
        books.sold(&sale);
        b.restart().await;
    }
    a.until_synced().await;
    b.until_synced().await;
    books.agree_with(&world.hub().report());
}
