//! The steps that make the till's tables.

use crate::db::migrate::Migration;

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sql: include_str!(concat!("../../../migrations/till/", $name, ".sql")),
        }
    };
}

/// All steps in their order; the version of a store is how many it has taken.
pub(crate) const MIGRATIONS: &[Migration] = &[
    migration!("0001_house"),
    migration!("0002_catalogue"),
    migration!("0003_selling"),
    migration!("0004_pricing"),
];
