//! The units of a basket while promotions go over them.

use rust_decimal::Decimal;

use super::context::{Basket, BasketLine};

/// Units of one line that go for the same price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) qty: Decimal,
    pub(super) price: Decimal,
    pub(super) state: State,
}

/// What has happened to units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: any promotion may take them.
    Untouched,
    /// Stackable promotions lowered them, this one last: other stackable ones
    /// may too.
    Stacked(usize),
    /// An exclusive promotion took them, or they are for none.
    Taken,
}

/// All lines' units.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pub(super) lines: Vec<Vec<Run>>,
    /// How many changes there were, and at which of them each line changed last.
    changes: u64,
    changed: Vec<u64>,
}

impl Pool {
    pub(super) fn new(basket: &Basket) -> Self {
        let run = |line: &BasketLine| Run {
            qty: line.qty,
            price: line.price,
            state: if line.no_promotions {
                State::Taken
            } else {
                State::Untouched
            },
        };
        Self {
            lines: basket.lines.iter().map(|line| vec![run(line)]).collect(),
            changes: 0,
            changed: vec![0; basket.lines.len()],
        }
    }

    /// How many changes there were.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// Whether none of these lines changed after so many changes.
    pub(super) fn unchanged_since(&self, changes: u64, lines: &[usize]) -> bool {
        lines.iter().all(|line| {
            self.changed
                .get(*line)
                .is_none_or(|changed| *changed <= changes)
        })
    }

    /// The runs of a line.
    pub(super) fn line(&self, line: usize) -> &[Run] {
        self.lines.get(line).map_or(&[], Vec::as_slice)
    }

    /// Whether a promotion may take a run; a stackable one says which it is.
    pub(super) fn free(run: &Run, stacking: Option<usize>) -> bool {
        match run.state {
            State::Untouched => true,
            // Promotions go over the pool one after another, so the last one
            // is all that needs to be known to lower nothing twice.
            State::Stacked(last) => stacking.is_some_and(|promotion| promotion != last),
            State::Taken => false,
        }
    }

    /// Lowers `qty` units of a run to `price`. Runs keep their place; what
    /// is split off goes last.
    pub(super) fn lower(
        &mut self,
        line: usize,
        run: usize,
        qty: Decimal,
        price: Decimal,
        state: State,
    ) {
        let Some(runs) = self.lines.get_mut(line) else {
            return;
        };
        let Some(old) = runs.get_mut(run) else { return };
        self.changes += 1;
        if let Some(changed) = self.changed.get_mut(line) {
            *changed = self.changes;
        }
        if qty >= old.qty {
            old.price = price;
            old.state = state;
            return;
        }
        old.qty = old.qty.saturating_sub(qty);
        runs.push(Run { qty, price, state });
    }
}
