//! One cart under the terms of many shops: what the customer pays, and why.

use std::fmt::Write;
use std::sync::Arc;

use evertill_core::calc::{Arithmetic, ChargeType, DiscountOn, RoundingMethod};
use evertill_core::pricing::{
    Coupon, CouponUse, CouponUses, Effect, PriceRule, Promotion, Promotions, Reward, Selector,
    WhyNot,
};
use evertill_core::{
    AccountRate, Cart, CartCustomer, CartError, Coded, CoinUse, Currency, Discount, Invoice, Money,
    NewInvoice, PaymentKind, Quantity, ReceiptNumber, Reckoning, SaleItem, TaxCharge, TaxRule,
    TaxTemplate, Terms, Totals,
};
use expect_test::{Expect, expect};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::shop::{
    cart, item, money, morning, off, percent, quantity, tax, tender, terms, weighed,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Rings goods up by these terms, as a till does: each is priced at once.
fn ring(terms: &Terms, goods: &[(SaleItem, &str)]) -> Cart {
    let mut cart = cart();
    for (item, amount) in goods {
        let add = |cart: &mut Cart| cart.add(item.clone(), quantity(amount));
        let _: (u32, Totals) = cart.amend::<_, CartError>(terms, morning(), add).unwrap();
    }
    cart
}

fn amend(cart: &mut Cart, terms: &Terms, change: impl FnOnce(&mut Cart) -> Result<(), CartError>) {
    cart.amend(terms, morning(), change).unwrap();
}

/// The cart as a cashier could explain it.
fn show(cart: &Cart, terms: &Terms) -> String {
    let totals = cart.totals(terms).unwrap();
    let text = |amount: Money| terms.currency.format(amount);
    let mut out = String::new();
    for (line, worked) in cart.lines.iter().zip(&totals.lines) {
        let parts: Vec<_> = worked
            .parts
            .iter()
            .map(|part| format!("{} at {}", part.quantity, text(part.price)))
            .collect();
        let _ = write!(
            out,
            "{}: {} = {}",
            line.item.name,
            parts.join(" and "),
            text(worked.amount)
        );
        if !worked.discount.is_zero() {
            let _ = write!(
                out,
                ", {} off {}",
                text(worked.discount),
                text(worked.gross)
            );
        }
        out.push('\n');
        if let Some(why) = &line.why {
            let _ = writeln!(out, "  price: {why}");
        }
        for one in &worked.promotions {
            let _ = writeln!(out, "  {}: {} (-{})", one.name, one.what, text(one.saved));
        }
    }
    for one in &totals.ticket {
        let _ = writeln!(out, "{}: {} (-{})", one.name, one.what, text(one.saved));
    }
    for one in &totals.not_applied {
        let _ = writeln!(out, "not {}: {}", one.name, one.why);
    }
    if !totals.invoice_discount.is_zero() {
        let _ = writeln!(out, "discount {}", text(totals.invoice_discount));
    }
    for line in &totals.tax_lines {
        let _ = writeln!(
            out,
            "{} at {}%: {} on {}",
            line.name,
            line.rate,
            text(line.tax),
            text(line.base)
        );
    }
    let sums = [totals.net, totals.tax, totals.difference]
        .map(text)
        .join(" + ");
    let _ = writeln!(
        out,
        "{sums} = {}, in cash {}",
        text(totals.total),
        text(totals.cash_total)
    );
    out
}

fn check(cart: &Cart, terms: &Terms, expected: &Expect) {
    expected.assert_eq(&show(cart, terms));
    agrees_when_worked_out_again(cart, terms);
}

fn sold(cart: &Cart, terms: &Terms, kind: PaymentKind) -> Invoice {
    let due = cart.totals(terms).unwrap().due(&[tender(kind, 1)]);
    let new = NewInvoice {
        key: Uuid::from_u128(7),
        till: "03".into(),
        number: ReceiptNumber::new("03", 1).unwrap(),
        business_date: "2026-11-23".parse().unwrap(),
        sold_at: "2026-11-23T08:30:00Z".parse().unwrap(),
        cashier: "u1".into(),
        cashier_name: "Ada".into(),
        tenders: vec![tender(kind, due.minor())],
    };
    Invoice::from_cart(cart, terms, new).unwrap()
}

/// Whoever gets the invoice comes to the same amounts, and sees any cent that was moved.
fn agrees_when_worked_out_again(cart: &Cart, terms: &Terms) {
    for kind in [PaymentKind::Cash, PaymentKind::Card] {
        let invoice = sold(cart, terms, kind);
        assert_eq!(invoice.differs().unwrap(), None, "paid by {kind:?}");
        let json = serde_json::to_string(&invoice).unwrap();
        let back: Invoice = serde_json::from_str(&json).unwrap();
        assert_eq!(back.differs().unwrap(), None, "after its way as JSON");

        let cent = Money::from_minor(1);
        let moved: [(&str, fn(&mut Invoice, Money)); 5] = [
            ("total", |invoice, cent| {
                invoice.totals.total = invoice.totals.total.checked_add(cent).unwrap();
            }),
            ("tax", |invoice, cent| {
                invoice.totals.tax = invoice.totals.tax.checked_add(cent).unwrap();
                invoice.totals.net = invoice.totals.net.checked_sub(cent).unwrap();
            }),
            ("line", |invoice, cent| {
                let line = &mut invoice.lines[0];
                line.amount = line.amount.checked_add(cent).unwrap();
            }),
            ("net of a line", |invoice, cent| {
                let line = &mut invoice.lines[0];
                line.net = line.net.checked_add(cent).unwrap();
            }),
            ("quantity", |invoice, _| {
                let line = &mut invoice.lines[0];
                line.quantity = line.quantity.checked_add(Quantity::ONE).unwrap();
            }),
        ];
        for (what, change) in moved {
            let mut changed = invoice.clone();
            change(&mut changed, cent);
            assert!(changed.differs().unwrap().is_some(), "a cent in {what}");
        }
    }
}

fn offering(promotions: Vec<Promotion>) -> Terms {
    Terms {
        promotions: Arc::new(Promotions::new(promotions)),
        ..terms()
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
            reward: Reward::Free,
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
                reward: Reward::Amount(Decimal::from(5)),
            },
        )
    }
}

#[test]
fn a_promotion_lowers_its_units_and_says_so_on_the_line() {
    let terms = offering(vec![three_for_two("milk")]);
    let goods = [
        (item("milk", 119, tax("7", true)), "4"),
        (item("soap", 250, tax("19", true)), "1"),
    ];
    let cart = ring(&terms, &goods);
    check(
        &cart,
        &terms,
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
    let terms = offering(vec![three_for_two("milk")]);
    let milk = item("milk", 119, tax("7", true));
    for change in [
        (|cart: &mut Cart| cart.set_price(1, money(100))) as fn(&mut Cart) -> _,
        |cart: &mut Cart| cart.set_line_discount(1, percent("10")),
    ] {
        let mut cart = ring(&terms, &[(milk.clone(), "3")]);
        assert_eq!(cart.totals(&terms).unwrap().total, money(238));
        amend(&mut cart, &terms, change);
        let totals = cart.totals(&terms).unwrap();
        assert!(totals.lines[0].promotions.is_empty());
        assert!(totals.total > money(238), "{totals:?}");
    }
}

#[test]
fn a_coupon_takes_off_the_ticket_beside_a_discount_by_hand() {
    let terms = offering(vec![five_off("WELCOME5")]);
    let goods = [
        (item("wine", 1_500, tax("19", true)), "2"),
        (item("bread", 299, tax("7", true)), "1"),
    ];
    let mut cart = ring(&terms, &goods);
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item wine: 2 at 15.00 = 30.00
        Item bread: 1 at 2.99 = 2.99
        not Welcome: needs its coupon
        VAT 19% at 19%: 4.79 on 25.21
        VAT 7% at 7%: 0.20 on 2.79
        28.00 + 4.99 + 0.00 = 32.99, in cash 32.99
    "#]],
    );
    amend(&mut cart, &terms, |cart| cart.show_coupon("WELCOME5"));
    amend(&mut cart, &terms, |cart| cart.set_discount(percent("10")));
    // 10 % of what the coupon left: 32.99 - 5.00 = 27.99, of which 2.80.
    check(
        &cart,
        &terms,
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

    let again = cart.amend(&terms, morning(), |cart| cart.show_coupon("WELCOME5"));
    assert_eq!(again.unwrap_err().code(), "coupon_shown_before");
    amend(&mut cart, &terms, |cart| {
        cart.take_coupon_back("WELCOME5");
        Ok(())
    });
    assert!(cart.totals(&terms).unwrap().ticket.is_empty());
}

#[test]
fn a_coupon_that_was_used_is_refused_with_a_reason() {
    let used = CouponUse {
        on: "2026-11-01".parse().unwrap(),
        customer: None,
    };
    let terms = Terms {
        coupon_uses: CouponUses([("WELCOME5".to_owned(), vec![used])].into()),
        ..offering(vec![five_off("WELCOME5")])
    };
    let mut cart = ring(&terms, &[(item("wine", 2_500, tax("19", true)), "1")]);
    amend(&mut cart, &terms, |cart| cart.show_coupon("WELCOME5"));
    let totals = cart.totals(&terms).unwrap();
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
    let terms = Terms {
        group_lists: Arc::from([("staff".to_owned(), "staff".into())]),
        ..terms()
    };
    let mut cart = ring(&terms, &[(pen.clone(), "9")]);
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item pen: 9 at 2.00 = 18.00
          price: retail (the shop's price list)
        VAT 19% at 19%: 2.87 on 15.13
        15.13 + 2.87 + 0.00 = 18.00, in cash 18.00
    "#]],
    );
    // The tenth joins the line, and all ten go for less.
    amend(&mut cart, &terms, |cart| {
        cart.add(pen.clone(), Quantity::ONE).map(drop)
    });
    check(
        &cart,
        &terms,
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
    amend(&mut cart, &terms, |cart| {
        cart.set_customer(Some(staff));
        Ok(())
    });
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item pen: 10 at 1.20 = 12.00
          price: staff (the price list of the customer's group)
        VAT 19% at 19%: 1.92 on 10.08
        10.08 + 1.92 + 0.00 = 12.00, in cash 12.00
    "#]],
    );
    // A price somebody set stays; the list's own takes that back.
    amend(&mut cart, &terms, |cart| cart.set_price(1, money(99)));
    amend(&mut cart, &terms, |cart| {
        cart.set_customer(None);
        Ok(())
    });
    assert_eq!(
        (cart.lines[0].price, cart.lines[0].list_price),
        (money(99), money(150))
    );
    amend(&mut cart, &terms, |cart| cart.set_price(1, money(150)));
    assert!(!cart.lines[0].price_set);
}

#[test]
fn an_amount_off_a_line_comes_off_to_the_cent_unit_by_unit() {
    let terms = terms();
    let goods = [
        (item("pen", 199, tax("19", true)), "3"),
        (weighed("ham", 1_299, tax("7", true)), "0.345"),
        (weighed("cheese", 899, tax("7", true)), "2.5"),
    ];
    let mut cart = ring(&terms, &goods);
    for line in 1..=3 {
        amend(&mut cart, &terms, |cart| {
            cart.set_line_discount(line, off(100))
        });
    }
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item pen: 2 at 1.66 and 1 at 1.65 = 4.97, 1.00 off 5.97
        Item ham: 0.345 at 10.09 = 3.48, 1.00 off 4.48
        Item cheese: 2 at 8.49 and 0.5 at 8.99 = 21.48, 1.00 off 22.48
        VAT 19% at 19%: 0.79 on 4.18
        VAT 7% at 7%: 1.63 on 23.33
        27.51 + 2.42 + 0.00 = 29.93, in cash 29.93
    "#]],
    );
    let free = off(cart.totals(&terms).unwrap().lines[2].gross.minor());
    amend(&mut cart, &terms, |cart| cart.set_line_discount(3, free));
    assert_eq!(cart.totals(&terms).unwrap().lines[2].amount, Money::ZERO);
}

fn charge(account: &str, charge_type: ChargeType, rate: &str, row_id: Option<u32>) -> TaxCharge {
    TaxCharge {
        account: account.into(),
        name: account.to_uppercase(),
        charge_type,
        rate: decimal(rate),
        included: false,
        row_id,
        amount: Decimal::ZERO,
    }
}

fn template(category: &str, charges: Vec<TaxCharge>) -> TaxTemplate {
    TaxTemplate {
        id: format!("t-{category}"),
        name: category.to_owned(),
        category: category.to_owned(),
        charges,
    }
}

fn by_account(rates: &[(&str, &str)]) -> TaxRule {
    let rates = rates.iter().map(|(account, rate)| AccountRate {
        account: (*account).into(),
        rate: decimal(rate),
    });
    TaxRule {
        rates: rates.collect(),
        ..tax("0", false)
    }
}

#[test]
fn templates_by_the_customers_tax_category_with_rates_by_item() {
    use ChargeType::{OnItemQuantity, OnNetTotal};
    let terms = Terms {
        templates: Arc::from([
            template(
                "",
                vec![
                    charge("cgst", OnNetTotal, "9", None),
                    charge("sgst", OnNetTotal, "9", None),
                    charge("bag", OnItemQuantity, "0", None),
                ],
            ),
            template("out-of-state", vec![charge("igst", OnNetTotal, "18", None)]),
        ]),
        ..terms()
    };
    let goods = [
        (item("soap", 1_000, by_account(&[])), "1"),
        (
            item(
                "rice",
                500,
                by_account(&[("cgst", "2.5"), ("sgst", "2.5"), ("igst", "5")]),
            ),
            "2",
        ),
        (
            item(
                "bag",
                50,
                by_account(&[("cgst", "0"), ("sgst", "0"), ("igst", "0"), ("bag", "0.22")]),
            ),
            "1",
        ),
    ];
    let mut cart = ring(&terms, &goods);
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item soap: 1 at 10.00 = 10.00
        Item rice: 2 at 5.00 = 10.00
        Item bag: 1 at 0.50 = 0.50
        CGST at 9%: 0.90 on 10.00
        CGST at 2.5%: 0.25 on 10.00
        SGST at 9%: 0.90 on 10.00
        SGST at 2.5%: 0.25 on 10.00
        BAG at 0%: 0.22 on 0.00
        VAT 0% at 0%: 0.00 on 0.50
        20.50 + 2.52 + 0.00 = 23.02, in cash 23.02
    "#]],
    );
    let far = CartCustomer {
        tax_category: "out-of-state".into(),
        ..CartCustomer::named("c2".into(), "Far Away Ltd")
    };
    amend(&mut cart, &terms, |cart| {
        cart.set_customer(Some(far));
        Ok(())
    });
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item soap: 1 at 10.00 = 10.00
        Item rice: 2 at 5.00 = 10.00
        Item bag: 1 at 0.50 = 0.50
        IGST at 18%: 1.80 on 10.00
        IGST at 5%: 0.50 on 10.00
        VAT 0% at 0%: 0.00 on 0.50
        20.50 + 2.30 + 0.00 = 22.80, in cash 22.80
    "#]],
    );
}

#[test]
fn an_exempt_customer_pays_the_shelf_price_without_its_tax_and_the_reason_is_kept() {
    let terms = terms();
    let goods = [
        (item("pen", 119, tax("19", true)), "10"),
        (item("bread", 107, tax("7", true)), "1"),
    ];
    let mut cart = ring(&terms, &goods);
    amend(&mut cart, &terms, |cart| {
        cart.set_line_discount(1, percent("10"))
    });
    let embassy = CartCustomer {
        exemption: "Embassy, certificate 12".into(),
        ..CartCustomer::named("c3".into(), "Embassy")
    };
    amend(&mut cart, &terms, |cart| {
        cart.set_customer(Some(embassy));
        Ok(())
    });
    check(
        &cart,
        &terms,
        &expect![[r#"
        Item pen: 10 at 0.90 = 9.00, 1.00 off 10.00
        Item bread: 1 at 1.00 = 1.00
        Embassy, certificate 12 at 0%: 0.00 on 10.00
        10.00 + 0.00 + 0.00 = 10.00, in cash 10.00
    "#]],
    );
}

#[test]
fn coins_for_cash_only_or_however_it_is_paid() {
    let swiss = |coin| Terms {
        reckoning: Reckoning {
            smallest_coin: money(5),
            coin,
            ..Reckoning::default()
        },
        ..Terms::plain(Currency::new("CHF", "Fr.", 2).unwrap())
    };
    for (coin, card, cash) in [
        (CoinUse::Never, 1_283, 1_283),
        (CoinUse::Cash, 1_283, 1_285),
        (CoinUse::Always, 1_285, 1_285),
    ] {
        let terms = swiss(coin);
        let cart = ring(&terms, &[(item("fondue", 1_283, tax("2.6", true)), "1")]);
        let totals = cart.totals(&terms).unwrap();
        assert_eq!(
            (totals.total, totals.cash_total),
            (money(card), money(cash)),
            "{coin:?}"
        );
        for (kind, due) in [(PaymentKind::Card, card), (PaymentKind::Cash, cash)] {
            let invoice = sold(&cart, &terms, kind);
            assert_eq!(invoice.totals.total, money(due), "{coin:?} by {kind:?}");
            assert_eq!(
                invoice.totals.rounding,
                money(due - 1_283),
                "{coin:?} by {kind:?}"
            );
        }
        agrees_when_worked_out_again(&cart, &terms);
    }
}

#[test]
fn the_upstream_chooses_arithmetic_rounding_and_what_a_discount_is_of() {
    let goods = [
        (item("a", 333, tax("19", true)), "1"),
        (item("b", 1_005, tax("8.875", false)), "3"),
    ];
    for arithmetic in [Arithmetic::Exact, Arithmetic::Erpnext] {
        for rounding in [
            RoundingMethod::Bankers,
            RoundingMethod::BankersLegacy,
            RoundingMethod::Commercial,
        ] {
            for discount_on in [DiscountOn::GrandTotal, DiscountOn::NetTotal] {
                for drop_included_difference in [false, true] {
                    let reckoning = Reckoning {
                        arithmetic,
                        rounding,
                        discount_on,
                        drop_included_difference,
                        round_row_wise_tax: drop_included_difference,
                        ..Reckoning::default()
                    };
                    let terms = Terms {
                        reckoning,
                        ..terms()
                    };
                    let mut cart = ring(&terms, &goods);
                    amend(&mut cart, &terms, |cart| cart.set_discount(percent("12.5")));
                    let invoice = sold(&cart, &terms, PaymentKind::Card);
                    assert_eq!(invoice.reckoning, Some(reckoning));
                    agrees_when_worked_out_again(&cart, &terms);
                }
            }
        }
    }
}

#[test]
fn twenty_odd_prices_still_come_to_what_the_shelf_says() {
    // ERPNext lets the difference go once it is over five cents (contract 7.12): 175.68.
    let goods: Vec<_> = (0..20)
        .map(|n| (item(&n.to_string(), 878, tax("22", true)), "1"))
        .collect();
    let cart = ring(&terms(), &goods);
    assert_eq!(cart.totals(&terms()).unwrap().total, money(17_560));
    let as_erpnext = Terms {
        reckoning: Reckoning {
            arithmetic: Arithmetic::Erpnext,
            drop_included_difference: true,
            ..Reckoning::default()
        },
        ..terms()
    };
    assert_eq!(cart.totals(&as_erpnext).unwrap().total, money(17_568));
}

#[test]
fn taxes_that_cannot_be_worked_out_are_said_and_sell_nothing() {
    let terms = Terms {
        templates: Arc::from([template(
            "",
            vec![charge("late", ChargeType::OnPreviousRowTotal, "5", Some(2))],
        )]),
        ..terms()
    };
    let mut cart = cart();
    let rung = cart.amend(&terms, morning(), |cart| {
        cart.add(item("a", 100, tax("7", true)), Quantity::ONE)
    });
    let error: CartError = rung.unwrap_err();
    assert_eq!(error.code(), "sale_not_worked_out");
    assert!(cart.is_empty());
    assert_eq!(cart.discount, Discount::None);
}
