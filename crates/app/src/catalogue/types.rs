//! Finding what is sold.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::MoneyView;

/// Most rows one search answers: a web view lags past about 3,000 nodes.
pub const SEARCH_LIMIT: u32 = 200;

/// The categories of the shop, in its own order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CategoriesView {
    /// Category tiles.
    pub categories: Vec<CategoryView>,
}

/// A category tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CategoryView {
    /// Category id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Items in it.
    pub count: u64,
}

/// Search as you type. An empty text answers what is sold most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct SearchRequest {
    /// Beginnings of words.
    pub text: String,
    /// Only items of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How many rows at most, up to 200.
    pub limit: u32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemsView {
    /// Most sold first.
    pub items: Vec<ItemTile>,
    /// Whether there is more than was asked for.
    pub more: bool,
}

/// An item as a tile or a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemTile {
    /// Item id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Price in the till's price list.
    pub price: MoneyView,
    /// Unit the price is for.
    pub unit: String,
    /// Category id.
    pub category: String,
}
