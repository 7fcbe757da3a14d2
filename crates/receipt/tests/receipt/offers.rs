//! Promotions, several taxes on a line, customers without tax, and coins, as the customer reads them.

use std::sync::Arc;

use evertill_core::calc::ChargeType;
use evertill_core::pricing::{Benefit, Coupon, Effect, Promotion, Promotions, Selector};
use evertill_core::{
    AccountRate, Cart, CartCustomer, CartError, CashRounding, Currency, PaymentKind, Percent,
    RoundedPayments, SaleItem, SaleRules, TaxCharge, TaxRule, TaxTemplate, TotalsPolicy,
};
use evertill_receipt::Paper;
use expect_test::expect_file;
use jiff::civil::date;

use crate::layouts::check;
use crate::shop::{cart, full, item, money, paid_by, receipt, reduced, ring, sale_rules};

/// Prices a cart as a till does after each change.
fn amended(mut cart: Cart, sale_rules: &SaleRules, change: impl FnOnce(&mut Cart)) -> Cart {
    let now = date(2026, 3, 1).at(14, 7, 42, 0);
    let changed: Result<_, CartError> = evertill_core::amend(&mut cart, sale_rules, now, |cart| {
        change(cart);
        Ok(())
    });
    changed.unwrap();
    cart
}

fn three_for_two() -> Promotion {
    let of = Selector::items(["Avocado"]);
    Promotion::new(
        "p1",
        "Avocado: 3 für 2",
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
        coupon: Some(Coupon::new("WELCOME5")),
        ..Promotion::new(
            "p2",
            "Willkommen: 5,00 ab 20,00",
            Effect::Ticket {
                of: Selector::everything(),
                from: 20.into(),
                benefit: Benefit::Amount(5.into()),
            },
        )
    }
}

#[test]
fn promotions_stand_by_name_where_they_save() {
    let sale_rules = SaleRules {
        promotions: Arc::new(Promotions::new([three_for_two(), welcome()])),
        ..sale_rules()
    };
    let cart = amended(cart(), &sale_rules, |cart| {
        ring(cart, item("Avocado", "Stk", 99, reduced()), "4");
        ring(cart, item("Wein", "Stk", 1_299, full()), "2");
        cart.add_coupon("WELCOME5").unwrap();
    });
    let receipt = receipt(&paid_by(
        &sale_rules,
        &cart,
        &[(PaymentKind::Cash, "Bar", 3_000)],
    ));
    check(&receipt, Paper::Mm80, &expect_file!["golden/offers_80.txt"]);
    check(&receipt, Paper::Mm58, &expect_file!["golden/offers_58.txt"]);
}

fn charge(account: &str, charge_type: ChargeType, rate: u32) -> TaxCharge {
    TaxCharge {
        account: account.into(),
        name: account.into(),
        charge_type,
        rate: rate.into(),
        included: false,
        row_id: None,
        amount: 0.into(),
    }
}

fn taxed(name: &str, price: i64, rates: &[(&str, &str)]) -> SaleItem {
    let rates = rates.iter().map(|(account, rate)| AccountRate {
        account: (*account).into(),
        rate: rate.parse().unwrap(),
    });
    let rule = TaxRule {
        id: "gst".into(),
        name: "No GST".into(),
        rate: Percent::ZERO,
        inclusive: false,
        rates: rates.collect(),
    };
    item(name, "pcs", price, rule)
}

#[test]
fn lines_with_the_same_taxes_have_one_letter_and_coins_a_row_of_their_own() {
    use ChargeType::{OnItemQuantity, OnNetTotal};
    let charges = vec![
        charge("CGST", OnNetTotal, 9),
        charge("SGST", OnNetTotal, 9),
        charge("Bag levy", OnItemQuantity, 0),
    ];
    let sale_rules = SaleRules {
        currency: Currency::new("INR", "₹", 2).unwrap(),
        totals_policy: TotalsPolicy {
            cash_rounding: Some(CashRounding {
                increment: money(100),
                applies_to: RoundedPayments::Cash,
            }),
            ..TotalsPolicy::default()
        },
        templates: Arc::from([TaxTemplate {
            id: "gst".into(),
            name: "GST".into(),
            category: String::new(),
            charges,
        }]),
        ..sale_rules()
    };
    let cart = amended(cart(), &sale_rules, |cart| {
        ring(cart, taxed("Soap", 4_550, &[]), "2");
        ring(
            cart,
            taxed("Rice 1 kg", 8_225, &[("CGST", "2.5"), ("SGST", "2.5")]),
            "1",
        );
        let bag = [("CGST", "0"), ("SGST", "0"), ("Bag levy", "2")];
        ring(cart, taxed("Paper bag", 500, &bag), "1");
    });
    let receipt = receipt(&paid_by(
        &sale_rules,
        &cart,
        &[(PaymentKind::Cash, "Cash", 50_000)],
    ));
    check(
        &receipt,
        Paper::Mm80,
        &expect_file!["golden/letters_80.txt"],
    );
    check(
        &receipt,
        Paper::Mm58,
        &expect_file!["golden/letters_58.txt"],
    );
}

#[test]
fn a_customer_without_tax_reads_why() {
    let sale_rules = sale_rules();
    let cart = amended(cart(), &sale_rules, |cart| {
        ring(cart, item("Wein", "Stk", 1_190, full()), "1");
        cart.set_customer(Some(CartCustomer {
            exemption: "Embassy, certificate 12".into(),
            ..CartCustomer::named("c1".into(), "Embassy of Freedonia")
        }));
    });
    let receipt = receipt(&paid_by(
        &sale_rules,
        &cart,
        &[(PaymentKind::Card, "Card", 1_000)],
    ));
    check(&receipt, Paper::Mm80, &expect_file!["golden/exempt_80.txt"]);
    check(&receipt, Paper::Mm58, &expect_file!["golden/exempt_58.txt"]);
}
