//! A small shop for the tests to buy in.

use evertill_core::{
    Cart, Currency, Discount, Money, PaymentKind, Percent, PriceListId, Quantity, SaleItem,
    SaleRules, TaxRule, Tender, TotalsPolicy, calc,
};
use jiff::civil::{DateTime, date};
use uuid::Uuid;

pub(crate) fn euro() -> Currency {
    Currency::new("EUR", "€", 2).unwrap()
}

/// A German shop: exact decimals, a half away from zero.
pub(crate) fn sale_rules() -> SaleRules {
    SaleRules {
        totals_policy: TotalsPolicy {
            rounding: calc::RoundingMethod::Commercial,
            ..TotalsPolicy::default()
        },
        ..SaleRules::plain(euro())
    }
}

/// A Monday morning.
pub(crate) fn morning() -> DateTime {
    date(2026, 11, 23).at(9, 30, 0, 0)
}

pub(crate) fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

pub(crate) fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

pub(crate) fn percent(text: &str) -> Discount {
    Discount::Percent(Percent::parse(text).unwrap())
}

pub(crate) fn off(minor: i64) -> Discount {
    Discount::Amount(money(minor))
}

pub(crate) fn tax(rate: &str, inclusive: bool) -> TaxRule {
    let kind = if inclusive { "in" } else { "ex" };
    TaxRule {
        id: format!("{rate}-{kind}").into(),
        name: format!("VAT {rate}%"),
        rate: Percent::parse(rate).unwrap(),
        inclusive,
        rates: Vec::new(),
    }
}

pub(crate) fn item(id: &str, price: i64, tax: TaxRule) -> SaleItem {
    SaleItem {
        id: id.into(),
        name: format!("Item {id}"),
        unit: "pcs".into(),
        whole_units: true,
        category: "groceries".into(),
        price: money(price),
        tax,
        barcode: None,
        brand: String::new(),
        prices: Vec::new(),
    }
}

pub(crate) fn weighed(id: &str, price: i64, tax: TaxRule) -> SaleItem {
    SaleItem {
        unit: "kg".into(),
        whole_units: false,
        ..item(id, price, tax)
    }
}

pub(crate) fn cart() -> Cart {
    Cart::new(Uuid::from_u128(1), PriceListId::from("retail"))
}

/// A cart of (price, quantity, line discount, tax rate, inclusive).
pub(crate) fn cart_of(lines: &[(i64, &str, Discount, &str, bool)]) -> Cart {
    let mut cart = cart();
    for (index, (price, amount, discount, rate, inclusive)) in lines.iter().enumerate() {
        let item = weighed(&index.to_string(), *price, tax(rate, *inclusive));
        let line = cart.add(item, quantity(amount)).unwrap();
        cart.set_line_discount(line, *discount).unwrap();
    }
    cart
}

pub(crate) fn tender(kind: PaymentKind, minor: i64) -> Tender {
    let name = format!("{kind:?}");
    Tender {
        mode: name.to_lowercase().into(),
        mode_name: name,
        kind,
        amount: money(minor),
    }
}
