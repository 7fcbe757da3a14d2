//! What stands on a receipt, whatever it is printed on.

use evertill_core::{
    Currency, Discount, Invoice, InvoiceLine, Money, PaymentKind, Percent, PromotionSaving,
    Quantity, TaxLine,
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
    /// Why they were charged no tax.
    pub exemption: Option<String>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// Sum of the lines after their discounts.
    pub subtotal: Money,
    /// What promotions took off the whole sale, by name.
    pub savings: Vec<(String, Money)>,
    /// Discount on the whole sale that was given by hand.
    pub discount: Money,
    /// The per cent it was given as, if it was.
    pub discount_percent: Option<Percent>,
    /// What the total was raised or lowered by to come to the nearest coin.
    pub rounding: Money,
    /// What was paid for everything.
    pub total: Money,
    /// Tax by account and rate.
    pub taxes: Vec<ReceiptTax>,
    /// What these miss the total by, where prices hold the tax: a few minor units.
    pub difference: Money,
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
    /// What promotions took off this line, by name.
    pub savings: Vec<(String, Money)>,
    /// Discount on this line that was given by hand.
    pub discount: Money,
    /// Letter of its taxes in the table at the end.
    pub tax_mark: char,
}

/// One rate of tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptTax {
    /// Letters of the lines it was charged on; empty for a charge that is on no line.
    pub marks: String,
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
        let marks = Marks::of(invoice);
        let lines = invoice.lines.iter().enumerate();
        let lines: Vec<_> = lines
            .map(|(place, line)| receipt_line(line, marks.of_line(place)))
            .collect();
        let (savings, discount) = taken_off(&invoice.ticket, invoice.totals.invoice_discount);
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
            exemption: invoice
                .customer
                .as_ref()
                .map(|customer| customer.exemption.clone())
                .filter(|reason| !reason.is_empty()),
            currency: invoice.currency.clone(),
            subtotal: sum(invoice.lines.iter().map(|line| line.amount)),
            savings,
            discount,
            discount_percent: match invoice.discount {
                Discount::Percent(percent) => Some(percent),
                Discount::None | Discount::Amount(_) => None,
            },
            rounding: invoice.totals.rounding,
            total: invoice.totals.total,
            taxes: (0..)
                .zip(&invoice.tax_lines)
                .map(|(at, tax)| receipt_tax(marks.of_tax(at), tax))
                .collect(),
            difference: invoice.totals.difference,
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

fn receipt_line(line: &InvoiceLine, tax_mark: char) -> ReceiptLine {
    let (savings, discount) = taken_off(&line.promotions, line.discount);
    ReceiptLine {
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        price: line.price,
        list_price: line.list_price,
        gross: sum([line.amount, line.discount]),
        savings,
        discount,
        tax_mark,
    }
}

/// What was taken off, by promotion, and what is left of it for the discount given by hand.
/// Promotions that share a line may each be rounded; the last one bears that, so that the customer
/// can add the receipt up. Where there are promotions on a line there is no discount by hand.
fn taken_off(promotions: &[PromotionSaving], off: Money) -> (Vec<(String, Money)>, Money) {
    let mut left = off;
    let mut savings = Vec::with_capacity(promotions.len());
    for promotion in promotions {
        let saved = promotion.saved.min(left);
        left = left.checked_sub(saved).unwrap_or(Money::ZERO);
        savings.push((promotion.name.clone(), saved));
    }
    let of_line = promotions.iter().any(|one| one.quantity.is_some());
    if of_line && let Some((_, last)) = savings.last_mut() {
        *last = sum([*last, left]);
        left = Money::ZERO;
    }
    savings.retain(|(_, saved)| !saved.is_zero());
    (savings, left)
}

fn receipt_tax(marks: String, tax: &TaxLine) -> ReceiptTax {
    ReceiptTax {
        marks,
        name: tax.name.clone(),
        rate: tax.rate,
        inclusive: tax.inclusive,
        net: tax.base,
        tax: tax.tax,
        gross: tax.gross,
    }
}

/// Which letters stand for which taxes. Lines that are charged the same taxes have the same letter,
/// be it one tax or several.
struct Marks {
    /// The taxes of each line, by place.
    of_lines: Vec<Vec<usize>>,
    /// The sets of taxes, in the order of their letters.
    sets: Vec<Vec<usize>>,
}

impl Marks {
    fn of(invoice: &Invoice) -> Self {
        let taxes = |line: &InvoiceLine| -> Vec<usize> {
            let all = invoice.tax_lines.iter().enumerate();
            all.filter(|(_, tax)| charges(invoice, line, tax))
                .map(|(at, _)| at)
                .collect()
        };
        let of_lines: Vec<_> = invoice.lines.iter().map(taxes).collect();
        let mut sets = of_lines.clone();
        sets.retain(|set| !set.is_empty());
        sets.sort();
        sets.dedup();
        Self { of_lines, sets }
    }

    fn of_line(&self, place: usize) -> char {
        let own = self.of_lines.get(place);
        let at = self.sets.iter().position(|set| Some(set) == own);
        at.map_or('*', tax_mark)
    }

    fn of_tax(&self, tax: usize) -> String {
        let sets = self.sets.iter().enumerate();
        sets.filter(|(_, set)| set.contains(&tax))
            .map(|(at, _)| tax_mark(at))
            .collect()
    }
}

/// Whether a tax is one of a line's.
fn charges(invoice: &Invoice, line: &InvoiceLine, tax: &TaxLine) -> bool {
    let by_rule = tax.rule == line.tax_rule
        && tax.rate == line.tax_rate
        && tax.inclusive == line.tax_inclusive;
    if invoice.totals_policy.is_none() {
        return by_rule;
    }
    let at = |tax: &TaxLine| {
        let mut rates = line.tax_rates.iter();
        rates.any(|own| own.account == tax.rule && own.rate == tax.rate.value())
    };
    if at(tax) {
        return true;
    }
    // What is charged at no rate stands in a row of its own, by its rule or under the reason.
    let untaxed = tax.rate.is_zero() && tax.tax.is_zero() && !invoice.tax_lines.iter().any(at);
    let exempt = invoice
        .customer
        .as_ref()
        .is_some_and(|customer| !customer.exemption.is_empty());
    untaxed && (exempt || tax.rule == line.tax_rule)
}

/// A, B, C … Beyond Z all have the same star: no shop has 27 kinds of tax on one ticket.
fn tax_mark(at: usize) -> char {
    ('A'..='Z').nth(at).unwrap_or('*')
}

/// An invoice adds up, or it would not be one: its sums are within range.
fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    Money::sum(amounts).unwrap_or(Money::MAX)
}
