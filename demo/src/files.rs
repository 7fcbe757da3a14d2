//! The demo data's files, as `demo/README.md` describes them.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::civil::DateTime;
use serde::Deserialize;

/// A row of `products.csv`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Product {
    pub(crate) product_id: String,
    pub(crate) barcode: String,
    pub(crate) name: String,
    pub(crate) category: String,
    pub(crate) brand: String,
    pub(crate) price_cents: i64,
    pub(crate) tax_rule: String,
    pub(crate) unit: String,
    /// 1 is the best seller.
    pub(crate) popularity: u64,
}

/// A row of `baskets.csv`, as far as it is compared.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Basket {
    pub(crate) basket_id: String,
    /// The shop's wall clock.
    pub(crate) sold_at: DateTime,
    /// Lines to ring up; a basket may have none.
    pub(crate) items: u32,
    pub(crate) gross_cents: i64,
    pub(crate) loyalty_cents: i64,
    pub(crate) match_cents: i64,
    pub(crate) coupon_cents: i64,
    pub(crate) rounding_cents: i64,
    pub(crate) paid_cents: i64,
}

/// What a row of `lines.csv` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineKind {
    /// Something to ring up.
    Item,
    /// A coupon on the whole basket.
    Coupon,
    /// Cash handed out apart from the sale.
    Payout,
    /// A row of the data set in which nothing was sold.
    Void,
}

/// A row of `lines.csv`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Line {
    pub(crate) basket_id: String,
    pub(crate) kind: LineKind,
    pub(crate) product_id: String,
    pub(crate) quantity: String,
    pub(crate) unit_price_cents: i64,
    pub(crate) loyalty_cents: i64,
    pub(crate) match_cents: i64,
    pub(crate) coupon_cents: i64,
    pub(crate) rounding_cents: i64,
}

impl Line {
    /// What was taken off, of all kinds.
    pub(crate) fn off(&self) -> i64 {
        self.loyalty_cents + self.match_cents + self.coupon_cents + self.rounding_cents
    }
}

/// `shop.json`
#[derive(Debug, Deserialize)]
pub(crate) struct Shop {
    pub(crate) currency: String,
    pub(crate) tax_rules: Vec<TaxRule>,
    pub(crate) categories: Vec<String>,
}

/// A tax rule of `shop.json`.
#[derive(Debug, Deserialize)]
pub(crate) struct TaxRule {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) rate_percent: String,
    pub(crate) inclusive: bool,
}

/// Reads `products.csv`.
pub(crate) fn products(dir: &Path) -> Result<Vec<Product>> {
    rows(&dir.join("products.csv"))
}

/// Reads `baskets.csv`.
pub(crate) fn baskets(dir: &Path) -> Result<Vec<Basket>> {
    rows(&dir.join("baskets.csv"))
}

/// Reads a `shop.json`.
pub(crate) fn shop(path: &Path) -> Result<Shop> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}

fn rows<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    csv::Reader::from_reader(file)
        .into_deserialize()
        .collect::<Result<_, _>>()
        .with_context(|| path.display().to_string())
}

/// The lines of one basket after the other. A year of them does not fit comfortably in memory.
pub(crate) struct Lines {
    rows: csv::DeserializeRecordsIntoIter<File, Line>,
    ahead: Option<Line>,
}

impl Lines {
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        let path = dir.join("lines.csv");
        let file = File::open(&path).with_context(|| path.display().to_string())?;
        let mut rows = csv::Reader::from_reader(file).into_deserialize();
        let ahead = rows.next().transpose().context("lines.csv")?;
        Ok(Self { rows, ahead })
    }

    /// The lines of the next basket, which must be this one: both files have the same order.
    pub(crate) fn of(&mut self, basket: &Basket) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        while let Some(line) = self.ahead.take() {
            if line.basket_id != basket.basket_id {
                self.ahead = Some(line);
                break;
            }
            lines.push(line);
            self.ahead = self.rows.next().transpose().context("lines.csv")?;
        }
        if lines.is_empty() {
            bail!(
                "lines.csv: no lines of basket {} where they belong",
                basket.basket_id
            );
        }
        Ok(lines)
    }
}
