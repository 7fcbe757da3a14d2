//! A shop of any size, made from a formula: the same names, prices and barcodes every time.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use evertill_core::{Clock, ItemId, Money, PriceListId};
use evertill_protocol::{
    CategoryRecord, Change, ChangeBody, ItemRecord, PaymentModeRecord, PriceListRecord,
    PriceRecord, Record, TaxRuleRecord,
};
use evertill_store::{DeviceSecret, Secret, SecretError, Store, StoreConfig};

/// The one price list of the shop.
pub(crate) const LIST: &str = "retail";

const WORDS: [&str; 40] = [
    "Apple",
    "Bread",
    "Butter",
    "Cheese",
    "Chicken",
    "Chocolate",
    "Coffee",
    "Cola",
    "Cookie",
    "Cream",
    "Dark",
    "Diet",
    "Dried",
    "Fresh",
    "Frozen",
    "Fruit",
    "Green",
    "Honey",
    "Juice",
    "Large",
    "Lemon",
    "Light",
    "Milk",
    "Mint",
    "Nut",
    "Olive",
    "Orange",
    "Organic",
    "Pasta",
    "Peach",
    "Pepper",
    "Red",
    "Rice",
    "Salad",
    "Soup",
    "Sugar",
    "Tea",
    "Tomato",
    "White",
    "Yogurt",
];

/// The secret of a store that is thrown away after the bench.
struct Throwaway;

impl DeviceSecret for Throwaway {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        Ok(Some(Secret::new([7; 32])))
    }

    fn save(&self, _secret: &[u8; 32]) -> Result<(), SecretError> {
        Ok(())
    }
}

/// The machine's clock; benches are at the edge.
struct MachineClock;

impl Clock for MachineClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "a bench hands the real time to the store"
    )]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

/// A store in the folder, as a till has it.
pub(crate) fn open(folder: &Path) -> Result<Store> {
    Ok(Store::open(
        &StoreConfig::new(folder),
        &Throwaway,
        Arc::new(MachineClock),
    )?)
}

/// What the shop must have before its items.
pub(crate) fn base() -> Vec<Change> {
    let mut records = vec![
        Record::PriceList(PriceListRecord {
            id: PriceListId::from(LIST),
            name: "Retail".into(),
        }),
        Record::TaxRule(TaxRuleRecord {
            id: "food".into(),
            name: "Food 7 %".into(),
            rate: "7".into(),
            inclusive: true,
            rates: Vec::new(),
        }),
        Record::PaymentMode(PaymentModeRecord {
            id: "cash".into(),
            name: "Cash".into(),
            kind: evertill_core::PaymentKind::Cash,
            position: 1,
        }),
    ];
    for position in 0..20_u32 {
        records.push(Record::Category(CategoryRecord {
            id: format!("c{position}").into(),
            name: format!("Category {position}"),
            position,
        }));
    }
    changes(records, 1)
}

/// Items `from..to` and their prices, in feed order.
pub(crate) fn items(from: u64, to: u64) -> Vec<Change> {
    let records = (from..to)
        .flat_map(|number| [item(number), price(number)])
        .collect();
    changes(records, 1000 + from * 2)
}

/// The barcode of an item: an in-store EAN-13.
pub(crate) fn barcode(number: u64) -> String {
    let digits = format!("20{number:010}");
    let sum: u32 = digits
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// The name of an item: two to three of forty words, and a number.
pub(crate) fn name(number: u64) -> String {
    let word = |at: u64| {
        let index = usize::try_from(at % WORDS.len() as u64).unwrap_or_default();
        WORDS.get(index).copied().unwrap_or_default()
    };
    format!(
        "{} {} {} {number} g",
        word(number),
        word(number / 7 + 3),
        word(number / 131 + 11)
    )
}

fn item(number: u64) -> Record {
    Record::Item(ItemRecord {
        id: ItemId::from(number.to_string()),
        name: name(number),
        category: format!("c{}", number % 20).into(),
        unit: "each".into(),
        whole_units: true,
        tax_rule: "food".into(),
        barcodes: vec![barcode(number)],
        popularity: 1_000_000_u64.wrapping_sub(number * 7919 % 1_000_003),
        disabled: false,
        brand: String::new(),
    })
}

fn price(number: u64) -> Record {
    let cents = i64::try_from(number * 37 % 4_900 + 49).unwrap_or(99);
    let item = ItemId::from(number.to_string());
    Record::Price(PriceRecord::new(
        LIST.into(),
        item,
        Money::from_minor(cents),
    ))
}

fn changes(records: Vec<Record>, first: u64) -> Vec<Change> {
    let numbered = records.into_iter().zip(first..);
    numbered
        .map(|(record, seq)| Change {
            seq,
            body: ChangeBody::Upsert(record),
        })
        .collect()
}

/// A store with so many items; made once and used by all benches of one run.
pub(crate) fn filled(effort: &crate::Effort, count: u64) -> Result<Store> {
    let folder = effort.dir.join(format!("shop-{count}"));
    if folder.join("till.db").exists() {
        let store = open(&folder)?;
        if store.item_count()? == count {
            return Ok(store);
        }
        drop(store);
    }
    let folder = effort.folder(&format!("shop-{count}"))?;
    let store = open(&folder)?;
    fill(&store, count)?;
    Ok(store)
}

/// Loads the catalogue as the sync does: a snapshot in bounded transactions.
pub(crate) fn fill(store: &Store, count: u64) -> Result<()> {
    store.begin_snapshot()?;
    store.apply_changes(&base(), None)?;
    for from in (0..count).step_by(CHUNK) {
        let to = (from + CHUNK as u64).min(count);
        store.apply_changes(&items(from, to), None)?;
    }
    store.finish_snapshot(1)?;
    Ok(())
}

/// Items a transaction.
pub(crate) const CHUNK: usize = 1_000;
