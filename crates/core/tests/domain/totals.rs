//! Worked examples, readable by an accountant.

use std::fmt::Write;

use evertill_core::{Cart, Discount, Money, Totals};
use expect_test::{Expect, expect};

use crate::shop::{cart_of, euro, item, money, off, percent, quantity, sale_rules, tax};

const NONE: Discount = Discount::None;

fn show(cart: &Cart) -> String {
    let euro = euro();
    let totals = Totals::of(cart, &sale_rules()).unwrap();
    let text = |amount: Money| euro.format(amount);
    let mut out = String::new();
    for line in &totals.lines {
        let _ = writeln!(
            out,
            "line {}: {} - {} = {} (share {})",
            line.line,
            text(line.gross),
            text(line.discount),
            text(line.amount),
            text(line.invoice_discount_share)
        );
    }
    let Totals {
        gross,
        line_discount,
        invoice_discount,
        net,
        tax,
        difference,
        total,
        ..
    } = totals;
    let sums = [gross, line_discount, invoice_discount]
        .map(text)
        .join(" - ");
    let _ = writeln!(
        out,
        "{sums}; net {} + tax {} + difference {} = {}",
        text(net),
        text(tax),
        text(difference),
        text(total)
    );
    for line in &totals.tax_lines {
        let kind = if line.inclusive { "included" } else { "added" };
        let amounts = [line.base, line.tax, line.gross].map(text).join(" / ");
        let _ = writeln!(out, "{} {kind}: {amounts}", line.name);
    }
    let _ = writeln!(out, "{} pieces", totals.item_count);
    out
}

fn check(cart: &Cart, expected: &Expect) {
    expected.assert_eq(&show(cart));
}

#[test]
fn german_receipt_with_both_rates() {
    // 3.57 with 19 %: 0.57; 2.14 + 1.07 = 3.21 with 7 %: 0.21.
    let cart = cart_of(&[
        (119, "3", NONE, "19", true),
        (107, "2", NONE, "7", true),
        (107, "1", NONE, "7", true),
    ]);
    check(
        &cart,
        &expect![[r#"
            line 1: 3.57 - 0.00 = 3.57 (share 0.00)
            line 2: 2.14 - 0.00 = 2.14 (share 0.00)
            line 3: 1.07 - 0.00 = 1.07 (share 0.00)
            6.78 - 0.00 - 0.00; net 6.00 + tax 0.78 + difference 0.00 = 6.78
            VAT 19% included: 3.00 / 0.57 / 3.57
            VAT 7% included: 3.00 / 0.21 / 3.21
            3 pieces
        "#]],
    );
}

#[test]
fn sales_tax_is_added_at_the_counter() {
    // 10.00 at 8.25 % is 0.825, half a cent up; the exempt line adds nothing.
    let cart = cart_of(&[
        (1_000, "1", NONE, "8.25", false),
        (500, "1", NONE, "0", false),
    ]);
    check(
        &cart,
        &expect![[r#"
            line 1: 10.00 - 0.00 = 10.00 (share 0.00)
            line 2: 5.00 - 0.00 = 5.00 (share 0.00)
            15.00 - 0.00 - 0.00; net 15.00 + tax 0.83 + difference 0.00 = 15.83
            VAT 8.25% added: 10.00 / 0.83 / 10.83
            VAT 0% added: 5.00 / 0.00 / 5.00
            2 pieces
        "#]],
    );
}

#[test]
fn tax_is_taken_once_for_each_rate_and_not_for_each_line() {
    // Ten lines of 0.05 at 10 % each: 0.005 a line would be 0.01 each, 0.10 in all. Of their
    // sum, 0.50, it is 0.05.
    let line = (5, "1", NONE, "10", false);
    let cart = cart_of(&[line; 10]);
    let totals = Totals::of(&cart, &sale_rules()).unwrap();
    assert_eq!((totals.tax, totals.total), (money(5), money(55)));
}

#[test]
fn discounts_on_lines_and_on_the_sale() {
    // 10 % off the first line, 0.55 off the second, then 10 % off the sale: 16.51 less 1.65.
    let mut cart = cart_of(&[
        (999, "1", percent("10"), "19", true),
        (266, "3", off(55), "7", true),
        (9, "1", NONE, "7", true),
    ]);
    cart.set_discount(percent("10")).unwrap();
    check(
        &cart,
        &expect![[r#"
            line 1: 9.99 - 1.00 = 8.99 (share 0.90)
            line 2: 7.98 - 0.55 = 7.43 (share 0.74)
            line 3: 0.09 - 0.00 = 0.09 (share 0.01)
            18.06 - 1.55 - 1.65; net 13.12 + tax 1.73 + difference 0.01 = 14.86
            VAT 19% included: 6.80 / 1.29 / 8.09
            VAT 7% included: 6.32 / 0.44 / 6.76
            3 pieces
        "#]],
    );
}

#[test]
fn an_amount_off_the_sale_is_spread_to_the_cent() {
    let line = (100, "1", NONE, "19", true);
    let mut cart = cart_of(&[line; 3]);
    cart.set_discount(off(100)).unwrap();
    check(
        &cart,
        &expect![[r#"
            line 1: 1.00 - 0.00 = 1.00 (share 0.34)
            line 2: 1.00 - 0.00 = 1.00 (share 0.33)
            line 3: 1.00 - 0.00 = 1.00 (share 0.33)
            3.00 - 0.00 - 1.00; net 1.68 + tax 0.32 + difference 0.00 = 2.00
            VAT 19% included: 1.68 / 0.32 / 2.00
            3 pieces
        "#]],
    );
}

#[test]
fn everything_for_nothing() {
    let mut cart = cart_of(&[
        (100, "2", percent("100"), "19", true),
        (50, "1", NONE, "19", true),
    ]);
    cart.set_discount(percent("100")).unwrap();
    check(
        &cart,
        &expect![[r#"
            line 1: 2.00 - 2.00 = 0.00 (share 0.00)
            line 2: 0.50 - 0.00 = 0.50 (share 0.50)
            2.50 - 2.00 - 0.50; net 0.00 + tax 0.00 + difference 0.00 = 0.00
            VAT 19% included: 0.00 / 0.00 / 0.00
            2 pieces
        "#]],
    );
}

#[test]
fn a_weighed_item_is_rounded_to_the_cent_and_counts_as_one_piece() {
    // 0.345 kg at 2.99 is 1.03155; half a cent (0.005 kg at 1.00) goes up.
    let mut cart = cart_of(&[
        (299, "0.345", NONE, "7", true),
        (100, "0.005", NONE, "7", true),
    ]);
    cart.add(item("pieces", 100, tax("7", true)), quantity("4"))
        .unwrap();
    check(
        &cart,
        &expect![[r#"
            line 1: 1.03 - 0.00 = 1.03 (share 0.00)
            line 2: 0.01 - 0.00 = 0.01 (share 0.00)
            line 3: 4.00 - 0.00 = 4.00 (share 0.00)
            5.04 - 0.00 - 0.00; net 4.71 + tax 0.33 + difference 0.00 = 5.04
            VAT 7% included: 4.71 / 0.33 / 5.04
            6 pieces
        "#]],
    );
}

#[test]
fn a_rate_that_changed_while_the_cart_was_open_stands_twice() {
    let mut cart = crate::shop::cart();
    let mut old = tax("7", true);
    old.id = "food".into();
    let mut new = tax("19", true);
    new.id = "food".into();
    cart.add(item("a", 107, old), quantity("1")).unwrap();
    cart.add(item("a", 119, new), quantity("1")).unwrap();
    check(
        &cart,
        &expect![[r#"
            line 1: 1.07 - 0.00 = 1.07 (share 0.00)
            line 2: 1.19 - 0.00 = 1.19 (share 0.00)
            2.26 - 0.00 - 0.00; net 2.00 + tax 0.26 + difference 0.00 = 2.26
            VAT 7% included: 1.00 / 0.07 / 1.07
            VAT 7% included: 1.00 / 0.19 / 1.19
            2 pieces
        "#]],
    );
}

#[test]
fn an_empty_cart_comes_to_nothing() {
    check(
        &crate::shop::cart(),
        &expect![[r#"
            0.00 - 0.00 - 0.00; net 0.00 + tax 0.00 + difference 0.00 = 0.00
            0 pieces
        "#]],
    );
}
