//! A price of an item, and why it applies.

use core::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A price of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRule {
    /// Its id. Of two that are equal otherwise the smaller id wins.
    pub id: String,
    /// The price list it stands in.
    pub list: String,
    /// The item.
    pub item: String,
    /// The unit it is for.
    pub uom: String,
    /// Price of one unit.
    #[serde(with = "rust_decimal::serde::str")]
    pub rate: Decimal,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub to: Option<Date>,
    /// It holds from this quantity on, in its unit.
    #[serde(with = "rust_decimal::serde::str")]
    pub min_qty: Decimal,
    /// The one customer it is for.
    pub customer: Option<String>,
    /// The one batch it is for.
    pub batch: Option<String>,
}

/// Why a price list is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListOrigin {
    /// It is the customer's.
    Customer,
    /// It is that of the customer's group.
    CustomerGroup,
    /// It is the till's.
    Till,
    /// It is the shop's.
    Shop,
}

/// Why a price applies. Its text is a sentence for the cashier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceWhy {
    /// The price list.
    pub list: String,
    /// Why it was looked at.
    pub origin: ListOrigin,
    /// Whether the price is for this customer.
    pub for_customer: bool,
    /// Whether the price is for this batch.
    pub for_batch: bool,
    /// The quantity it holds from, if it needs one.
    pub from_qty: Option<Decimal>,
    /// Its first day, if it has one.
    pub since: Option<Date>,
    /// Its last day, if it has one.
    pub until: Option<Date>,
    /// The unit it was converted from, and how many of those there are in one
    /// unit sold.
    pub converted: Option<(String, Decimal)>,
}

impl fmt::Display for PriceWhy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = match self.origin {
            ListOrigin::Customer => "the customer's price list",
            ListOrigin::CustomerGroup => "the price list of the customer's group",
            ListOrigin::Till => "this till's price list",
            ListOrigin::Shop => "the shop's price list",
        };
        write!(out, "{} ({origin})", self.list)?;
        if self.for_customer {
            out.write_str(", a price for this customer")?;
        }
        if self.for_batch {
            out.write_str(", a price for this batch")?;
        }
        if let Some(qty) = self.from_qty {
            write!(out, ", from {qty} on")?;
        }
        match (self.since, self.until) {
            (Some(since), Some(until)) => write!(out, ", from {since} to {until}")?,
            (Some(since), None) => write!(out, ", since {since}")?,
            (None, Some(until)) => write!(out, ", until {until}")?,
            (None, None) => {}
        }
        if let Some((uom, factor)) = &self.converted {
            write!(out, ", {factor} times the price of one {uom}")?;
        }
        Ok(())
    }
}
