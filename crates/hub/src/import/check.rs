//! What no till could use, whichever file it comes from.

use std::collections::BTreeMap;

use evertill_core::{Money, Percent, barcode};
use evertill_protocol::{CustomerRecord, ItemRecord, PriceRecord, Record, RecordKind, Shop};
use rust_decimal::Decimal;

use super::draft::{Draft, Place, name};

/// Longest id and name a till takes, in bytes.
const MAX_ID: usize = 140;
const MAX_NAME: usize = 500;

/// Checks everything the files change, in the light of everything else.
pub(super) fn all(draft: &mut Draft) {
    let changed = draft.changed();
    for (place, record) in &changed {
        texts(draft, place, record);
        match record {
            Record::Item(item) => check_item(draft, place, item),
            Record::Price(price) => check_price(draft, place, price),
            Record::Customer(customer) => check_customer(draft, place, customer),
            Record::TaxRule(rule) if Percent::parse(&rule.rate).is_err() => {
                let rate = &rule.rate;
                draft.fault(
                    place,
                    format!("“{rate}” is no tax rate: write percent from 0 to 100, as 20 or 7.5"),
                );
            }
            Record::Shop(shop) => check_shop(draft, place, shop),
            _ => {}
        }
    }
    barcodes(draft);
}

fn texts(draft: &mut Draft, place: &Place, record: &Record) {
    let id = record.id();
    if id.trim().is_empty() {
        draft.fault(
            place,
            "there is no id: write a short one that stays the same",
        );
    } else if id.len() > MAX_ID && record.kind() != RecordKind::Price {
        draft.fault(place, format!("the id is too long: at most {MAX_ID} bytes"));
    }
    let name = name(record);
    if name.trim().is_empty() {
        draft.fault(place, "the name is empty: write what people shall read");
    } else if name.len() > MAX_NAME {
        draft.fault(
            place,
            format!("the name is too long: at most {MAX_NAME} bytes"),
        );
    }
}

fn check_item(draft: &mut Draft, place: &Place, item: &ItemRecord) {
    if item.unit.trim().is_empty() {
        draft.fault(place, "there is no unit: write each, kg or the like");
    }
    known(draft, place, RecordKind::TaxRule, item.tax_rule.as_str());
    if !item.category.as_str().is_empty() {
        known(draft, place, RecordKind::Category, item.category.as_str());
    }
    let Some(list) = draft.shop().map(|shop| shop.price_list.to_string()) else {
        return;
    };
    if !item.disabled && !draft.has(RecordKind::Price, &format!("{list}/{}", item.id)) {
        let message = format!(
            "“{}” has no price on the list {list}, so no till could sell it: write one in the \
             column price",
            item.id
        );
        draft.fault(place, message);
    }
}

fn check_price(draft: &mut Draft, place: &Place, price: &PriceRecord) {
    known(
        draft,
        place,
        RecordKind::PriceList,
        price.price_list.as_str(),
    );
    known(draft, place, RecordKind::Item, price.item.as_str());
    if price.amount.is_negative() || price.amount > Money::MAX {
        let amount = price.amount.minor();
        draft.fault(
            place,
            format!("a price of {amount} cannot be: write 0 or more"),
        );
    }
    let own = format!("{}/{}", price.price_list, price.item);
    if price.is_plain() && price.id != own {
        let id = &price.id;
        draft.fault(
            place,
            format!("the price has the id “{id}”: write “{own}”, list first, then item"),
        );
    } else if !price.is_plain() && price.id == own {
        draft.fault(
            place,
            format!("“{own}” is the id of the plain price: give a price with conditions another"),
        );
    }
    if !price.min_qty.is_empty()
        && !Decimal::from_str_exact(&price.min_qty).is_ok_and(|least| least >= Decimal::ZERO)
    {
        let least = &price.min_qty;
        draft.fault(
            place,
            format!("“{least}” is no quantity: write a number, as 6 or 0.5"),
        );
    }
    if let (Some(from), Some(to)) = (price.from, price.to)
        && to < from
    {
        draft.fault(
            place,
            format!("the price ends on {to}, before it begins on {from}"),
        );
    }
}

fn check_customer(draft: &mut Draft, place: &Place, customer: &CustomerRecord) {
    if !customer.price_list.is_empty() {
        known(draft, place, RecordKind::PriceList, &customer.price_list);
    }
}

fn check_shop(draft: &mut Draft, place: &Place, shop: &Shop) {
    let lists = shop
        .group_price_lists
        .values()
        .chain(shop.till_price_lists.values());
    for list in lists {
        known(draft, place, RecordKind::PriceList, list.as_str());
    }
}

/// Whether what a record points to is there.
fn known(draft: &mut Draft, place: &Place, kind: RecordKind, id: &str) {
    if draft.has(kind, id) || (kind == RecordKind::Item && draft.is_refused(id)) {
        return;
    }
    // A database from before price lists were records has none, and sells by the shop's.
    if kind == RecordKind::PriceList
        && draft
            .shop()
            .is_some_and(|shop| shop.price_list.as_str() == id)
    {
        return;
    }
    let message = unknown(draft, kind, id);
    draft.fault(place, message);
}

/// The sentence for something that is not there.
pub(super) fn unknown(draft: &Draft, kind: RecordKind, text: &str) -> String {
    let (what, file) = match kind {
        RecordKind::TaxRule => ("tax", "taxes.csv"),
        RecordKind::Category => ("category", "categories.csv"),
        RecordKind::PriceList => ("price list", "price-lists.csv"),
        RecordKind::Customer => ("customer", "customers.csv"),
        _ => return format!("there is no item “{text}”: add it to items.csv first"),
    };
    let choice = draft.choice(kind);
    format!("there is no {what} “{text}” ({choice}): add it in {file}, or write another")
}

/// Every code belongs to one item, those the hub has included.
fn barcodes(draft: &mut Draft) {
    // The item and the code as it is written there, by the code's one spelling.
    let mut owners: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut faults = Vec::new();
    for item in draft.items() {
        for code in &item.barcodes {
            match barcode::normalise(code) {
                Ok(spelling) => owners
                    .entry(spelling.to_string())
                    .or_default()
                    .push((item.id.to_string(), code.clone())),
                Err(error) => {
                    if let Some(place) = draft.barcode_place(item.id.as_str(), code) {
                        faults.push((place.clone(), wrong_barcode(code, &error)));
                    }
                }
            }
        }
    }
    for owners in owners.values().filter(|owners| owners.len() > 1) {
        for (at, (item, code)) in owners.iter().enumerate() {
            let Some(place) = draft.barcode_place(item, code) else {
                continue;
            };
            let other = owners
                .get(usize::from(at == 0))
                .map_or(item, |(other, _)| other);
            let message = if other == item {
                format!("the barcode {code} is there twice for this item: take one out")
            } else {
                format!("the barcode {code} belongs to “{other}” too: one of the two is wrong")
            };
            faults.push((place.clone(), message));
        }
    }
    for (place, message) in faults {
        draft.fault(&place, message);
    }
}

/// The sentence for something that is no barcode.
fn wrong_barcode(code: &str, error: &barcode::BarcodeError) -> String {
    match error {
        barcode::BarcodeError::CheckDigit { .. } => {
            format!(
                "the barcode {code} has a digit wrong (its check digit does not fit): read it again"
            )
        }
        other => format!("“{code}” is no barcode: {other}"),
    }
}
