//! Finding items. Rust searches; the window gets a screenful.

use evertill_core::{CategoryId, Fault, Permission};

mod types;

pub use types::{CategoriesView, CategoryView, ItemTile, ItemsView, SEARCH_LIMIT, SearchRequest};

use crate::caller::Caller;
use crate::command::{Access, commands};
use crate::common::Nothing;
use crate::context::Context;

/// Finding items in the till's own copy of the catalogue.
#[derive(Clone)]
pub(crate) struct Catalogue {
    context: Context,
}

impl Catalogue {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }
}

commands! {
    Catalogue;
    "catalogue.categories": Nothing => CategoriesView, Access::SignedIn, store categories;
    "catalogue.search": SearchRequest => ItemsView, Access::Needs(Permission::Sell), store search;
}

/// `catalogue.categories`
fn categories(catalogue: &Catalogue, _: &Caller, _: &Nothing) -> Result<CategoriesView, Fault> {
    let categories = catalogue
        .context
        .store()
        .categories()?
        .into_iter()
        .map(|row| CategoryView {
            id: row.id.to_string(),
            name: row.name,
            count: row.items,
        })
        .collect();
    Ok(CategoriesView { categories })
}

/// `catalogue.search`
fn search(catalogue: &Catalogue, _: &Caller, request: &SearchRequest) -> Result<ItemsView, Fault> {
    let enrolled = catalogue.context.shop()?;
    let limit = request.limit.clamp(1, SEARCH_LIMIT);
    let category = request.category.as_deref().map(CategoryId::from);
    // One row more than asked for tells whether there is more.
    let mut found = catalogue.context.store().search_items(
        &request.text,
        category.as_ref(),
        &enrolled.shop.price_list,
        limit.saturating_add(1),
    )?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    // At the limit the store gives no row more to tell by.
    let more = found.len() > wanted || (limit == SEARCH_LIMIT && found.len() == wanted);
    found.truncate(wanted);
    let items = found
        .into_iter()
        .map(|item| ItemTile {
            id: item.id.to_string(),
            name: item.name,
            price: enrolled.money(item.price),
            unit: item.unit,
            category: item.category.to_string(),
        })
        .collect();
    Ok(ItemsView { items, more })
}
