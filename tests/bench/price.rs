//! A cart priced again after each scan, with few and many promotions active.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use evertill_core::pricing::{
    Basket, BasketLine, Effect, PricingContext, Promotion, Promotions, Reward, Selector, Stacking,
};
use rust_decimal::Decimal;

use crate::Effort;
use crate::measure::{Contender, Times, readable, take_turns};
use crate::plot::{Curve, Plot};
use crate::report::{Aim, Section};

/// How many promotions are active, and the column's name. The first is the baseline.
const PROMOTIONS: [(u32, &str); 5] = [
    (0, "none"),
    (10, "10"),
    (100, "100"),
    (1_000, "1,000"),
    (10_000, "10,000"),
];

/// The number of promotions that the aims are about.
const AIMED_AT: &str = "1,000";

/// Items of the shop; each is meant by 1 promotion in 100, and by those of its category.
const ITEMS: u32 = 400;
const CATEGORIES: u32 = 20;

const PLOT: &str = "docs/images/promotions.svg";

/// A cart of so many lines, how often it is priced, and how long that may take.
struct Cart {
    lines: u32,
    title: &'static str,
    turns: usize,
    aim: Duration,
}

const CARTS: [Cart; 2] = [
    Cart {
        lines: 5,
        title: "5 lines",
        turns: 5_000,
        aim: Duration::from_millis(1),
    },
    Cart {
        lines: 300,
        title: "300 lines",
        turns: 400,
        aim: Duration::from_millis(10),
    },
];

/// Prices full carts again after each scan.
pub(crate) fn bench(effort: &Effort) -> Result<Section> {
    let mut rows = Vec::new();
    let mut aims = Vec::new();
    let mut curves = Vec::new();
    for cart in &CARTS {
        let times = priced(cart, effort)?;
        let none = times.first().context("no baseline")?;
        for one in &times {
            let [half, slow] = [one.percentile(50), one.percentile(99)];
            rows.push(vec![
                cart.title.into(),
                one.name.into(),
                readable(half),
                readable(slow),
                one.ratio(none).to_string(),
            ]);
        }
        let aimed = times.iter().find(|one| one.name == AIMED_AT);
        let slow = aimed.context("no contender has the aim")?.percentile(99);
        aims.push(Aim {
            what: format!(
                "{} and {AIMED_AT} promotions: p99 at most {} ms",
                cart.title,
                cart.aim.as_millis()
            ),
            found: readable(slow),
            met: slow <= cart.aim,
        });
        curves.push(Curve {
            name: cart.title,
            points: times.iter().map(|one| one.percentile(50)).collect(),
            above: times.iter().map(|one| one.percentile(99)).collect(),
        });
    }
    if !effort.quick {
        let plot = Plot {
            title: "Pricing a cart again after a scan, by active promotions",
            across: PROMOTIONS.map(|(_, name)| name).to_vec(),
            curves,
        };
        plot.write(PLOT.as_ref())?;
    }
    Ok(Section {
        title: "Cart priced again after each scan",
        what: format!(
            "Core only. The cart is always full: the oldest line goes, a new one is scanned, and \
             the whole cart is priced. {ITEMS} items; a quarter each of the promotions lowers \
             prices, gives the third for nothing, is mix and match, or is for the whole ticket.\n\n\
             ![Time against number of promotions](images/promotions.svg)"
        ),
        head: vec!["cart", "promotions", "p50", "p99", "ratio to no promotions"],
        rows,
        aims,
    })
}

/// The times of one cart with each number of promotions.
fn priced(cart: &Cart, effort: &Effort) -> Result<Vec<Times>> {
    let mut contenders: Vec<Contender<'_>> = PROMOTIONS
        .iter()
        .map(|(count, name)| {
            let mut till = Till::new(*count, cart.lines);
            Contender::timed(name, move || till.scan())
        })
        .collect();
    take_turns(20, effort.turns(cart.turns), &mut contenders)
}

/// A full cart and the promotions of the shop.
struct Till {
    promotions: Promotions,
    basket: Basket,
    context: PricingContext,
    scanned: u32,
}

impl Till {
    fn new(promotions: u32, lines: u32) -> Self {
        Self {
            promotions: Promotions::new((0..promotions).map(promotion)),
            basket: Basket {
                lines: (0..lines).map(line).collect(),
                ..Basket::default()
            },
            context: PricingContext::at(jiff::civil::date(2026, 11, 23).at(10, 0, 0, 0)),
            scanned: lines,
        }
    }

    /// Scans one line and prices the cart, which alone is timed.
    fn scan(&mut self) -> Result<Duration> {
        self.basket.lines.remove(0);
        self.basket.lines.push(line(self.scanned));
        self.scanned += 1;
        let started = Instant::now();
        let priced = self.promotions.price(&self.basket, &self.context);
        let took = started.elapsed();
        ensure!(
            priced.lines.len() == self.basket.lines.len(),
            "a line is gone"
        );
        ensure!(
            self.promotions.len() < 1_000 || !priced.applied.is_empty(),
            "every item has promotions now, and none applied"
        );
        Ok(took)
    }
}

fn promotion(index: u32) -> Promotion {
    let of = if index.is_multiple_of(10) {
        Selector::category(format!("category {}", index / 10 % CATEGORIES))
    } else {
        Selector::items((0..4).map(|step| format!("item {}", (index * 7 + step * 13) % ITEMS)))
    };
    let effect = match index % 4 {
        0 => Effect::Each {
            of,
            reward: Reward::Percent(10.into()),
            at_least: Decimal::ZERO,
        },
        1 => Effect::BuyGet {
            buy: of.clone(),
            buy_units: 2,
            get: of,
            get_units: 1,
            reward: Reward::Free,
            repeats: None,
        },
        2 => Effect::MixAndMatch {
            of,
            units: 3,
            price: Decimal::new(500, 2),
            repeats: None,
        },
        _ => Effect::Ticket {
            of: Selector::everything(),
            from: Decimal::from(index),
            reward: Reward::Amount(Decimal::ONE),
        },
    };
    Promotion {
        stacking: if index.is_multiple_of(5) {
            Stacking::Stackable
        } else {
            Stacking::Exclusive
        },
        ..Promotion::new(format!("{index:05}"), format!("Promotion {index}"), effect)
    }
}

fn line(scanned: u32) -> BasketLine {
    let item = scanned * 31 % ITEMS;
    BasketLine {
        item: format!("item {item}"),
        name: format!("Item {item}"),
        categories: vec![format!("category {}", item % CATEGORIES)],
        qty: Decimal::from(1 + scanned % 3),
        price: Decimal::new(99 + i64::from(item * 37 % 1_900), 2),
        ..BasketLine::default()
    }
}
