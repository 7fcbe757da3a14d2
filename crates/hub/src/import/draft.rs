//! What the hub would have after an import.

use std::collections::{BTreeMap, BTreeSet};

use evertill_protocol::{
    ChangeBody, ItemRecord, Record, RecordKind, Shop, TaxRuleRecord, UserRecord,
};

use super::{Fault, Plan};
use crate::founding::slug;
use crate::master_data::MasterData;

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u64,
}

type Key = (RecordKind, String);

/// The hub's records with the changes of the files over them.
pub(super) struct Draft {
    records: BTreeMap<Key, Record>,
    with_password: BTreeSet<String>,
    /// What the files change, each record once.
    changed: BTreeMap<Key, Place>,
    deleted: BTreeSet<Key>,
    people: Vec<UserRecord>,
    /// Where an item's code is written, if not beside the item.
    barcodes: BTreeMap<(String, String), Place>,
    /// Items whose own line is wrong, so that nothing more is said of them.
    refused: BTreeSet<String>,
    pub(super) faults: Vec<Fault>,
}

impl Draft {
    pub(super) fn over(master: MasterData) -> Self {
        let records = master.records.into_iter();
        Self {
            records: records
                .map(|record| ((record.kind(), record.id().to_owned()), record))
                .collect(),
            with_password: master.with_password,
            changed: BTreeMap::new(),
            deleted: BTreeSet::new(),
            people: Vec::new(),
            barcodes: BTreeMap::new(),
            refused: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    pub(super) fn fault(&mut self, place: &Place, message: impl Into<String>) {
        self.faults.push(Fault {
            file: place.file.clone(),
            line: place.line,
            message: message.into(),
        });
    }

    /// Makes a change. The last one of a record counts.
    pub(super) fn put(&mut self, place: Place, change: ChangeBody) {
        match change {
            ChangeBody::Upsert(record) => {
                let key = (record.kind(), record.id().to_owned());
                self.deleted.remove(&key);
                self.changed.insert(key.clone(), place);
                self.records.insert(key, record);
            }
            ChangeBody::Delete { kind, id } => {
                let key = (kind, id);
                self.records.remove(&key);
                self.changed.remove(&key);
                self.deleted.insert(key);
            }
        }
    }

    /// Makes a change from a file in which each record may stand once.
    pub(super) fn put_once(&mut self, place: Place, record: Record) {
        let key = (record.kind(), record.id().to_owned());
        match self.changed.get(&key).cloned() {
            Some(before) => self.fault(
                &place,
                format!(
                    "“{}” is on line {} of {} already: take one of the two out",
                    record.id(),
                    before.line,
                    before.file
                ),
            ),
            None => self.put(place, ChangeBody::Upsert(record)),
        }
    }

    /// A person from a file. Who has no password yet gets one.
    pub(super) fn put_person(&mut self, place: Place, mut user: UserRecord) {
        let id = user.id.as_str();
        if let Some(Record::User(known)) = self.get(RecordKind::User, id) {
            user.has_pin = known.has_pin;
        }
        if !self.with_password.contains(id) {
            self.people.push(user.clone());
        }
        self.put_once(place, Record::User(user));
    }

    /// An item's own line is wrong.
    pub(super) fn refuse(&mut self, item: &str) {
        self.refused.insert(item.to_owned());
    }

    pub(super) fn is_refused(&self, item: &str) -> bool {
        self.refused.contains(item)
    }

    /// Notes where a code of an item is written; `false` if it is written there already.
    pub(super) fn barcode_from(&mut self, item: &str, code: &str, place: &Place) -> bool {
        let key = (item.to_owned(), code.to_owned());
        self.barcodes.insert(key, place.clone()).is_none()
    }

    /// Changes an item that may stand in another file of the import too.
    pub(super) fn amend(&mut self, place: &Place, item: ItemRecord) {
        let key = (RecordKind::Item, item.id.to_string());
        self.changed
            .entry(key.clone())
            .or_insert_with(|| place.clone());
        self.records.insert(key, Record::Item(item));
    }

    /// Where a code of an item is written; `None` if the files do not change the item.
    pub(super) fn barcode_place(&self, item: &str, code: &str) -> Option<&Place> {
        self.barcodes
            .get(&(item.to_owned(), code.to_owned()))
            .or_else(|| self.changed.get(&(RecordKind::Item, item.to_owned())))
    }

    pub(super) fn get(&self, kind: RecordKind, id: &str) -> Option<&Record> {
        self.records.get(&(kind, id.to_owned()))
    }

    pub(super) fn has(&self, kind: RecordKind, id: &str) -> bool {
        self.get(kind, id).is_some()
    }

    pub(super) fn shop(&self) -> Option<&Shop> {
        let mut shops = self.of(RecordKind::Shop);
        match shops.next() {
            Some(Record::Shop(shop)) => Some(shop),
            _ => None,
        }
    }

    /// All records of a kind.
    pub(super) fn of(&self, kind: RecordKind) -> impl Iterator<Item = &Record> {
        let all = self.records.range((kind, String::new())..);
        all.take_while(move |((of, _), _)| *of == kind)
            .map(|(_, record)| record)
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &ItemRecord> {
        self.of(RecordKind::Item).filter_map(|record| match record {
            Record::Item(item) => Some(item),
            _ => None,
        })
    }

    /// The id of the record that has this id or, whatever its capitals, this name.
    pub(super) fn named(&self, kind: RecordKind, text: &str) -> Option<String> {
        if self.has(kind, text) {
            return Some(text.to_owned());
        }
        let wanted = text.to_lowercase();
        let mut all = self.of(kind);
        all.find(|record| name(record).to_lowercase() == wanted)
            .map(|record| record.id().to_owned())
    }

    /// The id of what is known by this name, or a new one made of it.
    pub(super) fn id_of(&self, kind: RecordKind, name: &str) -> String {
        self.named(kind, name).unwrap_or_else(|| slug(name))
    }

    /// Names of a kind to choose from, a few of them.
    pub(super) fn choice(&self, kind: RecordKind) -> String {
        const SHOWN: usize = 8;
        let names: Vec<&str> = self.of(kind).map(name).take(SHOWN + 1).collect();
        let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>();
        match names.len() {
            0 => "there is none yet".to_owned(),
            count if count > SHOWN => format!("known are {} and more", shown.join(", ")),
            _ => format!("known: {}", shown.join(", ")),
        }
    }

    pub(super) fn tax_rule(&self, id: &str) -> Option<&TaxRuleRecord> {
        match self.get(RecordKind::TaxRule, id) {
            Some(Record::TaxRule(rule)) => Some(rule),
            _ => None,
        }
    }

    /// What the files change, with its place.
    pub(super) fn changed(&self) -> Vec<(Place, Record)> {
        let all = self.changed.iter();
        all.filter_map(|(key, place)| Some((place.clone(), self.records.get(key)?.clone())))
            .collect()
    }

    pub(super) fn finish(mut self) -> Result<Plan, Vec<Fault>> {
        if !self.faults.is_empty() {
            self.faults.sort();
            self.faults.dedup();
            return Err(self.faults);
        }
        let rank = |kind: RecordKind| RecordKind::ALL.iter().position(|other| *other == kind);
        let mut changes: Vec<ChangeBody> = self
            .changed()
            .into_iter()
            .map(|(_, record)| ChangeBody::Upsert(record))
            .collect();
        changes.sort_by_key(|change| match change {
            ChangeBody::Upsert(record) => rank(record.kind()),
            ChangeBody::Delete { kind, .. } => rank(*kind),
        });
        let deleted = self.deleted.into_iter();
        changes.extend(deleted.map(|(kind, id)| ChangeBody::Delete { kind, id }));
        Ok(Plan {
            changes,
            people: self.people,
        })
    }
}

/// What people call a record; its id where it has no name.
pub(super) fn name(record: &Record) -> &str {
    match record {
        Record::Item(item) => &item.name,
        Record::PriceList(list) => &list.name,
        Record::TaxRule(rule) => &rule.name,
        Record::TaxTemplate(template) => &template.name,
        Record::Category(category) => &category.name,
        Record::Customer(customer) => &customer.name,
        Record::Promotion(promotion) => &promotion.name,
        Record::PaymentMode(mode) => &mode.name,
        Record::User(user) => &user.name,
        Record::Shop(shop) => &shop.name,
        Record::Price(price) => &price.id,
    }
}
