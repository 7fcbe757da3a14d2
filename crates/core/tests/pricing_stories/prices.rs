//! Which price applies, and why.

use evertill_core::calc::RoundingMethod;
use evertill_core::pricing::{PriceBook, PriceList, PriceRequest};
use evertill_core::{ListOrigin, PriceRule};
use expect_test::expect;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::cents;

fn rule(id: &str, list: &str, rate: i64) -> PriceRule {
    PriceRule {
        id: id.to_owned(),
        list: list.to_owned(),
        item: "coffee".to_owned(),
        uom: "Nos".to_owned(),
        rate: cents(rate),
        from: None,
        to: None,
        min_qty: Decimal::ZERO,
        customer: None,
        batch: None,
    }
}

fn price_book() -> PriceBook {
    PriceBook::new([
        rule("01 shop", "Retail", 499),
        PriceRule {
            min_qty: 6.into(),
            ..rule("02 six", "Retail", 459)
        },
        PriceRule {
            from: Some(date(2026, 12, 1)),
            ..rule("03 winter", "Retail", 399)
        },
        PriceRule {
            to: Some(date(2026, 10, 31)),
            ..rule("04 autumn", "Retail", 389)
        },
        PriceRule {
            customer: Some("ann".to_owned()),
            ..rule("05 ann", "Retail", 449)
        },
        PriceRule {
            batch: Some("B7".to_owned()),
            ..rule("06 batch", "Retail", 299)
        },
        PriceRule {
            uom: "Pallet".to_owned(),
            ..rule("07 pallet", "Retail", 90_000)
        },
        rule("08 vip", "VIP", 479),
        rule("09 export", "Export", 350),
    ])
}

fn two_coffees(lists: &[PriceList]) -> PriceRequest<'_> {
    PriceRequest {
        item: "coffee",
        uom: "Nos",
        stock_uom: "Nos",
        conversion_factor: Decimal::ONE,
        qty: 2.into(),
        on: date(2026, 11, 23),
        lists,
        customer: None,
        batch: None,
        places: 2,
        rounding: RoundingMethod::Bankers,
    }
}

fn retail() -> PriceList {
    PriceList {
        name: "Retail".to_owned(),
        origin: ListOrigin::Shop,
    }
}

#[test]
fn the_price_says_why_it_applies_and_why_others_do_not() {
    let lists = [retail()];
    let request = two_coffees(&lists);
    let book = price_book();
    let price = book.price(&request).unwrap();
    let mut text = format!("{}: {} because {}\n", price.rule, price.rate, price.why);
    for (rule, why) in book.lost(&request) {
        text.push_str(&format!("{} not, {why}\n", rule.id));
    }
    expect![[r#"
        01 shop: 4.99 because Retail (the shop's price list)
        02 six not, it needs 6
        03 winter not, it holds from 2026-12-01 on
        04 autumn not, it ended on 2026-10-31
        05 ann not, it is for another customer
        06 batch not, it is for another batch
        07 pallet not, it is for another unit
        08 vip not, its price list is not used here
        09 export not, its price list is not used here
    "#]]
    .assert_eq(&text);
}

#[test]
fn the_price_that_fits_best_wins() {
    let book = price_book();
    let lists = [retail()];
    let request = two_coffees(&lists);
    let rule_for = |request: &PriceRequest<'_>| book.price(request).unwrap().rule;
    assert_eq!(
        rule_for(&PriceRequest {
            qty: 6.into(),
            ..request.clone()
        }),
        "02 six"
    );
    assert_eq!(
        rule_for(&PriceRequest {
            customer: Some("ann"),
            ..request.clone()
        }),
        "05 ann"
    );
    assert_eq!(
        rule_for(&PriceRequest {
            batch: Some("B7"),
            ..request.clone()
        }),
        "06 batch"
    );
    let group = PriceList {
        name: "VIP".to_owned(),
        origin: ListOrigin::CustomerGroup,
    };
    let vip_first = [group, retail()];
    assert_eq!(rule_for(&two_coffees(&vip_first)), "08 vip");
    let crate_of_twelve = PriceRequest {
        uom: "Crate",
        conversion_factor: 12.into(),
        qty: Decimal::ONE,
        ..request.clone()
    };
    let price = book.price(&crate_of_twelve).unwrap();
    assert_eq!(price.rate, cents(5508));
    assert_eq!(
        price.why.to_string(),
        "Retail (the shop's price list), from 6 on, 12 times the price of one Nos"
    );
}
