//! Whatever is sold to whomever by whatever shop: no line runs over the edge of the paper.

use evertill_core::{Currency, Invoice, Money};
use evertill_receipt::{CodePage, Paper, Receipt, Row, ShopHeader, escpos_bytes, layout, text};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::shop::german_invoice;

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        any::<String>(),
        "[A-Za-zäöüß€œ ]{0,120}",
        "[\\u{1b}\\u{1d}\\u{10}\\u{0}pV@\n]{0,20}",
        "[a-z]{60,90}",
        "[αβγ漢字\u{301}\u{200b}]{0,40}",
    ]
}

fn shops() -> impl Strategy<Value = ShopHeader> {
    let parts = (
        texts(),
        proptest::collection::vec(texts(), 0..4),
        texts(),
        texts(),
    );
    parts.prop_map(|(name, address_lines, tax_id, footer)| ShopHeader {
        name,
        address_lines,
        tax_id,
        footer,
        time_zone: TimeZone::UTC,
    })
}

fn amounts() -> impl Strategy<Value = Money> {
    let range = -Money::MAX.minor()..=Money::MAX.minor();
    prop_oneof![0_i64..100_000, range, any::<i64>()].prop_map(Money::from_minor)
}

/// An invoice such as no till makes: any text, any amount, anywhere.
fn invoices() -> impl Strategy<Value = Invoice> {
    let line = (texts(), texts(), amounts(), amounts(), amounts());
    let lines = proptest::collection::vec(line, 0..6);
    let other = (texts(), texts(), texts(), amounts(), amounts(), 0_u8..=4);
    (lines, other).prop_map(
        |(lines, (cashier, customer, mode, total, change, decimals))| {
            let mut invoice = german_invoice();
            let template = invoice.lines.remove(0);
            invoice.lines = lines
                .into_iter()
                .map(|(name, unit, price, list_price, amount)| {
                    let mut line = template.clone();
                    (line.name, line.unit) = (name, unit);
                    (line.price, line.list_price, line.amount) = (price, list_price, amount);
                    line.discount = list_price;
                    line
                })
                .collect();
            invoice.tax_lines[0].name = mode.clone();
            invoice.tax_lines[0].gross = total;
            invoice.cashier_name = cashier;
            invoice.tenders[0].mode_name = mode;
            invoice.tenders[0].amount = total;
            if let Some(buyer) = &mut invoice.customer {
                buyer.name = customer;
            }
            invoice.totals.total = total;
            invoice.totals.invoice_discount = change;
            invoice.change = change;
            invoice.currency = Currency::new("XXX", "¤", decimals).unwrap();
            invoice
        },
    )
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_paper(invoice in invoices(), shop in shops(), copy in any::<bool>()) {
        let receipt = Receipt::from_invoice(&invoice, &shop, copy);
        for paper in [Paper::Mm80, Paper::Mm58] {
            let rows = layout(&receipt, paper);
            for row in &rows {
                prop_assert!(row.columns() <= paper.columns(), "{row:?}");
                if let Row::Text { text, .. } = row {
                    prop_assert!(!text.chars().any(char::is_control), "{row:?}");
                }
            }
            for line in text(&rows, paper).lines() {
                prop_assert!(line.chars().count() <= paper.columns(), "{line:?}");
            }
            prop_assert_eq!(rows.last(), Some(&Row::Cut));
            prop_assert!(escpos_bytes(&rows, CodePage::WESTERN).is_ok());
        }
    }
}
