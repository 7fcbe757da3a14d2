//! What things cost at this counter, for this customer, and what the cashier can say about it.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use common::{World, call, pay, refused, sign_in, until};
use evertill_app::Till;
use evertill_app::core::pricing::{Benefit, Coupon, Effect, Promotion, Selector};
use evertill_app::core::{
    CashRounding, Invoice, Money, RoundedPayments, TotalsPolicy, calc::RoundingMethod,
    verify_totals,
};
use evertill_app::protocol::{CustomerRecord, PriceListRecord, PriceRecord, Record};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const COLA: &str = "4006381333931";

fn three_for_two() -> Promotion {
    let of = Selector::items(["cola"]);
    Promotion::new(
        "cola-3-2",
        "Cola 3 for 2",
        Effect::BuyGet {
            buy: of.clone(),
            buy_units: 2,
            get: of,
            get_units: 1,
            benefit: Benefit::Free,
            repeats: None,
        },
    )
}

fn welcome() -> Promotion {
    Promotion {
        coupon: Some(Coupon {
            uses: Some(1),
            ..Coupon::new("WELCOME")
        }),
        ..Promotion::new(
            "welcome",
            "Welcome",
            Effect::Ticket {
                of: Selector::everything(),
                from: Decimal::from(3),
                benefit: Benefit::Amount(Decimal::ONE),
            },
        )
    }
}

/// Bread at 3.20 for everyone, at 2.50 from four on, and at 2.00 for staff; a customer of the staff
/// and one who is charged no tax.
fn special_terms(world: &World) {
    let price = |id: &str, list: &str, cents, min_qty: &str| {
        Record::Price(PriceRecord {
            id: id.to_owned(),
            min_qty: min_qty.to_owned(),
            ..PriceRecord::new(list.into(), "bread".into(), Money::from_minor(cents))
        })
    };
    *world.hub.more.lock().unwrap() = vec![
        Record::PriceList(PriceListRecord {
            id: "staff".into(),
            name: "Staff prices".to_owned(),
        }),
        price("staff/bread", "staff", 200, ""),
        price("shelf/bread/4", "shelf", 250, "4"),
        Record::Customer(CustomerRecord {
            group: "staff".to_owned(),
            ..CustomerRecord::named("ida".into(), "Ida")
        }),
        Record::Customer(CustomerRecord {
            exemption: "Embassy, certificate 12".to_owned(),
            ..CustomerRecord::named("embassy".into(), "Embassy")
        }),
        Record::Promotion(Box::new(three_for_two())),
        Record::Promotion(Box::new(welcome())),
    ];
    *world.hub.group_price_lists.lock().unwrap() = [("staff".to_owned(), "staff".into())].into();
}

async fn quantity(till: &Till, line: u32, quantity: &str) -> Value {
    let request = json!({"line": line, "quantity": quantity});
    call(till, "sell.edit_line", request).await
}

/// The invoice as it left for the hub.
async fn posted(world: &World) -> Invoice {
    until("the sale is posted", async || {
        !world.hub.posted.lock().unwrap().is_empty()
    })
    .await;
    let envelope = world.hub.posted.lock().unwrap().remove(0);
    let invoice: Invoice = serde_json::from_str(envelope.payload.get()).unwrap();
    assert_eq!(
        verify_totals(&invoice).unwrap(),
        None,
        "the hub comes to the same"
    );
    invoice
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promotion_lowers_the_line_and_says_why_and_how_near_the_next_is() {
    let world = World::new();
    special_terms(&world);
    let till = world.signed_in("ana").await;
    call(&till, "sell.scan", json!({"code": COLA})).await;
    let cart = quantity(&till, 1, "2").await;
    assert_eq!(
        cart["offers"],
        json!([{"name": "Cola 3 for 2", "missing": "1"}])
    );
    assert_eq!(cart["lines"][0]["savings"], json!([]));

    let cart = call(&till, "sell.scan", json!({"code": COLA})).await;
    assert_eq!(cart["total"]["text"], "3.98");
    assert_eq!(cart["line_discount"]["text"], "1.99");
    assert_eq!(
        cart["lines"][0]["savings"],
        json!([{
            "name": "Cola 3 for 2",
            "what": "buy 2, get 1 free",
            "quantity": "3",
            "saved": {"minor": 199, "text": "1.99"},
        }])
    );
    assert_eq!(cart["offers"], json!([]));

    // What a supervisor sets is left alone.
    sign_in(&till, "sam").await;
    let cart = call(&till, "sell.edit_line", json!({"line": 1, "price": "1.50"})).await;
    assert_eq!(cart["total"]["text"], "4.50");
    assert_eq!(cart["lines"][0]["price_set"], true);
    let cart = call(&till, "sell.edit_line", json!({"line": 1, "price": "1.99"})).await;
    assert_eq!(cart["total"]["text"], "3.98");

    pay(&till, &cart, "5").await;
    let invoice = posted(&world).await;
    let units: Decimal = invoice.lines[0]
        .parts
        .iter()
        .map(|part| part.quantity.value())
        .sum();
    assert_eq!(units, Decimal::from(3));
    assert_eq!(invoice.lines[0].promotions[0].name, "Cola 3 for 2");
    until("the receipt is printed", async || {
        let jobs = world.printer.jobs.lock().unwrap();
        jobs.iter()
            .any(|job| job.contains("Cola 3 for 2") && job.contains("-1.99"))
    })
    .await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_is_scanned_like_goods_used_once_and_explained_when_it_is_not() {
    let world = World::new();
    special_terms(&world);
    let till = world.signed_in("ana").await;
    call(&till, "sell.scan", json!({"code": COLA})).await;
    let cart = call(&till, "sell.scan", json!({"code": "welcome"})).await;
    assert_eq!(cart["coupons"][0]["used"], false);
    assert_eq!(
        cart["coupons"][0]["why_not"],
        json!({"code": "more_spent", "missing": "1.01"})
    );
    let fault = refused(&till, "sell.scan", json!({"code": "WELCOME"})).await;
    assert_eq!(fault.code, "coupon_already_added");

    let cart = quantity(&till, 1, "2").await;
    assert_eq!(
        cart["coupons"],
        json!([{"code": "WELCOME", "name": "Welcome", "used": true}])
    );
    assert_eq!(cart["savings"][0]["saved"]["text"], "1.00");
    assert_eq!(cart["total"]["text"], "2.98");
    let cart = call(&till, "sell.remove_coupon", json!({"code": "WELCOME"})).await;
    assert_eq!(
        (&cart["coupons"], &cart["total"]["text"]),
        (&json!([]), &json!("3.98"))
    );
    let cart = call(&till, "sell.scan", json!({"code": "WELCOME"})).await;
    pay(&till, &cart, "5").await;
    assert_eq!(posted(&world).await.coupons, ["WELCOME"]);

    // Single use: this till remembers, whatever the network does.
    call(&till, "sell.scan", json!({"code": COLA})).await;
    quantity(&till, 1, "2").await;
    let cart = call(&till, "sell.scan", json!({"code": "WELCOME"})).await;
    assert_eq!(cart["coupons"][0]["why_not"]["code"], "coupon_used_up");
    assert_eq!(cart["total"]["text"], "3.98");
    let fault = refused(&till, "sell.scan", json!({"code": "NO-SUCH"})).await;
    assert_eq!(fault.code, "barcode_unknown");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_coupons_of_one_name_each_say_why_they_did_nothing() {
    let world = World::new();
    let coupon = |id: &str, code: &str, from: u32| Promotion {
        coupon: Some(Coupon::new(code)),
        ..Promotion::new(
            id,
            "Voucher",
            Effect::Ticket {
                of: Selector::everything(),
                from: Decimal::from(from),
                benefit: Benefit::Amount(Decimal::ONE),
            },
        )
    };
    *world.hub.more.lock().unwrap() = vec![
        Record::Promotion(Box::new(coupon("small", "SMALL", 10))),
        Record::Promotion(Box::new(coupon("large", "LARGE", 20))),
    ];
    let till = world.signed_in("ana").await;
    call(&till, "sell.scan", json!({"code": COLA})).await;
    call(&till, "sell.scan", json!({"code": "SMALL"})).await;
    let cart = call(&till, "sell.scan", json!({"code": "LARGE"})).await;
    let missing: Vec<_> = cart["coupons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|coupon| coupon["why_not"]["missing"].clone())
        .collect();
    assert_eq!(missing, ["8.01", "18.01"]);
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_price_follows_quantity_and_customer_and_names_its_list() {
    let world = World::new();
    special_terms(&world);
    let till = world.signed_in("ana").await;
    let cart = call(&till, "sell.add_item", json!({"item_id": "bread"})).await;
    assert_eq!(cart["total"]["text"], "3.20");
    let cart = quantity(&till, 1, "4").await;
    assert_eq!(cart["total"]["text"], "10.00");
    assert_eq!(
        cart["lines"][0]["price_why"],
        json!({"list": "Shelf", "origin": "shop", "for_customer": false, "from_quantity": "4"})
    );
    let cart = call(&till, "sell.set_customer", json!({"customer_id": "ida"})).await;
    assert_eq!(cart["total"]["text"], "8.00");
    assert_eq!(cart["lines"][0]["price_why"]["list"], "Staff prices");
    assert_eq!(cart["lines"][0]["price_why"]["origin"], "customer_group");
    let cart = call(&till, "sell.set_customer", json!({})).await;
    assert_eq!(cart["total"]["text"], "10.00");
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_is_charged_no_tax_pays_without_it_and_the_reason_is_printed() {
    let world = World::new();
    special_terms(&world);
    let till = world.signed_in("ana").await;
    call(&till, "sell.scan", json!({"code": COLA})).await;
    let cart = call(
        &till,
        "sell.set_customer",
        json!({"customer_id": "embassy"}),
    )
    .await;
    assert_eq!(cart["customer"]["exemption"], "Embassy, certificate 12");
    // 1.99 / 1.19 = 1.6723.
    assert_eq!(
        (&cart["total"]["text"], &cart["tax"]["text"]),
        (&json!("1.67"), &json!("0.00"))
    );
    pay(&till, &cart, "2").await;
    let invoice = posted(&world).await;
    assert_eq!(invoice.tax_lines[0].name, "Embassy, certificate 12");
    until("the receipt is printed", async || {
        let jobs = world.printer.jobs.lock().unwrap();
        jobs.iter()
            .any(|job| job.contains("Embassy, certificate 12"))
    })
    .await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cash_goes_to_the_nearest_coin_and_a_card_does_not() {
    let world = World::new();
    *world.hub.totals_policy.lock().unwrap() = TotalsPolicy {
        rounding: RoundingMethod::Commercial,
        cash_rounding: Some(CashRounding {
            increment: Money::from_minor(5),
            applies_to: RoundedPayments::Cash,
        }),
        ..TotalsPolicy::default()
    };
    let till = world.signed_in("ana").await;
    let cart = call(&till, "sell.scan", json!({"code": COLA})).await;
    let charge = call(&till, "checkout.prepare", json!({})).await;
    assert_eq!(charge["due"]["text"], "1.99");
    assert_eq!(charge["cash_due"]["text"], "2.00");
    assert_eq!(charge["quick_cash"][0]["text"], "2.00");
    let quote = |mode: &str, amount: &str| json!({"tenders": [{"mode": mode, "amount": amount}]});
    let by_card = call(&till, "checkout.quote", quote("card", "1.99")).await;
    assert_eq!(by_card["enough"], true);
    let part = call(&till, "checkout.quote", quote("card", "1.00")).await;
    assert_eq!(part["due"]["text"], "1.99");
    assert_eq!(part["remaining"]["text"], "0.99");
    // The rest in cash rounds the whole sale to the coin; enough is only what really is.
    for (taken, cash, card) in [
        ("1.00", "1.00", "0.99"),
        ("1.97", "0.03", "0.02"),
        ("1.98", "0.02", "0.01"),
    ] {
        let rest = call(&till, "checkout.quote", quote("card", taken)).await;
        let of = |id: &str| {
            let modes = rest["modes"].as_array().unwrap();
            modes.iter().find(|mode| mode["mode"] == id).unwrap()
        };
        assert_eq!(of("cash")["due"]["text"], "2.00");
        assert_eq!(of("cash")["remaining"]["text"], cash);
        assert_eq!(of("card")["due"]["text"], "1.99");
        assert_eq!(of("card")["remaining"]["text"], card);
        assert_eq!(rest["enough"], false);
    }
    assert_eq!(
        by_card["modes"][0]["due"]["text"], "1.99",
        "nothing is left to round"
    );
    let in_cash = call(&till, "checkout.quote", quote("cash", "1.99")).await;
    assert_eq!(in_cash["remaining"]["text"], "0.01");

    let done = pay(&till, &cart, "5").await;
    assert_eq!(done["total"]["text"], "2.00");
    assert_eq!(done["change"]["text"], "3.00");
    let invoice = posted(&world).await;
    assert_eq!(invoice.totals.rounding, Money::from_minor(1));
    until("the receipt is printed", async || {
        let jobs = world.printer.jobs.lock().unwrap();
        jobs.iter().any(|job| job.contains("Rounding"))
    })
    .await;
    till.shutdown().await;
}
