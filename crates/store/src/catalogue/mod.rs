//! The catalogue: items, categories, search, and the feed that keeps them up to date.

pub(crate) mod categories;
pub(crate) mod feed;
pub(crate) mod items;
mod sale_item;
pub(crate) mod search;
mod search_rowid;
mod words;
