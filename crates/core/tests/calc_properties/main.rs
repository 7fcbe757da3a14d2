//! What must hold for every document, not only for the recorded ones.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

mod wild;

use evertill_core::calc::{
    Arithmetic, ChargeType, DiscountOn, Document, DocumentDiscount, DocumentTotals, Line, Original,
    RoundingMethod, Settings, TaxRow, Wanted, calculate, plan_return,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const BOTH: [Arithmetic; 2] = [Arithmetic::Exact, Arithmetic::Erpnext];

fn decimal(range: std::ops::RangeInclusive<i64>, scale: u32) -> impl Strategy<Value = Decimal> {
    range.prop_map(move |value| Decimal::new(value, scale))
}

fn method() -> impl Strategy<Value = RoundingMethod> {
    prop_oneof![
        Just(RoundingMethod::Bankers),
        Just(RoundingMethod::BankersLegacy),
        Just(RoundingMethod::Commercial),
    ]
}

fn settings() -> impl Strategy<Value = Settings> {
    let coin = prop_oneof![
        Just(Decimal::ZERO),
        Just(Decimal::new(1, 2)),
        Just(Decimal::new(5, 2)),
        Just(Decimal::new(25, 2)),
        Just(Decimal::ONE),
    ];
    (
        method(),
        prop_oneof![Just(0_u32), Just(2), Just(3)],
        any::<bool>(),
        any::<bool>(),
        coin,
    )
        .prop_map(
            |(rounding_method, currency_precision, row_wise, disabled, coin)| Settings {
                rounding_method,
                currency_precision,
                round_row_wise_tax: row_wise,
                disable_rounded_total: disabled,
                smallest_currency_fraction: coin,
                ..Settings::default()
            },
        )
}

fn line() -> impl Strategy<Value = Line> {
    let own = prop::option::of(prop::sample::select(vec![0_i64, 7, 19, 21]));
    (decimal(1..=20_000, 3), decimal(1..=50_000, 2), own).prop_map(|(qty, rate, own)| Line {
        qty,
        rate: Some(rate),
        item_tax_rates: own
            .map(|rate| ("VAT".to_owned(), Decimal::from(rate)))
            .into_iter()
            .collect(),
        ..Line::default()
    })
}

/// One to three rows that a site could have. Included rows come first.
fn taxes() -> impl Strategy<Value = Vec<TaxRow>> {
    let row = (
        0_u8..5,
        decimal(0..=25_000, 3),
        any::<bool>(),
        decimal(0..=999, 2),
    );
    prop::collection::vec(row, 0..4).prop_map(|rows| {
        let mut all_included = true;
        rows.into_iter()
            .enumerate()
            .map(|(index, (kind, rate, included, amount))| {
                let charge_type = match (kind, index) {
                    (0, _) => ChargeType::Actual,
                    (1, _) => ChargeType::OnItemQuantity,
                    (2, 1..) => ChargeType::OnPreviousRowAmount,
                    (3, 1..) => ChargeType::OnPreviousRowTotal,
                    _ => ChargeType::OnNetTotal,
                };
                let included = included && all_included && charge_type != ChargeType::Actual;
                all_included = included;
                let per_unit = charge_type == ChargeType::OnItemQuantity;
                TaxRow {
                    account: if index == 0 {
                        "VAT".to_owned()
                    } else {
                        format!("Tax {index}")
                    },
                    charge_type,
                    rate: if per_unit { Decimal::new(25, 2) } else { rate },
                    included,
                    row_id: charge_type
                        .builds_on_a_row()
                        .then(|| u32::try_from(index).unwrap()),
                    amount,
                }
            })
            .collect()
    })
}

fn plain_sale() -> impl Strategy<Value = Document> {
    (settings(), prop::collection::vec(line(), 1..10), taxes()).prop_map(
        |(settings, lines, taxes)| Document {
            currency: "EUR".to_owned(),
            company_currency: "EUR".to_owned(),
            settings,
            lines,
            taxes,
            ..Document::default()
        },
    )
}

fn discount() -> impl Strategy<Value = DocumentDiscount> {
    let on = prop_oneof![Just(DiscountOn::NetTotal), Just(DiscountOn::GrandTotal)];
    (on, decimal(0..=10_000, 2)).prop_map(|(on, percentage)| DocumentDiscount {
        on,
        percentage,
        ..DocumentDiscount::default()
    })
}

fn discounted_sale() -> impl Strategy<Value = Document> {
    (plain_sale(), discount()).prop_map(|(sale, discount)| Document { discount, ..sale })
}

fn sum(amounts: impl Iterator<Item = Decimal>) -> Decimal {
    amounts.sum()
}

fn check_sums(totals: &DocumentTotals) {
    assert_eq!(
        sum(totals.lines.iter().map(|line| line.amount)),
        totals.total
    );
    assert_eq!(
        sum(totals.lines.iter().map(|line| line.net_amount)),
        totals.net_total
    );
    let charges = sum(totals
        .taxes
        .iter()
        .map(|row| row.tax_amount_after_discount_amount));
    assert_eq!(charges, totals.total_taxes_and_charges);
    let grand_total = totals.net_total + charges + totals.included_difference;
    assert_eq!(grand_total, totals.grand_total);
    if !totals.rounded_total.is_zero() {
        assert_eq!(
            totals.grand_total + totals.rounding_adjustment,
            totals.rounded_total
        );
    }
    for row in &totals.taxes {
        let by_rate = sum(row.by_rate.iter().map(|share| share.tax_amount));
        assert_eq!(by_rate, row.tax_amount_after_discount_amount);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn lines_taxes_and_rounding_add_up_to_the_total(sale in discounted_sale()) {
        for arithmetic in BOTH {
            match calculate(&sale, None, arithmetic) {
                Ok(totals) => check_sums(&totals),
                Err(refusal) => prop_assert_eq!(refusal.reason(), "discount-over-total"),
            }
        }
    }

    #[test]
    fn a_discount_on_the_net_total_adds_up_over_the_lines(
        sale in plain_sale(),
        part in decimal(0..=100, 2),
    ) {
        for arithmetic in BOTH {
            let before = calculate(&sale, None, arithmetic).unwrap();
            let places = sale.settings.currency_precision;
            let amount = (before.net_total * part).round_dp(places).min(before.grand_total);
            let on = DiscountOn::NetTotal;
            let discount = DocumentDiscount { on, amount, ..DocumentDiscount::default() };
            let after = calculate(&Document { discount, ..sale.clone() }, None, arithmetic).unwrap();
            if !before.net_total.is_zero() {
                prop_assert_eq!(after.net_total, before.net_total - amount);
            }
            check_sums(&after);
        }
    }

    #[test]
    fn a_discount_on_the_grand_total_lowers_it_by_exactly_that(
        sale in plain_sale(),
        part in decimal(0..=100, 2),
    ) {
        let mut sale = sale;
        for row in &mut sale.taxes {
            *row = TaxRow { account: row.account.clone(), rate: row.rate, ..TaxRow::default() };
        }
        for arithmetic in BOTH {
            let before = calculate(&sale, None, arithmetic).unwrap();
            prop_assume!(!before.net_total.is_zero());
            let places = sale.settings.currency_precision;
            let amount = (before.grand_total * part).round_dp(places);
            let discount = DocumentDiscount { amount, ..DocumentDiscount::default() };
            let after = calculate(&Document { discount, ..sale.clone() }, None, arithmetic).unwrap();
            // It is taken off the total of unrounded charges, which may be a
            // unit away from the one shown for each of them.
            let room = Decimal::new(i64::try_from(sale.taxes.len()).unwrap(), places);
            prop_assert!((before.grand_total - amount - after.grand_total).abs() <= room);
            check_sums(&after);
        }
    }

    #[test]
    fn the_order_of_lines_does_not_change_the_totals(sale in plain_sale()) {
        let mut turned = sale.clone();
        turned.lines.reverse();
        // A fixed amount leaves what rounding lost on the last line, so rows
        // that build on it line by line may see another cent.
        prop_assume!(!sale.settings.round_row_wise_tax);
        let one = calculate(&sale, None, Arithmetic::Exact).unwrap();
        let other = calculate(&turned, None, Arithmetic::Exact).unwrap();
        prop_assert_eq!(one.total, other.total);
        prop_assert_eq!(one.net_total, other.net_total);
        prop_assert_eq!(one.grand_total, other.grand_total);
        prop_assert_eq!(one.rounded_total, other.rounded_total);
    }

    #[test]
    fn the_two_arithmetics_agree_but_for_a_few_units(sale in discounted_sale()) {
        let exact = calculate(&sale, None, Arithmetic::Exact);
        let erpnext = calculate(&sale, None, Arithmetic::Erpnext);
        if let (Ok(exact), Ok(erpnext)) = (exact, erpnext) {
            let unit = Decimal::new(1, sale.settings.currency_precision);
            let room = unit * Decimal::from(4 + sale.lines.len());
            prop_assert!((exact.grand_total - erpnext.grand_total).abs() <= room);
        }
    }

    #[test]
    fn parts_of_a_return_add_up_to_the_sale(
        sale in discounted_sale(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 1_u32..=100), 0..8),
    ) {
        for arithmetic in BOTH {
            let Ok(totals) = calculate(&sale, None, arithmetic) else { continue };
            return_in_parts(&sale, &totals, &cuts, arithmetic);
        }
    }
}

/// Takes a sale back bit by bit and then whatever is left.
fn return_in_parts(
    sale: &Document,
    totals: &DocumentTotals,
    cuts: &[(prop::sample::Index, u32)],
    arithmetic: Arithmetic,
) {
    let mut original = Original::of(sale, totals);
    let mut left: Vec<Decimal> = totals.lines.iter().map(|line| line.qty).collect();
    let due = totals.due();
    let mut refunded = Decimal::ZERO;
    let mut steps: Vec<Vec<Wanted>> = Vec::new();
    for (line, percent) in cuts {
        let line = line.index(left.len());
        let qty = (left[line] * Decimal::new(i64::from(*percent), 2))
            .round_dp(3)
            .min(left[line]);
        if !qty.is_zero() {
            left[line] -= qty;
            steps.push(vec![Wanted {
                row: u32::try_from(line + 1).unwrap(),
                qty,
            }]);
        }
    }
    let rest = left.iter().enumerate().filter(|(_, qty)| !qty.is_zero());
    steps.push(
        rest.map(|(line, qty)| Wanted {
            row: u32::try_from(line + 1).unwrap(),
            qty: *qty,
        })
        .collect(),
    );
    for wanted in steps.iter().filter(|wanted| !wanted.is_empty()) {
        let part = plan_return(sale, &original, wanted, "Round Off", arithmetic).unwrap();
        assert_eq!(
            part.totals.due(),
            -part.refund,
            "the document books what is refunded"
        );
        assert!(!part.refund.is_sign_negative() || part.refund.is_zero());
        refunded += part.refund;
        assert!(
            refunded <= due,
            "never more than was paid: {refunded} of {due}"
        );
        original.take_back(&part.document, &part.totals);
        assert_eq!(original.refunded(), refunded);
    }
    assert_eq!(refunded, due, "the parts add up");
    let more = [Wanted {
        row: 1,
        qty: Decimal::ONE,
    }];
    let again = plan_return(sale, &original, &more, "Round Off", arithmetic);
    assert_eq!(again.unwrap_err().reason(), "returned-too-much");
}
