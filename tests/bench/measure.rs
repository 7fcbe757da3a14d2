//! Timing on a machine that others use too: contender and baseline take turns in one process, and
//! what is reported is the ratio within each turn, never a time alone.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// One thing to time: its name and one run of it. A run may take its own time, for what must be
/// prepared before and is not to be counted.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut() -> Result<Duration> + 'a>,
}

impl<'a> Contender<'a> {
    /// A contender whose whole run counts.
    pub(crate) fn new(name: &'static str, mut run: impl FnMut() -> Result<()> + 'a) -> Self {
        let timed = move || {
            let started = Instant::now();
            run()?;
            Ok(started.elapsed())
        };
        Self {
            name,
            run: Box::new(timed),
        }
    }

    /// A contender that says itself how long the part that counts took.
    pub(crate) fn timed(name: &'static str, run: impl FnMut() -> Result<Duration> + 'a) -> Self {
        Self {
            name,
            run: Box::new(run),
        }
    }
}

/// The times of one contender, a turn each.
pub(crate) struct Times {
    pub(crate) name: &'static str,
    turns: Vec<Duration>,
}

impl Times {
    /// The time that this share of the turns did not exceed, from 0 to 100 percent.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        percentile(&mut self.turns.clone(), percent)
    }

    /// How many turns there were.
    pub(crate) fn count(&self) -> usize {
        self.turns.len()
    }

    /// This contender's time over the baseline's, turn by turn, in thousandths: the median, and
    /// the tenth and ninetieth percentile as its spread.
    pub(crate) fn ratio(&self, baseline: &Self) -> Ratio {
        let turns = self.turns.iter().zip(&baseline.turns);
        let mut ratios: Vec<u128> = turns
            .map(|(mine, theirs)| mine.as_nanos() * 1000 / theirs.as_nanos().max(1))
            .collect();
        Ratio {
            median: percentile(&mut ratios, 50),
            low: percentile(&mut ratios, 10),
            high: percentile(&mut ratios, 90),
        }
    }
}

/// A ratio in thousandths, with its spread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) median: u128,
    pub(crate) low: u128,
    pub(crate) high: u128,
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text =
            |thousandths: u128| format!("{}.{:02}", thousandths / 1000, thousandths % 1000 / 10);
        write!(
            to,
            "{}× ({} to {})",
            text(self.median),
            text(self.low),
            text(self.high)
        )
    }
}

/// Lets the contenders take turns. The first turns warm up and do not count; who goes first changes
/// every turn, so that none always meets the caches another left.
pub(crate) fn take_turns(
    warm_up: usize,
    turns: usize,
    contenders: &mut [Contender<'_>],
) -> Result<Vec<Times>> {
    ensure!(!contenders.is_empty() && turns > 0, "nothing to time");
    let mut times: Vec<Times> = contenders
        .iter()
        .map(|contender| Times {
            name: contender.name,
            turns: Vec::with_capacity(turns),
        })
        .collect();
    let count = contenders.len();
    for turn in 0..warm_up + turns {
        for place in 0..count {
            let index = (turn + place) % count;
            let (Some(contender), Some(times)) = (contenders.get_mut(index), times.get_mut(index))
            else {
                continue;
            };
            let took = (contender.run)()?;
            if turn >= warm_up {
                times.turns.push(took);
            }
        }
    }
    Ok(times)
}

fn percentile<T: Ord + Copy + Default>(values: &mut [T], percent: usize) -> T {
    values.sort_unstable();
    let last = values.len().saturating_sub(1);
    values
        .get(last * percent / 100)
        .copied()
        .unwrap_or_default()
}

/// A time as a person reads it.
pub(crate) fn readable(time: Duration) -> String {
    let micros = time.as_micros();
    match micros {
        0..10_000 => format!("{}.{:01} µs", micros, time.as_nanos() % 1000 / 100),
        10_000..1_000_000 => format!("{}.{:01} ms", micros / 1000, micros % 1000 / 100),
        _ => format!(
            "{}.{:01} s",
            micros / 1_000_000,
            micros % 1_000_000 / 100_000
        ),
    }
}
