//! What items cost.

use evertill_core::{ItemId, Money, PriceListId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an item costs on a price list. A row without conditions is the item's plain price there,
/// of which there is one; any number of rows with conditions may stand beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceRecord {
    /// Unique. A plain price has the id `price list/item`, see [`PriceRecord::new`]; a row with
    /// conditions any other.
    #[schema(example = "retail/1042")]
    pub id: String,
    /// The price list.
    #[schema(value_type = String)]
    pub price_list: PriceListId,
    /// The item.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// For one unit, in minor units of the shop's currency.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// The unit it is for; empty: the item's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The first day it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The last day it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// The quantity it holds from, a decimal; empty: any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(example = "6")]
    pub min_qty: String,
    /// The one customer it is for; empty: everyone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub customer: String,
    /// The one batch it is for; empty: all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub batch: String,
}

impl PriceRecord {
    /// A plain price under its own id.
    #[must_use]
    pub fn new(price_list: PriceListId, item: ItemId, amount: Money) -> Self {
        Self {
            id: format!("{price_list}/{item}"),
            price_list,
            item,
            amount,
            unit: String::new(),
            from: None,
            to: None,
            min_qty: String::new(),
            customer: String::new(),
            batch: String::new(),
        }
    }

    /// Whether it holds for everyone, always, from the first unit of the item on.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.from.is_none()
            && self.to.is_none()
            && [&self.unit, &self.min_qty, &self.customer, &self.batch]
                .into_iter()
                .all(String::is_empty)
    }
}
