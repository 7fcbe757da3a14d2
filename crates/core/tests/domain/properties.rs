//! What must hold for any cart and any input.

use evertill_core::calc::{Arithmetic, DiscountOn, RoundingMethod};
use evertill_core::values::allocate::allocate;
use evertill_core::{
    Cart, CartError, CashRounding, Currency, Discount, Money, PaymentKind, Percent, Quantity,
    ReceiptNumber, RoundedPayments, SaleRules, Totals, TotalsPolicy, quick_cash, settle,
    verify_totals,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::shop::{cart, euro, money, morning, sale_rules, tax, tender, weighed};
use crate::till::sold;

type Line = (i64, Quantity, Discount, usize);

const TAXES: [(&str, bool); 5] = [
    ("19", true),
    ("7", true),
    ("0", true),
    ("8.875", false),
    ("100", false),
];

fn quantities() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        (1_i64..=20).prop_map(|whole| Decimal::new(whole, 0)),
        (1_i64..=99_999_000).prop_map(|thousandths| Decimal::new(thousandths, 3)),
    ]
    .prop_map(|value| Quantity::new(value).unwrap())
}

fn discounts() -> impl Strategy<Value = Discount> {
    prop_oneof![
        Just(Discount::None),
        (0_i64..=100_000)
            .prop_map(|t| Discount::Percent(Percent::new(Decimal::new(t, 3)).unwrap())),
        (-10_i64..=100_000).prop_map(|minor| Discount::Amount(money(minor))),
    ]
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (0_i64..=1_000_000, quantities(), discounts(), 0..TAXES.len());
    proptest::collection::vec(line, 0..12)
}

fn totals_policies() -> impl Strategy<Value = TotalsPolicy> {
    let methods = prop_oneof![
        Just(RoundingMethod::Bankers),
        Just(RoundingMethod::BankersLegacy),
        Just(RoundingMethod::Commercial),
    ];
    let increments = prop_oneof![Just(0_i64), Just(5), Just(10), Just(25), Just(100)];
    (any::<[bool; 4]>(), methods, increments, 0_u8..3).prop_map(
        |(flags, rounding, increment, of)| {
            let [doubles, row_wise, drops, on_net] = flags;
            TotalsPolicy {
                arithmetic: [Arithmetic::Exact, Arithmetic::Erpnext][usize::from(doubles)],
                rounding,
                round_row_wise_tax: row_wise,
                drop_included_difference: drops,
                discount_on: [DiscountOn::GrandTotal, DiscountOn::NetTotal][usize::from(on_net)],
                cash_rounding: [
                    None,
                    Some(RoundedPayments::Cash),
                    Some(RoundedPayments::All),
                ][usize::from(of)]
                .map(|applies_to| CashRounding {
                    increment: money(increment),
                    applies_to,
                }),
                ..TotalsPolicy::default()
            }
        },
    )
}

/// Rings the lines up. What is refused is left out, as at a counter.
fn ring_up(lines: &[Line], discount: Discount) -> Cart {
    ring_up_by(&sale_rules(), lines, discount)
}

fn ring_up_by(sale_rules: &SaleRules, lines: &[Line], discount: Discount) -> Cart {
    let mut cart = cart();
    for (index, (price, quantity, line_discount, rule)) in lines.iter().enumerate() {
        let (rate, inclusive) = TAXES[*rule];
        let item = weighed(&index.to_string(), *price, tax(rate, inclusive));
        let rung = evertill_core::amend(&mut cart, sale_rules, morning(), |cart| {
            cart.add(item, *quantity)
        });
        if let Ok((line, _)) = rung {
            let _: Result<_, CartError> =
                evertill_core::amend(&mut cart, sale_rules, morning(), |cart| {
                    cart.set_line_discount(line, *line_discount)
                });
        }
    }
    let _: Result<_, CartError> = evertill_core::amend(&mut cart, sale_rules, morning(), |cart| {
        cart.set_discount(discount)
    });
    cart
}

fn total_of(amounts: impl IntoIterator<Item = Money>) -> i64 {
    amounts.into_iter().map(Money::minor).sum()
}

proptest! {
    #[test]
    fn totals_add_up(lines in lines(), discount in discounts()) {
        let cart = ring_up(&lines, discount);
        let totals = Totals::of(&cart, &sale_rules()).unwrap();
        let amounts = total_of(totals.lines.iter().map(|line| line.amount));
        let shares = total_of(totals.lines.iter().map(|line| line.invoice_discount_share));
        let added = totals.tax_lines.iter().filter(|line| !line.inclusive);
        let added = total_of(added.map(|line| line.tax));

        let nets = total_of(totals.lines.iter().map(|line| line.net));
        prop_assert_eq!(shares, totals.invoice_discount.minor());
        prop_assert_eq!(nets, totals.net.minor());
        prop_assert_eq!(
            totals.net.minor() + totals.tax.minor() + totals.difference.minor(),
            totals.total.minor()
        );
        // What is added on top is calculated before a discount on the grand total is taken off.
        if totals.invoice_discount.is_zero() {
            prop_assert_eq!(amounts + added, totals.total.minor());
        }
        for (sold, line) in cart.lines.iter().zip(&totals.lines) {
            let units: Decimal = line.parts.iter().map(|part| part.quantity.value()).sum();
            prop_assert_eq!(units, sold.quantity.value());
            if let Discount::Amount(off) = sold.discount {
                prop_assert_eq!(line.discount, off, "an amount comes off to the cent");
            }
            prop_assert_eq!(line.gross.minor() - line.discount.minor(), line.amount.minor());
            prop_assert!(Money::ZERO <= line.invoice_discount_share);
            // A discount on the grand total takes tax off too that is added on top.
            prop_assert!(added > 0 || line.invoice_discount_share <= line.amount);
        }
        for line in &totals.tax_lines {
            prop_assert_eq!(line.base.minor() + line.tax.minor(), line.gross.minor());
            prop_assert!(!line.tax.is_negative() && !line.base.is_negative());
        }
    }

    #[test]
    fn an_invoice_calculated_again_has_the_same_totals_under_every_policy(
        lines in lines(),
        discount in discounts(),
        totals_policy in totals_policies(),
        card in any::<bool>(),
    ) {
        let sale_rules = SaleRules { totals_policy, ..sale_rules() };
        let cart = ring_up_by(&sale_rules, &lines, discount);
        if cart.is_empty() {
            return Ok(());
        }
        let exact = totals_policy.arithmetic == Arithmetic::Exact;
        for (sold, line) in cart.lines.iter().zip(&Totals::of(&cart, &sale_rules).unwrap().lines) {
            if let (Discount::Amount(off), true) = (sold.discount, exact) {
                prop_assert_eq!(line.discount, off, "an amount comes off to the cent");
            }
        }
        let kind = if card { PaymentKind::Card } else { PaymentKind::Cash };
        let invoice = sold(&cart, &sale_rules, kind);
        prop_assert_eq!(verify_totals(&invoice), Ok(None));
        let totals = invoice.totals;
        prop_assert_eq!(
            totals.net.minor() + totals.tax.minor() + totals.difference.minor() + totals.rounding.minor(),
            totals.total.minor()
        );
    }

    #[test]
    fn lines_of_inclusive_tax_add_up_to_the_total(lines in lines(), discount in discounts()) {
        let inclusive: Vec<Line> = lines.into_iter().filter(|line| TAXES[line.3].1).collect();
        let totals = Totals::of(&ring_up(&inclusive, discount), &sale_rules()).unwrap();
        let gross = total_of(totals.tax_lines.iter().map(|line| line.gross));
        prop_assert_eq!(gross + totals.difference.minor(), totals.total.minor());
        let shelf = totals.gross.minor() - totals.line_discount.minor() - totals.invoice_discount.minor();
        prop_assert_eq!(shelf, totals.total.minor(), "the customer pays what the shelf says");
    }

    #[test]
    fn the_order_of_lines_does_not_change_what_a_cart_without_a_spread_comes_to(
        lines in lines(),
        turn in 0_usize..12,
    ) {
        let straight = Totals::of(&ring_up(&lines, Discount::None), &sale_rules()).unwrap();
        let mut turned = lines.clone();
        turned.rotate_left(turn.min(lines.len()));
        let turned = Totals::of(&ring_up(&turned, Discount::None), &sale_rules()).unwrap();
        prop_assert_eq!(straight.total, turned.total);
        prop_assert_eq!(straight.tax_lines, turned.tax_lines);
    }

    #[test]
    fn shares_add_up_and_stay_within_their_parts(
        parts in proptest::collection::vec(0_i64..=1_000_000_000_000, 0..40),
        part_of in 0_u64..=1_000,
    ) {
        let whole: i64 = parts.iter().sum();
        let amount = money(i64::try_from(i128::from(whole) * i128::from(part_of) / 1_000).unwrap());
        let parts: Vec<Money> = parts.into_iter().map(money).collect();
        let shares = allocate(amount, &parts).unwrap();
        prop_assert_eq!(total_of(shares.iter().copied()), amount.minor());
        for (share, part) in shares.iter().zip(&parts) {
            prop_assert!(Money::ZERO <= *share && share <= part);
            // Never further than a cent from the exact share.
            if whole > 0 {
                let exact = i128::from(amount.minor()) * i128::from(part.minor()) / i128::from(whole);
                prop_assert!((i128::from(share.minor()) - exact).abs() <= 1);
            }
        }
    }

    #[test]
    fn nothing_panics_and_a_refusal_changes_nothing(
        steps in proptest::collection::vec((0_u8..8, any::<i64>(), quantities(), 0_u32..6), 0..40),
    ) {
        let mut cart = cart();
        for (step, amount, quantity, line) in steps {
            let before = cart.clone();
            let item = weighed(&line.to_string(), amount, tax("19", amount % 2 == 0));
            let change = |cart: &mut Cart| match step {
                0 | 1 => cart.add(item, quantity).map(|_| ()),
                2 => cart.set_quantity(line, quantity),
                3 => cart.set_price(line, money(amount)),
                4 => cart.set_line_discount(line, Discount::Amount(money(amount))),
                5 => cart.set_discount(Discount::Amount(money(amount))),
                6 => cart.set_discount(Discount::Percent(Percent::HUNDRED)),
                _ => cart.remove(line),
            };
            let done: Result<_, CartError> = evertill_core::amend(&mut cart, &sale_rules(), morning(), change);
            if done.is_err() {
                prop_assert_eq!(&cart, &before);
            }
            prop_assert!(Totals::of(&cart, &sale_rules()).is_ok(), "a cart in hand adds up");
        }
    }

    #[test]
    fn change_is_what_was_paid_over_the_total(
        total in any::<i64>(),
        tenders in proptest::collection::vec((0_u8..3, any::<i64>()), 0..5),
    ) {
        let kinds = [PaymentKind::Cash, PaymentKind::Card, PaymentKind::Other];
        let tenders: Vec<_> =
            tenders.into_iter().map(|(kind, amount)| tender(kinds[usize::from(kind)], amount)).collect();
        if let Ok(settled) = settle(money(total), &tenders) {
            prop_assert_eq!(settled.paid.minor() - settled.change.minor(), total);
            prop_assert!(!settled.change.is_negative());
        }
    }

    #[test]
    fn quick_cash_keys_all_pay(total in any::<i64>(), decimals in 0_u8..=4) {
        let keys = quick_cash(money(total), &Currency::new("XXX", "", decimals).unwrap());
        prop_assert!(keys.len() <= 5);
        prop_assert!(keys.is_sorted() && keys.iter().all(|key| *key >= money(total)));
    }

    #[test]
    fn what_is_written_is_read_back(minor in -Money::MAX.minor()..=Money::MAX.minor(), decimals in 0_u8..=4) {
        let currency = Currency::new("XXX", "", decimals).unwrap();
        let text = currency.format(money(minor));
        prop_assert_eq!(currency.parse(&text), Ok(money(minor)), "{}", text);
        let decimal = currency.to_decimal(money(minor));
        prop_assert_eq!(currency.from_decimal(decimal), Ok(money(minor)));
    }

    #[test]
    fn no_text_breaks_a_reader(text in "\\PC{0,60}", digits in "[-0-9.,]{0,45}") {
        for text in [&text, &digits] {
            let _ = euro().parse(text);
            let _ = Quantity::parse(text);
            let _ = Percent::parse(text);
            let _ = text.parse::<ReceiptNumber>();
            if let Ok(code) = evertill_core::values::barcode::normalise(text) {
                // One spelling: normalising again changes nothing.
                prop_assert_eq!(evertill_core::values::barcode::normalise(code.as_str()).unwrap(), code);
            }
        }
    }
}
