//! A shop that sells what is hard to print.

use evertill_core::calc::RoundingMethod;
use evertill_core::{
    Cart, CartCustomer, Currency, Discount, Invoice, Money, NewInvoice, PaymentKind, Percent,
    Quantity, ReceiptNumber, SaleItem, SaleRules, TaxRule, Tender, TotalsPolicy,
};
use evertill_receipt::{Receipt, ShopHeader};
use jiff::tz::{Offset, TimeZone};
use uuid::Uuid;

pub(crate) fn shop() -> ShopHeader {
    ShopHeader {
        name: "Käse & Köstliches".into(),
        address_lines: vec!["Große Straße 12".into(), "10115 Berlin".into()],
        tax_id: "DE123456789".into(),
        footer: "Vielen Dank für Ihren Einkauf!\nMo-Fr 8-20 Uhr, Sa 8-18 Uhr".into(),
        time_zone: TimeZone::fixed(Offset::constant(1)),
    }
}

pub(crate) fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

pub(crate) fn percent(text: &str) -> Discount {
    Discount::Percent(Percent::parse(text).unwrap())
}

pub(crate) fn tax(name: &str, rate: &str, inclusive: bool) -> TaxRule {
    let rate = Percent::parse(rate).unwrap();
    TaxRule {
        id: name.into(),
        name: name.into(),
        rate,
        inclusive,
        rates: Vec::new(),
    }
}

pub(crate) fn full() -> TaxRule {
    tax("VAT 19%", "19", true)
}

pub(crate) fn reduced() -> TaxRule {
    tax("VAT 7%", "7", true)
}

pub(crate) fn item(name: &str, unit: &str, price: i64, tax: TaxRule) -> SaleItem {
    SaleItem {
        id: name.into(),
        name: name.into(),
        unit: unit.into(),
        whole_units: unit != "kg",
        category: "groceries".into(),
        price: money(price),
        tax,
        barcode: None,
        brand: String::new(),
        prices: Vec::new(),
    }
}

pub(crate) fn cart() -> Cart {
    Cart::new(Uuid::from_u128(1), "retail".into())
}

/// Rings an item up and gives back its line.
pub(crate) fn ring(cart: &mut Cart, item: SaleItem, quantity: &str) -> u32 {
    cart.add(item, Quantity::parse(quantity).unwrap()).unwrap()
}

/// A German shop: a half goes away from zero.
pub(crate) fn sale_rules() -> SaleRules {
    SaleRules {
        totals_policy: TotalsPolicy {
            rounding: RoundingMethod::Commercial,
            ..TotalsPolicy::default()
        },
        ..SaleRules::plain(Currency::new("EUR", "€", 2).unwrap())
    }
}

pub(crate) fn paid(cart: &Cart, tenders: &[(PaymentKind, &str, i64)]) -> Invoice {
    paid_by(&sale_rules(), cart, tenders)
}

pub(crate) fn paid_by(
    sale_rules: &SaleRules,
    cart: &Cart,
    tenders: &[(PaymentKind, &str, i64)],
) -> Invoice {
    let tenders = tenders.iter().map(|(kind, name, amount)| Tender {
        mode: (*name).into(),
        mode_name: (*name).into(),
        kind: *kind,
        amount: money(*amount),
    });
    let new = NewInvoice {
        key: Uuid::from_u128(2),
        till: "03".into(),
        number: ReceiptNumber::new("03", 147).unwrap(),
        business_date: "2026-03-01".parse().unwrap(),
        sold_at: "2026-03-01T13:07:42Z".parse().unwrap(),
        cashier: "jana".into(),
        cashier_name: "Jana".into(),
        tenders: tenders.collect(),
    };
    Invoice::from_cart(cart, sale_rules, new).unwrap()
}

/// Accents, the euro sign, long names, weighed goods, another price than the list's, discounts
/// on lines and on the sale, two rates, a customer, cash.
pub(crate) fn german_invoice() -> Invoice {
    let mut cart = cart();
    ring(
        &mut cart,
        item("Müsli Nuß & Äpfel", "Stk", 349, reduced()),
        "1",
    );
    ring(
        &mut cart,
        item(
            "Crème fraîche à la façon d'Île-de-France, 30 % Fett, im Tonkrüglein",
            "Stk",
            219,
            reduced(),
        ),
        "2",
    );
    ring(
        &mut cart,
        item("Bœuf Bourguignon", "kg", 2_490, reduced()),
        "0.345",
    );
    let wine = ring(
        &mut cart,
        item("Grüner Veltliner Ñandú", "Stk", 899, full()),
        "3",
    );
    cart.set_line_discount(wine, percent("10")).unwrap();
    let gift = ring(&mut cart, item("5-€-Geschenktüte", "Stk", 500, full()), "1");
    cart.set_price(gift, money(450)).unwrap();
    cart.set_discount(Discount::Amount(money(200))).unwrap();
    cart.set_customer(Some(CartCustomer::named("c1".into(), "Åse Øvergård")));
    paid(&cart, &[(PaymentKind::Cash, "Cash", 5_000)])
}

pub(crate) fn receipt(invoice: &Invoice) -> Receipt {
    Receipt::from_invoice(invoice, &shop(), false)
}
