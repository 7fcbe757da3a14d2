//! Finding items. Rust searches; the window gets a screenful.

use evertill_core::{CategoryId, Fault};

use crate::session::Caller;
use crate::till::Till;
use crate::types::{
    CategoriesView, CategoryView, ItemTile, ItemsView, Nothing, SEARCH_LIMIT, SearchRequest,
};

/// `catalogue.categories`
pub(crate) fn categories(till: &Till, _: &Caller, _: &Nothing) -> Result<CategoriesView, Fault> {
    let categories = till
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
pub(crate) fn search(till: &Till, _: &Caller, request: &SearchRequest) -> Result<ItemsView, Fault> {
    let enrolled = till.shop()?;
    let limit = request.limit.clamp(1, SEARCH_LIMIT);
    let category = request.category.as_deref().map(CategoryId::from);
    // One row more than asked for tells whether there is more.
    let mut found = till.store().search_items(
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
