//! What sales are priced and taxed by.

pub(crate) mod coupons;
pub(crate) mod price_lists;
pub(crate) mod prices;
pub(crate) mod promotions;
pub(crate) mod taxes;
