//! Taking the money.

use evertill_core::{Coded, Currency, PaymentKind, Settlement, quick_cash, settle};

use crate::params;
use crate::shop::{money, tender};
use PaymentKind::{Card, Cash, Other};

/// What it is, the total, the tenders, and (paid, change) or the code of the error.
type Settled = (
    &'static str,
    i64,
    &'static [(PaymentKind, i64)],
    Result<(i64, i64), &'static str>,
);

const SETTLED: [Settled; 16] = [
    ("exact cash", 1_000, &[(Cash, 1_000)], Ok((1_000, 0))),
    (
        "cash with change",
        1_234,
        &[(Cash, 2_000)],
        Ok((2_000, 766)),
    ),
    (
        "two notes",
        1_234,
        &[(Cash, 1_000), (Cash, 500)],
        Ok((1_500, 266)),
    ),
    ("card", 1_234, &[(Card, 1_234)], Ok((1_234, 0))),
    (
        "voucher and cash",
        1_234,
        &[(Other, 1_000), (Cash, 500)],
        Ok((1_500, 266)),
    ),
    (
        "card and voucher",
        1_234,
        &[(Other, 1_000), (Card, 234)],
        Ok((1_234, 0)),
    ),
    ("nothing for nothing", 0, &[], Ok((0, 0))),
    (
        "cash under the total",
        1_000,
        &[(Cash, 999)],
        Err("cash_short"),
    ),
    ("nothing at all", 1_000, &[], Err("cash_short")),
    (
        "card under the total",
        1_000,
        &[(Card, 999)],
        Err("cash_short"),
    ),
    (
        "card over the total",
        1_000,
        &[(Card, 1_001)],
        Err("card_over"),
    ),
    (
        "card and voucher over it",
        1_000,
        &[(Card, 600), (Other, 500)],
        Err("card_over"),
    ),
    ("card for nothing", 0, &[(Card, 1)], Err("card_over")),
    (
        "a tender of nothing",
        1_000,
        &[(Cash, 1_000), (Card, 0)],
        Err("tender_not_positive"),
    ),
    (
        "a negative tender",
        1_000,
        &[(Cash, 1_500), (Card, -500)],
        Err("tender_not_positive"),
    ),
    (
        "a barcode scanned into it",
        1_000,
        &[(Cash, i64::MAX)],
        Err("amount_overflow"),
    ),
];

#[test]
fn what_settles_a_sale_and_the_change_it_gives() {
    for (what, total, tenders, expected) in SETTLED {
        let tenders: Vec<_> = tenders
            .iter()
            .map(|(kind, amount)| tender(*kind, *amount))
            .collect();
        let found = settle(money(total), &tenders);
        let expected = expected.map(|(paid, change)| Settlement {
            paid: money(paid),
            change: money(change),
        });
        assert_eq!(
            found.as_ref().map_err(Coded::code),
            expected.as_ref().map_err(|c| *c),
            "{what}"
        );
    }
}

#[test]
fn the_error_says_what_is_due() {
    let error = settle(money(1_000), &[tender(Cash, 400)]).unwrap_err();
    assert_eq!(error.params(), params([("due", "600")]));
    let error = settle(money(1_000), &[tender(Card, 1_400)]).unwrap_err();
    assert_eq!(error.params(), params([("over", "400")]));
    let error = settle(money(1_000), &[tender(Card, 0)]).unwrap_err();
    assert_eq!(error.params(), params([("mode", "Card")]));
}

#[test]
fn keys_for_what_a_customer_is_likely_to_hand_over() {
    let currency = |code: &str, decimals| Currency::new(code, "", decimals).unwrap();
    let (euro, yen, dinar) = (currency("EUR", 2), currency("JPY", 0), currency("KWD", 3));
    let table = [
        (&euro, 2_340, "23.40 25.00 30.00 40.00 50.00"),
        (&euro, 320, "3.20 5.00 10.00 20.00 50.00"),
        (&euro, 1_000, "10.00 20.00 50.00 100.00 200.00"),
        (&euro, 34_720, "347.20 350.00 360.00 400.00"),
        (
            &euro,
            123_456_789,
            "1,234,567.89 1,234,570.00 1,234,580.00 1,234,600.00",
        ),
        (&euro, 0, ""),
        (&euro, -5, ""),
        (&yen, 1_234, "1,234 1,300 1,500 2,000 5,000"),
        (&dinar, 3_450, "3.450 3.500 4.000 5.000 10.000"),
        // Nothing round lies within the range any more.
        (&euro, 1_000_000_000_000_000, "10,000,000,000,000.00"),
    ];
    for (currency, total, expected) in table {
        let keys: Vec<_> = quick_cash(money(total), currency)
            .into_iter()
            .map(|key| currency.format(key))
            .collect();
        assert_eq!(keys.join(" "), expected, "{} {total}", currency.code);
    }
}
