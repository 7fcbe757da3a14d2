//! Documents no shop would write: nothing panics, nothing is lost.

use evertill_core::calc::quote::Quoter;
use evertill_core::calc::{
    Arithmetic, ChargeType, Document, DocumentDiscount, InvoiceKind, Line, Original, Payment,
    Settings, TaxRow, ValidationError, Wanted, calculate, plan_return,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{BOTH, check_sums, decimal, settings};

fn wild_number() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        Just(Decimal::ZERO),
        Just(Decimal::MAX),
        Just(Decimal::MIN),
        Just(Decimal::new(1, 28)),
        Just(Decimal::from(-100)),
        Just(Decimal::from(100)),
        (any::<i64>(), 0_u32..=28).prop_map(|(value, scale)| Decimal::new(value, scale)),
        (any::<i64>(), any::<u32>(), 0_u32..=28).prop_map(|(high, low, scale)| {
            Decimal::from_i128_with_scale(i128::from(high) * i128::from(low), scale)
        }),
    ]
}

fn wild_line() -> impl Strategy<Value = Line> {
    let option = || prop::option::of(wild_number());
    (
        wild_number(),
        option(),
        option(),
        option(),
        option(),
        wild_number(),
    )
        .prop_map(
            |(qty, rate, price_list_rate, discount_percentage, conversion_factor, own)| Line {
                qty,
                rate,
                price_list_rate,
                discount_percentage,
                conversion_factor,
                item_tax_rates: vec![("VAT".to_owned(), own)],
                return_row: Some(1),
                ..Line::default()
            },
        )
}

fn wild_tax() -> impl Strategy<Value = TaxRow> {
    let row_id = prop::option::of(0_u32..5);
    (0_u8..5, wild_number(), any::<bool>(), row_id, wild_number()).prop_map(
        |(kind, rate, included, row_id, amount)| TaxRow {
            account: "VAT".to_owned(),
            charge_type: match kind {
                0 => ChargeType::Actual,
                1 => ChargeType::OnItemQuantity,
                2 => ChargeType::OnPreviousRowAmount,
                3 => ChargeType::OnPreviousRowTotal,
                _ => ChargeType::OnNetTotal,
            },
            rate,
            included,
            row_id,
            amount,
        },
    )
}

fn wild_payments() -> impl Strategy<Value = Option<Vec<Payment>>> {
    let payment = |amount| Payment {
        mode_of_payment: "Cash".to_owned(),
        is_cash: true,
        amount,
    };
    prop::option::of(prop::collection::vec(wild_number().prop_map(payment), 0..3))
}

fn wild_document() -> impl Strategy<Value = Document> {
    (
        (settings(), 0_u32..=9, wild_number()),
        prop::collection::vec(wild_line(), 0..4),
        prop::collection::vec(wild_tax(), 0..4),
        (wild_number(), wild_number(), any::<bool>()),
        (wild_number(), any::<bool>(), any::<bool>()),
        wild_payments(),
    )
        .prop_map(
            |(settings, lines, taxes, discount, kind, payments)| Document {
                kind: if kind.1 {
                    InvoiceKind::PosInvoice
                } else {
                    InvoiceKind::SalesInvoice
                },
                currency: "USD".to_owned(),
                company_currency: if kind.2 {
                    "USD".to_owned()
                } else {
                    "EUR".to_owned()
                },
                conversion_rate: kind.0,
                settings: Settings {
                    float_precision: settings.1,
                    smallest_currency_fraction: settings.2.abs(),
                    ..settings.0
                },
                is_return: discount.2,
                lines,
                taxes,
                discount: DocumentDiscount {
                    amount: discount.0,
                    percentage: discount.1,
                    ..DocumentDiscount::default()
                },
                payments,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_document_makes_it_panic(document in wild_document()) {
        for arithmetic in BOTH {
            if let Ok(totals) = calculate(&document, None, arithmetic) {
                let mut original = Original::of(&document, &totals);
                original.take_back(&document, &totals);
                let wanted = [Wanted { row: 1, qty: Decimal::ONE }];
                let _ = plan_return(&document, &original, &wanted, "Round Off", arithmetic);
                let _ = calculate(&document, Some(&original), arithmetic);
            }
        }
    }

    #[test]
    fn no_text_makes_a_quote_panic_or_answer_nonsense(text in ".{0,200}") {
        let answer = Quoter::new(Arithmetic::Erpnext).quote_line(&text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&answer).is_ok());
    }

    #[test]
    fn amounts_of_a_million_million_with_three_decimals_fit(
        rates in prop::collection::vec(decimal(1..=1_000_000_000_000_000, 3), 1..6),
        qty in decimal(1..=9_000, 3),
        percentage in decimal(0..=9_999, 2),
    ) {
        let document = Document {
            currency: "KWD".to_owned(),
            company_currency: "KWD".to_owned(),
            settings: Settings {
                currency_precision: 3,
                smallest_currency_fraction: Decimal::new(1, 3),
                ..Settings::default()
            },
            lines: rates
                .into_iter()
                .map(|rate| Line { qty, rate: Some(rate), ..Line::default() })
                .collect(),
            taxes: vec![TaxRow {
                account: "VAT".to_owned(),
                rate: Decimal::from(5),
                included: true,
                ..TaxRow::default()
            }],
            discount: DocumentDiscount { percentage, ..DocumentDiscount::default() },
            ..Document::default()
        };
        let exact = calculate(&document, None, Arithmetic::Exact).unwrap();
        check_sums(&exact);
        prop_assert!(calculate(&document, None, Arithmetic::Erpnext).is_ok());
    }
}

#[test]
fn a_number_beyond_all_bounds_is_refused_and_not_lost() {
    let line = Line {
        qty: Decimal::MAX,
        rate: Some(Decimal::MAX),
        ..Line::default()
    };
    let document = Document {
        lines: vec![line],
        ..Document::default()
    };
    for arithmetic in BOTH {
        assert_eq!(
            calculate(&document, None, arithmetic),
            Err(ValidationError::NumberTooLarge)
        );
    }
}
