//! The first load of a catalogue: how long until a new till can sell, and what the load costs
//! beside a bare upsert of the same rows into the same kind of store.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use evertill_protocol::{Change, ChangeBody, Record};
use rusqlite::Connection;

use crate::Effort;
use crate::measure::{Contender, readable, take_turns};
use crate::report::{Aim, Section};
use crate::shop;

const ITEMS: u64 = 100_000;
const AIM: Duration = Duration::from_secs(10);
const AIM_RATIO: u128 = 2_000;

/// The search index as `migrations/till/0002_catalogue.sql` has it.
const INDEX: &str = "CREATE VIRTUAL TABLE items_fts USING fts5 (
    words, content = '', contentless_delete = 1, detail = none,
    prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
    tokenize = \"unicode61 remove_diacritics 2 categories 'L* M* N* Co'\");
    INSERT INTO items_fts (items_fts, rank) VALUES ('hashsize', 16777216);";

/// Loads a snapshot into an empty store; the baselines upsert the rows with and without a search index.
pub(crate) fn bench(effort: &Effort) -> Result<Section> {
    let folder = effort.folder("catalogue")?;
    let count = if effort.quick { ITEMS / 10 } else { ITEMS };
    let chunks: Vec<Vec<Change>> = (0..count)
        .step_by(shop::CHUNK)
        .map(|from| shop::items(from, (from + shop::CHUNK as u64).min(count)))
        .collect();
    let (mut loads, mut upserts, mut unsearched) = (0_u32, 0_u32, 0_u32);
    let mut contenders = [
        Contender::timed("snapshot into the till's store", || {
            loads += 1;
            let store = shop::open(&folder.join(format!("till-{loads}")))?;
            let started = Instant::now();
            store.begin_snapshot()?;
            store.apply_changes(&shop::base(), None)?;
            for chunk in &chunks {
                store.apply_changes(chunk, None)?;
            }
            store.finish_snapshot(1)?;
            Ok(started.elapsed())
        }),
        Contender::timed("bare upsert", || {
            upserts += 1;
            bare_upsert(&folder.join(format!("bare-{upserts}.db")), &chunks, true)
        }),
        Contender::timed("bare upsert without search", || {
            unsearched += 1;
            bare_upsert(
                &folder.join(format!("dumb-{unsearched}.db")),
                &chunks,
                false,
            )
        }),
    ];
    let times = take_turns(0, if effort.quick { 2 } else { 5 }, &mut contenders)?;
    let [load, bare, dumb] = times.as_slice() else {
        anyhow::bail!("three contenders")
    };
    let (slowest, ratio) = (load.percentile(100), load.ratio(bare));
    let row = |one: &crate::measure::Times| {
        let [half, most] = [one.percentile(50), one.percentile(100)].map(readable);
        vec![one.name.to_owned(), half, most, one.ratio(bare).to_string()]
    };
    Ok(Section {
        title: "Catalogue load",
        what: format!(
            "{count} items with a barcode and a price each, {} items a transaction. The baseline \
             upserts items, barcodes, prices and the same search index into an encrypted database \
             with the same settings, without checks, ranks or generations.",
            shop::CHUNK
        ),
        head: vec!["what", "median", "slowest", "ratio to the bare upsert"],
        rows: vec![row(load), row(bare), row(dumb)],
        aims: vec![
            Aim {
                what: "sellable within 10 s".into(),
                found: readable(slowest),
                met: slowest <= AIM,
            },
            Aim {
                what: "at most 2× a bare upsert".into(),
                found: ratio.to_string(),
                met: ratio.median <= AIM_RATIO,
            },
        ],
    })
}

fn bare_upsert(path: &Path, chunks: &[Vec<Change>], search: bool) -> Result<Duration> {
    let mut conn = Connection::open(path)?;
    conn.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32)))?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "wal_autocheckpoint", 16_384)?;
    conn.execute_batch(
        "CREATE TABLE items (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
             category TEXT NOT NULL, unit TEXT NOT NULL, whole_units INTEGER NOT NULL,
             tax_rule TEXT NOT NULL, popularity INTEGER NOT NULL) STRICT;
         CREATE TABLE barcodes (barcode TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL) STRICT;
         CREATE TABLE prices (id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL,
             amount INTEGER NOT NULL) STRICT;",
    )?;
    if search {
        conn.execute_batch(INDEX)?;
    }
    let started = Instant::now();
    for chunk in chunks {
        let tx = conn.transaction()?;
        for change in chunk {
            if let ChangeBody::Upsert(record) = &change.body {
                upsert(&tx, record, search)?;
            }
        }
        tx.commit()?;
    }
    Ok(started.elapsed())
}

fn upsert(conn: &Connection, record: &Record, search: bool) -> Result<()> {
    match record {
        Record::Item(item) => {
            conn.prepare_cached(
                "INSERT INTO items (id, name, category, unit, whole_units, tax_rule, popularity)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            )?
            .execute((
                item.id.as_str(),
                &item.name,
                item.category.as_str(),
                &item.unit,
                item.whole_units,
                item.tax_rule.as_str(),
                i64::try_from(item.popularity)?,
            ))?;
            if search {
                conn.prepare_cached("INSERT INTO items_fts (words) VALUES (?1)")?
                    .execute([&item.name])?;
            }
            for barcode in &item.barcodes {
                conn.prepare_cached(
                    "INSERT INTO barcodes (barcode, item) VALUES (?1, ?2)
                     ON CONFLICT (barcode) DO UPDATE SET item = excluded.item",
                )?
                .execute((barcode, item.id.as_str()))?;
            }
        }
        Record::Price(price) => {
            conn.prepare_cached(
                "INSERT INTO prices (id, item, amount) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET amount = excluded.amount",
            )?
            .execute((&price.id, price.item.as_str(), price.amount.minor()))?;
        }
        _ => {}
    }
    Ok(())
}
