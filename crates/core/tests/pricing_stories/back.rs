//! What was sold with a promotion comes back.

use evertill_core::calc::{
    Arithmetic, Document, DocumentDiscount, Line, Original, TaxRow, Wanted, calculate, plan_return,
};
use evertill_core::pricing::{Promotion, Promotions, Selector};
use rust_decimal::Decimal;

use super::{basket, cents, monday, three_for_two};

#[test]
fn three_for_two_comes_back_piece_by_piece_and_adds_up() {
    let promotions = Promotions::new([Promotion::new(
        "1",
        "3 for 2",
        three_for_two(Selector::items(["coffee"])),
    )]);
    let basket = basket(&[("coffee", "3", 199)]);
    let priced = promotions.price(&basket, &monday());
    let lines = priced.lines[0].document_lines(&Line::default(), cents(199));
    let vat = TaxRow {
        account: "VAT".to_owned(),
        rate: 7.into(),
        included: true,
        ..TaxRow::default()
    };
    let sale = Document {
        currency: "EUR".to_owned(),
        company_currency: "EUR".to_owned(),
        lines,
        taxes: vec![vat],
        discount: DocumentDiscount {
            amount: priced.ticket_discount(),
            ..DocumentDiscount::default()
        },
        ..Document::default()
    };
    for arithmetic in [Arithmetic::Exact, Arithmetic::Erpnext] {
        let totals = calculate(&sale, None, arithmetic).unwrap();
        assert_eq!(totals.due(), cents(398));
        let mut original = Original::of(&sale, &totals);
        let mut refunds = Vec::new();
        for row in [1, 1, 2] {
            let wanted = [Wanted {
                row,
                qty: Decimal::ONE,
            }];
            let back = plan_return(&sale, &original, &wanted, "Round Off", arithmetic).unwrap();
            refunds.push(back.refund);
            original.take_back(&back.document, &back.totals);
        }
        assert_eq!(refunds, [cents(133), cents(133), cents(132)]);
    }
}
