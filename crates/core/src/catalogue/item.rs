//! An item as the catalogue answers for one price list.

use serde::{Deserialize, Serialize};

use super::price::PriceRule;
use crate::tax::TaxRule;
use crate::values::id::{CategoryId, ItemId};
use crate::values::money::Money;

/// Everything a cart needs to sell one item. The cart keeps its own copy, so a price that
/// changes while the cart is open does not change what the customer was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleItem {
    /// Key of the item upstream.
    pub id: ItemId,
    /// Name as printed.
    pub name: String,
    /// Unit it is sold in: "pcs", "kg".
    pub unit: String,
    /// Only whole units may be sold.
    pub whole_units: bool,
    /// Category it belongs to.
    pub category: CategoryId,
    /// Price of one unit, in minor units.
    pub price: Money,
    /// Its tax.
    pub tax: TaxRule,
    /// The barcode it was found by, or its first one.
    pub barcode: Option<String>,
    /// Its brand; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub brand: String,
    /// All its prices, in every list. Empty: `price` is the only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<PriceRule>,
}
