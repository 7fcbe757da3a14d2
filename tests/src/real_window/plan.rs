//! What the shift rings up: real baskets, with the totals the data set itself gives.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// `demo/shift.json`.
#[derive(Debug, Deserialize)]
pub struct Plan {
    /// The baskets in the order of the shift.
    pub baskets: Vec<Basket>,
}

/// One basket; amounts are in cents.
#[derive(Debug, Deserialize)]
pub struct Basket {
    /// Its place in the shift, from 1.
    pub no: usize,
    /// After so many lines the till is killed; 0 for never.
    pub interrupted_after_line: usize,
    /// What is in it, in the order it is rung up.
    pub lines: Vec<Line>,
    /// The discount on the whole invoice.
    pub invoice_discount_cents: i64,
    /// What the customer pays.
    pub total_cents: i64,
    /// The tax within the total, calculated apart from the till.
    pub tax_cents: i64,
    /// What the customer hands over.
    pub cash_cents: i64,
    /// What goes back.
    pub change_cents: i64,
}

/// One line, and how the cashier rings it up.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// The data set's id of the product.
    pub product_id: serde_json::Value,
    /// Its EAN-13.
    pub barcode: String,
    /// Its name on the tile and the receipt.
    pub name: String,
    /// The category whose tiles it is on.
    pub category: String,
    /// Pieces.
    pub quantity: u32,
    /// The discount on this line.
    pub item_discount_cents: i64,
    /// How it is rung up.
    pub via: Via,
    /// What is typed to find it, for [`Via::Search`].
    #[serde(default)]
    pub search: String,
}

/// The three ways into a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Scanned with no field in mind.
    Barcode,
    /// Typed into the search field, then touched.
    Search,
    /// Touched on its category's tiles.
    Touch,
}

impl Line {
    /// The item's id at the till: the data set's product id.
    pub fn item(&self) -> String {
        self.product_id.to_string().trim_matches('"').to_owned()
    }
}

impl Line {
    /// The category's id at the hub: `Fruit & Vegetables` is `fruit-vegetables`.
    pub fn category_id(&self) -> String {
        let words = self
            .category
            .split(|letter: char| !letter.is_alphanumeric());
        let words: Vec<_> = words
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.join("-")
    }
}

impl Plan {
    /// Reads the plan and refuses one that would prove nothing.
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("no {}", file.display()))?;
        let plan: Self =
            serde_json::from_str(&text).context("the plan of the shift is malformed")?;
        anyhow::ensure!(plan.baskets.len() == 20, "a shift has 20 baskets");
        anyhow::ensure!(
            plan.baskets
                .iter()
                .any(|basket| basket.interrupted_after_line > 0),
            "no basket of the shift is interrupted"
        );
        Ok(plan)
    }

    /// What the hub must have at the end, in cents.
    pub fn total_cents(&self) -> i64 {
        self.baskets.iter().map(|basket| basket.total_cents).sum()
    }

    /// The tax the hub must have at the end, in cents.
    pub fn tax_cents(&self) -> i64 {
        self.baskets.iter().map(|basket| basket.tax_cents).sum()
    }

    /// Lines on all receipts: the same item scanned twice is one line.
    pub fn lines(&self) -> usize {
        self.baskets.iter().map(|basket| basket.lines.len()).sum()
    }
}
