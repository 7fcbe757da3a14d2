//! Search as you type: every prefix of what a cashier would type, in a large and a huge catalogue.

use std::time::Duration;

use anyhow::Result;
use evertill_core::{CategoryId, PriceListId};

use crate::Effort;
use crate::measure::{Contender, Times, readable, take_turns};
use crate::report::{Aim, Section};
use crate::shop;

/// Sizes and the slowest hundredth that each may take.
const SIZES: [(u64, Duration); 2] = [
    (100_000, Duration::from_millis(5)),
    (1_000_000, Duration::from_millis(20)),
];
/// As many as the window shows at once.
const ROWS: u32 = 60;
/// What is typed, letter by letter.
const TYPED: [&str; 6] = [
    "milk",
    "choc dark",
    "organic apple",
    "yogurt 4711",
    "pepper red rice",
    "zzz",
];

/// Each typed letter is one search; the baseline is the empty search, which shows the best sellers.
pub(crate) fn bench(effort: &Effort) -> Result<Section> {
    let list = PriceListId::from(shop::LIST);
    let category = CategoryId::from("c3");
    let searches: Vec<&str> = TYPED
        .iter()
        .flat_map(|text| (1..=text.len()).filter_map(|to| text.get(..to)))
        .collect();
    let mut rows = Vec::new();
    let mut aims = Vec::new();
    for (items, aim) in SIZES {
        if effort.quick && items > 100_000 {
            continue;
        }
        let store = shop::filled(effort, items)?;
        let (mut at, mut within) = (searches.iter().cycle(), searches.iter().cycle());
        let mut contenders = [
            Contender::new("typed", || {
                let text = at.next().copied().unwrap_or_default();
                store.search_items(text, None, &list, ROWS)?;
                Ok(())
            }),
            Contender::new("typed within a category", || {
                let text = within.next().copied().unwrap_or_default();
                store.search_items(text, Some(&category), &list, ROWS)?;
                Ok(())
            }),
            Contender::new("nothing typed", || {
                store.search_items("", None, &list, ROWS)?;
                Ok(())
            }),
        ];
        let times = take_turns(100, effort.turns(5_000), &mut contenders)?;
        let slowest = times
            .iter()
            .map(|one| one.percentile(99))
            .max()
            .unwrap_or_default();
        rows.extend(times.iter().map(|one| row(items, one, times.last())));
        aims.push(Aim {
            what: format!("p99 at most {} with {items} items", readable(aim)),
            found: readable(slowest),
            met: slowest <= aim,
        });
    }
    Ok(Section {
        title: "Search as you type",
        what: format!("Every prefix of {TYPED:?}, {ROWS} rows asked for."),
        head: vec!["items", "what", "p50", "p99", "ratio to the empty search"],
        rows,
        aims,
    })
}

fn row(items: u64, one: &Times, baseline: Option<&Times>) -> Vec<String> {
    vec![
        items.to_string(),
        one.name.into(),
        readable(one.percentile(50)),
        readable(one.percentile(99)),
        baseline
            .map(|baseline| one.ratio(baseline).to_string())
            .unwrap_or_default(),
    ]
}
