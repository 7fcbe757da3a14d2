//! `evertill-demo promotions`: a data set's discounts through the money engine.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use evertill_core::calc::{
    self, Arithmetic, DiscountOn, Document, DocumentDiscount, Settings, calculate,
};
use evertill_core::pricing::{PricedBasket, Promotions};

use crate::files::{self, Basket, Line, Lines};
use crate::offers::{Kind, Offered, cents, offered};
use crate::progress::{Pace, Progress};
use crate::sums::Cents;

/// How many differing baskets are printed.
const SHOWN: usize = 20;

/// Which baskets.
#[derive(Debug, Args)]
pub struct Options {
    /// Folder with `baskets.csv` and `lines.csv`; see demo/README.md.
    #[arg(long)]
    data: PathBuf,
    /// The first so many baskets only.
    #[arg(long)]
    limit: Option<usize>,
    /// Nobody shows a loyalty card: then loyalty prices stay shelf prices, and totals differ.
    #[arg(long)]
    without_card: bool,
    #[command(flatten)]
    pace: Pace,
}

/// Prices every basket of a day with all promotions of that day, compares, prints the sums.
///
/// # Errors
/// A basket differs, or the files are not what demo/README.md says.
pub fn promotions(options: &Options) -> Result<()> {
    let mut baskets = files::baskets(&options.data)?;
    baskets.truncate(options.limit.unwrap_or(usize::MAX));
    let mut lines = Lines::open(&options.data)?;
    let count = u64::try_from(baskets.len()).unwrap_or(u64::MAX);
    let mut progress = Progress::new(options.pace, count, "baskets");
    let mut sums = Sums::default();
    for day in baskets.chunk_by(|one, next| one.sold_at.date() == next.sold_at.date()) {
        let mut sold = Vec::with_capacity(day.len());
        let mut active = Vec::new();
        for basket in day {
            let rows: Vec<Line> = lines.of(basket)?;
            let mut offered = offered(basket, &rows);
            offered.context.loyalty = !options.without_card;
            active.append(&mut offered.promotions);
            sold.push((basket, offered));
        }
        let active = Promotions::new(active);
        sums.promotions += active.len();
        sums.at_once = sums.at_once.max(active.len());
        for (basket, offered) in sold {
            let priced = active.price(&offered.basket, &offered.context);
            sums.add(basket, &offered, &priced)
                .with_context(|| format!("basket {}", basket.basket_id))?;
            progress.one_more();
        }
    }
    progress.finish();
    print!("{sums}");
    ensure!(
        sums.differ.is_empty(),
        "{} baskets differ from the data set",
        sums.differ.len()
    );
    Ok(())
}

/// Sums over all baskets, in cents: ours, and the data set's.
#[derive(Debug, Default)]
struct Sums {
    baskets: usize,
    lines: usize,
    promotions: usize,
    at_once: usize,
    applied: usize,
    total: [i64; 2],
    saved: [[i64; 2]; 4],
    differ: Vec<String>,
}

impl Sums {
    fn add(&mut self, basket: &Basket, offered: &Offered, priced: &PricedBasket) -> Result<()> {
        let total = if offered.basket.lines.is_empty() {
            0
        } else {
            total(offered, priced)?
        };
        let expected = [
            basket.rounding_cents,
            basket.loyalty_cents,
            basket.coupon_cents,
            basket.match_cents,
        ];
        let mut equal = total == basket.paid_cents;
        for ((kind, sum), expected) in Kind::ALL.into_iter().zip(&mut self.saved).zip(expected) {
            let saved = saved(priced, kind);
            equal &= saved == expected;
            *sum = [sum[0] + saved, sum[1] + expected];
        }
        if !equal {
            self.differ.push(format!(
                "basket {}: paid {} (data set {})",
                basket.basket_id,
                Cents(total),
                Cents(basket.paid_cents)
            ));
        }
        self.baskets += 1;
        self.lines += offered.basket.lines.len();
        self.applied += priced.applied.len() + priced.ticket.len();
        self.total = [self.total[0] + total, self.total[1] + basket.paid_cents];
        Ok(())
    }
}

/// What the document comes to that the till would write.
fn total(offered: &Offered, priced: &PricedBasket) -> Result<i64> {
    let blank = calc::Line::default();
    let lines = offered.basket.lines.iter().zip(&priced.lines);
    let document = Document {
        lines: lines
            .flat_map(|(line, priced)| priced.document_lines(&blank, line.price))
            .collect(),
        settings: Settings {
            disable_rounded_total: true,
            ..Settings::default()
        },
        discount: DocumentDiscount {
            on: DiscountOn::GrandTotal,
            amount: priced.ticket_discount(),
            ..DocumentDiscount::default()
        },
        ..Document::default()
    };
    let totals = calculate(&document, None, Arithmetic::Exact)?;
    Ok(cents(totals.grand_total))
}

/// What promotions of one kind saved.
fn saved(priced: &PricedBasket, kind: Kind) -> i64 {
    let lines = priced.applied.iter().map(|one| (&one.name, one.saved));
    let ticket = priced.ticket.iter().map(|one| (&one.name, one.amount));
    lines
        .chain(ticket)
        .filter(|(name, _)| *name == kind.name())
        .map(|(_, saved)| cents(saved))
        .sum()
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for differ in self.differ.iter().take(SHOWN) {
            writeln!(f, "{differ}")?;
        }
        for (name, count) in [
            ("baskets", self.baskets),
            ("lines", self.lines),
            ("promotions", self.promotions),
            ("most active at once", self.at_once),
            ("promotions applied", self.applied),
        ] {
            writeln!(f, "{name:<28}{count:>18}")?;
        }
        let kinds = Kind::ALL.into_iter().map(Kind::name).zip(&self.saved);
        for (name, [ours, theirs]) in kinds.chain([("total", &self.total)]) {
            let theirs_name = format!("{name} in the data set");
            writeln!(f, "{name:<28}{:>18}", Cents(*ours).to_string())?;
            writeln!(f, "{theirs_name:<28}{:>18}", Cents(*theirs).to_string())?;
        }
        writeln!(f, "{:<28}{:>18}", "baskets that differ", self.differ.len())
    }
}
