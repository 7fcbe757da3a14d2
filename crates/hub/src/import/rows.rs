//! Rows of a CSV file as records. A column the file does not have leaves what the hub has.

use std::str::FromStr;

use evertill_core::{Money, PaymentKind, Percent, Role};
use evertill_protocol::{
    CategoryRecord, ChangeBody, CustomerRecord, ItemRecord, PaymentModeRecord, PriceListRecord,
    PriceRecord, Record, RecordKind, TaxRuleRecord, UserRecord,
};
use jiff::civil::Date;

use super::check::unknown;
use super::draft::{Draft, Place};
use super::table::{Kind, Row, Table};

/// Units of which nobody sells a part, and units that are weighed or measured.
const WHOLE: [&str; 10] = [
    "each", "pc", "pack", "box", "bag", "bottle", "can", "pair", "set", "bunch",
];
const PARTS: [&str; 12] = [
    "kg", "g", "lb", "oz", "l", "ml", "gal", "m", "cm", "m2", "ft", "h",
];

/// Reads the rows of a file into the draft.
pub(super) fn read(table: &Table, draft: &mut Draft) {
    for (at, row) in (0_u32..).zip(table.rows()) {
        let place = Place {
            file: table.file.clone(),
            line: row.line,
        };
        let read = match table.kind {
            Kind::PriceLists => price_list(&row, draft),
            Kind::Taxes => tax(&row, draft),
            Kind::Categories => category(&row, draft, at),
            Kind::PaymentModes => payment_mode(&row, draft, at),
            Kind::Customers => customer(&row, draft),
            Kind::Prices => price(&row, draft),
            Kind::People => match person(&row, draft) {
                Ok(user) => {
                    draft.put_person(place, user);
                    continue;
                }
                Err(why) => Err(why),
            },
            Kind::Items => item(&row, draft, &place),
            Kind::Barcodes => {
                if let Err(why) = add_barcode(&row, draft, &place) {
                    draft.fault(&place, why);
                }
                continue;
            }
        };
        match read {
            Ok(record) => draft.put_once(place, record),
            Err(why) => {
                if table.kind == Kind::Items {
                    draft.refuse(row.text("item"));
                }
                draft.fault(&place, why);
            }
        }
    }
}

/// The id in its own column, or made of the name.
fn id(row: &Row<'_>, draft: &Draft, column: &str, kind: RecordKind) -> Result<String, String> {
    let name = row.text("name");
    if name.is_empty() {
        return Err("the name is empty: write what people shall read".to_owned());
    }
    let given = row.text(column);
    if !given.is_empty() {
        return Ok(given.to_owned());
    }
    Ok(draft.id_of(kind, name))
}

/// A text column, or what the hub has.
fn keep(row: &Row<'_>, column: &str, known: &str) -> String {
    row.given(column).unwrap_or(known).to_owned()
}

fn flag(row: &Row<'_>, column: &str, known: bool) -> Result<bool, String> {
    match row.text(column).to_lowercase().as_str() {
        "" => Ok(known),
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(format!("“{other}” in the column {column}: write yes or no")),
    }
}

fn number<T: FromStr>(row: &Row<'_>, column: &str, known: T) -> Result<T, String> {
    match row.text(column) {
        "" => Ok(known),
        text => text
            .parse()
            .map_err(|_| format!("“{text}” in the column {column}: write a whole number, as 3")),
    }
}

/// An amount of the shop's currency, exact and not below 0.
fn amount(row: &Row<'_>, draft: &Draft) -> Result<Option<Money>, String> {
    let text = row.text("price");
    let Some(shop) = draft.shop().filter(|_| !text.is_empty()) else {
        return Ok(None);
    };
    let currency = &shop.currency;
    let example = currency.format(Money::from_minor(1234));
    match currency.parse(text) {
        Ok(amount) if amount.is_negative() => {
            Err(format!("the price {text} is below 0: write 0 or more"))
        }
        Ok(amount) => Ok(Some(amount)),
        Err(_) => Err(format!(
            "“{text}” is no price in {}: write it with at most {} decimals, as {example}",
            currency.code, currency.decimals
        )),
    }
}

fn price_list(row: &Row<'_>, draft: &Draft) -> Result<Record, String> {
    Ok(Record::PriceList(PriceListRecord {
        id: id(row, draft, "list", RecordKind::PriceList)?.into(),
        name: row.text("name").to_owned(),
    }))
}

fn tax(row: &Row<'_>, draft: &Draft) -> Result<Record, String> {
    let id = id(row, draft, "tax", RecordKind::TaxRule)?;
    let rate = row.text("rate");
    let percent = Percent::parse(rate).map_err(|_| {
        format!("“{rate}” is no tax rate: write percent from 0 to 100, as 20 or 7.5")
    })?;
    let known = draft.tax_rule(&id);
    Ok(Record::TaxRule(TaxRuleRecord {
        inclusive: flag(row, "included", known.is_none_or(|rule| rule.inclusive))?,
        rates: known.map(|rule| rule.rates.clone()).unwrap_or_default(),
        id: id.into(),
        name: row.text("name").to_owned(),
        rate: percent.value().to_string(),
    }))
}

fn category(row: &Row<'_>, draft: &Draft, at: u32) -> Result<Record, String> {
    Ok(Record::Category(CategoryRecord {
        id: id(row, draft, "category", RecordKind::Category)?.into(),
        name: row.text("name").to_owned(),
        position: number(row, "position", at)?,
    }))
}

fn payment_mode(row: &Row<'_>, draft: &Draft, at: u32) -> Result<Record, String> {
    let kind = match row.text("kind").to_lowercase().as_str() {
        "cash" => PaymentKind::Cash,
        "card" => PaymentKind::Card,
        "other" => PaymentKind::Other,
        text => {
            return Err(format!(
                "“{text}” is no kind of payment: write cash, card or other"
            ));
        }
    };
    Ok(Record::PaymentMode(PaymentModeRecord {
        id: id(row, draft, "mode", RecordKind::PaymentMode)?.into(),
        name: row.text("name").to_owned(),
        kind,
        position: number(row, "position", at)?,
    }))
}

fn person(row: &Row<'_>, draft: &Draft) -> Result<UserRecord, String> {
    let role = match row.text("role").to_lowercase().as_str() {
        "cashier" => Role::Cashier,
        "supervisor" => Role::Supervisor,
        "manager" => Role::Manager,
        "administrator" => Role::Administrator,
        text => {
            return Err(format!(
                "“{text}” is no role: write cashier, supervisor, manager or administrator"
            ));
        }
    };
    let user = row.text("user");
    let known = match draft.get(RecordKind::User, user) {
        Some(Record::User(known)) => known.disabled,
        _ => false,
    };
    Ok(UserRecord {
        id: user.into(),
        name: row.text("name").to_owned(),
        role,
        disabled: flag(row, "disabled", known)?,
        has_pin: false,
    })
}

fn customer(row: &Row<'_>, draft: &Draft) -> Result<Record, String> {
    let id = row.text("customer");
    let known = match draft.get(RecordKind::Customer, id) {
        Some(Record::Customer(known)) => known.clone(),
        _ => CustomerRecord::named(id.into(), ""),
    };
    let list = keep(row, "price_list", &known.price_list);
    let list = if list.is_empty() {
        list
    } else {
        draft
            .named(RecordKind::PriceList, &list)
            .ok_or_else(|| unknown(draft, RecordKind::PriceList, &list))?
    };
    Ok(Record::Customer(CustomerRecord {
        name: row.text("name").to_owned(),
        phone: keep(row, "phone", &known.phone),
        email: keep(row, "email", &known.email),
        tax_id: keep(row, "tax_id", &known.tax_id),
        group: keep(row, "group", &known.group),
        price_list: list,
        tax_category: keep(row, "tax_category", &known.tax_category),
        exemption: keep(row, "exemption", &known.exemption),
        loyalty: flag(row, "loyalty", known.loyalty)?,
        id: known.id,
    }))
}

fn item(row: &Row<'_>, draft: &mut Draft, place: &Place) -> Result<Record, String> {
    let id = row.text("item");
    let known = match draft.get(RecordKind::Item, id) {
        Some(Record::Item(known)) => Some(known.clone()),
        _ => None,
    };
    let base = known.clone().unwrap_or_else(|| ItemRecord {
        id: id.into(),
        name: String::new(),
        category: "".into(),
        brand: String::new(),
        unit: WHOLE[0].to_owned(),
        whole_units: true,
        tax_rule: "".into(),
        barcodes: Vec::new(),
        popularity: 0,
        disabled: false,
    });
    let tax = row.text("tax");
    let tax = draft
        .named(RecordKind::TaxRule, tax)
        .ok_or_else(|| unknown(draft, RecordKind::TaxRule, tax))?;
    let category = match row.given("category") {
        Some("") | None => base.category,
        Some(category) => draft
            .named(RecordKind::Category, category)
            .ok_or_else(|| unknown(draft, RecordKind::Category, category))?
            .into(),
    };
    let unit = match row.text("unit") {
        "" => base.unit,
        unit => unit.to_owned(),
    };
    let same = known.as_ref().filter(|known| known.unit == unit);
    let whole_units = whole(row, &unit, same.map(|known| known.whole_units))?;
    let barcodes = match row.given("barcode") {
        None | Some("") => base.barcodes,
        Some(codes) => codes
            .split_whitespace()
            .map(barcode)
            .collect::<Result<_, _>>()?,
    };
    let brand = keep(row, "brand", &base.brand);
    let popularity = number(row, "popularity", base.popularity)?;
    let disabled = flag(row, "disabled", base.disabled)?;
    if let (Some(amount), Some(shop)) = (amount(row, draft)?, draft.shop()) {
        let price = PriceRecord::new(shop.price_list.clone(), id.into(), amount);
        draft.put(place.clone(), ChangeBody::Upsert(Record::Price(price)));
    }
    Ok(Record::Item(ItemRecord {
        id: base.id,
        name: row.text("name").to_owned(),
        category,
        brand,
        unit,
        whole_units,
        tax_rule: tax.into(),
        barcodes,
        popularity,
        disabled,
    }))
}

/// Whether only whole units are sold.
fn whole(row: &Row<'_>, unit: &str, known: Option<bool>) -> Result<bool, String> {
    let usual = if WHOLE.contains(&unit) {
        Some(true)
    } else if PARTS.contains(&unit) {
        Some(false)
    } else {
        None
    };
    match (row.text("whole_units"), known.or(usual)) {
        ("", Some(whole)) => Ok(whole),
        ("", None) => Err(format!(
            "the unit “{unit}” is not known: write one of {}, {}, or say yes or no in a column \
             whole_units",
            WHOLE.join(", "),
            PARTS.join(", ")
        )),
        _ => flag(row, "whole_units", false),
    }
}

/// A barcode, unless a spreadsheet has made a number of it.
fn barcode(text: &str) -> Result<String, String> {
    let shortened = text.to_uppercase();
    let power = shortened.split_once("E+").is_some_and(|(digits, power)| {
        let number = |part: &str| {
            part.bytes()
                .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        };
        number(digits) && number(power)
    });
    if power {
        return Err(format!(
            "the spreadsheet has shortened the barcode to {text}: format the column as text"
        ));
    }
    Ok(text.to_owned())
}

fn add_barcode(row: &Row<'_>, draft: &mut Draft, place: &Place) -> Result<(), String> {
    let (id, code) = (row.text("item"), row.text("barcode"));
    if draft.is_refused(id) {
        return Ok(());
    }
    let found = draft.get(RecordKind::Item, id).cloned();
    let Some(Record::Item(mut item)) = found else {
        return Err(unknown(draft, RecordKind::Item, id));
    };
    if code.is_empty() {
        return Err("there is no barcode: write one, or take the line out".to_owned());
    }
    let code = barcode(code)?;
    if !draft.barcode_from(id, &code, place) {
        return Err(format!(
            "the barcode {code} is in this file twice: take one out"
        ));
    }
    if !item.barcodes.contains(&code) {
        item.barcodes.push(code);
    }
    draft.amend(place, item);
    Ok(())
}

fn price(row: &Row<'_>, draft: &Draft) -> Result<Record, String> {
    let list = row.text("list");
    let list = draft
        .named(RecordKind::PriceList, list)
        .ok_or_else(|| unknown(draft, RecordKind::PriceList, list))?;
    let item = row.text("item");
    let amount = amount(row, draft)?.ok_or("there is no price: write one, or take the line out")?;
    let day = |column: &str| match row.text(column) {
        "" => Ok(None),
        text => text
            .parse::<Date>()
            .map(Some)
            .map_err(|_| format!("“{text}” is no day: write it as 2026-12-31")),
    };
    let customer = row.text("customer");
    if !customer.is_empty() && !draft.has(RecordKind::Customer, customer) {
        return Err(unknown(draft, RecordKind::Customer, customer));
    }
    let plain = PriceRecord::new(list.into(), item.into(), amount);
    let price = PriceRecord {
        from: day("from")?,
        to: day("to")?,
        min_qty: row.text("min_qty").to_owned(),
        customer: customer.to_owned(),
        ..plain.clone()
    };
    if price.is_plain() {
        return Ok(Record::Price(plain));
    }
    // The conditions tell one price of an item from another, so a changed amount finds its row.
    let shown = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    Ok(Record::Price(PriceRecord {
        id: format!(
            "{} qty={} from={} to={} customer={}",
            plain.id,
            price.min_qty,
            shown(price.from),
            shown(price.to),
            price.customer
        ),
        ..price
    }))
}
