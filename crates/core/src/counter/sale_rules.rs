//! What a cart is priced and worked out by, besides what lies in it.

use std::sync::Arc;

use super::totals_policy::TotalsPolicy;
use crate::pricing::{CouponUses, Promotions};
use crate::tax::TaxTemplate;
use crate::values::currency::Currency;
use crate::values::id::{PriceListId, TillId};

/// The terms a shop sells by at one till. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SaleRules {
    /// The currency of all amounts.
    pub currency: Currency,
    /// How the upstream works sales out.
    pub totals_policy: TotalsPolicy,
    /// The charges of whole sales; none: each item is charged by its own rule.
    pub templates: Arc<[TaxTemplate]>,
    /// The shop's promotions.
    pub promotions: Arc<Promotions>,
    /// The till.
    pub till: TillId,
    /// The till's own price list.
    pub till_list: Option<PriceListId>,
    /// Price lists of customer groups, by group.
    pub group_lists: Arc<[(String, PriceListId)]>,
    /// How often the cart's coupons were used before.
    pub coupon_uses: CouponUses,
}

impl SaleRules {
    /// The terms of a shop that has nothing but prices and taxes on its items.
    #[must_use]
    pub fn plain(currency: Currency) -> Self {
        Self {
            currency,
            totals_policy: TotalsPolicy::default(),
            templates: Arc::from([]),
            promotions: Arc::default(),
            till: TillId::from(""),
            till_list: None,
            group_lists: Arc::from([]),
            coupon_uses: CouponUses::default(),
        }
    }
}
