//! One cart under the rules of many shops: taxes, exemptions, coins, and how it is calculated.

use std::sync::Arc;

use evertill_core::calc::{Arithmetic, ChargeType, DiscountOn, RoundingMethod};
use evertill_core::{
    AccountRate, CartCustomer, CartError, CashRounding, Coded, Currency, Discount, PaymentKind,
    Quantity, RoundedPayments, SaleRules, TaxCharge, TaxRule, TaxTemplate, Totals, TotalsPolicy,
};
use expect_test::expect;
use rust_decimal::Decimal;

use crate::shop::{cart, item, money, morning, off, percent, sale_rules, tax};
use crate::till::{agrees_when_worked_out_again, amend, check, decimal, ring, sold};

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

/// Indian GST: two halves within the state, one tax beyond it, and a levy on bags.
fn gst() -> SaleRules {
    use ChargeType::{OnItemQuantity, OnNetTotal};
    SaleRules {
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
        ..sale_rules()
    }
}

#[test]
fn templates_by_the_customers_tax_category_with_rates_by_item() {
    let sale_rules = gst();
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
    let mut cart = ring(&sale_rules, &goods);
    check(
        &cart,
        &sale_rules,
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
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_customer(Some(far));
        Ok(())
    });
    check(
        &cart,
        &sale_rules,
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
    let sale_rules = sale_rules();
    let goods = [
        (item("pen", 119, tax("19", true)), "10"),
        (item("bread", 107, tax("7", true)), "1"),
    ];
    let mut cart = ring(&sale_rules, &goods);
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_line_discount(1, percent("10"))
    });
    let embassy = CartCustomer {
        exemption: "Embassy, certificate 12".into(),
        ..CartCustomer::named("c3".into(), "Embassy")
    };
    amend(&mut cart, &sale_rules, |cart| {
        cart.set_customer(Some(embassy));
        Ok(())
    });
    check(
        &cart,
        &sale_rules,
        &expect![[r#"
        Item pen: 10 at 0.90 = 9.00, 1.00 off 10.00
        Item bread: 1 at 1.00 = 1.00
        Embassy, certificate 12 at 0%: 0.00 on 10.00
        10.00 + 0.00 + 0.00 = 10.00, in cash 10.00
    "#]],
    );
    let charges = Totals::of(&cart, &sale_rules).unwrap().charges;
    assert!(
        charges
            .iter()
            .all(|row| !row.included && row.rate.is_zero()),
        "{charges:?}"
    );
}

#[test]
fn ids_the_till_makes_never_meet_those_of_real_tax_rules() {
    let rules = sale_rules();
    let named = |id: &str, rate: &str, inclusive| TaxRule {
        id: id.into(),
        ..tax(rate, inclusive)
    };
    // "food" with and without the tax in the price, and real rules named as the till might.
    let goods = [
        (item("bread", 107, named("food", "7", true)), "1"),
        (item("rolls", 100, named("food", "7", false)), "1"),
        (item("pen", 100, named("food (2)", "19", false)), "1"),
        (item("stamp", 100, named("exempt", "0", false)), "1"),
    ];
    let mut cart = ring(&rules, &goods);
    let totals = Totals::of(&cart, &rules).unwrap();
    let accounts: Vec<&str> = totals
        .charges
        .iter()
        .map(|row| row.account.as_str())
        .collect();
    let mut distinct = accounts.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(accounts.len(), distinct.len(), "{accounts:?}");
    assert_eq!(totals.tax, money(7 + 7 + 19));
    agrees_when_worked_out_again(&cart, &rules);

    let embassy = CartCustomer {
        exemption: "Embassy".into(),
        ..CartCustomer::named("c3".into(), "Embassy")
    };
    amend(&mut cart, &rules, |cart| {
        cart.set_customer(Some(embassy));
        Ok(())
    });
    let lines = Totals::of(&cart, &rules).unwrap().tax_lines;
    let real = ["food", "food (2)", "exempt"];
    assert!(
        lines.iter().all(|line| !real.contains(&line.rule.as_str())),
        "{lines:?}"
    );
}

#[test]
fn a_rule_whose_prices_held_the_tax_and_no_longer_do_stands_both_ways() {
    let vat = |inclusive| TaxRule {
        id: "vat".into(),
        ..tax("19", inclusive)
    };
    let goods = [
        (item("old", 119, vat(true)), "1"),
        (item("new", 100, vat(false)), "1"),
    ];
    let sale_rules = sale_rules();
    let cart = ring(&sale_rules, &goods);
    let totals = Totals::of(&cart, &sale_rules).unwrap();
    let taxes: Vec<_> = totals
        .tax_lines
        .iter()
        .map(|line| (line.inclusive, line.base, line.tax))
        .collect();
    let (base, tax) = (money(100), money(19));
    assert_eq!(taxes, [(true, base, tax), (false, base, tax)]);
    assert_eq!(totals.total, money(238));
    agrees_when_worked_out_again(&cart, &sale_rules);
}

#[test]
fn a_discount_off_the_net_takes_its_tax_with_it() {
    // 100.00 net less 10.00 is 90.00 and 17.10 tax. Were every difference kept, the customer would
    // pay 109.00.
    let sale_rules = SaleRules {
        totals_policy: TotalsPolicy {
            discount_on: DiscountOn::NetTotal,
            ..sale_rules().totals_policy
        },
        ..sale_rules()
    };
    let mut cart = ring(&sale_rules, &[(item("desk", 11_900, tax("19", true)), "1")]);
    amend(&mut cart, &sale_rules, |cart| cart.set_discount(off(1_000)));
    assert_eq!(Totals::of(&cart, &sale_rules).unwrap().total, money(10_710));
    agrees_when_worked_out_again(&cart, &sale_rules);
}

#[test]
fn coins_for_cash_only_or_however_it_is_paid() {
    let swiss = |payments: Option<RoundedPayments>| SaleRules {
        totals_policy: TotalsPolicy {
            cash_rounding: payments.map(|applies_to| CashRounding {
                increment: money(5),
                applies_to,
            }),
            ..TotalsPolicy::default()
        },
        ..SaleRules::plain(Currency::new("CHF", "Fr.", 2).unwrap())
    };
    for (payments, card, cash) in [
        (None, 1_283, 1_283),
        (Some(RoundedPayments::Cash), 1_283, 1_285),
        (Some(RoundedPayments::All), 1_285, 1_285),
    ] {
        let sale_rules = swiss(payments);
        let cart = ring(
            &sale_rules,
            &[(item("fondue", 1_283, tax("2.6", true)), "1")],
        );
        let totals = Totals::of(&cart, &sale_rules).unwrap();
        assert_eq!(
            (totals.total, totals.cash_total),
            (money(card), money(cash)),
            "{payments:?}"
        );
        for (kind, due) in [(PaymentKind::Card, card), (PaymentKind::Cash, cash)] {
            let invoice = sold(&cart, &sale_rules, kind);
            assert_eq!(invoice.totals.total, money(due), "{payments:?} by {kind:?}");
            assert_eq!(
                invoice.totals.rounding,
                money(due - 1_283),
                "{payments:?} by {kind:?}"
            );
        }
        agrees_when_worked_out_again(&cart, &sale_rules);
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
                    let totals_policy = TotalsPolicy {
                        arithmetic,
                        rounding,
                        discount_on,
                        drop_included_difference,
                        round_row_wise_tax: drop_included_difference,
                        ..TotalsPolicy::default()
                    };
                    let sale_rules = SaleRules {
                        totals_policy,
                        ..sale_rules()
                    };
                    let mut cart = ring(&sale_rules, &goods);
                    amend(&mut cart, &sale_rules, |cart| {
                        cart.set_discount(percent("12.5"))
                    });
                    let invoice = sold(&cart, &sale_rules, PaymentKind::Card);
                    assert_eq!(invoice.totals_policy, Some(totals_policy));
                    agrees_when_worked_out_again(&cart, &sale_rules);
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
    let cart = ring(&sale_rules(), &goods);
    assert_eq!(
        Totals::of(&cart, &sale_rules()).unwrap().total,
        money(17_560)
    );
    let as_erpnext = SaleRules {
        totals_policy: TotalsPolicy {
            arithmetic: Arithmetic::Erpnext,
            drop_included_difference: true,
            ..TotalsPolicy::default()
        },
        ..sale_rules()
    };
    assert_eq!(Totals::of(&cart, &as_erpnext).unwrap().total, money(17_568));
}

#[test]
fn taxes_that_cannot_be_worked_out_are_said_and_sell_nothing() {
    let sale_rules = SaleRules {
        templates: Arc::from([template(
            "",
            vec![charge("late", ChargeType::OnPreviousRowTotal, "5", Some(2))],
        )]),
        ..sale_rules()
    };
    let mut cart = cart();
    let rung = evertill_core::amend(&mut cart, &sale_rules, morning(), |cart| {
        cart.add(item("a", 100, tax("7", true)), Quantity::ONE)
    });
    let error: CartError = rung.unwrap_err();
    assert_eq!(error.code(), "sale_not_worked_out");
    assert!(cart.is_empty());
    assert_eq!(cart.discount, Discount::None);
}
