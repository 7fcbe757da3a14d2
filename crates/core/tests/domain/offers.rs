//! What lowers a price at the counter, and why: promotions, coupons, price lists, amounts by hand.

use std::sync::Arc;

use evertill_core::pricing::{
    Benefit, Coupon, CouponUse, CouponUses, Effect, Promotion, Promotions, Selector, WhyNot,
};
use evertill_core::{
    Cart, CartCustomer, Coded, Money, PriceRule, Quantity, SaleRules, Totals, TotalsPolicy,
};
use expect_test::expect;
use rust_decimal::Decimal;

use crate::shop::{item, money, morning, off, percent, sale_rules, tax, weighed};
use crate::till::{amend, check, ring};

fn offering(promotions: Vec<Promotion>) -> SaleRules {
    SaleRules {
        promotions: Arc::new(Promotions::new(promotions)),
        ..sale_rules()
    }
}

fn three_for_two(item: &str) -> Promotion {
    let of = Selector::items([item]);
    Promotion::new(
        "p1",
        "3 for 2",
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

fn five_off(code: &str) -> Promotion {
    Promotion {
        coupon: Some(Coupon {
            uses: Some(1),
            ..Coupon::new(code)
        }),
        ..Promotion::new(
            "p2",
            "Welcome",
            Effect::Ticket {
                of: Selector::everything(),
                from: Decimal::from(20),
                benefit: Benefit::Amount(Decimal::from(5)),
            },
        )
    }
}

#[test]
fn a_promotion_lowers_its_units_and_says_so_on_the_line() {
    let sale_rules = offering(vec![three_for_two("milk")]);
    let goods = [
        (item("milk", 119, tax("7", true)), "4"),
        (item("soap", 250, tax("19", true)), "1"),
    ];
    let cart = ring(&sale_rules, &goods);
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item milk: 1 at 1.19 and 1 at 0.80 and 2 at 0.79 = 3.57, 1.19 off 4.76
          3 for 2: buy 2, get 1 free (-1.19)
        Item soap: 1 at 2.50 = 2.50
        VAT 19% at 19%: 0.40 on 2.10
        VAT 7% at 7%: 0.23 on 3.34
        5.44 + 0.63 + 0.00 = 6.07, in cash 6.07
    "#]],
    );
}

#[test]
fn what_somebody_gave_by_hand_no_promotion_touches() {
    let sale_rules = offering(vec![three_for_two("milk")]);
    let milk = item("milk", 119, tax("7", true));
    for change in [
        (|cart: &mut Cart| cart.set_price(1, money(100))) as fn(&mut Cart) -> _,
        |cart: &mut Cart| cart.set_line_discount(1, percent("10")),
    ] {
        let mut cart = ring(&sale_rules, &[(milk.clone(), "3")]);
        assert_eq!(Totals::of(&cart, &sale_rules).unwrap().total, money(238));
        amend(&mut cart, &sale_rules, change);
        let totals = Totals::of(&cart, &sale_rules).unwrap();
        assert!(totals.lines[0].promotions.is_empty());
        assert!(totals.total > money(238), "{totals:?}");
    }
}

#[test]
fn a_coupon_takes_off_the_ticket_beside_a_discount_by_hand() {
    let sale_rules = offering(vec![five_off("WELCOME5")]);
    let goods = [
        (item("wine", 1_500, tax("19", true)), "2"),
        (item("bread", 299, tax("7", true)), "1"),
    ];
    let mut cart = ring(&sale_rules, &goods);
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item wine: 2 at 15.00 = 30.00
        Item bread: 1 at 2.99 = 2.99
        not Welcome: needs its coupon
        VAT 19% at 19%: 4.79 on 25.21
        VAT 7% at 7%: 0.20 on 2.79
        28.00 + 4.99 + 0.00 = 32.99, in cash 32.99
    "#]],
    );
    amend(&mut cart, &sale_rules, |cart| cart.add_coupon("WELCOME5"));
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_discount(percent("10"))
    });
    // 10 % of what the coupon left: 32.99 - 5.00 = 27.99, of which 2.80.
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item wine: 2 at 15.00 = 30.00
        Item bread: 1 at 2.99 = 2.99
        Welcome: 5 off (from 20 on) (-5.00)
        discount 7.80
        VAT 19% at 19%: 3.66 on 19.25
        VAT 7% at 7%: 0.15 on 2.13
        21.38 + 3.81 + 0.00 = 25.19, in cash 25.19
    "#]],
    );

    let again = evertill_core::amend(&mut cart, &sale_rules, morning(), |cart| {
        cart.add_coupon("WELCOME5")
    });
    assert_eq!(again.unwrap_err().code(), "coupon_already_added");
    amend(&mut cart, &sale_rules, |cart| {
        cart.remove_coupon("WELCOME5");
        Ok(())
    });
    assert!(Totals::of(&cart, &sale_rules).unwrap().ticket.is_empty());
}

#[test]
fn a_coupon_that_was_used_is_refused_with_a_reason() {
    let used = CouponUse {
        on: "2026-11-01".parse().unwrap(),
        customer: None,
    };
    let sale_rules = SaleRules {
        coupon_uses: CouponUses([("WELCOME5".to_owned(), vec![used])].into()),
        ..offering(vec![five_off("WELCOME5")])
    };
    let mut cart = ring(&sale_rules, &[(item("wine", 2_500, tax("19", true)), "1")]);
    amend(&mut cart, &sale_rules, |cart| cart.add_coupon("WELCOME5"));
    let totals = Totals::of(&cart, &sale_rules).unwrap();
    assert_eq!(totals.not_applied[0].why, WhyNot::CouponUsedUp);
    assert!(totals.coupons.is_empty());
}

fn price(id: &str, list: &str, cents: i64, from: u32) -> PriceRule {
    PriceRule {
        id: id.to_owned(),
        list: list.to_owned(),
        item: "pen".to_owned(),
        uom: "pcs".to_owned(),
        rate: Decimal::new(cents, 2),
        from: None,
        to: None,
        min_qty: Decimal::from(from),
        customer: None,
        batch: None,
    }
}

#[test]
fn the_price_follows_quantity_and_customer_and_says_which_list_it_is_from() {
    let mut pen = item("pen", 200, tax("19", true));
    pen.prices = vec![
        price("retail/pen", "retail", 200, 0),
        price("retail/pen/10", "retail", 150, 10),
        price("staff/pen", "staff", 120, 0),
    ];
    let sale_rules = SaleRules {
        group_lists: Arc::from([("staff".to_owned(), "staff".into())]),
        ..sale_rules()
    };
    let mut cart = ring(&sale_rules, &[(pen.clone(), "9")]);
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item pen: 9 at 2.00 = 18.00
          price: retail (the shop's price list)
        VAT 19% at 19%: 2.87 on 15.13
        15.13 + 2.87 + 0.00 = 18.00, in cash 18.00
    "#]],
    );
    // The tenth joins the line, and all ten go for less.
    amend(&mut cart, &sale_rules, |cart| {
        cart.add(pen.clone(), Quantity::ONE).map(drop)
    });
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item pen: 10 at 1.50 = 15.00
          price: retail (the shop's price list), from 10 on
        VAT 19% at 19%: 2.40 on 12.61
        12.61 + 2.40 + -0.01 = 15.00, in cash 15.00
    "#]],
    );
    let staff = CartCustomer {
        group: "staff".into(),
        ..CartCustomer::named("c9".into(), "Ida")
    };
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_customer(Some(staff));
        Ok(())
    });
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item pen: 10 at 1.20 = 12.00
          price: staff (the price list of the customer's group)
        VAT 19% at 19%: 1.92 on 10.08
        10.08 + 1.92 + 0.00 = 12.00, in cash 12.00
    "#]],
    );
    // A price somebody set stays; the list's own takes that back.
    amend(&mut cart, &sale_rules, |cart| cart.set_price(1, money(99)));
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_customer(None);
        Ok(())
    });
    assert_eq!(
        (cart.lines[0].price, cart.lines[0].list_price),
        (money(99), money(150))
    );
    amend(&mut cart, &sale_rules, |cart| cart.set_price(1, money(150)));
    assert!(!cart.lines[0].price_set);
}

#[test]
fn an_amount_off_a_line_comes_off_to_the_cent_unit_by_unit() {
    let sale_rules = sale_rules();
    let goods = [
        (item("pen", 199, tax("19", true)), "3"),
        (weighed("ham", 1_299, tax("7", true)), "0.345"),
        (weighed("cheese", 899, tax("7", true)), "2.5"),
    ];
    let mut cart = ring(&sale_rules, &goods);
    for line in 1..=3 {
        amend(&mut cart, &sale_rules, |cart| {
            cart.set_line_discount(line, off(100))
        });
    }
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item pen: 2 at 1.66 and 1 at 1.65 = 4.97, 1.00 off 5.97
        Item ham: 0.345 at 10.09 = 3.48, 1.00 off 4.48
        Item cheese: 2 at 8.49 and 0.5 at 8.99 = 21.48, 1.00 off 22.48
        VAT 19% at 19%: 0.79 on 4.18
        VAT 7% at 7%: 1.63 on 23.33
        27.51 + 2.42 + 0.00 = 29.93, in cash 29.93
    "#]],
    );
    let free = off(Totals::of(&cart, &sale_rules).unwrap().lines[2]
        .gross
        .minor());
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_line_discount(3, free)
    });
    assert_eq!(
        Totals::of(&cart, &sale_rules).unwrap().lines[2].amount,
        Money::ZERO
    );
}

#[test]
fn a_half_that_goes_to_the_even_cent_takes_nothing_from_the_discount() {
    // 1.5 at 0.05 is 0.075 and goes to 0.08, but 0.5 of it alone is 0.025 and goes to 0.02.
    let sale_rules = SaleRules {
        totals_policy: TotalsPolicy::default(),
        ..sale_rules()
    };
    let mut cart = ring(&sale_rules, &[(weighed("seeds", 5, tax("7", true)), "1.5")]);
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_line_discount(1, off(3))
    });
    let totals = Totals::of(&cart, &sale_rules).unwrap();
    let line = &totals.lines[0];
    assert_eq!(
        (line.gross, line.discount, line.amount),
        (money(8), money(3), money(5))
    );
}

#[test]
fn the_customers_list_comes_before_their_groups_the_tills_and_the_shops() {
    let mut pen = item("pen", 200, tax("19", true));
    pen.prices = ["retail", "till-3", "staff", "ida"]
        .iter()
        .zip([200, 190, 180, 170])
        .map(|(list, cents)| price(&format!("{list}/pen"), list, cents, 0))
        .collect();
    let ida = |list: Option<&str>, group: &str| CartCustomer {
        price_list: list.map(Into::into),
        group: group.into(),
        ..CartCustomer::named("c9".into(), "Ida")
    };
    let table = [
        (None, None, 200),
        (Some("till-3"), None, 190),
        (Some("till-3"), Some(ida(None, "staff")), 180),
        (Some("till-3"), Some(ida(None, "guests")), 190),
        (Some("till-3"), Some(ida(Some("ida"), "staff")), 170),
        (None, Some(ida(Some("nothing-in-it"), "")), 200),
    ];
    for (till_list, customer, cents) in table {
        let sale_rules = SaleRules {
            till_list: till_list.map(Into::into),
            group_lists: Arc::from([("staff".to_owned(), "staff".into())]),
            ..sale_rules()
        };
        let mut cart = ring(&sale_rules, &[(pen.clone(), "1")]);
        let what = format!("{till_list:?} {customer:?}");
        amend(&mut cart, &sale_rules, |cart| {
            cart.set_customer(customer);
            Ok(())
        });
        assert_eq!(cart.lines[0].price, money(cents), "{what}");
    }
}

#[test]
fn a_promotion_for_card_holders_of_a_group_is_for_nobody_else() {
    let sale_rules = offering(vec![Promotion {
        loyalty_only: true,
        customer_groups: vec!["club".into()],
        ..three_for_two("milk")
    }]);
    let member = |group: &str, loyalty| CartCustomer {
        group: group.into(),
        loyalty,
        ..CartCustomer::named("c9".into(), "Ida")
    };
    let table = [
        (None, 357),
        (Some(member("club", false)), 357),
        (Some(member("", true)), 357),
        (Some(member("club", true)), 238),
    ];
    for (customer, cents) in table {
        let mut cart = ring(&sale_rules, &[(item("milk", 119, tax("7", true)), "3")]);
        let what = format!("{customer:?}");
        amend(&mut cart, &sale_rules, |cart| {
            cart.set_customer(customer);
            Ok(())
        });
        assert_eq!(
            Totals::of(&cart, &sale_rules).unwrap().total,
            money(cents),
            "{what}"
        );
    }
}
