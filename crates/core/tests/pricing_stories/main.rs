//! Prices and promotions as a shop tells them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

mod back;
mod prices;

use evertill_core::pricing::{
    Basket, BasketLine, Benefit, Coupon, CouponUse, Effect, PricedBasket, PricingContext,
    Promotion, Promotions, Selector, Stacking, Window,
};
use expect_test::{Expect, expect};
use jiff::civil::{Weekday, date};
use rust_decimal::Decimal;

fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn monday() -> PricingContext {
    PricingContext::at(date(2026, 11, 23).at(10, 30, 0, 0))
}

fn line(item: &str, qty: &str, price: i64) -> BasketLine {
    BasketLine {
        item: item.to_owned(),
        name: item.to_owned(),
        categories: vec![
            if item.starts_with("coffee") {
                "Coffee"
            } else {
                "Food"
            }
            .to_owned(),
        ],
        brand: item.split_once('-').map(|(_, brand)| brand.to_owned()),
        qty: qty.parse().unwrap(),
        price: cents(price),
        no_promotions: false,
    }
}

fn basket(lines: &[(&str, &str, i64)]) -> Basket {
    let lines = lines
        .iter()
        .map(|(item, qty, price)| line(item, qty, *price))
        .collect();
    Basket {
        lines,
        coupons: Vec::new(),
    }
}

fn unit_discount(of: Selector, benefit: Benefit) -> Effect {
    Effect::UnitDiscount {
        of,
        benefit,
        at_least: Decimal::ZERO,
    }
}

fn three_for_two(of: Selector) -> Effect {
    Effect::BuyGet {
        buy: of.clone(),
        buy_units: 2,
        get: of,
        get_units: 1,
        benefit: Benefit::Free,
        repeats: None,
    }
}

/// The basket as a cashier sees it.
fn show(basket: &Basket, priced: &PricedBasket) -> String {
    let mut text = String::new();
    for (line, priced) in basket.lines.iter().zip(&priced.lines) {
        let pieces: Vec<String> = priced
            .pieces
            .iter()
            .map(|piece| format!("{} at {}", piece.qty, piece.price))
            .collect();
        text.push_str(&format!(
            "{}: {} (saved {})\n",
            line.name,
            pieces.join(", "),
            priced.saved
        ));
        for why in &priced.why {
            text.push_str(&format!("  {why}\n"));
        }
    }
    for ticket in &priced.ticket {
        text.push_str(&format!(
            "ticket: {} off\n  {}\n",
            ticket.amount, ticket.why
        ));
    }
    for other in &priced.not_applied {
        text.push_str(&format!("{} {}\n", other.name, other.why));
    }
    text
}

fn check(promotions: Vec<Promotion>, basket: &Basket, context: &PricingContext, expected: &Expect) {
    let priced = Promotions::new(promotions).price(basket, context);
    expected.assert_eq(&show(basket, &priced));
}

#[test]
fn percent_off_a_category_and_an_amount_off_a_brand() {
    let promotions = vec![
        Promotion::new(
            "1",
            "Coffee week",
            unit_discount(Selector::category("Coffee"), Benefit::Percent(10.into())),
        ),
        Promotion::new(
            "2",
            "Oat days",
            unit_discount(Selector::brand("oat"), Benefit::Amount(cents(50))),
        ),
    ];
    let basket = basket(&[
        ("coffee", "2", 499),
        ("milk-oat", "1", 199),
        ("apples", "0.345", 299),
    ]);
    check(
        promotions,
        &basket,
        &monday(),
        &expect![[r#"
        coffee: 2 at 4.49 (saved 1.00)
          Coffee week: 10 % off (2 for 1.00 less)
        milk-oat: 1 at 1.49 (saved 0.50)
          Oat days: 0.50 off (1 for 0.50 less)
        apples: 0.345 at 2.99 (saved 0.00)
    "#]],
    );
}

#[test]
fn three_for_two_gives_the_cheapest_of_each_three_and_spreads_it() {
    let promotions = vec![Promotion::new(
        "1",
        "3 for 2",
        three_for_two(Selector::category("Coffee")),
    )];
    let basket = basket(&[
        ("coffee", "3", 199),
        ("coffee-fine", "3", 499),
        ("coffee-x", "1", 99),
    ]);
    check(
        promotions,
        &basket,
        &monday(),
        &expect![[r#"
        coffee: 2 at 1.33, 1 at 1.32 (saved 1.99)
          3 for 2: buy 2, get 1 free (3 for 1.99 less)
        coffee-fine: 2 at 3.33, 1 at 3.32 (saved 4.99)
          3 for 2: buy 2, get 1 free (3 for 4.99 less)
        coffee-x: 1 at 0.99 (saved 0.00)
    "#]],
    );
}

#[test]
fn buy_one_get_another_item_for_half_at_most_once() {
    let effect = Effect::BuyGet {
        buy: Selector::items(["pizza"]),
        buy_units: 1,
        get: Selector::items(["cola", "wine"]),
        get_units: 1,
        benefit: Benefit::Percent(50.into()),
        repeats: Some(1),
    };
    let promotions = vec![Promotion::new("1", "Pizza and drink", effect)];
    let with_drinks = basket(&[("pizza", "2", 800), ("cola", "2", 200), ("wine", "1", 600)]);
    check(
        promotions.clone(),
        &with_drinks,
        &monday(),
        &expect![[r#"
            pizza: 1 at 8.00, 1 at 6.28 (saved 1.72)
              Pizza and drink: buy 1, get 1 50 % off (1 for 1.72 less)
            cola: 2 at 2.00 (saved 0.00)
            wine: 1 at 4.72 (saved 1.28)
              Pizza and drink: buy 1, get 1 50 % off (1 for 1.28 less)
        "#]],
    );
    let without = basket(&[("pizza", "1", 800)]);
    check(
        promotions,
        &without,
        &monday(),
        &expect![[r#"
        pizza: 1 at 8.00 (saved 0.00)
        Pizza and drink needs 1 more
    "#]],
    );
}

#[test]
fn any_three_for_five_takes_the_dearest_and_leaves_cents_to_no_one() {
    let effect = Effect::MixAndMatch {
        of: Selector::category("Food"),
        units: 3,
        price: cents(500),
        repeats: None,
    };
    let promotions = vec![Promotion::new("1", "Any 3 for 5", effect)];
    let basket = basket(&[
        ("soup", "2", 199),
        ("noodles", "1", 249),
        ("rice", "1", 149),
    ]);
    check(
        promotions,
        &basket,
        &monday(),
        &expect![[r#"
        soup: 2 at 1.54 (saved 0.90)
          Any 3 for 5: 3 for 5.00 (2 for 0.90 less)
        noodles: 1 at 1.92 (saved 0.57)
          Any 3 for 5: 3 for 5.00 (1 for 0.57 less)
        rice: 1 at 1.49 (saved 0.00)
    "#]],
    );
}

#[test]
fn a_threshold_on_the_ticket_counts_what_the_lines_come_to() {
    let from = |id: &str, from: i64, off: i64| {
        let effect = Effect::Ticket {
            of: Selector {
                except: vec!["gift".to_owned()],
                ..Selector::everything()
            },
            from: cents(from),
            benefit: Benefit::Amount(cents(off)),
        };
        Promotion::new(id, format!("{} off", cents(off)), effect)
    };
    let promotions = vec![
        from("1", 2000, 200),
        from("2", 5000, 600),
        from("3", 10_000, 1500),
        Promotion::new(
            "4",
            "Half",
            unit_discount(Selector::items(["ham"]), Benefit::Percent(50.into())),
        ),
    ];
    let basket = basket(&[
        ("ham", "1", 4000),
        ("cheese", "2", 1800),
        ("gift", "1", 5000),
    ]);
    check(
        promotions,
        &basket,
        &monday(),
        &expect![[r#"
            ham: 1 at 20.00 (saved 20.00)
              Half: 50 % off (1 for 20.00 less)
            cheese: 2 at 18.00 (saved 0.00)
            gift: 1 at 50.00 (saved 0.00)
            ticket: 6.00 off
              6.00 off: 6.00 off (from 50.00 on)
            15.00 off needs 44.00 more on the ticket
            2.00 off another promotion is better
        "#]],
    );
}

#[test]
fn a_coupon_is_used_once_and_says_why_not_again() {
    let mut promotion = Promotion::new(
        "1",
        "Welcome",
        unit_discount(Selector::everything(), Benefit::Percent(20.into())),
    );
    promotion.coupon = Some(Coupon {
        uses_per_customer: Some(1),
        ..Coupon::new("HELLO")
    });
    let promotions = Promotions::new([promotion]);
    let mut basket = basket(&[("tea", "1", 500)]);
    let mut context = PricingContext {
        customer: Some("ann".to_owned()),
        ..monday()
    };
    let why = |basket: &Basket, context: &PricingContext| {
        let priced = promotions.price(basket, context);
        let not = priced.not_applied.first().map(|not| not.why.to_string());
        (priced.coupons, not.unwrap_or_default())
    };
    assert_eq!(
        why(&basket, &context),
        (vec![], "needs its coupon".to_owned())
    );
    basket.coupons.push("HELLO".to_owned());
    assert_eq!(
        why(&basket, &context),
        (vec!["HELLO".to_owned()], String::new())
    );
    let used = CouponUse {
        on: date(2026, 11, 1),
        customer: Some("ann".to_owned()),
    };
    context.coupon_uses.0.insert("HELLO".to_owned(), vec![used]);
    let refused = "the customer has used its coupon already".to_owned();
    assert_eq!(why(&basket, &context), (vec![], refused));
    context.customer = None;
    let refused = "its coupon counts by customer: choose the customer first".to_owned();
    assert_eq!(why(&basket, &context), (vec![], refused));
}

#[test]
fn loyalty_price_happy_hour_till_and_group_each_say_why_not() {
    let with = |id: &str, name: &str, change: fn(&mut Promotion)| {
        let mut promotion = Promotion::new(
            id,
            name,
            unit_discount(Selector::items(["tea"]), Benefit::Price(cents(399))),
        );
        change(&mut promotion);
        promotion
    };
    let promotions = vec![
        with("1", "Card price", |promotion| promotion.loyalty_only = true),
        with("2", "Friday price", |promotion| {
            promotion.window = Window {
                weekdays: vec![Weekday::Friday],
                ..Window::default()
            };
        }),
        with("3", "Staff price", |promotion| {
            promotion.customer_groups = vec!["Staff".to_owned()];
        }),
        with("4", "Kiosk price", |promotion| {
            promotion.tills = vec!["K1".to_owned()];
        }),
    ];
    let basket = basket(&[("tea", "1", 500)]);
    check(
        promotions.clone(),
        &basket,
        &monday(),
        &expect![[r#"
        tea: 1 at 5.00 (saved 0.00)
        Card price needs a loyalty card
        Friday price does not hold at this time
        Staff price is for other customers
        Kiosk price does not hold at this till
    "#]],
    );
    let with_card = PricingContext {
        loyalty: true,
        ..monday()
    };
    check(
        promotions,
        &basket,
        &with_card,
        &expect![[r#"
        tea: 1 at 3.99 (saved 1.01)
          Card price: for 3.99 (1 for 1.01 less)
        Friday price does not hold at this time
        Staff price is for other customers
        Kiosk price does not hold at this till
    "#]],
    );
}

#[test]
fn of_competing_promotions_the_customer_gets_the_better() {
    let promotions = vec![
        Promotion::new(
            "1",
            "A third off",
            unit_discount(Selector::items(["coffee"]), Benefit::Percent(33.into())),
        ),
        Promotion::new("2", "3 for 2", three_for_two(Selector::items(["coffee"]))),
    ];
    // Three: 3 for 2 saves 1.99, a third off 1.98. The fourth gets a third off.
    let four = basket(&[("coffee", "4", 199)]);
    check(
        promotions.clone(),
        &four,
        &monday(),
        &expect![[r#"
        coffee: 3 at 1.33, 1 at 1.32 (saved 2.65)
          A third off: 33 % off (1 for 0.66 less)
          3 for 2: buy 2, get 1 free (3 for 1.99 less)
    "#]],
    );
    // Two do not make three.
    let two = basket(&[("coffee", "2", 199)]);
    check(
        promotions,
        &two,
        &monday(),
        &expect![[r#"
        coffee: 2 at 1.33 (saved 1.32)
          A third off: 33 % off (2 for 1.32 less)
        3 for 2 needs 1 more
    "#]],
    );
}

#[test]
fn priority_goes_before_the_better_and_stacking_builds_up() {
    let percent = |id: &str, name: &str, off: i64, priority: i32, stacking: Stacking| Promotion {
        priority,
        stacking,
        ..Promotion::new(
            id,
            name,
            unit_discount(Selector::everything(), Benefit::Percent(off.into())),
        )
    };
    let basket = basket(&[("tea", "1", 1000)]);
    let exclusive = vec![
        percent("1", "Small but first", 5, 10, Stacking::Exclusive),
        percent("2", "Large", 50, 0, Stacking::Exclusive),
    ];
    check(
        exclusive,
        &basket,
        &monday(),
        &expect![[r#"
        tea: 1 at 9.50 (saved 0.50)
          Small but first: 5 % off (1 for 0.50 less)
        Large another promotion is better
    "#]],
    );
    let stacking = vec![
        percent("1", "Ten", 10, 10, Stacking::Stackable),
        percent("2", "Twenty", 20, 0, Stacking::Stackable),
        percent("3", "Alone", 25, 0, Stacking::Exclusive),
    ];
    check(
        stacking,
        &basket,
        &monday(),
        &expect![[r#"
        tea: 1 at 7.20 (saved 2.80)
          Ten: 10 % off (1 for 1.00 less)
          Twenty: 20 % off (1 for 1.80 less)
        Alone another promotion is better
    "#]],
    );
}

#[test]
fn deposits_and_gift_cards_are_left_alone() {
    let mut basket = basket(&[("tea", "1", 1000), ("deposit", "1", 25)]);
    basket.lines[1].no_promotions = true;
    let all = unit_discount(Selector::everything(), Benefit::Percent(10.into()));
    check(
        vec![Promotion::new("1", "All", all)],
        &basket,
        &monday(),
        &expect![[r#"
        tea: 1 at 9.00 (saved 1.00)
          All: 10 % off (1 for 1.00 less)
        deposit: 1 at 0.25 (saved 0.00)
    "#]],
    );
}
