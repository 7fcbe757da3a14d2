//! Bad input: each gets its code and a sentence, and loses nothing.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::sync::Arc;

use common::{HubBehaviour, World, call, keyring, pay_request, refused, sell_cola, sign_in};
use evertill_app::{Fault, Till};
use evertill_testkit::Keyring;
use serde_json::{Value, json};

fn typed(url: &str, code: &str, name: &str) -> Value {
    json!({"hub_url": url, "code": code, "till_name": name})
}

fn good() -> Value {
    typed("http://hub", "GOOD", "Counter")
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolment_says_what_is_wrong_and_can_be_tried_again() {
    let world = World::new();
    let till = world.start().await;
    let named = |name: &str| typed("http://hub", "GOOD", name);
    let coded = |code: &str| typed("http://hub", code, "Counter");
    // (behaviour of the hub, what is typed, code of the refusal)
    let table = [
        (
            HubBehaviour::Well,
            typed("hub.example", "GOOD", "Counter"),
            "hub_url_invalid",
        ),
        (
            HubBehaviour::Well,
            typed("", "GOOD", "Counter"),
            "hub_url_invalid",
        ),
        (HubBehaviour::Well, coded(" "), "enrol_code_missing"),
        (HubBehaviour::Well, coded("NONE"), "enrol_code_wrong"),
        (HubBehaviour::Well, coded("OLD"), "enrol_code_expired"),
        (HubBehaviour::Well, named(" "), "till_name_invalid"),
        (
            HubBehaviour::Well,
            named(&"x".repeat(61)),
            "till_name_invalid",
        ),
        (HubBehaviour::Away, good(), "hub_unreachable"),
        (HubBehaviour::Slow, good(), "hub_timeout"),
        (HubBehaviour::Garbage, good(), "hub_garbage"),
        (HubBehaviour::Broken, good(), "internal"),
    ];
    for (behaviour, request, code) in table {
        world.hub.behaves(behaviour);
        let fault = refused(&till, "enrolment.enrol", request.clone()).await;
        assert_eq!(fault.code, code, "{request}");
        assert!(!fault.message.is_empty());
    }
    world.hub.behaves(HubBehaviour::Well);
    let state = call(&till, "till.state", json!({})).await;
    assert_eq!(state["phase"], "needs_enrolment");
    call(&till, "enrolment.enrol", good()).await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_enrols_one_till_and_a_till_enrols_once() {
    let world = World::new();
    let till = world.enrolled().await;
    assert_eq!(
        refused(&till, "enrolment.enrol", good()).await.code,
        "already_enrolled"
    );
    till.shutdown().await;
    let other = World::new();
    let mut config = world.config();
    config.dir = other.dir.clone();
    let second = Till::start(config).await.unwrap();
    assert_eq!(
        refused(&second, "enrolment.enrol", good()).await.code,
        "enrol_code_used"
    );
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_makes_no_sense_is_not_joined() {
    let world = World::new();
    *world.hub.time_zone.lock().unwrap() = "Mars/Olympus".to_owned();
    let till = world.start().await;
    let request = json!({"hub_url": "http://hub", "code": "GOOD", "till_name": "Counter"});
    assert_eq!(
        refused(&till, "enrolment.enrol", request).await.code,
        "shop_invalid"
    );
    assert_eq!(
        call(&till, "till.state", json!({})).await["phase"],
        "needs_enrolment"
    );
    till.shutdown().await;
}

/// A command with a request, and the code it is refused with.
type Refusal = (&'static str, Value, &'static str);

fn scans() -> Vec<Refusal> {
    let scan = |code: &str, refusal| ("sell.scan", json!({"code": code}), refusal);
    let add = |item: &str, quantity: &str, refusal| {
        (
            "sell.add_item",
            json!({"item_id": item, "quantity": quantity}),
            refusal,
        )
    };
    vec![
        scan("", "barcode_empty"),
        scan("4006381333932", "barcode_check_digit"),
        scan("4006381333900", "barcode_unknown"),
        scan(&"x".repeat(500), "barcode_too_long"),
        add("nothing", "1", "item_unknown"),
        add("cola", "0.5", "quantity_not_whole"),
        ("sell.no_such_thing", json!({}), "command_unknown"),
        (
            "sell.remove_line",
            json!({"line": "one"}),
            "request_malformed",
        ),
        (
            "sell.remove_line",
            json!({"line": 1, "and": 2}),
            "request_malformed",
        ),
        (
            "sell.set_customer",
            json!({"customer_id": "nobody"}),
            "customer_unknown",
        ),
        (
            "receipt.state",
            json!({"invoice_id": "x"}),
            "invoice_unknown",
        ),
    ]
}

fn quantities() -> Vec<Refusal> {
    let set = |line: u32, text: &str, refusal| {
        (
            "sell.edit_line",
            json!({"line": line, "quantity": text}),
            refusal,
        )
    };
    vec![
        set(1, "0", "quantity_zero"),
        set(1, "-1", "quantity_negative"),
        set(1, "100000", "quantity_too_large"),
        set(1, "1.0001", "quantity_too_precise"),
        set(1, "many", "quantity_malformed"),
        set(9, "1", "line_unknown"),
    ]
}

fn discounts_and_prices() -> Vec<Refusal> {
    let line = |kind: &str, value: &str, refusal| {
        let discount = json!({"kind": kind, "value": value});
        (
            "sell.edit_line",
            json!({"line": 1, "discount": discount}),
            refusal,
        )
    };
    let price =
        |text: &str, refusal| ("sell.edit_line", json!({"line": 1, "price": text}), refusal);
    let all = json!({"discount": {"kind": "amount", "value": "99"}});
    vec![
        line("amount", "2.00", "discount_over_price"),
        line("amount", "-1", "discount_negative"),
        line("percent", "101", "percent_out_of_range"),
        ("sell.set_discount", all, "discount_over_total"),
        price("-1", "price_negative"),
        price("1.2.3", "amount_malformed"),
        price("1.999", "amount_too_precise"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cart_cannot_take_leaves_it_as_it_was() {
    let world = World::new();
    let till = world.signed_in("sam").await;
    call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let apples = json!({"item_id": "apples", "quantity": "1.250"});
    let before = call(&till, "sell.add_item", apples).await;
    for (name, request, code) in [scans(), quantities(), discounts_and_prices()].concat() {
        let fault = refused(&till, name, request.clone()).await;
        assert_eq!(fault.code, code, "{name} {request}");
        let mut now = call(&till, "sell.cart", json!({})).await;
        now["changed_line"] = before["changed_line"].clone();
        assert_eq!(now, before, "{name} {request}");
    }
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_pay_for_a_cart_sells_nothing() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let empty = call(&till, "sell.cart", json!({})).await;
    assert_eq!(
        refused(&till, "checkout.pay", pay_request(&empty, "1"))
            .await
            .code,
        "cart_empty"
    );
    assert_eq!(
        refused(&till, "checkout.prepare", json!({})).await.code,
        "cart_empty"
    );
    let cart = call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    let with = |mode: &str, amount: &str| -> Value {
        let mut request = pay_request(&cart, amount);
        request["tenders"][0]["mode"] = json!(mode);
        request
    };
    let table = [
        (with("cash", "1.98"), "cash_short"),
        (with("card", "2.00"), "card_over"),
        (with("cash", "0"), "tender_not_positive"),
        (with("cash", "-5"), "tender_not_positive"),
        (with("cash", "lots"), "amount_malformed"),
        (with("gold", "2.00"), "payment_mode_unknown"),
        (
            json!({"cart_id": "x", "expected_total_minor": 199, "tenders": []}),
            "request_malformed",
        ),
    ];
    for (request, code) in table {
        let fault = refused(&till, "checkout.pay", request.clone()).await;
        assert_eq!(fault.code, code, "{request}");
    }
    let fault = refused(&till, "checkout.pay", with("cash", "1.50")).await;
    assert_eq!(fault.params["due"], "49");
    let done = call(&till, "checkout.pay", with("cash", "5")).await;
    assert_eq!(done["number"], "03-000001", "no refusal used up a number");
    till.shutdown().await;
}

async fn start_fails(world: &World) -> Fault {
    match Till::start(world.config()).await {
        Ok(_) => panic!("the till opened"),
        Err(fault) => fault,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_instance_is_refused_and_the_first_goes_on() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    assert_eq!(start_fails(&world).await.code, "store_in_use");
    sell_cola(&till).await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_opened_is_left_as_it_is() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    sell_cola(&till).await;
    till.shutdown().await;
    drop(till);

    let mut config = world.config();
    let locked = Keyring::default();
    locked.lock();
    config.secret = Arc::new(locked);
    let fault = Till::start(config)
        .await
        .err()
        .expect("no keyring, no till");
    assert_eq!(fault.code, "keyring_unavailable");
    let mut config = world.config();
    config.secret = Arc::new(keyring([8; 32]));
    let fault = Till::start(config)
        .await
        .err()
        .expect("another machine's keyring");
    assert_eq!(fault.code, "key_wrong");

    let file = world.dir.join("till.db");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let fault = start_fails(&world).await;
    assert_eq!(fault.code, "store_damaged");
    assert!(!fault.message.is_empty());
    assert_eq!(std::fs::read(&file).unwrap().len(), whole.len() / 2);

    std::fs::write(&file, &whole).unwrap();
    let till = world.start().await;
    sign_in(&till, "ana").await;
    let recent = call(&till, "receipt.recent", json!({"limit": 1})).await;
    assert_eq!(recent["receipts"][0]["number"], "03-000001");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_the_sale_and_keeps_the_cart() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    let cart = call(&till, "sell.scan", json!({"code": "4006381333931"})).await;
    till.support().limit_pages(0).unwrap();
    let mut refusals = 0;
    // The file has some room left in its pages; the disk is full once that is used up.
    let mut cart = cart;
    for _ in 0..200 {
        match till.dispatch("checkout.pay", pay_request(&cart, "2")).await {
            Ok(_) => {
                cart = match till
                    .dispatch("sell.scan", json!({"code": "4006381333931"}))
                    .await
                {
                    Ok(cart) => cart,
                    Err(fault) => {
                        assert_eq!(fault.code, "disk_full");
                        refusals += 1;
                        break;
                    }
                }
            }
            Err(fault) => {
                assert_eq!(fault.code, "disk_full");
                refusals += 1;
                break;
            }
        }
    }
    assert_eq!(refusals, 1, "the disk never was full");
    let sold = call(&till, "receipt.recent", json!({"limit": 200})).await;
    let sold = sold["receipts"].as_array().unwrap().len();
    till.shutdown().await;
    drop(till);

    let till = world.start().await;
    sign_in(&till, "ana").await;
    let open = call(&till, "sell.cart", json!({})).await;
    let open = if open["lines"] == json!([]) {
        call(&till, "sell.scan", json!({"code": "4006381333931"})).await
    } else {
        open
    };
    let done = call(&till, "checkout.pay", pay_request(&open, "2")).await;
    assert_eq!(
        done["number"],
        format!("03-{:06}", sold + 1),
        "no gap, no number twice"
    );
    let support = till.support();
    assert!(support.verify_journal().unwrap() > 0);
    till.shutdown().await;
}
