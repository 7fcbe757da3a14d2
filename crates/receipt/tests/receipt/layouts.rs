//! What the customer reads.

use PaymentKind::{Card, Cash, Other};
use evertill_core::{Currency, Discount, Invoice, PaymentKind};
use evertill_receipt::{Paper, Receipt, Row, layout, text};
use expect_test::{ExpectFile, expect_file};

use crate::shop::{
    cart, full, german_invoice, item, money, paid, percent, receipt, reduced, ring, shop, tax,
};

pub(crate) fn check(receipt: &Receipt, paper: Paper, expected: &ExpectFile) {
    let rows = layout(receipt, paper);
    for row in &rows {
        assert!(
            row.columns() <= paper.columns(),
            "wider than the paper: {row:?}"
        );
    }
    expected.assert_eq(&text(&rows, paper));
}

#[test]
fn a_german_receipt() {
    let receipt = receipt(&german_invoice());
    check(&receipt, Paper::Mm80, &expect_file!["golden/german_80.txt"]);
    check(&receipt, Paper::Mm58, &expect_file!["golden/german_58.txt"]);
}

#[test]
fn a_reprint_says_so_and_leaves_the_drawer_shut() {
    let copy = Receipt::from_invoice(&german_invoice(), &shop(), true);
    check(&copy, Paper::Mm80, &expect_file!["golden/copy_80.txt"]);
    check(&copy, Paper::Mm58, &expect_file!["golden/copy_58.txt"]);
    assert!(!layout(&copy, Paper::Mm80).contains(&Row::Kick));
}

#[test]
fn the_drawer_opens_for_cash_and_for_nothing_else() {
    let mut cart = cart();
    ring(&mut cart, item("Brot", "Stk", 300, reduced()), "1");
    type Tenders = &'static [(PaymentKind, &'static str, i64)];
    let table: [(Tenders, bool); 4] = [
        (&[(Cash, "Cash", 500)], true),
        (&[(Card, "Card", 300)], false),
        (&[(Other, "Voucher", 300)], false),
        (&[(Other, "Voucher", 100), (Cash, "Cash", 200)], true),
    ];
    for (tenders, opens) in table {
        let rows = layout(&receipt(&paid(&cart, tenders)), Paper::Mm80);
        assert_eq!(rows.first() == Some(&Row::Kick), opens, "{tenders:?}");
    }
    let mut late = receipt(&paid(&cart, &[(Cash, "Cash", 300)]));
    late.open_drawer = false;
    assert!(!layout(&late, Paper::Mm80).contains(&Row::Kick));
}

fn forty_lines() -> Invoice {
    let mut cart = cart();
    for index in 1..=40_i64 {
        let rule = if index % 3 == 0 { full() } else { reduced() };
        let name = format!("Artikel Nr. {index}");
        let quantity = if index % 5 == 0 { "12" } else { "1" };
        let line = ring(&mut cart, item(&name, "Stk", index * 37, rule), quantity);
        if index % 7 == 0 {
            cart.set_line_discount(line, percent("25")).unwrap();
        }
    }
    cart.set_discount(percent("5")).unwrap();
    paid(
        &cart,
        &[
            (Card, "EC-Karte", 5_000),
            (Other, "Gutschein", 3_000),
            (Cash, "Bar", 100_000),
        ],
    )
}

#[test]
fn a_weekly_shop_of_forty_lines_paid_in_three_ways() {
    let receipt = receipt(&forty_lines());
    check(
        &receipt,
        Paper::Mm80,
        &expect_file!["golden/forty_lines_80.txt"],
    );
    check(
        &receipt,
        Paper::Mm58,
        &expect_file!["golden/forty_lines_58.txt"],
    );
}

#[test]
fn more_than_a_million() {
    let mut cart = cart();
    ring(
        &mut cart,
        item("Zuchtbulle \"Bella's Wunder\"", "Stk", 123_456_789, full()),
        "1",
    );
    let receipt = receipt(&paid(&cart, &[(Other, "Transfer", 123_456_789)]));
    check(
        &receipt,
        Paper::Mm80,
        &expect_file!["golden/million_80.txt"],
    );
    check(
        &receipt,
        Paper::Mm58,
        &expect_file!["golden/million_58.txt"],
    );
}

#[test]
fn sales_tax_is_added_below_the_subtotal() {
    let mut cart = cart();
    ring(
        &mut cart,
        item("Bagel", "pcs", 325, tax("Exempt", "0", false)),
        "2",
    );
    ring(
        &mut cart,
        item("Soda", "pcs", 199, tax("Sales tax NYC", "8.875", false)),
        "1",
    );
    let mut receipt = receipt(&paid(&cart, &[(Cash, "Cash", 867)]));
    receipt.currency = Currency::new("USD", "$", 2).unwrap();
    check(
        &receipt,
        Paper::Mm80,
        &expect_file!["golden/sales_tax_80.txt"],
    );
    check(
        &receipt,
        Paper::Mm58,
        &expect_file!["golden/sales_tax_58.txt"],
    );
}

#[test]
fn everything_given_away_and_a_shop_that_says_little() {
    let mut cart = cart();
    ring(&mut cart, item("Probe", "Stk", 100, full()), "1");
    cart.set_discount(Discount::Amount(money(100))).unwrap();
    let mut bare = shop();
    bare.name = "The Very Long Named General Store and Bakery of Upper Lower Middleton".into();
    bare.address_lines.clear();
    bare.tax_id.clear();
    bare.footer.clear();
    let receipt = Receipt::from_invoice(&paid(&cart, &[]), &bare, false);
    check(
        &receipt,
        Paper::Mm80,
        &expect_file!["golden/given_away_80.txt"],
    );
    check(
        &receipt,
        Paper::Mm58,
        &expect_file!["golden/given_away_58.txt"],
    );
}

#[test]
fn the_time_is_the_shops() {
    let receipt = receipt(&german_invoice());
    assert_eq!(receipt.sold_at.to_string(), "2026-03-01T14:07:42");
}
