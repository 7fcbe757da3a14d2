//! Where everything stands on the paper.
//!
//! The amounts of lines, discounts, totals and payments share one column, so that the eye can
//! add them up; the letter of the tax stands to the right of it.

use evertill_core::{Currency, Money, Quantity};

use crate::model::{Receipt, ReceiptLine, ReceiptTax};
use crate::paper::Sheet;
use crate::printable::{columns, printable};
use crate::row::{Paper, Row, Style};
use crate::words;
use crate::wrap::cut;

const PLAIN: Style = Style {
    bold: false,
    wide: false,
    tall: false,
};
const BOLD: Style = Style {
    bold: true,
    wide: false,
    tall: false,
};
const TALL: Style = Style {
    bold: true,
    wide: false,
    tall: true,
};

/// Lines of one name, address or footer before it is cut.
const MAX_LINES: usize = 3;

/// Lays a receipt out on that paper. No row is wider than [`Paper::columns`].
pub fn layout(receipt: &Receipt, paper: Paper) -> Vec<Row> {
    let mut sheet = Sheet::new(paper);
    if receipt.open_drawer {
        // First of all: the drawer opens while the rest is still being printed.
        sheet.push(Row::Kick);
    }
    header(&mut sheet, receipt);
    sheet.rule();
    for line in &receipt.lines {
        item(&mut sheet, line, &receipt.currency);
    }
    sheet.rule();
    totals(&mut sheet, receipt);
    if !receipt.tenders.is_empty() || receipt.change.is_some() {
        sheet.rule();
        payments(&mut sheet, receipt);
    }
    if !receipt.taxes.is_empty() {
        sheet.rule();
        taxes(&mut sheet, receipt);
    }
    sheet.rule();
    footer(&mut sheet, receipt);
    sheet.into_rows()
}

fn header(sheet: &mut Sheet, receipt: &Receipt) {
    let shop = &receipt.shop;
    sheet.headline(&shop.name);
    for line in &shop.address_lines {
        sheet.centered(line, PLAIN, MAX_LINES);
    }
    if !shop.tax_id.is_empty() {
        sheet.centered(
            &format!("{} {}", words::TAX_ID, shop.tax_id),
            PLAIN,
            MAX_LINES,
        );
    }
    sheet.push(Row::Blank);
    if receipt.copy {
        sheet.centered(words::COPY, TALL, 1);
        sheet.push(Row::Blank);
    }
    let when = receipt.sold_at.strftime("%Y-%m-%d %H:%M").to_string();
    sheet.two(&format!("{} {}", words::RECEIPT, receipt.number), &when);
    let till = format!("{} {}", words::TILL, receipt.till);
    sheet.two(&till, &format!("{} {}", words::SERVED_BY, receipt.cashier));
    if let Some(customer) = &receipt.customer {
        sheet.left(&format!("{}: {customer}", words::CUSTOMER), 0, MAX_LINES);
    }
    if let Some(reason) = &receipt.exemption {
        sheet.left(&format!("{}: {reason}", words::TAX_EXEMPT), 0, MAX_LINES);
    }
}

/// Room to the right of the amounts for the letter of the tax.
fn marked(amount: &str, mark: char) -> String {
    format!("{amount} {mark}")
}

fn unmarked(amount: &str) -> String {
    format!("{amount}  ")
}

fn minus(currency: &Currency, amount: Money) -> String {
    let text = currency.format(amount);
    if amount.is_zero() {
        text
    } else {
        format!("-{text}")
    }
}

fn item(sheet: &mut Sheet, line: &ReceiptLine, currency: &Currency) {
    let gross = marked(&currency.format(line.gross), line.tax_mark);
    sheet.pair(&line.name, &gross, PLAIN, MAX_LINES);
    if let Some(detail) = quantity_detail(line, currency) {
        sheet.left(&detail, 2, 2);
    }
    for (name, saved) in &line.savings {
        sheet.pair_indented(name, &unmarked(&minus(currency, *saved)));
    }
    if !line.discount.is_zero() {
        let discount = unmarked(&minus(currency, line.discount));
        sheet.pair_indented(words::DISCOUNT, &discount);
    }
}

/// "3 x 1.19", "0.345 kg x 2.99", and the list's price where it was sold at another. Nothing for
/// one piece at the list's price: the line says it all.
fn quantity_detail(line: &ReceiptLine, currency: &Currency) -> Option<String> {
    let overridden = line.price != line.list_price;
    if line.quantity == Quantity::ONE && !overridden {
        return None;
    }
    let unit = if line.quantity.is_whole() {
        String::new()
    } else {
        format!(" {}", line.unit)
    };
    let mut detail = format!("{}{unit} x {}", line.quantity, currency.format(line.price));
    if overridden {
        let list = currency.format(line.list_price);
        detail = format!("{detail} ({} {list})", words::LIST_PRICE);
    }
    Some(detail)
}

fn totals(sheet: &mut Sheet, receipt: &Receipt) {
    let currency = &receipt.currency;
    let taxes = receipt.taxes.iter();
    let added: Vec<_> = taxes
        .filter(|tax| !tax.inclusive && !tax.tax.is_zero())
        .collect();
    let discounted = !receipt.discount.is_zero() || !receipt.savings.is_empty();
    if discounted || !added.is_empty() || !receipt.rounding.is_zero() {
        let subtotal = unmarked(&currency.format(receipt.subtotal));
        sheet.pair(words::SUBTOTAL, &subtotal, PLAIN, 1);
    }
    for (name, saved) in &receipt.savings {
        let saved = unmarked(&minus(currency, *saved));
        sheet.pair(name, &saved, PLAIN, MAX_LINES);
    }
    if !receipt.discount.is_zero() {
        let label = match receipt.discount_percent {
            Some(percent) => format!("{} {percent}%", words::DISCOUNT),
            None => words::DISCOUNT.to_owned(),
        };
        sheet.pair(
            &label,
            &unmarked(&minus(currency, receipt.discount)),
            PLAIN,
            1,
        );
    }
    for tax in added {
        // A tax of several kinds of lines has no letter of its own.
        let mut marks = tax.marks.chars();
        let mark = marks.next().filter(|_| marks.next().is_none());
        let amount = marked(&currency.format(tax.tax), mark.unwrap_or(' '));
        sheet.pair(&tax_name(tax), &amount, PLAIN, MAX_LINES);
    }
    if !receipt.rounding.is_zero() {
        let rounding = unmarked(&currency.format(receipt.rounding));
        sheet.pair(words::ROUNDING, &rounding, PLAIN, 1);
    }
    let label = format!("{} {}", words::TOTAL, currency.code);
    sheet.pair(&label, &unmarked(&currency.format(receipt.total)), TALL, 1);
}

fn payments(sheet: &mut Sheet, receipt: &Receipt) {
    let currency = &receipt.currency;
    for (mode, amount) in &receipt.tenders {
        sheet.pair(mode, &unmarked(&currency.format(*amount)), PLAIN, MAX_LINES);
    }
    if let Some(change) = receipt.change {
        sheet.pair(words::CHANGE, &unmarked(&currency.format(change)), BOLD, 1);
    }
}

/// The name of a tax with its rate, which many names hold already: "VAT 19%".
fn tax_name(tax: &ReceiptTax) -> String {
    let rate = format!("{}%", tax.rate);
    if tax.rate.is_zero() && !tax.tax.is_zero() {
        // A deposit or a fee: an amount, not a rate.
        return tax.name.clone();
    }
    if tax.name.replace(' ', "").contains(&rate) {
        tax.name.clone()
    } else {
        format!("{} {rate}", tax.name)
    }
}

/// The tax by rate as a table, named by the rate alone where the names do not fit; where the amounts
/// are too long for one, as a list.
fn taxes(sheet: &mut Sheet, receipt: &Receipt) {
    let (taxes, currency) = (&receipt.taxes, &receipt.currency);
    let heading = [words::NET, words::TAX, words::GROSS].map(str::to_owned);
    let cells: Vec<[String; 3]> = taxes
        .iter()
        .map(|tax| [tax.net, tax.tax, tax.gross].map(|amount| currency.format(amount)))
        .collect();
    let widest = |pick: fn(&[String; 3]) -> &String| {
        cells
            .iter()
            .chain([&heading])
            .map(|row| columns(pick(row)))
            .max()
            .unwrap_or(0)
            .max(7)
    };
    let widths = [
        widest(|[net, _, _]| net),
        widest(|[_, tax, _]| tax),
        widest(|[_, _, gross]| gross),
    ];
    let used: usize = widths.iter().map(|width| width + 1).sum();
    let Some(room) = sheet.columns().checked_sub(used).filter(|room| *room >= 6) else {
        return tax_list(sheet, receipt, &cells);
    };
    let labels = |name: fn(&ReceiptTax) -> String| -> Vec<String> {
        let marked = |tax| printable(format!("{} {}", tax_marks(tax), name(tax)).trim_start());
        taxes.iter().map(marked).collect()
    };
    let fit = |labels: &Vec<String>| labels.iter().all(|label| columns(label) <= room);
    let distinct = |labels: &Vec<String>| {
        let mut sorted = labels.clone();
        sorted.sort();
        sorted.dedup();
        sorted.len() == labels.len()
    };
    let named = labels(tax_name);
    let labels = if fit(&named) {
        named
    } else {
        labels(|tax| format!("{}%", tax.rate))
    };
    if !distinct(&labels) {
        return tax_list(sheet, receipt, &cells);
    }
    let mut row = |label: &str, cells: &[String; 3]| {
        let [net, tax, gross] = cells;
        let [first, second, third] = widths;
        let label = cut(label, room);
        let line = format!("{label:room$} {net:>first$} {tax:>second$} {gross:>third$}");
        sheet.line(line, PLAIN);
    };
    row("", &heading);
    for (label, cells) in labels.iter().zip(&cells) {
        row(label, cells);
    }
    if !receipt.difference.is_zero() {
        let difference = currency.format(receipt.difference);
        row(words::ROUNDING, &[String::new(), String::new(), difference]);
    }
}

/// The letters of a tax; where it lies on many kinds of lines, too many to help anyone.
fn tax_marks(tax: &ReceiptTax) -> &str {
    if tax.marks.len() > 3 { "" } else { &tax.marks }
}

fn tax_list(sheet: &mut Sheet, receipt: &Receipt, cells: &[[String; 3]]) {
    for (tax, [net, amount, gross]) in receipt.taxes.iter().zip(cells) {
        let name = format!("{} {}", tax_marks(tax), tax_name(tax));
        sheet.left(name.trim_start(), 0, MAX_LINES);
        for (word, amount) in [
            (words::NET, net),
            (words::TAX, amount),
            (words::GROSS, gross),
        ] {
            sheet.pair_indented(word, &unmarked(amount));
        }
    }
    if !receipt.difference.is_zero() {
        let difference = receipt.currency.format(receipt.difference);
        sheet.pair(words::ROUNDING, &unmarked(&difference), PLAIN, 1);
    }
}

fn footer(sheet: &mut Sheet, receipt: &Receipt) {
    for line in receipt.shop.footer.lines() {
        sheet.centered(line, PLAIN, MAX_LINES);
    }
    // A QR code is read by the white around it.
    sheet.push(Row::Blank);
    sheet.push(Row::Qr(receipt.number.clone()));
    sheet.push(Row::Blank);
    sheet.centered(&receipt.number, PLAIN, MAX_LINES);
    if receipt.copy {
        sheet.centered(words::COPY, TALL, 1);
    }
    sheet.push(Row::Cut);
}
