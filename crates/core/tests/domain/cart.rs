//! What a cashier does to a cart, and what the cart refuses.

use evertill_core::{
    Cart, CartCustomer, CartError, CartLine, Coded, Discount, Money, Quantity, Totals,
};

use crate::params;
use crate::shop::{cart, item, money, morning, off, percent, quantity, sale_rules, tax, weighed};

fn vat() -> evertill_core::TaxRule {
    tax("19", true)
}

#[test]
fn scanning_the_same_item_again_makes_its_line_grow_where_it_is() {
    let mut cart = cart();
    let milk = cart.add(item("milk", 119, vat()), Quantity::ONE).unwrap();
    let bread = cart.add(item("bread", 250, vat()), Quantity::ONE).unwrap();
    let mut other_code = item("milk", 119, vat());
    other_code.barcode = Some("96385074".into());
    let again = cart.add(other_code, quantity("2")).unwrap();

    assert_eq!(again, milk);
    assert_ne!(bread, milk);
    let lines: Vec<_> = cart
        .lines
        .iter()
        .map(|line| (line.id, line.quantity.to_string()))
        .collect();
    assert_eq!(lines, [(milk, "3".to_owned()), (bread, "1".to_owned())]);
}

#[test]
fn an_item_gets_a_line_of_its_own_when_something_differs() {
    type Change = fn(&mut Cart, u32);
    let table: [(&str, Change, i64); 4] = [
        ("its price in the catalogue", |_, _| {}, 120),
        (
            "a discount on the line",
            |cart, line| cart.set_line_discount(line, off(1)).unwrap(),
            119,
        ),
        (
            "a price of its own",
            |cart, line| cart.set_price(line, money(99)).unwrap(),
            119,
        ),
        // Someone typed the price that is now on the list: still a price of its own.
        (
            "a price of its own, by chance the new one",
            |cart, line| {
                cart.set_price(line, money(120)).unwrap();
            },
            120,
        ),
    ];
    for (what, change, price_now) in table {
        let mut cart = cart();
        let first = cart.add(item("milk", 119, vat()), Quantity::ONE).unwrap();
        change(&mut cart, first);
        let second = cart
            .add(item("milk", price_now, vat()), Quantity::ONE)
            .unwrap();
        assert_ne!(first, second, "{what}");
        assert_eq!(cart.lines.len(), 2, "{what}");
    }
}

#[test]
fn a_new_tax_rate_does_not_join_the_line_with_the_old_one() {
    let mut cart = cart();
    let first = cart
        .add(item("milk", 119, tax("19", true)), Quantity::ONE)
        .unwrap();
    let second = cart
        .add(item("milk", 119, tax("7", true)), Quantity::ONE)
        .unwrap();
    assert_ne!(first, second);
}

#[test]
fn line_ids_are_never_used_twice() {
    let mut cart = cart();
    let first = cart.add(item("a", 1, vat()), Quantity::ONE).unwrap();
    cart.remove(first).unwrap();
    let second = cart.add(item("a", 1, vat()), Quantity::ONE).unwrap();
    cart.clear();
    let third = cart.add(item("a", 1, vat()), Quantity::ONE).unwrap();
    assert_eq!([first, second, third], [1, 2, 3]);
}

#[test]
fn clearing_takes_the_discount_and_the_customer_too() {
    let mut cart = cart();
    cart.add(item("a", 100, vat()), Quantity::ONE).unwrap();
    cart.set_discount(off(10)).unwrap();
    cart.set_customer(Some(CartCustomer::named("c1".into(), "Ada")));
    cart.add_coupon("WELCOME5").unwrap();
    cart.clear();
    assert!(cart.is_empty() && cart.coupons.is_empty());
    assert_eq!((cart.discount, cart.customer), (Discount::None, None));
}

#[test]
fn removing_the_last_line_takes_the_discount_with_it() {
    let mut cart = cart();
    let line = cart.add(item("a", 100, vat()), Quantity::ONE).unwrap();
    cart.set_discount(off(10)).unwrap();
    cart.remove(line).unwrap();
    assert_eq!(cart.discount, Discount::None);
    assert_eq!(Totals::of(&cart, &sale_rules()).unwrap().total, Money::ZERO);
}

/// Two lines: 1 is 3 × 1.00, 2 is 0.5 kg at 4.00 with 1.50 off; 1.00 off the whole sale.
fn busy_cart() -> Cart {
    let mut cart = cart();
    let first = cart.add(item("a", 100, vat()), quantity("3")).unwrap();
    let second = cart.add(weighed("b", 400, vat()), quantity("0.5")).unwrap();
    cart.set_line_discount(second, off(150)).unwrap();
    cart.set_discount(off(100)).unwrap();
    assert_eq!((first, second), (1, 2));
    cart
}

type Refused = fn(&mut Cart) -> Result<(), CartError>;
const REFUSED: [(&str, Refused, &str); 20] = [
    (
        "half a piece",
        |c| c.set_quantity(1, quantity("1.5")),
        "quantity_not_whole",
    ),
    (
        "half a new piece",
        |c| c.add(item("n", 1, vat()), quantity("0.5")).map(drop),
        "quantity_not_whole",
    ),
    (
        "one more than the most",
        |c| c.add(item("a", 100, vat()), Quantity::MAX).map(drop),
        "quantity_too_large",
    ),
    (
        "an absurd amount",
        |c| {
            c.add(item("n", Money::MAX.minor(), vat()), quantity("2"))
                .map(drop)
        },
        "amount_overflow",
    ),
    (
        "an absurd price",
        |c| c.set_price(1, Money::MAX),
        "amount_overflow",
    ),
    (
        "a price out of range",
        |c| c.set_price(1, money(i64::MAX)),
        "amount_overflow",
    ),
    (
        "a negative price",
        |c| c.set_price(1, money(-1)),
        "price_negative",
    ),
    (
        "a new negative price",
        |c| c.add(item("n", -1, vat()), Quantity::ONE).map(drop),
        "price_negative",
    ),
    (
        "more off than the line",
        |c| c.set_line_discount(1, off(301)),
        "discount_over_price",
    ),
    (
        "less off than nothing",
        |c| c.set_line_discount(1, off(-1)),
        "discount_negative",
    ),
    (
        "less quantity than the discount",
        |c| c.set_quantity(2, quantity("0.373")),
        "discount_over_price",
    ),
    (
        "less price than the discount",
        |c| c.set_price(2, money(298)),
        "discount_over_price",
    ),
    (
        "more off than the sale",
        |c| c.set_discount(off(351)),
        "discount_over_total",
    ),
    (
        "less off the sale than nothing",
        |c| c.set_discount(off(-1)),
        "discount_negative",
    ),
    (
        "what is left is less than the discount",
        |c| c.remove(1),
        "discount_over_total",
    ),
    (
        "a line given away under the discount",
        |c| c.set_line_discount(1, percent("100")),
        "discount_over_total",
    ),
    (
        "no such line: quantity",
        |c| c.set_quantity(9, Quantity::ONE),
        "line_unknown",
    ),
    (
        "no such line: price",
        |c| c.set_price(9, money(1)),
        "line_unknown",
    ),
    (
        "no such line: discount",
        |c| c.set_line_discount(0, off(1)),
        "line_unknown",
    ),
    ("no such line: remove", |c| c.remove(9), "line_unknown"),
];

#[test]
fn what_is_refused_leaves_the_cart_as_it_was() {
    for (what, refused, code) in REFUSED {
        let mut cart = busy_cart();
        let before = cart.clone();
        let error =
            evertill_core::amend(&mut cart, &sale_rules(), morning(), refused).expect_err(what);
        assert_eq!(error.code(), code, "{what}");
        assert!(error.to_string().ends_with('.'), "{what}: {error}");
        assert_eq!(cart, before, "{what}: the cart was changed");
    }
}

#[test]
fn the_error_says_how_much_could_be_taken_off() {
    let refused = |change: Refused| {
        evertill_core::amend(&mut busy_cart(), &sale_rules(), morning(), change).unwrap_err()
    };
    let error = refused(|cart| cart.set_line_discount(1, off(301)));
    assert_eq!(
        error.params(),
        params([("line", "1"), ("discount", "301"), ("price", "300")])
    );
    let error = refused(|cart| cart.set_discount(off(351)));
    assert_eq!(
        error.params(),
        params([("discount", "351"), ("total", "350")])
    );
}

#[test]
fn a_cart_is_full_at_five_hundred_lines_and_still_adds_up() {
    let mut cart = cart();
    for index in 0..Cart::MAX_LINES {
        cart.add(item(&index.to_string(), 1, vat()), Quantity::ONE)
            .unwrap();
    }
    let before = cart.clone();
    let error = cart
        .add(item("one more", 1, vat()), Quantity::ONE)
        .unwrap_err();
    assert_eq!(error.code(), "cart_full");
    assert_eq!(cart, before);
    // What is there can still grow.
    cart.add(item("0", 1, vat()), Quantity::ONE).unwrap();
    assert_eq!(Totals::of(&cart, &sale_rules()).unwrap().total, money(501));
}

#[test]
fn a_cart_that_was_stored_is_the_same_cart() {
    let cart = busy_cart();
    let json = serde_json::to_string(&cart).unwrap();
    let mut back: Cart = serde_json::from_str(&json).unwrap();
    assert_eq!(back, cart);
    // The count of line ids went with it.
    assert_eq!(back.add(item("new", 1, vat()), Quantity::ONE).unwrap(), 3);
}

#[test]
fn a_stored_cart_that_was_tampered_with_still_cannot_be_sold() {
    let mut cart = busy_cart();
    cart.lines[0].discount = off(5_000);
    let error = Totals::of(&cart, &sale_rules()).unwrap_err();
    assert_eq!(error.code(), "discount_over_price");
}

#[test]
fn the_list_price_stays_on_the_line() {
    let mut cart = cart();
    let line = cart.add(item("a", 100, vat()), Quantity::ONE).unwrap();
    cart.set_price(line, money(80)).unwrap();
    let found: Option<&CartLine> = cart.line(line);
    let found = found.map(|line| (line.list_price, line.price));
    assert_eq!(found, Some((money(100), money(80))));
}
