//! How far a long command is: a bar in a terminal, a line now and then anywhere else.
//!
//! Both go to standard error, because the sums on standard output are read by scripts.

use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{FormattedDuration, HumanCount, ProgressBar, ProgressStyle};

/// How often progress is told.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Pace {
    /// Where standard error is no terminal: at least so many seconds from one line of progress to
    /// the next.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    progress_every: u64,
}

/// The progress of one part of a command.
pub(crate) struct Progress {
    what: &'static str,
    bar: ProgressBar,
    every: Duration,
    told: Instant,
}

impl Progress {
    /// So many are to be done.
    pub(crate) fn new(pace: Pace, total: u64, what: &'static str) -> Self {
        let bar = ProgressBar::new(total);
        let style = ProgressStyle::with_template(
            "{bar:32} {human_pos}/{human_len} {prefix} {per_sec} {eta}",
        );
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_prefix(what);
        Self {
            what,
            bar,
            every: Duration::from_secs(pace.progress_every),
            told: Instant::now(),
        }
    }

    /// One more is done.
    pub(crate) fn one_more(&mut self) {
        self.bar.inc(1);
        self.tell();
    }

    /// So many are done, of a total that is known only now.
    pub(crate) fn set(&mut self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        self.tell();
    }

    /// All is done: the bar is full, or nothing more is told.
    pub(crate) fn finish(self) {
        self.bar.finish();
    }

    /// All is done, and how much it was does not matter any more.
    pub(crate) fn finish_and_clear(self) {
        self.bar.finish_and_clear();
    }

    fn tell(&mut self) {
        // A bar is hidden where there is no terminal to draw it in.
        if self.bar.is_hidden() && self.told.elapsed() >= self.every {
            self.told = Instant::now();
            let total = self.bar.length().unwrap_or_default();
            let (done, left) = (self.bar.position(), self.bar.eta());
            eprintln!("{}", line(done, total, self.what, left));
        }
    }
}

/// The bar's words: `12,340 of 155,848 baskets, 7 %, 01:31:08 left`.
fn line(done: u64, total: u64, what: &str, left: Duration) -> String {
    let share = done.saturating_mul(100).checked_div(total).unwrap_or(100);
    format!(
        "{} of {} {what}, {share} %, {} left",
        HumanCount(done),
        HumanCount(total),
        FormattedDuration(left)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_count_share_and_time_left() {
        let left = Duration::from_secs(91 * 60 + 8);
        assert_eq!(
            line(12_340, 155_848, "baskets", left),
            "12,340 of 155,848 baskets, 7 %, 01:31:08 left"
        );
        assert_eq!(
            line(0, 0, "baskets", Duration::ZERO),
            "0 of 0 baskets, 100 %, 00:00:00 left"
        );
    }
}
