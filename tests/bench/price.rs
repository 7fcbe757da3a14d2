//! A cart priced again after each scan, with few and many promotions active.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use evertill_core::pricing::{Benefit, Effect, Promotion, Promotions, Selector, Stacking};
use evertill_core::{
    Cart, CartError, Currency, Money, Percent, PriceListId, Quantity, SaleItem, SaleRules, TaxRule,
    amend,
};
use jiff::civil::{DateTime, date};
use rust_decimal::Decimal;
use uuid::Uuid;

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
struct Size {
    lines: u32,
    title: &'static str,
    turns: usize,
    aim: Duration,
}

const CARTS: [Size; 2] = [
    Size {
        lines: 5,
        title: "5 lines",
        turns: 5_000,
        aim: Duration::from_millis(1),
    },
    Size {
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
            "What a scan does to the cart, without the store: the cart is always full, the oldest \
             line goes, a new one comes, and the whole cart is priced and worked out with its \
             promotions, discounts and taxes at two rates. {ITEMS} items; a quarter each of the promotions lowers \
             prices, gives the third for nothing, is mix and match, or is for the whole ticket.\n\n\
             ![Time against number of promotions](images/promotions.svg)"
        ),
        head: vec!["cart", "promotions", "p50", "p99", "ratio to no promotions"],
        rows,
        aims,
    })
}

/// The times of one cart with each number of promotions.
fn priced(cart: &Size, effort: &Effort) -> Result<Vec<Times>> {
    let mut contenders: Vec<Contender<'_>> = PROMOTIONS
        .iter()
        .map(|(count, name)| {
            let mut till = Till::new(*count, cart.lines)?;
            Ok(Contender::timed(name, move || till.scan()))
        })
        .collect::<Result<_>>()?;
    take_turns(20, effort.turns(cart.turns), &mut contenders)
}

/// A full cart and the terms of the shop.
struct Till {
    sale_rules: SaleRules,
    cart: Cart,
    scanned: u32,
}

const NOW: DateTime = date(2026, 11, 23).at(10, 0, 0, 0);

impl Till {
    fn new(promotions: u32, lines: u32) -> Result<Self> {
        let euro = Currency::new("EUR", "€", 2)?;
        let mut till = Self {
            sale_rules: SaleRules {
                promotions: Arc::new(Promotions::new((0..promotions).map(promotion))),
                ..SaleRules::plain(euro)
            },
            cart: Cart::new(Uuid::from_u128(1), PriceListId::from("retail")),
            scanned: 0,
        };
        for _ in 0..lines {
            let (item, quantity) = till.next()?;
            till.cart.add(item, quantity)?;
        }
        Ok(till)
    }

    fn next(&mut self) -> Result<(SaleItem, Quantity)> {
        let scanned = self.scanned;
        self.scanned += 1;
        let quantity = Quantity::new(Decimal::from(1 + scanned % 3))?;
        Ok((item(scanned * 31 % ITEMS)?, quantity))
    }

    /// Scans one line; what that does to the cart alone is timed.
    fn scan(&mut self) -> Result<Duration> {
        let lines = self.cart.lines.len();
        let oldest = self.cart.lines.first().context("an empty cart")?.id;
        let (item, quantity) = self.next()?;
        let started = Instant::now();
        let (_, totals) = amend(&mut self.cart, &self.sale_rules, NOW, |cart| {
            cart.remove(oldest)?;
            cart.add(item, quantity)?;
            Ok::<(), CartError>(())
        })?;
        let took = started.elapsed();
        ensure!(totals.lines.len() == lines, "a line is gone");
        let promoted = totals.lines.iter().any(|line| !line.promotions.is_empty());
        ensure!(
            self.sale_rules.promotions.len() < 1_000 || promoted,
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
        0 => Effect::UnitDiscount {
            of,
            benefit: Benefit::Percent(10.into()),
            at_least: Decimal::ZERO,
        },
        1 => Effect::BuyGet {
            buy: of.clone(),
            buy_units: 2,
            get: of,
            get_units: 1,
            benefit: Benefit::Free,
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
            benefit: Benefit::Amount(Decimal::ONE),
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

fn item(number: u32) -> Result<SaleItem> {
    let food = number.is_multiple_of(2);
    Ok(SaleItem {
        id: format!("item {number}").as_str().into(),
        name: format!("Item {number}"),
        unit: "pc".to_owned(),
        whole_units: true,
        category: format!("category {}", number % CATEGORIES).as_str().into(),
        price: Money::from_minor(99 + i64::from(number * 37 % 1_900)),
        tax: TaxRule {
            id: if food { "food" } else { "standard" }.into(),
            name: "VAT".to_owned(),
            rate: Percent::new(if food { 7.into() } else { 19.into() })?,
            inclusive: true,
            rates: Vec::new(),
        },
        barcode: None,
        brand: String::new(),
        prices: Vec::new(),
    })
}
