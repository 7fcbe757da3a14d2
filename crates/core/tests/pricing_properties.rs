//! What must hold for promotions on any basket.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

use evertill_core::pricing::{
    Basket, BasketLine, Benefit, Effect, PricedBasket, PricingContext, Promotion, Promotions,
    Selector, Stacking,
};
use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;

const ITEMS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn context() -> PricingContext {
    PricingContext::at(date(2026, 11, 23).at(10, 0, 0, 0))
}

fn basket_line() -> impl Strategy<Value = BasketLine> {
    (
        prop::sample::select(&ITEMS[..]),
        1_i64..=6_000,
        0_i64..=2_000,
        any::<bool>(),
    )
        .prop_map(|(item, milli, cents, whole)| BasketLine {
            item: item.to_owned(),
            name: item.to_owned(),
            qty: if whole {
                Decimal::from(1 + milli / 1000)
            } else {
                Decimal::new(milli, 3)
            },
            price: Decimal::new(cents, 2),
            ..BasketLine::default()
        })
}

fn selector() -> impl Strategy<Value = Selector> {
    prop::sample::subsequence(&ITEMS[..], 1..=3).prop_map(Selector::items)
}

fn benefit() -> impl Strategy<Value = Benefit> {
    prop_oneof![
        (0_i64..=100).prop_map(|percent| Benefit::Percent(percent.into())),
        (0_i64..=1_500).prop_map(|cents| Benefit::Amount(Decimal::new(cents, 2))),
        (0_i64..=1_500).prop_map(|cents| Benefit::Price(Decimal::new(cents, 2))),
        Just(Benefit::Free),
    ]
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        (selector(), benefit(), 0_i64..=3).prop_map(|(of, benefit, least)| Effect::UnitDiscount {
            of,
            benefit,
            at_least: least.into(),
        }),
        (
            selector(),
            selector(),
            benefit(),
            1_u32..=2,
            1_u32..=2,
            prop::option::of(1_u32..=2)
        )
            .prop_map(|(buy, get, benefit, buy_units, get_units, repeats)| {
                Effect::BuyGet {
                    buy,
                    buy_units,
                    get,
                    get_units,
                    benefit,
                    repeats,
                }
            }),
        (
            selector(),
            benefit(),
            1_u32..=3,
            prop::option::of(1_u32..=2)
        )
            .prop_map(|(of, benefit, units, repeats)| Effect::BuyGet {
                buy: of.clone(),
                buy_units: units,
                get: of,
                get_units: 1,
                benefit,
                repeats,
            }),
        (selector(), 2_u32..=4, 0_i64..=3_000).prop_map(|(of, units, cents)| {
            Effect::MixAndMatch {
                of,
                units,
                price: Decimal::new(cents, 2),
                repeats: None,
            }
        }),
        (benefit(), 0_i64..=5_000).prop_map(|(benefit, from)| Effect::Ticket {
            of: Selector::everything(),
            from: Decimal::new(from, 2),
            benefit,
        }),
    ]
}

fn promotions() -> impl Strategy<Value = Vec<Promotion>> {
    prop::collection::vec((effect(), any::<bool>(), 0_i32..=2), 0..8).prop_map(|effects| {
        effects
            .into_iter()
            .enumerate()
            .map(|(index, (effect, stackable, priority))| Promotion {
                priority,
                stacking: if stackable {
                    Stacking::Stackable
                } else {
                    Stacking::Exclusive
                },
                ..Promotion::new(format!("{index}"), format!("P{index}"), effect)
            })
            .collect()
    })
}

fn check(basket: &Basket, priced: &PricedBasket) {
    let mut after = Decimal::ZERO;
    for (line, priced) in basket.lines.iter().zip(&priced.lines) {
        let qty: Decimal = priced.pieces.iter().map(|piece| piece.qty).sum();
        assert_eq!(qty, line.qty, "no unit is lost or won");
        for piece in &priced.pieces {
            assert!(piece.price >= Decimal::ZERO && piece.price <= line.price);
            assert!(piece.price.scale() <= 2, "{} is no price", piece.price);
            after += (piece.price * piece.qty).round_dp(2);
        }
        let lowered = priced.pieces.iter().any(|piece| piece.price < line.price);
        assert!(
            !lowered || !priced.why.is_empty(),
            "a lower price has a reason"
        );
    }
    assert!(priced.ticket_discount() <= after);
    for applied in &priced.applied {
        // What was done to whole units is exactly what is told about them.
        assert!(applied.saved >= Decimal::ZERO);
        let told: Decimal = applied.lines.iter().map(|line| line.saved).sum();
        assert_eq!(told, applied.saved);
    }
    let whole = basket.lines.iter().all(|line| line.qty.fract().is_zero());
    if whole {
        let told: Decimal = priced.applied.iter().map(|applied| applied.saved).sum();
        let lines: Decimal = priced.lines.iter().map(|line| line.saved).sum();
        assert_eq!(told, lines);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn promotions_lower_prices_and_lose_no_unit(
        lines in prop::collection::vec(basket_line(), 0..8),
        promotions in promotions(),
    ) {
        let basket = Basket { lines, coupons: Vec::new() };
        let priced = Promotions::new(promotions.clone()).price(&basket, &context());
        check(&basket, &priced);
        // The order promotions were entered in, and a second look, change nothing.
        let turned = Promotions::new(promotions.into_iter().rev());
        prop_assert_eq!(&turned.price(&basket, &context()), &priced);
    }

    #[test]
    fn competing_groups_save_at_least_the_stated_part_of_the_best(
        prices in prop::collection::vec((prop::sample::select(&ITEMS[..]), 1_i64..=999), 1..7),
        groups in prop::collection::vec((selector(), 2_u32..=3, 1_i64..=1_500), 1..4),
    ) {
        let lines = prices.iter().map(|(item, cents)| BasketLine {
            item: (*item).to_owned(),
            qty: Decimal::ONE,
            price: Decimal::new(*cents, 2),
            ..BasketLine::default()
        });
        let basket = Basket { lines: lines.collect(), coupons: Vec::new() };
        let largest = groups.iter().map(|(_, units, _)| *units).max().unwrap();
        let promotions = groups.iter().enumerate().map(|(index, (of, units, cents))| {
            let effect = Effect::MixAndMatch {
                of: of.clone(),
                units: *units,
                price: Decimal::new(*cents, 2),
                repeats: None,
            };
            Promotion::new(format!("{index}"), "P", effect)
        });
        let priced = Promotions::new(promotions).price(&basket, &context());
        let saved: Decimal = priced.lines.iter().map(|line| line.saved).sum();
        let mut used = vec![false; prices.len()];
        let best = Decimal::new(best_saving(&basket, &groups, &mut used), 2);
        prop_assert!(saved <= best);
        prop_assert!(saved * Decimal::from(largest) >= best, "{saved} of {best}");
    }

    #[test]
    fn promotions_on_single_units_are_the_best_there_are(
        lines in prop::collection::vec(basket_line(), 1..8),
        offers in prop::collection::vec((selector(), benefit()), 1..5),
    ) {
        let basket = Basket { lines, coupons: Vec::new() };
        let promotions = offers.iter().enumerate().map(|(index, (of, benefit))| {
            let effect =
                Effect::UnitDiscount { of: of.clone(), benefit: *benefit, at_least: Decimal::ZERO };
            Promotion::new(format!("{index}"), "P", effect)
        });
        let priced = Promotions::new(promotions).price(&basket, &context());
        for (line, priced) in basket.lines.iter().zip(&priced.lines) {
            let alone = offers.iter().filter(|(of, _)| of.matches(line)).map(|(_, benefit)| {
                match benefit {
                    Benefit::Percent(percent) => {
                        (line.price * (Decimal::ONE_HUNDRED - percent) / Decimal::ONE_HUNDRED)
                            .round_dp(2)
                    }
                    Benefit::Amount(amount) => (line.price - amount).max(Decimal::ZERO),
                    Benefit::Price(price) => (*price).min(line.price),
                    Benefit::Free => Decimal::ZERO,
                }
            });
            let best = alone.min().unwrap_or(line.price);
            prop_assert_eq!(priced.pieces[0].price, best);
        }
    }
}

/// The most a set of groups can save, by trying everything.
fn best_saving(basket: &Basket, groups: &[(Selector, u32, i64)], used: &mut [bool]) -> i64 {
    let cents = |line: &BasketLine| i64::try_from(line.price.mantissa()).unwrap();
    let mut best = 0;
    for (of, units, price) in groups {
        let free: Vec<usize> = (0..used.len())
            .filter(|index| !used[*index] && of.matches(&basket.lines[*index]))
            .collect();
        for mask in 0_u32..(1 << free.len()) {
            if mask.count_ones() != *units {
                continue;
            }
            let chosen: Vec<usize> = free
                .iter()
                .enumerate()
                .filter(|(bit, _)| mask & (1 << bit) != 0)
                .map(|(_, index)| *index)
                .collect();
            let worth: i64 = chosen
                .iter()
                .map(|index| cents(&basket.lines[*index]))
                .sum();
            if worth <= *price {
                continue;
            }
            for index in &chosen {
                used[*index] = true;
            }
            best = best.max(worth - price + best_saving(basket, groups, used));
            for index in &chosen {
                used[*index] = false;
            }
        }
    }
    best
}
