//! How amounts are written and read.

use evertill_core::{Coded, Currency, Money};
use rust_decimal::Decimal;

use crate::shop::{euro, money};

fn currency(decimals: u8) -> Currency {
    Currency::new("XXX", "¤", decimals).unwrap()
}

#[test]
fn amounts_as_they_are_shown() {
    let table = [
        (2, 0, "0.00"),
        (2, 5, "0.05"),
        (2, -32, "-0.32"),
        (2, 100, "1.00"),
        (2, 99_999, "999.99"),
        (2, 100_000, "1,000.00"),
        (2, 123_456_789, "1,234,567.89"),
        (2, -123_456_789, "-1,234,567.89"),
        (0, 0, "0"),
        (0, 1_234, "1,234"),
        (3, 1, "0.001"),
        (3, 1_234_567, "1,234.567"),
        (2, i64::MAX, "92,233,720,368,547,758.07"),
        (2, i64::MIN, "-92,233,720,368,547,758.08"),
    ];
    for (decimals, minor, text) in table {
        assert_eq!(currency(decimals).format(money(minor)), text);
    }
}

#[test]
fn amounts_as_people_type_them() {
    let table = [
        (2, "12", Ok(1_200)),
        (2, " 12.5 ", Ok(1_250)),
        (2, "12.50", Ok(1_250)),
        (2, "12,50", Ok(1_250)),
        (2, "12,5", Ok(1_250)),
        (2, "1,234.56", Ok(123_456)),
        (2, "1,234", Ok(123_400)),
        (2, "1,234,567.89", Ok(123_456_789)),
        (2, "-0.32", Ok(-32)),
        (2, "0", Ok(0)),
        (2, "007", Ok(700)),
        (0, "1,234", Ok(1_234)),
        (0, "1234", Ok(1_234)),
        (3, "1.234", Ok(1_234)),
        (3, "1,234", Ok(1_234_000)),
        (3, "1,23", Ok(1_230)),
        (2, "10000000000000.00", Ok(1_000_000_000_000_000)),
        (2, "10000000000000.01", Err("amount_overflow")),
        (
            2,
            "99999999999999999999999999999999999999999999",
            Err("amount_overflow"),
        ),
        // One thousand five hundred to some, one and a half to others.
        (2, "1.500", Err("amount_too_precise")),
        (2, "1.005", Err("amount_too_precise")),
        (0, "1.5", Err("amount_too_precise")),
        (0, "1,5", Err("amount_too_precise")),
        (2, "1.234,56", Err("amount_malformed")),
        (2, "1234,567", Err("amount_malformed")),
        (2, "12,34,567", Err("amount_malformed")),
        (2, "1,23.45", Err("amount_malformed")),
        (2, "1,,2", Err("amount_malformed")),
        (2, "", Err("amount_malformed")),
        (2, "-", Err("amount_malformed")),
        (2, "--1", Err("amount_malformed")),
        (2, "+1", Err("amount_malformed")),
        (2, ".5", Err("amount_malformed")),
        (2, "5.", Err("amount_malformed")),
        (2, "5,", Err("amount_malformed")),
        (2, "1e3", Err("amount_malformed")),
        (2, "1 000", Err("amount_malformed")),
        (2, "€ 5", Err("amount_malformed")),
        (2, "١٢", Err("amount_malformed")),
        (2, "NaN", Err("amount_malformed")),
    ];
    for (decimals, text, expected) in table {
        let found = currency(decimals).parse(text).map(Money::minor);
        assert_eq!(
            found.as_ref().map_err(Coded::code),
            expected.as_ref().map_err(|c| *c),
            "{text:?}"
        );
    }
}

#[test]
fn decimals_come_and_go_exactly() {
    assert_eq!(euro().to_decimal(money(123_456)), Decimal::new(123_456, 2));
    assert_eq!(currency(0).to_decimal(money(5)), Decimal::new(5, 0));
    assert_eq!(euro().from_decimal(Decimal::new(1_010, 3)), Ok(money(101)));
    for between_cents in [Decimal::new(1_005, 3), Decimal::new(1_006, 3)] {
        let error = euro().from_decimal(between_cents).unwrap_err();
        assert_eq!(error.code(), "amount_too_precise", "{between_cents}");
    }
    let error = euro().from_decimal(Decimal::MAX).unwrap_err();
    assert_eq!(error.code(), "amount_overflow");
}

#[test]
fn no_currency_has_more_than_four_decimals() {
    assert_eq!(
        Currency::new("XXX", "", 5).unwrap_err().code(),
        "currency_decimals"
    );
    let json = r#"{"code":"XXX","symbol":"","decimals":200}"#;
    assert!(serde_json::from_str::<Currency>(json).is_err());
    // Even one that was built by hand does not break anything.
    let odd = Currency {
        code: "XXX".into(),
        symbol: String::new(),
        decimals: 255,
    };
    assert_eq!(odd.format(money(12_345)), "1.2345");
    assert_eq!(odd.parse("1.2345"), Ok(money(12_345)));
}

#[test]
fn money_in_json_is_a_whole_number_within_range() {
    assert_eq!(serde_json::to_string(&money(-5)).unwrap(), "-5");
    assert_eq!(
        serde_json::from_str::<Money>("1000000000000000").unwrap(),
        Money::MAX
    );
    for refused in [
        "1000000000000001",
        "-1000000000000001",
        "1.0",
        "\"1\"",
        "1e3",
        "null",
    ] {
        assert!(serde_json::from_str::<Money>(refused).is_err(), "{refused}");
    }
}
