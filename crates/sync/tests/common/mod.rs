//! A till with a real encrypted store, and a hub in memory that misbehaves on demand.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs; a test may fail loudly"
)]

pub mod hub;
pub mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use evertill_app::system::SystemThreads;
use evertill_core::{
    Cart, Clock, Currency, Invoice, Money, NewInvoice, PaymentKind, Percent, Quantity, SaleItem,
    SaleRules, TaxRule, Tender,
};
use evertill_store::{OutboxRow, OutboxState, Store, StoreConfig};
use evertill_sync::{Random, SyncState, SyncStatus, Upstream, Worker, WorkerConfig, WorkerHandle};
use evertill_testkit::{Chance, Keyring, WorldClock};
use tokio::sync::watch;
use uuid::Uuid;

/// A till: its folder, its open store, its clock.
pub struct Till {
    pub store: Store,
    pub clock: Arc<WorldClock>,
    sales: AtomicU64,
    _folder: tempfile::TempDir,
}

impl Till {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(WorldClock::default());
        let config = StoreConfig::new(folder.path());
        let store = Store::open(
            &config,
            &Keyring::default(),
            Arc::clone(&clock) as Arc<dyn Clock>,
        )
        .expect("the store opens");
        store
            .set_numbering(&"03".into(), "03", 1)
            .expect("numbered");
        Self {
            store,
            clock,
            sales: AtomicU64::new(0),
            _folder: folder,
        }
    }

    /// A till that has its catalogue already, at this cursor.
    pub fn stocked(cursor: u64) -> Self {
        let till = Self::new();
        till.store.begin_snapshot().expect("begun");
        till.store.finish_snapshot(cursor).expect("finished");
        till
    }

    /// Sells one thing and gives back the document's key.
    pub fn sell(&self) -> Uuid {
        self.sell_named("Milk 1 l")
    }

    pub fn sell_named(&self, name: &str) -> Uuid {
        let sale = self.sales.fetch_add(1, Ordering::SeqCst) + 1;
        let mut cart = Cart::new(Uuid::from_u128(u128::from(sale) << 64), "retail".into());
        cart.add(item(name), Quantity::ONE).expect("added");
        let key = Uuid::from_u128((7_u128 << 76) | (2_u128 << 62) | u128::from(sale));
        let now = self.clock.now();
        let invoice = self.store.commit_sale(&cart, |number| {
            let new = NewInvoice {
                key,
                till: "03".into(),
                number,
                business_date: "2026-03-02".parse().expect("a date"),
                sold_at: now,
                cashier: "ana".into(),
                cashier_name: "Ana".to_owned(),
                tenders: vec![Tender {
                    mode: "cash".into(),
                    mode_name: "Cash".to_owned(),
                    kind: PaymentKind::Cash,
                    amount: Money::from_minor(200),
                }],
            };
            let euro = Currency::new("EUR", "€", 2).expect("a currency");
            Invoice::from_cart(&cart, &SaleRules::plain(euro), new)
        });
        invoice.expect("sold").key
    }

    pub fn sell_many(&self, count: usize) -> Vec<Uuid> {
        (0..count).map(|_| self.sell()).collect()
    }

    pub fn row(&self, key: Uuid) -> OutboxRow {
        self.store.outbox_row(&key).expect("read").expect("there")
    }

    pub fn state(&self, key: Uuid) -> OutboxState {
        self.row(key).state
    }

    pub fn start(&self, upstream: Arc<dyn Upstream>) -> WorkerHandle {
        self.start_with(WorkerConfig::default(), upstream)
    }

    pub fn start_with(&self, config: WorkerConfig, upstream: Arc<dyn Upstream>) -> WorkerHandle {
        let clock = Arc::clone(&self.clock);
        let timer = Arc::clone(&self.clock);
        Worker::spawn(
            config,
            self.store.clone(),
            upstream,
            clock,
            timer,
            Arc::new(SystemThreads),
            random(),
        )
    }
}

fn item(name: &str) -> SaleItem {
    SaleItem {
        id: "A1".into(),
        name: name.to_owned(),
        unit: "pcs".to_owned(),
        whole_units: true,
        category: "dairy".into(),
        price: Money::from_minor(129),
        tax: TaxRule {
            id: "food".into(),
            name: "VAT 7%".to_owned(),
            rate: Percent::parse("7").expect("a rate"),
            inclusive: true,
            rates: Vec::new(),
        },
        barcode: None,
        brand: String::new(),
        prices: Vec::new(),
    }
}

/// The same waits in every run.
fn random() -> Random {
    let mut chance = Chance::seeded(0);
    Box::new(move || chance.next())
}

/// Waits until the status is as wanted, and fails with the last one seen if it never is.
pub async fn until(
    handle: &WorkerHandle,
    limit: Duration,
    wanted: impl Fn(&SyncStatus) -> bool,
) -> SyncStatus {
    let mut status: watch::Receiver<SyncStatus> = handle.status();
    let found = tokio::time::timeout(limit, status.wait_for(|now| wanted(now))).await;
    match found {
        Ok(Ok(now)) => now.clone(),
        Ok(Err(_gone)) => panic!("the worker is gone"),
        Err(_elapsed) => panic!("not within {limit:?}: {:#?}", *handle.status().borrow()),
    }
}

pub fn everything_sent(status: &SyncStatus) -> bool {
    status.state == SyncState::Synced && status.waiting == 0
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
