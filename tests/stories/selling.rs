//! Ringing up and taking money, and what the counter may get wrong.

use evertill_app::types::{CartView, DoneView, QuoteView};
use evertill_testkit::{APPLES, BREAD, COFFEE, MILK, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_rung_up_paid_printed_and_posted() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&MILK).await;
    till.scan(&MILK).await;
    till.scan(&COFFEE).await;
    let cart = till.add(&APPLES, "0.750").await;
    assert_eq!(
        cart.lines.len(),
        3,
        "the second milk is on the line of the first"
    );
    assert_eq!(cart.lines[0].quantity, "2");
    // 2 × 1.19 + 5.99 + 0.75 × 2.99 = 2.38 + 5.99 + 2.2425 → 10.61
    assert_eq!(cart.total.text, "10.61");
    assert!(cart.tax_included);
    let sale = till.pay_cash("20").await;
    assert_eq!(sale.change.text, "9.39");
    assert_eq!(sale.number, "01-000001");
    till.until_synced().await;

    let report = world.hub().report();
    assert_eq!(
        (report.sales, report.lines, report.total, report.taken),
        (1, 3, 1061, 1061)
    );
    // 7 % in 4.62 is 0.30, 19 % in 5.99 is 0.96.
    assert_eq!(report.tax, 126);
    assert_eq!(world.hub().sales()[0].cashier, "ana");
    let paper = till.printed(1).await;
    assert!(
        paper[0].says("01-000001") && paper[0].says("Whole Milk 1 l"),
        "{paper:?}"
    );
    assert!(paper[0].says("10.61") && paper[0].says("9.39"), "{paper:?}");
    assert!(!paper[0].says("COPY"));
    assert!(paper[0].opened_drawer(), "cash goes into the drawer");
    assert!(till.cart().await.lines.is_empty(), "the next customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn discounts_customer_and_price_reach_the_books() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ben").await;
    let line = till.scan(&COFFEE).await.lines[0].line;
    let ten = json!({ "line": line, "discount": { "kind": "percent", "value": "10" } });
    let cart: CartView = till.ask("sell.edit_line", ten).await;
    assert_eq!(cart.total.text, "5.39", "5.99 less 0.599, rounded to 0.60");
    let bread = till.scan(&BREAD).await.lines[1].line;
    let cart: CartView = till
        .ask("sell.edit_line", json!({ "line": bread, "price": "2.00" }))
        .await;
    assert_eq!(cart.total.text, "7.39");
    let off = json!({ "discount": { "kind": "amount", "value": "0.39" } });
    let cart: CartView = till.ask("sell.set_discount", off).await;
    assert_eq!(cart.total.text, "7.00");
    till.ask::<CartView>("sell.set_customer", json!({ "customer_id": "c1" }))
        .await;
    let request = till.payment("card", "7.00").await;
    let sale: DoneView = till.ask("checkout.pay", request).await;
    assert_eq!(sale.change.minor, 0);
    till.until_synced().await;
    let report = world.hub().report();
    let sums = (
        report.gross,
        report.line_discount,
        report.invoice_discount,
        report.total,
    );
    assert_eq!(sums, (799, 60, 39, 700));
    let paper = till.printed(1).await;
    assert!(!paper[0].opened_drawer(), "a card needs no drawer");
}

/// A command, its request with `MILK` for the line of the milk, and the code it is refused with.
type Refusal = (&'static str, &'static str, &'static str);

const BAD_CODES: &[Refusal] = &[
    (
        "sell.scan",
        r#"{"code":"4006381333931"}"#,
        "barcode_unknown",
    ),
    (
        "sell.scan",
        r#"{"code":"4006381333932"}"#,
        "barcode_check_digit",
    ),
    ("sell.scan", r#"{"code":"  "}"#, "barcode_empty"),
    ("sell.scan", r#"{"code":"' OR 1=1 --"}"#, "barcode_unknown"),
    ("sell.scan", r#"{"code":7}"#, "request_malformed"),
    ("sell.scan", "{}", "request_malformed"),
    ("sell.scan", "[]", "request_malformed"),
    ("sell.add_item", r#"{"item_id":"nothing"}"#, "item_unknown"),
    (
        "sell.set_customer",
        r#"{"customer_id":"nobody"}"#,
        "customer_unknown",
    ),
    ("sell.fly", "{}", "command_unknown"),
];

const BAD_QUANTITIES: &[Refusal] = &[
    (
        "sell.add_item",
        r#"{"item_id":"milk","quantity":"0"}"#,
        "quantity_zero",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"0"}"#,
        "quantity_zero",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"-3"}"#,
        "quantity_negative",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"100000"}"#,
        "quantity_too_large",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"1e999"}"#,
        "quantity_malformed",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"1.2345"}"#,
        "quantity_too_precise",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"0.5"}"#,
        "quantity_not_whole",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"quantity":"two"}"#,
        "quantity_malformed",
    ),
    (
        "sell.edit_line",
        r#"{"line":99,"quantity":"1"}"#,
        "line_unknown",
    ),
    ("sell.remove_line", r#"{"line":99}"#, "line_unknown"),
];

const BAD_PRICES: &[Refusal] = &[
    (
        "sell.edit_line",
        r#"{"line":MILK,"discount":{"kind":"amount","value":"1.20"}}"#,
        "discount_over_price",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"discount":{"kind":"percent","value":"101"}}"#,
        "percent_out_of_range",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"discount":{"kind":"percent","value":"-1"}}"#,
        "percent_out_of_range",
    ),
    (
        "sell.set_discount",
        r#"{"discount":{"kind":"amount","value":"99"}}"#,
        "discount_over_total",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"price":"12.345"}"#,
        "amount_too_precise",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"price":"cheap"}"#,
        "amount_malformed",
    ),
    (
        "sell.edit_line",
        r#"{"line":MILK,"price":"99999999999999999999"}"#,
        "amount_overflow",
    ),
];

/// Each bad input at the counter gets its code and leaves the cart as it was.
#[tokio::test(flavor = "multi_thread")]
async fn bad_input_at_the_counter_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ben").await;
    let milk = till.scan(&MILK).await.lines[0].line;
    till.add(&APPLES, "0.5").await;
    let before = till.cart().await;
    let endless = json!({ "code": "9".repeat(5000) });
    assert_eq!(
        till.refused("sell.scan", endless).await.code,
        "barcode_too_long"
    );
    let endless = json!({ "line": milk, "quantity": "9".repeat(400) });
    assert_eq!(
        till.refused("sell.edit_line", endless).await.code,
        "quantity_too_large"
    );
    for (command, request, code) in [BAD_CODES, BAD_QUANTITIES, BAD_PRICES].concat() {
        let request = request.replace("MILK", &milk.to_string());
        let fault = till
            .refused(command, serde_json::from_str(&request).unwrap())
            .await;
        assert_eq!(fault.code, code, "{command} {request}: {fault}");
        assert!(
            fault.message.ends_with('.'),
            "a sentence: {}",
            fault.message
        );
        let after = till.cart().await;
        assert_eq!(after.lines, before.lines, "{command} {request}");
        assert_eq!(after.total, before.total, "{command} {request}");
    }
    till.pay_cash(&before.total.text).await;
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 1, "and the sale goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_does_not_fit_is_refused_and_the_sale_stays_open() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let empty = till.cart().await;
    let nothing = json!({ "cart_id": empty.id, "expected_total_minor": 0, "tenders": [] });
    assert_eq!(
        till.refused("checkout.pay", nothing).await.code,
        "cart_empty"
    );
    assert_eq!(
        till.refused("checkout.prepare", json!({})).await.code,
        "cart_empty"
    );

    till.scan(&COFFEE).await;
    let table = [
        ("cash", "5.98", "cash_short"),
        ("cash", "0", "tender_not_positive"),
        ("cash", "-6", "tender_not_positive"),
        ("cash", "a lot", "amount_malformed"),
        ("card", "6.00", "card_over"),
        ("pebbles", "5.99", "payment_mode_unknown"),
    ];
    for (mode, amount, code) in table {
        let request = till.payment(mode, amount).await;
        let fault = till.refused("checkout.pay", request).await;
        assert_eq!(fault.code, code, "{mode} {amount}: {fault}");
        if code == "cash_short" {
            assert_eq!(fault.params["due"], "1", "one cent is missing");
        }
        assert_eq!(till.cart().await.total.text, "5.99", "{code}");
    }
    let two = json!({ "tenders": [{ "mode": "card", "amount": "3" }, { "mode": "cash", "amount": "2" }] });
    let quote: QuoteView = till.ask("checkout.quote", two).await;
    assert_eq!(
        (quote.remaining.text.as_str(), quote.enough),
        ("0.99", false)
    );

    // The cashier saw another total: nothing is sold behind their back.
    let stale = till.payment("cash", "10").await;
    till.scan(&MILK).await;
    assert_eq!(
        till.refused("checkout.pay", stale).await.code,
        "cart_changed"
    );

    assert_eq!(world.hub().report().documents, 0);
    assert_eq!(
        till.pay_cash("10").await.number,
        "01-000001",
        "a refused payment takes no number"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn paying_twice_by_a_double_click_sells_once() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&BREAD).await;
    let request = till.payment("cash", "5").await;
    let app = till.app();
    let (one, two) = tokio::join!(
        app.dispatch("checkout.pay", request.clone()),
        app.dispatch("checkout.pay", request.clone()),
    );
    let (one, two): (DoneView, DoneView) = (
        serde_json::from_value(one.unwrap()).unwrap(),
        serde_json::from_value(two.unwrap()).unwrap(),
    );
    assert_eq!(one.invoice_id, two.invoice_id);
    let late: DoneView = till.ask("checkout.pay", request).await;
    assert_eq!(late.number, one.number);
    till.until_synced().await;
    assert_eq!(world.hub().numbers(), ["01-000001"]);
    assert_eq!(till.printed(1).await.len(), 1);
}
