//! A day at the counter, by the commands the window gives.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{
    HubBehaviour, World, call, pay, pay_request, refused, sell_cola, sign_in, till_status, until,
};
use evertill_app::types::Event;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_till_is_enrolled_and_people_sign_in_and_out() {
    let world = World::new();
    let till = world.start().await;
    let state = call(&till, "till.state", json!({})).await;
    assert_eq!(state["phase"], "needs_enrolment");
    assert_eq!(state["now_text"], "13:07", "UTC before there is a shop");

    let till = {
        till.shutdown().await;
        drop(till);
        world.enrolled().await
    };
    let state = call(&till, "till.state", json!({})).await;
    assert_eq!(state["phase"], "signed_out");
    assert_eq!(state["till_name"], "Counter");
    assert_eq!(state["shop"]["name"], "Corner Shop");
    assert_eq!(state["shop"]["till"], "03");
    assert_eq!(state["now_text"], "14:07", "the shop's own time");

    let people = call(&till, "session.people", json!({})).await;
    let names: Vec<&Value> = people["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["name"])
        .collect();
    assert_eq!(
        names,
        [
            "Ada Administrator",
            "Ana Cashier",
            "Mia Manager",
            "Sam Supervisor"
        ]
    );
    assert_eq!(people["people"][1]["initials"], "AC");
    assert_eq!(people["people"][1]["can_pin"], false);

    let state = sign_in(&till, "ana").await;
    assert_eq!(state["phase"], "signed_in");
    assert_eq!(state["session"]["role"], "cashier");
    assert_eq!(state["session"]["since"], "14:07");

    call(&till, "session.sign_out", json!({})).await;
    let fault = refused(&till, "sell.cart", json!({})).await;
    assert_eq!(fault.code, "sign_in_required");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_priced_paid_printed_and_posted() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let mut events = till.events();
    let cart = call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    assert_eq!(cart["changed_line"], 1);
    assert_eq!(cart["lines"][0]["name"], "Cola 0.33 l");
    assert_eq!(cart["lines"][0]["tax_text"], "19\u{a0}%");
    assert_eq!(cart["total"], json!({"minor": 199, "text": "1.99"}));
    call(&till, "sell.edit_line", json!({"line": 1, "quantity": "3"})).await;
    call(&till, "sell.add_item", json!({"item_id": "bread"})).await;
    let ten = json!({"kind": "percent", "value": "10"});
    let cart = call(&till, "sell.edit_line", json!({"line": 2, "discount": ten})).await;
    assert_eq!(cart["lines"][1]["discount_text"], "10\u{a0}%");
    assert_eq!(cart["lines"][1]["amount"]["text"], "2.88");
    assert_eq!(cart["total"]["text"], "8.85");
    assert_eq!(cart["item_count"], "4");
    assert_eq!(cart["tax_included"], true);

    let charge = call(&till, "checkout.prepare", json!({})).await;
    assert_eq!(charge["due"]["text"], "8.85");
    assert_eq!(charge["modes"][0]["id"], "cash");
    let tenders = json!({"tenders": [{"mode": "cash", "amount": "5"}]});
    let quote = call(&till, "checkout.quote", tenders).await;
    assert_eq!(quote["remaining"]["text"], "3.85");
    assert_eq!(quote["enough"], false);

    let done = pay(&till, &cart, "20").await;
    assert_eq!(done["number"], "03-000001");
    assert_eq!(done["change"]["text"], "11.15");
    assert_eq!(done["tenders"][0]["name"], "cash");
    until("the receipt is out", async || {
        world.printer.jobs.lock().unwrap().len() == 1
    })
    .await;
    assert!(world.printer.jobs.lock().unwrap()[0].contains("03-000001"));
    until("the hub has it", async || {
        till_status(&till).await["state"] == "synced"
    })
    .await;
    assert_eq!(world.hub.posted.lock().unwrap().len(), 1);
    until("the window was told", async || {
        matches!(events.try_recv(), Ok(Event::PrintChanged { print, .. })
            if print.state == evertill_app::types::PrintState::Printed)
    })
    .await;

    let recent = call(&till, "receipt.recent", json!({"limit": 5})).await;
    assert_eq!(recent["receipts"][0]["number"], "03-000001");
    assert_eq!(recent["receipts"][0]["sync_state"], "acknowledged");
    assert_eq!(recent["receipts"][0]["print"]["state"], "printed");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_open_cart_survives_and_signing_in_starts_anew() {
    let world = World::new();
    let till = world.signed_in("sam").await;
    let price = json!({"line": 1, "price": "1.50"});
    call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    call(&till, "sell.edit_line", price).await;
    call(&till, "sell.set_customer", json!({"customer_id": "c1"})).await;
    let two = json!({"discount": {"kind": "amount", "value": "0.20"}});
    let before = call(&till, "sell.set_discount", two).await;
    assert_eq!(before["total"]["text"], "1.30");
    till.shutdown().await;
    drop(till);

    world.hub.behaves(HubBehaviour::Away);
    let till = world.start().await;
    assert_eq!(
        call(&till, "till.state", json!({})).await["phase"],
        "signed_out"
    );
    sign_in(&till, "sam").await;
    let after = call(&till, "sell.cart", json!({})).await;
    assert_eq!(after, before);
    assert_eq!(after["customer"]["name"], "Corner Café");
    let done = pay(&till, &after, "1.30").await;
    assert_eq!(done["total"]["text"], "1.30");
    assert_eq!(done["sync"]["waiting"], 1);
    let next = call(&till, "sell.cart", json!({})).await;
    assert_ne!(next["id"], after["id"]);
    assert_eq!(next["lines"], json!([]));

    world.hub.behaves(HubBehaviour::Well);
    until("the hub has it", async || {
        till_status(&till).await["state"] == "synced"
    })
    .await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_is_sold_once_however_often_it_is_paid() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let cart = call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let request = pay_request(&cart, "2");
    // A double click: both at once, then once more after the answer was lost.
    let (first, second) = tokio::join!(
        till.dispatch("checkout.pay", request.clone()),
        till.dispatch("checkout.pay", request.clone()),
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first["invoice_id"], second["invoice_id"]);
    assert_eq!(first["change"], second["change"]);
    sell_cola(&till).await;
    let again = call(&till, "checkout.pay", request).await;
    assert_eq!(again["invoice_id"], first["invoice_id"]);
    assert_eq!(again["number"], "03-000001");
    let recent = call(&till, "receipt.recent", json!({"limit": 10})).await;
    assert_eq!(recent["receipts"].as_array().unwrap().len(), 2);
    until("the hub has both", async || {
        world.hub.posted.lock().unwrap().len() == 2
    })
    .await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_total_the_cashier_did_not_see_is_not_charged() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let seen = call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let fault = refused(&till, "checkout.pay", pay_request(&seen, "10")).await;
    assert_eq!(fault.code, "cart_changed");
    assert_eq!(fault.params["total"], "398");
    let stranger = json!({"id": "00000000-0000-7000-8000-000000000000", "total": {"minor": 398}});
    let fault = refused(&till, "checkout.pay", pay_request(&stranger, "10")).await;
    assert_eq!(fault.code, "cart_changed");
    let cart = call(&till, "sell.cart", json!({})).await;
    assert_eq!(cart["total"]["minor"], 398, "nothing was lost");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_found_by_word_category_and_popularity() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let names = async |request: Value| {
        let found = call(&till, "catalogue.search", request).await;
        let items = found["items"].as_array().unwrap().clone();
        (
            items
                .iter()
                .map(|i| i["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
            found["more"].clone(),
        )
    };
    assert_eq!(
        names(json!({"text": "rye", "limit": 10})).await,
        (vec!["bread".to_owned()], json!(false))
    );
    let (first, more) = names(json!({"text": "", "limit": 2})).await;
    assert_eq!(
        (first, more),
        (vec!["bag".to_owned(), "apples".to_owned()], json!(true))
    );
    assert_eq!(
        names(json!({"text": "", "category": "none", "limit": 10}))
            .await
            .0
            .len(),
        0
    );
    let categories = call(&till, "catalogue.categories", json!({})).await;
    assert_eq!(
        categories["categories"],
        json!([{"id": "all", "name": "Groceries", "count": 4}])
    );
    let customers = call(&till, "sell.customers", json!({"text": "cafe"})).await;
    assert_eq!(customers["customers"][0]["id"], "c1");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sync_desk_shows_each_document_and_tries_again_at_once() {
    let world = World::new();
    let till = world.signed_in("mia").await;
    world.hub.behaves(HubBehaviour::Away);
    sell_cola(&till).await;
    until("the till is offline", async || {
        till_status(&till).await["state"] == "offline"
    })
    .await;
    let status = till_status(&till).await;
    assert_eq!(status["waiting"], 1);
    assert_eq!(status["offline_since_text"], "14:07");
    let desk = call(
        &till,
        "sync.documents",
        json!({"filter": "waiting", "limit": 10}),
    )
    .await;
    assert_eq!(desk["documents"][0]["number"], "03-000001");
    assert_eq!(desk["documents"][0]["kind"], "invoice");
    assert_eq!(desk["documents"][0]["total"]["text"], "1.99");
    assert_eq!(
        desk["counts"],
        json!({"waiting": 1, "attention": 0, "acknowledged": 0})
    );
    let fault = refused(&till, "sync.retry_now", json!({"key": "nonsense"})).await;
    assert_eq!(fault.code, "document_unknown");

    world.hub.behaves(HubBehaviour::Well);
    let key = desk["documents"][0]["key"].clone();
    call(&till, "sync.retry_now", json!({"key": key})).await;
    until("the hub has it", async || {
        till_status(&till).await["state"] == "synced"
    })
    .await;
    let desk = call(
        &till,
        "sync.documents",
        json!({"filter": "acknowledged", "limit": 10}),
    )
    .await;
    assert_eq!(desk["documents"][0]["state"], "acknowledged");
    assert_eq!(desk["documents"][0]["acknowledged_text"], "14:07");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_line_is_done_whole_or_not_at_all() {
    let world = World::new();
    let till = world.signed_in("sam").await;
    call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let off = |value: &str| json!({"kind": "amount", "value": value});
    let edit = json!({"line": 1, "quantity": "3", "discount": off("5.00")});
    let cart = call(&till, "sell.edit_line", edit).await;
    assert_eq!(cart["lines"][0]["amount"]["text"], "0.97");

    // The discount of three is too much for one: alone it is refused, with a new discount it is not.
    let fewer = json!({"line": 1, "quantity": "1"});
    let fault = till.dispatch("sell.edit_line", fewer).await.unwrap_err();
    assert_eq!(fault.code, "discount_over_price");
    let both = json!({"line": 1, "quantity": "1", "price": "1.50", "discount": off("99")});
    let fault = till.dispatch("sell.edit_line", both).await.unwrap_err();
    assert_eq!(fault.code, "discount_over_price");
    let cart = call(&till, "sell.cart", json!({})).await;
    assert_eq!(cart["lines"][0]["amount"]["text"], "0.97");
    assert_eq!(cart["lines"][0]["price"]["text"], "1.99");
    let both = json!({"line": 1, "quantity": "1", "discount": off("0.99")});
    let cart = call(&till, "sell.edit_line", both).await;
    assert_eq!(cart["lines"][0]["amount"]["text"], "1.00");
    till.shutdown().await;
}
