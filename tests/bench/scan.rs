//! From a barcode to a priced line of the cart, with the shop's whole catalogue in the store.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use evertill_core::{Cart, Currency, PriceListId, Quantity, SaleRules, Totals};
use uuid::Uuid;

use crate::Effort;
use crate::measure::{Contender, readable, take_turns};
use crate::report::{Aim, Section};
use crate::shop;

const ITEMS: u64 = 100_000;
const AIM: Duration = Duration::from_millis(1);

/// Scans into a five-line cart at 100,000 items; the baseline is the bare look-up.
pub(crate) fn bench(effort: &Effort) -> Result<Section> {
    let store = shop::filled(effort, ITEMS)?;
    let list = PriceListId::from(shop::LIST);
    let sale_rules = SaleRules::plain(Currency {
        code: "EUR".into(),
        symbol: "€".into(),
        decimals: 2,
    });
    let numbers = std::cell::Cell::new(1_u64);
    let next = || {
        numbers.set(numbers.get() * 48_271 % 2_147_483_647);
        shop::barcode(numbers.get() % ITEMS)
    };
    let look_up = || -> Result<()> {
        store
            .item_by_barcode(&next(), &list)?
            .context("an item is missing")?;
        Ok(())
    };
    let mut cart = Cart::new(Uuid::from_u128(1), list.clone());
    let priced = || -> Result<Duration> {
        if cart.lines.len() >= 5 {
            cart.clear();
        }
        let code = next();
        let started = Instant::now();
        let item = store
            .item_by_barcode(&code, &list)?
            .context("an item is missing")?;
        cart.add(item, Quantity::ONE)?;
        Totals::of(&cart, &sale_rules)?;
        Ok(started.elapsed())
    };
    let mut contenders = [
        Contender::timed("barcode → priced line", priced),
        Contender::new("bare look-up", look_up),
    ];
    let times = take_turns(200, effort.turns(20_000), &mut contenders)?;
    let [priced, bare] = times.as_slice() else {
        anyhow::bail!("two contenders")
    };
    let slow = priced.percentile(99);
    Ok(Section {
        title: "Barcode to priced cart line",
        what: format!("{ITEMS} items in the store, carts of up to five lines."),
        head: vec!["what", "p50", "p99", "ratio to the bare look-up"],
        rows: [priced, bare]
            .map(|one| {
                let times = [one.percentile(50), one.percentile(99)].map(readable);
                let [half, slow] = times;
                vec![one.name.into(), half, slow, one.ratio(bare).to_string()]
            })
            .to_vec(),
        aims: vec![Aim {
            what: "p99 at most 1 ms".into(),
            found: readable(slow),
            met: slow <= AIM,
        }],
    })
}
