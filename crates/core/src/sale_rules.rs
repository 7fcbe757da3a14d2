//! What a cart is priced and worked out by, besides what lies in it.

use std::sync::Arc;

use jiff::civil::DateTime;

use crate::cart::Cart;
use crate::currency::Currency;
use crate::id::{PriceListId, TillId};
use crate::pricing::{CouponUses, ListOrigin, PriceList, PricingContext, Promotions};
use crate::tax::TaxTemplate;
use crate::totals_policy::TotalsPolicy;

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

    /// The price lists a cart is priced by, in the order they are looked at.
    pub(crate) fn lists(&self, cart: &Cart) -> Vec<PriceList> {
        let list = |id: &PriceListId, origin| PriceList {
            name: id.to_string(),
            origin,
        };
        let mut lists = Vec::new();
        if let Some(customer) = &cart.customer {
            let own = customer.price_list.as_ref();
            lists.extend(own.map(|id| list(id, ListOrigin::Customer)));
            let of_group = self
                .group_lists
                .iter()
                .find(|(group, _)| *group == customer.group);
            lists.extend(of_group.map(|(_, id)| list(id, ListOrigin::CustomerGroup)));
        }
        lists.extend(self.till_list.as_ref().map(|id| list(id, ListOrigin::Till)));
        lists.push(list(&cart.price_list, ListOrigin::Shop));
        lists
    }

    /// What promotions look at besides the basket.
    pub(crate) fn context(&self, cart: &Cart, now: DateTime) -> PricingContext {
        let customer = cart.customer.as_ref();
        let groups = customer.map(|customer| customer.group.clone());
        PricingContext {
            now,
            till: self.till.to_string(),
            customer: customer.map(|customer| customer.id.to_string()),
            customer_groups: groups.into_iter().filter(|name| !name.is_empty()).collect(),
            loyalty: customer.is_some_and(|customer| customer.loyalty),
            coupon_uses: self.coupon_uses.clone(),
            places: u32::from(self.currency.decimals),
            rounding: self.totals_policy.rounding,
        }
    }
}
