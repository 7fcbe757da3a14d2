//! From a paid cart to a document for good.

use evertill_core::{
    CartCustomer, CheckoutError, Coded, Invoice, NewInvoice, PaymentKind, ReceiptNumber, Tender,
};
use expect_test::expect_file;
use uuid::Uuid;

use crate::shop::{cart, cart_of, item, off, percent, quantity, sale_rules, tax, tender, weighed};

fn new_invoice(tenders: Vec<Tender>) -> NewInvoice {
    NewInvoice {
        key: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        till: "03".into(),
        number: ReceiptNumber::new("03", 147).unwrap(),
        business_date: "2026-03-01".parse().unwrap(),
        sold_at: "2026-03-01T08:00:00.123Z".parse().unwrap(),
        cashier: "u1".into(),
        cashier_name: "Ada".into(),
        tenders,
    }
}

fn checkout(cart: &evertill_core::Cart, tenders: Vec<Tender>) -> Result<Invoice, CheckoutError> {
    Invoice::from_cart(cart, &sale_rules(), new_invoice(tenders))
}

#[test]
fn a_paid_cart_becomes_an_invoice_whose_json_is_stable() {
    let mut cart = cart();
    let mut milk = item("milk", 119, tax("7", true));
    milk.barcode = Some("4006381333931".into());
    cart.add(milk, quantity("2")).unwrap();
    let apples = cart
        .add(weighed("apples", 299, tax("7.5", false)), quantity("0.345"))
        .unwrap();
    cart.set_price(apples, evertill_core::Money::from_minor(250))
        .unwrap();
    cart.set_line_discount(apples, percent("10")).unwrap();
    cart.set_discount(off(16)).unwrap();
    cart.set_customer(Some(CartCustomer::named("c1".into(), "Åse")));

    let invoice = checkout(&cart, vec![tender(PaymentKind::Cash, 500)]).unwrap();
    let json = serde_json::to_string_pretty(&invoice).unwrap() + "\n";
    expect_file!["invoice.json"].assert_eq(&json);
    assert_eq!(serde_json::from_str::<Invoice>(&json).unwrap(), invoice);
}

#[test]
fn what_is_not_paid_for_is_not_sold() {
    let cart_10 = cart_of(&[(1_000, "1", evertill_core::Discount::None, "19", true)]);
    let mut broken = cart_10.clone();
    broken.lines[0].discount = off(2_000);
    let table = [
        (&cart(), vec![], "cart_empty"),
        (&cart_10, vec![], "cash_short"),
        (&cart_10, vec![tender(PaymentKind::Cash, 999)], "cash_short"),
        (
            &cart_10,
            vec![tender(PaymentKind::Card, 1_001)],
            "card_over",
        ),
        (
            &cart_10,
            vec![tender(PaymentKind::Cash, 0)],
            "tender_not_positive",
        ),
        (
            &broken,
            vec![tender(PaymentKind::Cash, 1_000)],
            "discount_over_price",
        ),
    ];
    for (cart, tenders, code) in table {
        let before = cart.clone();
        let error = checkout(cart, tenders).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!error.to_string().is_empty());
        assert_eq!(*cart, before);
    }
}

#[test]
fn the_rows_carry_what_the_lines_came_to() {
    let mut cart = cart_of(&[
        (1_000, "1", off(100), "19", true),
        (500, "2", percent("50"), "7", true),
    ]);
    cart.set_discount(off(140)).unwrap();
    let invoice = checkout(&cart, vec![tender(PaymentKind::Cash, 2_000)]).unwrap();
    let rows: Vec<_> = invoice
        .lines
        .iter()
        .map(|line| {
            (
                line.row,
                line.discount.minor(),
                line.invoice_discount.minor(),
                line.amount.minor(),
            )
        })
        .collect();
    assert_eq!(rows, [(1, 100, 90, 900), (2, 500, 50, 500)]);
    assert_eq!((invoice.paid.minor(), invoice.change.minor()), (2_000, 740));
}
