//! The till quits, loses power or is killed, and goes on with what it had.

use evertill_app::types::{CartView, Phase};
use evertill_testkit::{APPLES, BREAD, COFFEE, MILK, World};
use serde_json::json;

use crate::books::Books;

#[tokio::test(flavor = "multi_thread")]
async fn an_open_cart_survives_a_restart_and_a_crash() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&MILK).await;
    let apples = till.add(&APPLES, "1.250").await.lines[1].line;
    let ten = json!({ "line": apples, "discount": { "kind": "percent", "value": "10" } });
    till.ask::<CartView>("sell.edit_line", ten).await;
    let before: CartView = till
        .ask("sell.set_customer", json!({ "customer_id": "c1" }))
        .await;
    let before = CartView {
        changed_line: None,
        ..before
    };

    till.restart().await;
    assert_eq!(till.state().await.phase, Phase::SignedOut);
    assert_eq!(
        till.refused("sell.cart", json!({})).await.code,
        "sign_in_required"
    );
    till.sign_in("ana").await;
    assert_eq!(till.cart().await, before, "after quitting");

    till.crash().await;
    till.sign_in("ben").await;
    assert_eq!(till.cart().await, before, "after a crash, whoever signs in");
    let more = till.scan(&COFFEE).await;
    assert_eq!(more.lines.len(), 3);
    till.pay_cash("20").await;
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 1);
    till.crash().await;
    till.sign_in("ana").await;
    assert!(
        till.cart().await.lines.is_empty(),
        "what was sold does not come back"
    );
}

/// A crash after each step of a shift: nothing that was answered is lost, nothing comes twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_every_step_loses_nothing() {
    let world = World::new().await;
    let till = world.till("A").await;
    let mut books = Books::default();
    for round in 0..3 {
        till.sign_in("ana").await;
        till.scan(&MILK).await;
        till.crash().await;
        till.sign_in("ana").await;
        till.scan(&BREAD).await;
        till.crash().await;
        till.sign_in("ana").await;
        assert_eq!(till.cart().await.total.text, "3.68");
        books.sold(&till.pay_cash("5").await);
        till.crash().await;
        if round == 1 {
            world.hub().stop().await;
        }
    }
    world.hub().start_again().await;
    till.until_synced().await;
    books.agree_with(&world.hub().report());
    let support = till.app().support();
    assert!(support.verify_journal().unwrap() >= 3);
    assert!(support.check().unwrap().is_empty());
}

/// The answer to paying is lost in the crash: the window asks again and gets the same sale.
#[tokio::test(flavor = "multi_thread")]
async fn paying_again_after_a_crash_answers_the_sale_that_was_made() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&COFFEE).await;
    let request = till.payment("cash", "10").await;
    let first: evertill_app::types::DoneView = till.ask("checkout.pay", request.clone()).await;
    till.crash().await;
    till.sign_in("ana").await;
    let second: evertill_app::types::DoneView = till.ask("checkout.pay", request).await;
    assert_eq!(
        (first.invoice_id, first.number),
        (second.invoice_id, second.number)
    );
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 1);
}
