//! Terms that are wrong by themselves: no sale may ever be priced or taxed by them.

use evertill_core::calc::ChargeType;
use evertill_core::pricing::{Benefit, Coupon, Effect, Promotion, Selector};
use evertill_core::{
    AccountRate, CashRounding, Coded, Money, Percent, RoundedPayments, TaxCharge, TaxRule,
    TaxTemplate, TotalsPolicy,
};
use expect_test::expect;
use rust_decimal::Decimal;

fn said<E: Coded>(checked: Result<(), E>) -> String {
    let said = |error: E| format!("{}: {error}", error.code());
    checked.map_or_else(said, |()| "fine".to_owned())
}

fn rule(rates: &[(&str, &str)]) -> TaxRule {
    let rates = rates.iter().map(|(account, rate)| AccountRate {
        account: (*account).into(),
        rate: rate.parse().unwrap(),
    });
    TaxRule {
        id: "reduced".into(),
        name: "Reduced".to_owned(),
        rate: Percent::parse("7").unwrap(),
        inclusive: true,
        rates: rates.collect(),
    }
}

/// 19 % and then 1 % on both, with the second row changed.
fn template(change: fn(&mut TaxCharge)) -> TaxTemplate {
    let charge = |charge_type, rate: i64, row_id| TaxCharge {
        account: "vat".into(),
        name: "VAT".to_owned(),
        charge_type,
        rate: rate.into(),
        included: true,
        row_id,
        amount: Decimal::ZERO,
    };
    let mut second = charge(ChargeType::OnPreviousRowTotal, 1, Some(1));
    change(&mut second);
    TaxTemplate {
        id: "home".to_owned(),
        name: "At home".to_owned(),
        category: String::new(),
        charges: vec![charge(ChargeType::OnNetTotal, 19, None), second],
    }
}

#[test]
fn taxes_that_no_sale_can_be_charged_are_refused() {
    let checked = [
        said(rule(&[]).validate()),
        said(rule(&[("vat", "7"), ("city", "0")]).validate()),
        said(rule(&[("vat", "7"), ("vat", "19")]).validate()),
        said(rule(&[("vat", "79228162514264337593543950335")]).validate()),
        said(template(|_| ()).validate()),
        said(template(|row| row.row_id = Some(2)).validate()),
        said(template(|row| row.row_id = None).validate()),
        said(template(|row| row.charge_type = ChargeType::Actual).validate()),
        said(template(|row| row.rate = Decimal::MAX).validate()),
    ];
    expect![[r#"
        fine
        fine
        tax_rates_invalid: The account vat has two rates.
        tax_rates_invalid: A number on this document is too large to calculate with.
        fine
        tax_template_invalid: Tax row 2 can be charged on an earlier row only.
        tax_template_invalid: Tax row 2 does not say which row it is charged on.
        tax_template_invalid: Tax row 2 refers to another row but is not charged on one.
        tax_template_invalid: A number on this document is too large to calculate with.
    "#]]
    .assert_eq(&(checked.join("\n") + "\n"));
}

#[test]
fn charges_that_take_more_off_than_there_is_are_taken() {
    let rebate = TaxTemplate {
        charges: vec![TaxCharge {
            charge_type: ChargeType::Actual,
            included: false,
            row_id: None,
            amount: Decimal::from(-101),
            ..template(|_| ()).charges.remove(0)
        }],
        ..template(|_| ())
    };
    assert_eq!(rebate.validate(), Ok(()));
}

fn promotion(effect: Effect) -> Promotion {
    Promotion::new("p", "P", effect)
}

fn unit_discount(benefit: Benefit, at_least: Decimal) -> Promotion {
    promotion(Effect::UnitDiscount {
        of: Selector::everything(),
        benefit,
        at_least,
    })
}

fn buy_get(buy_units: u32, get_units: u32) -> Promotion {
    promotion(Effect::BuyGet {
        buy: Selector::everything(),
        buy_units,
        get: Selector::everything(),
        get_units,
        benefit: Benefit::Free,
        repeats: None,
    })
}

fn mix(units: u32, price: Decimal) -> Promotion {
    promotion(Effect::MixAndMatch {
        of: Selector::everything(),
        units,
        price,
        repeats: None,
    })
}

fn ticket(from: Decimal) -> Promotion {
    promotion(Effect::Ticket {
        of: Selector::everything(),
        from,
        benefit: Benefit::Free,
    })
}

#[test]
fn promotions_that_do_nothing_or_what_was_not_meant_are_refused() {
    let (none, one) = (Decimal::ZERO, Decimal::ONE);
    let over = Decimal::ONE_HUNDRED + Decimal::new(1, 2);
    let coupon = |code: &str| Promotion {
        coupon: Some(Coupon::new(code)),
        ..unit_discount(Benefit::Free, none)
    };
    let checked = [
        unit_discount(Benefit::Percent(Decimal::ONE_HUNDRED), none),
        unit_discount(Benefit::Percent(over), none),
        unit_discount(Benefit::Amount(-one), none),
        unit_discount(Benefit::Price(-one), none),
        unit_discount(Benefit::Free, -one),
        coupon("C"),
        coupon(" "),
        buy_get(1, 1),
        buy_get(0, 1),
        buy_get(1, 0),
        mix(2, one),
        mix(0, one),
        mix(2, -one),
        ticket(one),
        ticket(Decimal::MAX),
    ];
    let checked = checked.map(|promotion| said(promotion.validate()));
    expect![[r#"
        fine
        promotion_invalid: A discount in percent is from 0 to 100.
        promotion_invalid: The discount is below 0 or too large.
        promotion_invalid: The price is below 0 or too large.
        promotion_invalid: The least quantity is below 0 or too large.
        fine
        promotion_invalid: The coupon has no code.
        fine
        promotion_invalid: Nothing has to be bought.
        promotion_invalid: Nothing costs less.
        fine
        promotion_invalid: No units go for the price.
        promotion_invalid: The price is below 0 or too large.
        fine
        promotion_invalid: The sum of the ticket is below 0 or too large.
    "#]]
    .assert_eq(&(checked.join("\n") + "\n"));
}

#[test]
fn an_increment_below_zero_is_refused() {
    let rounded = |increment| TotalsPolicy {
        cash_rounding: Some(CashRounding {
            increment: Money::from_minor(increment),
            applies_to: RoundedPayments::Cash,
        }),
        ..TotalsPolicy::default()
    };
    let checked = [0, 5, -1].map(|increment| said(rounded(increment).validate()));
    let refused = "increment_negative: The increment of cash rounding is below 0.";
    assert_eq!(checked, ["fine", "fine", refused]);
    assert_eq!(TotalsPolicy::default().validate(), Ok(()));
}
