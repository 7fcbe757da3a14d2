//! A till's folder, a keyring, a clock and a small shop for the stories to play with.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use evertill_core::{
    Cart, CheckoutError, Clock, Coded, Currency, Invoice, ItemId, Money, NewInvoice, PaymentKind,
    PriceListId, Quantity, ReceiptNumber, Role, SaleRules, Tender,
};
use evertill_protocol::{
    CategoryRecord, Change, ChangeBody, CustomerRecord, ItemRecord, PaymentModeRecord,
    PriceListRecord, PriceRecord, Record, RecordKind, Shop, TaxRuleRecord, UserRecord,
};
use evertill_store::{DeviceSecret, Secret, SecretError, Store, StoreConfig, StoreError};
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-01-02T10:00:00Z
pub(crate) const START: i64 = 1_767_348_000_000;

/// A keyring that can be locked.
#[derive(Default)]
pub(crate) struct Keyring {
    pub(crate) secret: Mutex<Option<[u8; 32]>>,
    pub(crate) locked: Mutex<bool>,
}

impl Keyring {
    fn ask(&self) -> Result<(), SecretError> {
        if *self.locked.lock().unwrap() {
            return Err(SecretError {
                reason: "the collection is locked".to_owned(),
            });
        }
        Ok(())
    }
}

impl DeviceSecret for Keyring {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        self.ask()?;
        Ok(self.secret.lock().unwrap().map(Secret::new))
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        self.ask()?;
        *self.secret.lock().unwrap() = Some(*secret);
        Ok(())
    }
}

/// A clock that moves when told to.
pub(crate) struct Hands(pub AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// A till's folder and all it needs to be opened.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Arc<Hands>,
    ids: AtomicU64,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            keyring: Keyring::default(),
            clock: Arc::new(Hands(AtomicI64::new(START))),
            ids: AtomicU64::new(1),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn open(&self) -> Result<Store, StoreError> {
        self.open_in(self.folder.path())
    }

    pub(crate) fn open_in(&self, folder: &Path) -> Result<Store, StoreError> {
        Store::open(&StoreConfig::new(folder), &self.keyring, self.clock.clone())
    }

    /// An open till with the small shop and numbers from 03-000001.
    pub(crate) fn till(&self) -> Store {
        let store = self.open().unwrap();
        store.apply_changes(&shop(), Some(100)).unwrap();
        store.set_numbering(&"03".into(), "03", 1).unwrap();
        store
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn later(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn id(&self) -> Uuid {
        let count = self.ids.fetch_add(1, Ordering::SeqCst);
        let millis = u64::try_from(START).unwrap() + count;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&count.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A cart with some of these items.
    pub(crate) fn cart(&self, store: &Store, items: &[(&str, &str)]) -> Cart {
        let mut cart = Cart::new(self.id(), retail());
        for (item, quantity) in items {
            let item = store
                .item(&ItemId::from(*item), &retail())
                .unwrap()
                .unwrap();
            cart.add(item, Quantity::parse(quantity).unwrap()).unwrap();
        }
        cart
    }

    /// What checkout makes of a cart, paid with this much cash.
    pub(crate) fn invoice(
        &self,
        cart: &Cart,
        number: ReceiptNumber,
        cash: i64,
    ) -> Result<Invoice, CheckoutError> {
        Invoice::from_cart(
            cart,
            &SaleRules::plain(euro()),
            NewInvoice {
                key: self.id(),
                till: "03".into(),
                number,
                business_date: "2026-01-02".parse().unwrap(),
                sold_at: self.now(),
                cashier: "ana".into(),
                cashier_name: "Ana".to_owned(),
                tenders: vec![Tender {
                    mode: "cash".into(),
                    mode_name: "Cash".to_owned(),
                    kind: PaymentKind::Cash,
                    amount: Money::from_minor(cash),
                }],
            },
        )
    }

    /// Sells a cart for 100.00 in cash.
    pub(crate) fn sell(&self, store: &Store, cart: &Cart) -> Result<Invoice, StoreError> {
        store.commit_sale(cart, |number| self.invoice(cart, number, 10_000))
    }

    /// Sells two milks.
    pub(crate) fn sale(&self, store: &Store) -> Invoice {
        let cart = self.cart(store, &[("milk", "2")]);
        self.sell(store, &cart).unwrap()
    }
}

pub(crate) fn code<T: std::fmt::Debug, E: Coded>(result: Result<T, E>) -> String {
    result.unwrap_err().code().to_owned()
}

pub(crate) fn retail() -> PriceListId {
    "retail".into()
}

pub(crate) fn euro() -> Currency {
    Currency::new("EUR", "€", 2).unwrap()
}

pub(crate) fn upsert(seq: u64, record: Record) -> Change {
    Change {
        seq,
        body: ChangeBody::Upsert(record),
    }
}

pub(crate) fn delete(seq: u64, kind: RecordKind, id: &str) -> Change {
    Change {
        seq,
        body: ChangeBody::Delete {
            kind,
            id: id.to_owned(),
        },
    }
}

pub(crate) fn item(
    id: &str,
    name: &str,
    category: &str,
    popularity: u64,
    barcodes: &[&str],
) -> Record {
    Record::Item(ItemRecord {
        id: id.into(),
        name: name.to_owned(),
        category: category.into(),
        unit: "pc".to_owned(),
        whole_units: true,
        tax_rule: "reduced".into(),
        barcodes: barcodes.iter().map(|code| (*code).to_owned()).collect(),
        popularity,
        disabled: false,
        brand: String::new(),
    })
}

pub(crate) fn price(item: &str, amount: i64) -> Record {
    Record::Price(PriceRecord::new(
        retail(),
        item.into(),
        Money::from_minor(amount),
    ))
}

pub(crate) fn tax_rule(id: &str, rate: &str) -> Record {
    Record::TaxRule(TaxRuleRecord {
        id: id.into(),
        name: format!("VAT {rate} %"),
        rate: rate.to_owned(),
        inclusive: true,
        rates: Vec::new(),
    })
}

pub(crate) fn category(id: &str, position: u32) -> Record {
    Record::Category(CategoryRecord {
        id: id.into(),
        name: format!("{id} aisle"),
        position,
    })
}

pub(crate) fn customer(id: &str, name: &str) -> Record {
    Record::Customer(CustomerRecord {
        phone: "+49 171 5550".to_owned(),
        email: format!("{id}@example.org"),
        ..CustomerRecord::named(id.into(), name)
    })
}

pub(crate) fn user(id: &str, name: &str) -> Record {
    Record::User(UserRecord {
        id: id.into(),
        name: name.to_owned(),
        role: Role::Cashier,
        disabled: false,
        has_pin: true,
    })
}

/// A small shop: eight items, two categories, two people.
pub(crate) fn shop() -> Vec<Change> {
    let mut records = vec![
        Record::Shop(Shop {
            name: "Corner Grocer".to_owned(),
            address_lines: vec!["1 High Street".to_owned()],
            tax_id: "DE123".to_owned(),
            currency: euro(),
            time_zone: "Europe/Berlin".to_owned(),
            price_list: retail(),
            receipt_footer: String::new(),
            totals_policy: evertill_core::TotalsPolicy::default(),
            group_price_lists: std::collections::BTreeMap::new(),
            till_price_lists: std::collections::BTreeMap::new(),
        }),
        Record::PriceList(PriceListRecord {
            id: retail(),
            name: "Retail".to_owned(),
        }),
        tax_rule("reduced", "7"),
        category("DAIRY", 0),
        category("SNACKS", 1),
        Record::PaymentMode(PaymentModeRecord {
            id: "cash".into(),
            name: "Cash".to_owned(),
            kind: PaymentKind::Cash,
            position: 0,
        }),
        user("ana", "Ana"),
        user("bo", "Bo"),
        customer("c1", "Zoë Müller"),
    ];
    let items = [
        (
            "milk",
            "Milk 1 l",
            "DAIRY",
            900,
            &["4006381333931"][..],
            119,
        ),
        (
            "yogurt",
            "Yogurt Straße 3,5 %",
            "DAIRY",
            500,
            &["96385074"],
            89,
        ),
        ("cheese", "Käse Bergkäse jung", "DAIRY", 700, &[], 349),
        (
            "muesli",
            "Müsli Crunch",
            "SNACKS",
            300,
            &["036000291452", "HOUSE 7"],
            279,
        ),
        ("cola", "Coca-Cola 0,5 l", "SNACKS", 950, &[], 129),
        ("milka", "Milka Alpine Milk", "SNACKS", 800, &[], 139),
        ("creme", "Crème brûlée", "DAIRY", 100, &[], 199),
        ("chips", "Chips Paprika", "SNACKS", 650, &[], 159),
    ];
    for (id, name, category, popularity, barcodes, amount) in items {
        records.push(item(id, name, category, popularity, barcodes));
        records.push(price(id, amount));
    }
    (1..)
        .zip(records)
        .map(|(seq, record)| upsert(seq, record))
        .collect()
}

/// Every file of a folder with its bytes, the ones in folders below included.
pub(crate) fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

/// Copies a till's folder as it lies on disk this moment: what a power cut would leave.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in bytes(from) {
        // The wal-index is memory shared by living processes and never flushed.
        if path
            .extension()
            .is_some_and(|extension| extension == "db-shm")
        {
            continue;
        }
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, bytes).unwrap();
    }
}
