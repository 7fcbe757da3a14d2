//! How long a cart takes to be priced again with many promotions active.
use std::time::{Duration, Instant};

use evertill_core::pricing::{
    Basket, BasketLine, Effect, PricingContext, Promotion, Promotions, Reward, Selector, Stacking,
};
use rust_decimal::Decimal;

fn promotions(count: u32) -> Promotions {
    Promotions::new((0..count).map(|index| {
        let items: Vec<String> = (0..4)
            .map(|step| format!("item {}", (index * 7 + step * 13) % 400))
            .collect();
        let of = if index % 10 == 0 {
            Selector::category(format!("category {}", index % 20))
        } else {
            Selector::items(items)
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
        let stacking = if index % 5 == 0 {
            Stacking::Stackable
        } else {
            Stacking::Exclusive
        };
        Promotion {
            stacking,
            ..Promotion::new(format!("{index:05}"), "P", effect)
        }
    }))
}

fn line(index: usize) -> BasketLine {
    BasketLine {
        item: format!("item {}", (index * 31) % 400),
        name: "x".to_owned(),
        categories: vec![format!("category {}", index % 20)],
        qty: Decimal::from(1 + index % 3),
        price: Decimal::new(99 + i64::try_from(index * 37 % 1900).unwrap_or(0), 2),
        ..BasketLine::default()
    }
}

fn main() {
    let now = jiff::civil::date(2026, 11, 23).at(10, 0, 0, 0);
    let context = PricingContext::at(now);
    for count in [0, 250, 500, 1000, 2000, 4000] {
        let promotions = promotions(count);
        for lines in [5, 300] {
            let mut took = Vec::new();
            // The cart is priced again after each scan until it is full; the
            // last scans cost most, so those are what is measured.
            let rounds = if lines == 5 { 500 } else { 20 };
            for _ in 0..rounds {
                let mut basket = Basket::default();
                for index in 0..lines {
                    basket.lines.push(line(index));
                    if index * 10 < lines * 8 {
                        continue;
                    }
                    let start = Instant::now();
                    let priced = promotions.price(&basket, &context);
                    took.push(start.elapsed());
                    assert_eq!(priced.lines.len(), basket.lines.len());
                }
            }
            took.sort_unstable();
            let p99 = took
                .get(took.len() * 99 / 100)
                .copied()
                .unwrap_or(Duration::ZERO);
            let p50 = took.get(took.len() / 2).copied().unwrap_or(Duration::ZERO);
            println!("{count:5} promotions, {lines:3} lines: p50 {p50:?}, p99 {p99:?}");
        }
    }
}
