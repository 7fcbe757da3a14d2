//! What was rung up, beside what the data set says.

use std::fmt;

use evertill_app::types::{CartView, DoneView};

use crate::files::Basket;

/// How many differing baskets are printed.
const SHOWN: usize = 20;

/// One basket that is not what the data set says.
#[derive(Debug)]
pub(crate) struct Difference {
    basket: String,
    gross: (i64, i64),
    paid: (i64, i64),
}

/// Sums over all baskets rung up, in cents.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// Baskets in which nothing was sold.
    pub(crate) empty: u64,
    /// Those that differ.
    pub(crate) differ: Vec<Difference>,
    /// Entries of the journal, all sound.
    pub(crate) journal: Option<u64>,
    /// Documents the hub has.
    pub(crate) acknowledged: Option<u64>,
    sales: u64,
    lines: usize,
    gross: i64,
    line_discount: i64,
    discount: i64,
    tax: i64,
    total: i64,
    expected_gross: i64,
    expected_total: i64,
}

impl Sums {
    /// Adds a basket that was paid.
    pub(crate) fn add(&mut self, basket: &Basket, cart: &CartView, done: &DoneView) {
        let gross = cart.subtotal.minor + cart.line_discount.minor;
        if gross != basket.gross_cents || done.total.minor != basket.paid_cents {
            self.differ.push(Difference {
                basket: basket.basket_id.clone(),
                gross: (gross, basket.gross_cents),
                paid: (done.total.minor, basket.paid_cents),
            });
        }
        self.sales += 1;
        self.lines += cart.lines.len();
        self.gross += gross;
        self.line_discount += cart.line_discount.minor;
        self.discount += cart.discount.minor;
        self.tax += cart.tax.minor;
        self.total += done.total.minor;
        self.expected_gross += basket.gross_cents;
        self.expected_total += basket.paid_cents;
    }

    /// Whether every basket is what the data set says.
    pub(crate) fn agrees(&self) -> bool {
        self.differ.is_empty()
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for differ in self.differ.iter().take(SHOWN) {
            writeln!(
                f,
                "basket {}: gross {} (data set {}), paid {} (data set {})",
                differ.basket,
                Cents(differ.gross.0),
                Cents(differ.gross.1),
                Cents(differ.paid.0),
                Cents(differ.paid.1),
            )?;
        }
        let mut row = |name: &str, value: String| writeln!(f, "{name:<28}{value:>18}");
        row("sales", self.sales.to_string())?;
        row("baskets without a sale", self.empty.to_string())?;
        row("lines", self.lines.to_string())?;
        row("gross", Cents(self.gross).to_string())?;
        row(
            "gross in the data set",
            Cents(self.expected_gross).to_string(),
        )?;
        row("item discounts", Cents(self.line_discount).to_string())?;
        row("invoice discounts", Cents(self.discount).to_string())?;
        row("tax", Cents(self.tax).to_string())?;
        row("total", Cents(self.total).to_string())?;
        row(
            "total in the data set",
            Cents(self.expected_total).to_string(),
        )?;
        row("baskets that differ", self.differ.len().to_string())?;
        if let Some(entries) = self.journal {
            row("journal entries, verified", entries.to_string())?;
        }
        if let Some(documents) = self.acknowledged {
            row("acknowledged by the hub", documents.to_string())?;
        }
        Ok(())
    }
}

/// Cents as units with two decimals.
pub(crate) struct Cents(pub(crate) i64);

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}
