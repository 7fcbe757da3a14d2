//! Which lines a promotion means.

use serde::{Deserialize, Serialize};

use super::context::BasketLine;

/// A choice of items: those named, those of a category or brand, or all. What
/// is excluded stays out whatever else says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Selector {
    /// Every item.
    pub everything: bool,
    /// Item codes.
    pub items: Vec<String>,
    /// Categories; a category's own categories count.
    pub categories: Vec<String>,
    /// Brands.
    pub brands: Vec<String>,
    /// Item codes that stay out.
    pub except: Vec<String>,
}

impl Selector {
    /// Every item.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            everything: true,
            ..Self::default()
        }
    }

    /// Items by code.
    #[must_use]
    pub fn items<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self {
            items: items.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// The items of a category.
    #[must_use]
    pub fn category(category: impl Into<String>) -> Self {
        Self {
            categories: vec![category.into()],
            ..Self::default()
        }
    }

    /// The items of a brand.
    #[must_use]
    pub fn brand(brand: impl Into<String>) -> Self {
        Self {
            brands: vec![brand.into()],
            ..Self::default()
        }
    }

    /// Whether it means this line.
    #[must_use]
    pub fn matches(&self, line: &BasketLine) -> bool {
        if self.except.contains(&line.item) {
            return false;
        }
        self.everything
            || self.items.contains(&line.item)
            || line
                .categories
                .iter()
                .any(|category| self.categories.contains(category))
            || line
                .brand
                .as_ref()
                .is_some_and(|brand| self.brands.contains(brand))
    }
}
