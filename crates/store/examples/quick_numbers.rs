//! Quick numbers of the store on this machine: load, search, scan, sale.
//!
//! `cargo run --release -p evertill-store --example quick_numbers [items] [folder] [sales]`. The real benches, with
//! their baselines interleaved, are `cargo xtask bench`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a measuring program may end where it stands"
)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use evertill_core::{
    Barcode, Cart, CategoryId, Clock, Currency, Invoice, Money, NewInvoice, PaymentKind,
    PriceListId, Quantity, SaleRules, Tender,
};
use evertill_protocol::{Change, ChangeBody, ItemRecord, PriceRecord, Record, TaxRuleRecord};
use evertill_store::{DeviceSecret, Secret, SecretError, Store, StoreConfig};
use jiff::Timestamp;

struct Steps(Mutex<i64>);

impl Clock for Steps {
    fn now(&self) -> Timestamp {
        let mut now = self.0.lock().unwrap();
        *now += 1;
        Timestamp::from_millisecond(*now).unwrap()
    }
}

struct Keyring(Mutex<Option<[u8; 32]>>);

impl DeviceSecret for Keyring {
    fn load(&self) -> Result<Option<Secret>, SecretError> {
        Ok(self.0.lock().unwrap().map(Secret::new))
    }

    fn save(&self, secret: &[u8; 32]) -> Result<(), SecretError> {
        *self.0.lock().unwrap() = Some(*secret);
        Ok(())
    }
}

/// Cheap reproducible numbers; nothing here has to be random.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn words() -> Vec<String> {
    let starts = [
        "ch", "br", "m", "s", "p", "t", "b", "c", "gr", "l", "st", "fr", "w", "k", "d", "h",
    ];
    let middles = [
        "oco", "ea", "ilk", "alt", "asta", "oma", "ee", "offe", "ape", "emo", "raw", "uit",
    ];
    let ends = [
        "late", "d", "y", "s", "ro", "to", "r", "e", "n", "ns", "ber", "ter",
    ];
    let mut words = Vec::new();
    for start in starts {
        for middle in middles {
            for end in ends {
                words.push(format!("{start}{middle}{end}"));
            }
        }
    }
    words
}

fn catalogue(items: u64) -> Vec<Change> {
    let words = words();
    let mut dice = Dice(7);
    let mut changes = vec![Record::TaxRule(TaxRuleRecord {
        id: "t".into(),
        name: "VAT".to_owned(),
        rate: "7".to_owned(),
        inclusive: true,
        rates: Vec::new(),
    })];
    for n in 0..items {
        let mut name = String::new();
        for _ in 0..2 + dice.roll(4) {
            // Squared, so that few words are common and many rare, as in a shop.
            let len = words.len() as u64;
            let at = dice.roll(len) * dice.roll(len) / len;
            name.push_str(&words[at as usize]);
            name.push(' ');
        }
        name.push_str(&format!("{} g", 50 * (1 + dice.roll(20))));
        let id = format!("{:07}", 1_000_000 + n);
        changes.push(Record::Item(ItemRecord {
            id: id.as_str().into(),
            name,
            category: format!("C{}", dice.roll(30)).into(),
            unit: "pc".to_owned(),
            whole_units: true,
            tax_rule: "t".into(),
            barcodes: vec![Barcode::in_store(n).unwrap().to_string()],
            popularity: dice.roll(1_000) * dice.roll(1_000),
            disabled: false,
            brand: String::new(),
        }));
        let amount = Money::from_minor(99 + dice.roll(900).cast_signed());
        changes.push(Record::Price(PriceRecord::new(
            "retail".into(),
            id.as_str().into(),
            amount,
        )));
    }
    let numbered = (1..).zip(changes);
    numbered
        .map(|(seq, record)| Change {
            seq,
            body: ChangeBody::Upsert(record),
        })
        .collect()
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 1_000];
    println!(
        "{name:28} p50 {:>9.1?}  p99 {:>9.1?}  worst {:>9.1?}  ({} times)",
        at(500),
        at(990),
        at(1_000),
        times.len()
    );
}

fn time<T>(times: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    times.push(start.elapsed());
    done
}

/// Where the store lies: on a memory disk what is left is the work of the processor.
fn place() -> String {
    std::env::args()
        .nth(2)
        .unwrap_or_else(|| "target".to_owned())
}

fn main() {
    let items: u64 = std::env::args()
        .nth(1)
        .map_or(100_000, |text| text.parse().unwrap());
    let folder = tempfile::TempDir::new_in(place()).unwrap();
    let keyring = Keyring(Mutex::new(None));
    let clock = Arc::new(Steps(Mutex::new(1_767_348_000_000)));
    let config = StoreConfig::new(folder.path());
    let store = Store::open(&config, &keyring, clock.clone()).unwrap();

    let changes = catalogue(items);
    let start = Instant::now();
    store.begin_snapshot().unwrap();
    let mut portions = Vec::new();
    for portion in changes.chunks(5_000) {
        time(&mut portions, || {
            store.apply_changes(portion, None).unwrap()
        });
    }
    println!("rows applied after {:?}", start.elapsed());
    store.finish_snapshot(1).unwrap();
    println!("load of {items} items: {:?}", start.elapsed());
    report("  portion of 5000 rows", portions);
    if items == 100_000 {
        against_bare(&changes);
    }
    let start = Instant::now();
    store.begin_snapshot().unwrap();
    for portion in changes.chunks(5_000) {
        store.apply_changes(portion, None).unwrap();
    }
    store.finish_snapshot(1).unwrap();
    println!("the same again: {:?}", start.elapsed());
    let mut upkeep = Vec::new();
    for _ in 0..5 {
        let done = time(&mut upkeep, || store.maintain().unwrap());
        println!("maintain: {:?} {done:?}", upkeep.last().unwrap());
    }
    drop(store);
    let size = std::fs::metadata(folder.path().join("till.db"))
        .unwrap()
        .len();
    let start = Instant::now();
    let store = Store::open(&config, &keyring, clock).unwrap();
    println!("open: {:?}, file {} MB", start.elapsed(), size / 1_000_000);

    let list: PriceListId = "retail".into();
    search(&store, &list);
    scan(&store, &list, items);
    sell(&store, &list);
}

/// The same rows by nothing but upserts, with and without the search index, portion by portion in
/// turn with the store's own way.
fn against_bare(changes: &[Change]) {
    let clock = Arc::new(Steps(Mutex::new(1_767_348_000_000)));
    let folders = [(); 3].map(|()| tempfile::TempDir::new_in(place()).unwrap());
    let stores = folders.each_ref().map(|folder| {
        let keyring = Keyring(Mutex::new(None));
        Store::open(&StoreConfig::new(folder.path()), &keyring, clock.clone()).unwrap()
    });
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let mut serial = 0;
    stores[0].begin_snapshot().unwrap();
    for portion in changes.chunks(5_000) {
        time(&mut times[0], || {
            stores[0].apply_changes(portion, None).unwrap()
        });
        let first = serial;
        for (index, times) in [true, false].into_iter().zip(&mut times[1..]) {
            let store = if index { &stores[1] } else { &stores[2] };
            serial = time(times, || bare(store, portion, first, index));
        }
    }
    let whole = std::mem::take(&mut times[0]);
    time(&mut times[0], || stores[0].finish_snapshot(1).unwrap());
    println!("  end of the snapshot {:?}", times[0][0]);
    times[0] = whole;
    let sums = times.each_ref().map(|times| times.iter().sum::<Duration>());
    println!(
        "  applied {:?}, bare upserts {:?}, without search index {:?}",
        sums[0], sums[1], sums[2]
    );
    let mut ratios: Vec<u128> = (0..times[0].len())
        .map(|at| times[0][at].as_micros() * 100 / times[1][at].as_micros())
        .collect();
    ratios.sort_unstable();
    println!(
        "  median ratio to bare upserts: {} %",
        ratios[ratios.len() / 2]
    );
}

fn bare(store: &Store, portion: &[Change], mut serial: i64, index: bool) -> i64 {
    store
        .write(|tx| {
            for change in portion {
                match &change.body {
                    ChangeBody::Upsert(Record::Item(item)) => {
                        serial += 1;
                        tx.prepare_cached(
                            "INSERT INTO items (serial, id, name, category, unit, whole_units,
                                 tax_rule, barcodes, popularity, disabled, generation)
                             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)
                             ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                        )?
                        .execute(rusqlite::params![
                            serial,
                            item.id.as_str(),
                            item.name,
                            item.category.as_str(),
                            item.unit,
                            item.whole_units,
                            item.tax_rule.as_str(),
                            item.barcodes[0],
                            item.popularity.cast_signed(),
                            item.disabled
                        ])?;
                        tx.prepare_cached(
                            "INSERT INTO barcodes (barcode, item) VALUES (?1, ?2)
                             ON CONFLICT (barcode) DO UPDATE SET item = excluded.item",
                        )?
                        .execute((&item.barcodes[0], serial))?;
                        if index {
                            tx.prepare_cached(
                                "INSERT INTO items_fts (rowid, words) VALUES (?1, ?2)",
                            )?
                            .execute((serial, &item.name))?;
                        }
                    }
                    ChangeBody::Upsert(Record::Price(price)) => {
                        tx.prepare_cached(
                            "INSERT INTO prices (item, price_list, amount, generation)
                             VALUES (?1, ?2, ?3, 1)
                             ON CONFLICT (item, price_list) DO UPDATE SET amount = excluded.amount",
                        )?
                        .execute((
                            price.item.as_str(),
                            price.price_list.as_str(),
                            price.amount.minor(),
                        ))?;
                    }
                    _ => {}
                }
            }
            Ok(serial)
        })
        .unwrap()
}

fn search(store: &Store, list: &PriceListId) {
    let category = CategoryId::from("C3");
    let texts = [
        "",
        "c",
        "ch",
        "cho",
        "choc",
        "choco",
        "chocolate",
        "c m",
        "choco m",
        "m 5",
        "s s s",
        "brea ilk",
        "chocolate bread",
        "chocolate bread milky",
        "g",
        "50 g",
        "xyz",
        "z",
        "straw ber",
        "k o",
        "q m",
    ];
    for category in [None, Some(&category)] {
        let mut all = Vec::new();
        for text in texts {
            let mut times = Vec::new();
            let mut hits = 0;
            for _ in 0..30 {
                hits = time(&mut times, || {
                    store.search_items(text, category, list, 200).unwrap()
                })
                .len();
            }
            all.extend(times.iter().skip(1));
            let first = times[0];
            times.sort();
            println!(
                "  {:28} {hits:4} hits, first {first:>9.1?}, then {:>9.1?}",
                format!("{text:?}"),
                times[15]
            );
        }
        report(
            if category.is_some() {
                "search in category"
            } else {
                "search"
            },
            all,
        );
    }
    let mut times = Vec::new();
    for _ in 0..20 {
        time(&mut times, || store.categories().unwrap());
    }
    report("categories", times);
}

fn scan(store: &Store, list: &PriceListId, items: u64) {
    let mut dice = Dice(99);
    let mut times = Vec::new();
    for _ in 0..20_000 {
        let code = Barcode::in_store(dice.roll(items)).unwrap();
        let found = time(&mut times, || {
            store.item_by_barcode(code.as_str(), list).unwrap()
        });
        assert!(found.is_some());
    }
    report("scan", times);
}

fn sell(store: &Store, list: &PriceListId) {
    store.set_numbering(&"03".into(), "03", 1).unwrap();
    let mut times = Vec::new();
    let mut raw = Vec::new();
    let mut raw_log = Vec::new();
    let mut pages = Vec::new();
    let mut saves = Vec::new();
    let path = store.dir().join("raw");
    let mut file = std::fs::File::create(&path).unwrap();
    let sales: u64 = std::env::args()
        .nth(3)
        .map_or(300, |text| text.parse().unwrap());
    for n in 0..sales {
        let mut cart = Cart::new(uuid::Uuid::from_u64_pair(n + 1, 1), list.clone());
        for m in 0..10 {
            let code = Barcode::in_store((n * 10 + m) % 1_000).unwrap();
            let item = store.item_by_barcode(code.as_str(), list).unwrap().unwrap();
            cart.add(item, Quantity::ONE).unwrap();
        }
        time(&mut saves, || store.save_cart(&cart).unwrap());
        if n % 100 == 99 {
            store.maintain().unwrap();
        }
        let invoice = time(&mut times, || {
            store
                .commit_sale(&cart, |number| {
                    Invoice::from_cart(
                        &cart,
                        &SaleRules::plain(Currency::new("EUR", "€", 2).unwrap()),
                        NewInvoice {
                            key: uuid::Uuid::from_u64_pair(n + 1, 2),
                            till: "03".into(),
                            number,
                            business_date: "2026-01-02".parse().unwrap(),
                            sold_at: Timestamp::from_second(1_767_348_000).unwrap(),
                            cashier: "ana".into(),
                            cashier_name: "Ana".to_owned(),
                            tenders: vec![Tender {
                                mode: "cash".into(),
                                mode_name: "Cash".to_owned(),
                                kind: PaymentKind::Cash,
                                amount: Money::from_minor(100_000),
                            }],
                        },
                    )
                })
                .unwrap()
        });
        let bytes = serde_json::to_vec(&invoice).unwrap();
        time(&mut raw, || {
            std::io::Write::write_all(&mut file, &bytes).unwrap();
            file.sync_all().unwrap();
        });
        let log = vec![7_u8; 12 * 4_120];
        time(&mut raw_log, || {
            std::io::Write::write_all(&mut file, &log).unwrap();
            file.sync_all().unwrap();
        });
        if n % 100 == 99 {
            pages.push(store.maintain().unwrap().wal_pages);
        }
    }
    println!("pages written by one sale: {pages:?}");
    report("save cart of 10 lines", saves);
    report("sale of 10 lines", times);
    report("raw write + fsync, document", raw);
    report("raw write + fsync, 50 kB", raw_log);
}
