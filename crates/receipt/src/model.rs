//! What stands on a receipt, whatever it is printed on.

use evertill_core::{
    Currency, Discount, Invoice, InvoiceLine, Money, PaymentKind, Percent, Quantity, TaxLine,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What a shop prints on every receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopHeader {
    /// Name of the shop.
    pub name: String,
    /// Its address, a line each.
    pub address_lines: Vec<String>,
    /// Its tax number; empty for none.
    pub tax_id: String,
    /// Below everything: thanks, opening hours; empty for none. Line breaks are kept.
    pub footer: String,
    /// The shop's time zone, looked up by whoever has the time zone database.
    pub time_zone: TimeZone,
}

/// A receipt. Amounts are in minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The shop it is from.
    pub shop: ShopHeader,
    /// Printed again: says so, and leaves the drawer shut.
    pub copy: bool,
    /// Open the drawer: cash was taken and this is the first print. A till that prints a
    /// receipt much later than it was paid for may switch it off.
    pub open_drawer: bool,
    /// Receipt number as printed.
    pub number: String,
    /// When it was paid, on the shop's clock.
    pub sold_at: DateTime,
    /// The till it was paid at.
    pub till: String,
    /// Who sold.
    pub cashier: String,
    /// Who bought, if known.
    pub customer: Option<String>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// Sum of the lines after their discounts.
    pub subtotal: Money,
    /// Discount on the whole sale.
    pub discount: Money,
    /// The per cent it was given as, if it was.
    pub discount_percent: Option<Percent>,
    /// What was paid for everything.
    pub total: Money,
    /// Tax by rate.
    pub taxes: Vec<ReceiptTax>,
    /// Payments: name of the mode and amount handed over.
    pub tenders: Vec<(String, Money)>,
    /// What went back in cash; nothing where no cash was handed over.
    pub change: Option<Money>,
}

/// One thing sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Name of the item.
    pub name: String,
    /// How much.
    pub quantity: Quantity,
    /// Of what unit.
    pub unit: String,
    /// Price of one unit.
    pub price: Money,
    /// The list's price of one unit.
    pub list_price: Money,
    /// Price · quantity.
    pub gross: Money,
    /// Discount on this line.
    pub discount: Money,
    /// Letter of its tax in the table at the end.
    pub tax_mark: char,
}

/// One rate of tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptTax {
    /// Letter the lines refer to.
    pub mark: char,
    /// Name of the tax.
    pub name: String,
    /// Its rate.
    pub rate: Percent,
    /// Whether it was in the prices or is added to them.
    pub inclusive: bool,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
}

impl Receipt {
    /// The receipt of an invoice; `copy` for every print but the first.
    pub fn from_invoice(invoice: &Invoice, shop: &ShopHeader, copy: bool) -> Self {
        let cash = invoice
            .tenders
            .iter()
            .any(|tender| tender.kind == PaymentKind::Cash);
        let lines: Vec<_> = invoice
            .lines
            .iter()
            .map(|line| receipt_line(invoice, line))
            .collect();
        Self {
            shop: shop.clone(),
            copy,
            open_drawer: cash && !copy,
            number: invoice.number.to_string(),
            sold_at: shop.time_zone.to_datetime(invoice.sold_at),
            till: invoice.till.to_string(),
            cashier: invoice.cashier_name.clone(),
            customer: invoice
                .customer
                .as_ref()
                .map(|customer| customer.name.clone()),
            currency: invoice.currency.clone(),
            subtotal: sum(invoice.lines.iter().map(|line| line.amount)),
            discount: invoice.totals.invoice_discount,
            discount_percent: match invoice.discount {
                Discount::Percent(percent) => Some(percent),
                Discount::None | Discount::Amount(_) => None,
            },
            total: invoice.totals.total,
            taxes: (0..)
                .zip(&invoice.tax_lines)
                .map(|(at, tax)| receipt_tax(at, tax))
                .collect(),
            tenders: invoice
                .tenders
                .iter()
                .map(|tender| (tender.mode_name.clone(), tender.amount))
                .collect(),
            change: cash.then_some(invoice.change),
            lines,
        }
    }
}

fn receipt_line(invoice: &Invoice, line: &InvoiceLine) -> ReceiptLine {
    let mark = invoice.tax_lines.iter().position(|tax| {
        tax.rule == line.tax_rule
            && tax.rate == line.tax_rate
            && tax.inclusive == line.tax_inclusive
    });
    ReceiptLine {
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        price: line.price,
        list_price: line.list_price,
        gross: sum([line.amount, line.discount]),
        discount: line.discount,
        tax_mark: mark.map_or('*', tax_mark),
    }
}

fn receipt_tax(at: usize, tax: &TaxLine) -> ReceiptTax {
    ReceiptTax {
        mark: tax_mark(at),
        name: tax.name.clone(),
        rate: tax.rate,
        inclusive: tax.inclusive,
        net: tax.base,
        tax: tax.tax,
        gross: tax.gross,
    }
}

/// A, B, C … Beyond Z every tax has the same star: no shop has 27 rates on one ticket.
fn tax_mark(at: usize) -> char {
    ('A'..='Z').nth(at).unwrap_or('*')
}

/// An invoice adds up, or it would not be one: its sums are within range.
fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    Money::sum(amounts).unwrap_or(Money::MAX)
}
