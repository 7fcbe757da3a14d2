//! A till's side of a sale, for the stories: ring up, show, sell, and work out again.

use std::fmt::Write;

use evertill_core::{
    Cart, CartError, Invoice, Money, NewInvoice, PaymentKind, Quantity, ReceiptNumber, SaleItem,
    SaleRules, Totals, verify_totals,
};
use expect_test::Expect;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::shop::{cart, morning, quantity, tender};

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Rings goods up by these terms, as a till does: each is priced at once.
pub(crate) fn ring(sale_rules: &SaleRules, goods: &[(SaleItem, &str)]) -> Cart {
    let mut cart = cart();
    for (item, amount) in goods {
        let add = |cart: &mut Cart| cart.add(item.clone(), quantity(amount));
        let _: (u32, Totals) =
            evertill_core::amend::<_, CartError>(&mut cart, sale_rules, morning(), add).unwrap();
    }
    cart
}

pub(crate) fn amend(
    cart: &mut Cart,
    sale_rules: &SaleRules,
    change: impl FnOnce(&mut Cart) -> Result<(), CartError>,
) {
    evertill_core::amend(cart, sale_rules, morning(), change).unwrap();
}

/// The cart as a cashier could explain it.
pub(crate) fn show(cart: &Cart, sale_rules: &SaleRules) -> String {
    let totals = Totals::of(cart, sale_rules).unwrap();
    let text = |amount: Money| sale_rules.currency.format(amount);
    let mut out = String::new();
    for (line, worked) in cart.lines.iter().zip(&totals.lines) {
        let parts: Vec<_> = worked
            .parts
            .iter()
            .map(|part| format!("{} at {}", part.quantity, text(part.price)))
            .collect();
        let _ = write!(
            out,
            "{}: {} = {}",
            line.item.name,
            parts.join(" and "),
            text(worked.amount)
        );
        if !worked.discount.is_zero() {
            let _ = write!(
                out,
                ", {} off {}",
                text(worked.discount),
                text(worked.gross)
            );
        }
        out.push('\n');
        if let Some(why) = &line.why {
            let _ = writeln!(out, "  price: {why}");
        }
        for one in &worked.promotions {
            let _ = writeln!(out, "  {}: {} (-{})", one.name, one.what, text(one.saved));
        }
    }
    for one in &totals.ticket {
        let _ = writeln!(out, "{}: {} (-{})", one.name, one.what, text(one.saved));
    }
    for one in &totals.not_applied {
        let _ = writeln!(out, "not {}: {}", one.name, one.why);
    }
    if !totals.invoice_discount.is_zero() {
        let _ = writeln!(out, "discount {}", text(totals.invoice_discount));
    }
    for line in &totals.tax_lines {
        let _ = writeln!(
            out,
            "{} at {}%: {} on {}",
            line.name,
            line.rate,
            text(line.tax),
            text(line.base)
        );
    }
    let sums = [totals.net, totals.tax, totals.difference]
        .map(text)
        .join(" + ");
    let _ = writeln!(
        out,
        "{sums} = {}, in cash {}",
        text(totals.total),
        text(totals.cash_total)
    );
    out
}

pub(crate) fn check(cart: &Cart, sale_rules: &SaleRules, expected: &Expect) {
    expected.assert_eq(&show(cart, sale_rules));
    agrees_when_worked_out_again(cart, sale_rules);
}

pub(crate) fn sold(cart: &Cart, sale_rules: &SaleRules, kind: PaymentKind) -> Invoice {
    let due = Totals::of(cart, sale_rules)
        .unwrap()
        .due(&[tender(kind, 1)]);
    // Nothing is paid with nothing, but a coin may come back whole.
    let tenders = match (kind, due.minor()) {
        (PaymentKind::Cash, due) => vec![tender(kind, due.max(1))],
        (_, 0) => Vec::new(),
        (_, due) => vec![tender(kind, due)],
    };
    let new = NewInvoice {
        key: Uuid::from_u128(7),
        till: "03".into(),
        number: ReceiptNumber::new("03", 1).unwrap(),
        business_date: "2026-11-23".parse().unwrap(),
        sold_at: "2026-11-23T08:30:00Z".parse().unwrap(),
        cashier: "u1".into(),
        cashier_name: "Ada".into(),
        tenders,
    };
    Invoice::from_cart(cart, sale_rules, new).unwrap()
}

/// Moves a cent on an invoice.
type Move = fn(&mut Invoice, Money);

/// Whoever gets the invoice comes to the same amounts, and sees any cent that was moved.
pub(crate) fn agrees_when_worked_out_again(cart: &Cart, sale_rules: &SaleRules) {
    for kind in [PaymentKind::Cash, PaymentKind::Card] {
        let invoice = sold(cart, sale_rules, kind);
        assert_eq!(verify_totals(&invoice).unwrap(), None, "paid by {kind:?}");
        let json = serde_json::to_string(&invoice).unwrap();
        let back: Invoice = serde_json::from_str(&json).unwrap();
        assert_eq!(verify_totals(&back).unwrap(), None, "after its way as JSON");

        let cent = Money::from_minor(1);
        let moved: [(&str, Move); 6] = [
            ("tax line", |invoice, cent| {
                let accounts: Vec<_> = invoice.charges.iter().map(|row| &row.account).collect();
                let mut lines = invoice.tax_lines.iter_mut();
                match lines.find(|line| accounts.contains(&&line.rule)) {
                    Some(line) => line.tax = line.tax.checked_add(cent).unwrap(),
                    // Nothing is charged here, and that is a cent too.
                    None => invoice.totals.tax = cent,
                }
            }),
            ("total", |invoice, cent| {
                invoice.totals.total = invoice.totals.total.checked_add(cent).unwrap();
            }),
            ("tax", |invoice, cent| {
                invoice.totals.tax = invoice.totals.tax.checked_add(cent).unwrap();
                invoice.totals.net = invoice.totals.net.checked_sub(cent).unwrap();
            }),
            ("line", |invoice, cent| {
                let line = &mut invoice.lines[0];
                line.amount = line.amount.checked_add(cent).unwrap();
            }),
            ("net of a line", |invoice, cent| {
                let line = &mut invoice.lines[0];
                line.net = line.net.checked_add(cent).unwrap();
            }),
            ("quantity", |invoice, _| {
                let line = &mut invoice.lines[0];
                line.quantity = line.quantity.checked_add(Quantity::ONE).unwrap();
            }),
        ];
        for (what, change) in moved {
            let mut changed = invoice.clone();
            change(&mut changed, cent);
            assert!(
                verify_totals(&changed).unwrap().is_some(),
                "a cent in {what}"
            );
        }
    }
}
