//! A durable encrypted sale beside the least that durability can cost on this disk, and beside
//! plain SQLite with the same tables and rows.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use evertill_core::{
    Cart, Currency, Invoice, Money, NewInvoice, PaymentKind, PriceListId, Quantity, ReceiptNumber,
    SaleRules, Tender, TillId, Totals, settle,
};
use evertill_store::Store;
use uuid::Uuid;

use crate::Effort;
use crate::measure::{Contender, Times, readable, take_turns};
use crate::plain::Plain;
use crate::report::{Aim, Section};
use crate::shop;

/// Aims at the median, in thousandths of the baseline.
const AIM_RAW: u128 = 1_900;
const AIM_PLAIN: u128 = 1_500;
const ITEMS: u64 = 2_000;
const SOLD_AT: i64 = 1_795_000_000_000;

/// Commits a five-line sale, turn by turn with both baselines.
pub(crate) fn bench(effort: &Effort) -> Result<Section> {
    let folder = effort.folder("commit")?;
    let store = shop::open(&folder)?;
    shop::fill(&store, ITEMS)?;
    // Opened again, its write-ahead log starts empty and grows by what each sale adds.
    drop(store);
    let store = shop::open(&folder)?;
    store.set_numbering(&TillId::from("03"), "03", 1)?;
    let bytes = wal_bytes_per_sale(&store, &folder)?;
    let mut plain = Plain::open(&folder.join("plain.db"))?;
    let mut raw = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("raw"))?;
    anyhow::ensure!(bytes > 0, "the baseline would write nothing");
    let block = vec![0x5a_u8; bytes];
    let mut sold = 1_000_u128;
    let mut plainly = 1_000_000_u128;
    let mut contenders = [
        Contender::timed("encrypted sale", || {
            sold += 1;
            sell(&store, sold)
        }),
        Contender::timed("plain SQLite", || {
            plainly += 1;
            let cart = cart(&store, plainly)?;
            let counter = u64::try_from(plainly).context("too many sales")?;
            let invoice = invoice(&cart, ReceiptNumber::new("03", counter)?)?;
            plain.prepare(&invoice)?;
            let started = Instant::now();
            plain.sell(&invoice)?;
            Ok(started.elapsed())
        }),
        Contender::new("write + fsync of the same bytes", || {
            append(&mut raw, &block)
        }),
    ];
    let times = take_turns(50, effort.turns(2_000), &mut contenders)?;
    section(bytes, &times)
}

fn section(bytes: usize, times: &[Times]) -> Result<Section> {
    let [sale, plain, raw] = times else {
        bail!("three contenders")
    };
    let (to_raw, to_plain) = (sale.ratio(raw), sale.ratio(plain));
    Ok(Section {
        title: "Durable encrypted sale",
        what: format!(
            "A five-line cash sale: number, invoice, lines, taxes, payment, journal, outbox and \
             print queue in one commit, {bytes} bytes of write-ahead log; {} turns.",
            sale.count()
        ),
        head: vec!["what", "p50", "p99", "ratio to write + fsync"],
        rows: times
            .iter()
            .map(|one| {
                let [half, slow] = [one.percentile(50), one.percentile(99)].map(readable);
                vec![one.name.into(), half, slow, one.ratio(raw).to_string()]
            })
            .collect(),
        aims: vec![
            Aim {
                what: "at most 1.9× write + fsync at p50".into(),
                found: to_raw.to_string(),
                met: to_raw.median <= AIM_RAW,
            },
            Aim {
                what: "at most 1.5× plain SQLite at p50".into(),
                found: to_plain.to_string(),
                met: to_plain.median <= AIM_PLAIN,
            },
        ],
    })
}

/// Rings up a cart, then times the commit alone: what stands between "pay" and "paid".
fn sell(store: &Store, number: u128) -> Result<Duration> {
    let cart = cart(store, number)?;
    store.save_cart(&cart)?;
    let started = Instant::now();
    let sold = store.commit_sale(&cart, |number| invoice(&cart, number));
    let took = started.elapsed();
    sold?;
    Ok(took)
}

fn cart(store: &Store, number: u128) -> Result<Cart> {
    let list = PriceListId::from(shop::LIST);
    let mut cart = Cart::new(Uuid::from_u128(number << 64), list.clone());
    for line in 0..5_u64 {
        let wanted = u64::try_from(number).unwrap_or_default() * 31 + line * 7;
        let item = store.item_by_barcode(&shop::barcode(wanted % ITEMS), &list)?;
        cart.add(item.context("an item is missing")?, Quantity::ONE)?;
    }
    Ok(cart)
}

fn invoice(cart: &Cart, number: ReceiptNumber) -> Result<Invoice, evertill_core::CheckoutError> {
    let sale_rules = SaleRules::plain(Currency {
        code: "EUR".into(),
        symbol: "€".into(),
        decimals: 2,
    });
    let total = Totals::of(cart, &sale_rules)?.total;
    let cash = Tender {
        mode: "cash".into(),
        mode_name: "Cash".into(),
        kind: PaymentKind::Cash,
        amount: Money::from_minor(total.minor() / 1_000 * 1_000 + 1_000),
    };
    settle(total, std::slice::from_ref(&cash))?;
    let key = Uuid::from_u128(cart.id.as_u128() | 1);
    Invoice::from_cart(
        cart,
        &sale_rules,
        NewInvoice {
            key,
            till: TillId::from("03"),
            number,
            business_date: jiff::civil::date(2026, 11, 23),
            sold_at: jiff::Timestamp::from_millisecond(SOLD_AT).unwrap_or_default(),
            cashier: "ana".into(),
            cashier_name: "Ana".into(),
            tenders: vec![cash],
        },
    )
}

/// How much one sale adds to the write-ahead log, so that the baseline writes as much.
fn wal_bytes_per_sale(store: &Store, folder: &Path) -> Result<usize> {
    const SALES: u64 = 20;
    let wal = folder.join("till.db-wal");
    let mut grown = 0;
    for number in 1..=SALES {
        let cart = cart(store, number.into())?;
        store.save_cart(&cart)?;
        let before = std::fs::metadata(&wal)?.len();
        store.commit_sale(&cart, |number| invoice(&cart, number))?;
        grown += std::fs::metadata(&wal)?.len().saturating_sub(before);
    }
    usize::try_from(grown / SALES).context("the write-ahead log is too large")
}

fn append(raw: &mut File, block: &[u8]) -> Result<()> {
    raw.write_all(block)?;
    Ok(raw.sync_all()?)
}
