//! The rules the till sells by at this moment.

use std::sync::{Arc, Mutex, PoisonError};

use evertill_core::pricing::{CouponUses, Promotions};
use evertill_core::{Cart, Fault, SaleRules};

use super::Counter;
use crate::context::Context;
use crate::shop::EnrolledShop;

/// The shop's promotions as they were read last, with the count of changes that belongs to them.
/// They are indexed once and not at every scan.
#[derive(Default)]
pub(super) struct Offers {
    read: Mutex<Option<(u64, Arc<Promotions>)>>,
}

impl Offers {
    pub(super) fn of(&self, context: &Context) -> Result<Arc<Promotions>, Fault> {
        // It is only ever replaced as a whole, so what a panic left behind is good.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let version = context.store().promotions_version()?;
        if let Some((_, promotions)) = read.as_ref().filter(|(known, _)| *known == version) {
            return Ok(Arc::clone(promotions));
        }
        let (version, all) = context.store().promotions()?;
        let promotions = Arc::new(Promotions::new(all));
        *read = Some((version, Arc::clone(&promotions)));
        Ok(promotions)
    }
}

impl Counter {
    /// The shop's promotions.
    pub(super) fn promotions(&self) -> Result<Arc<Promotions>, Fault> {
        self.offers.of(&self.context)
    }

    /// The rules a cart is priced by now.
    pub(super) fn sale_rules(
        &self,
        enrolled: &EnrolledShop,
        cart: &Cart,
    ) -> Result<SaleRules, Fault> {
        let shop = &enrolled.shop;
        let till = &enrolled.enrolment.till;
        let customer = cart.customer.as_ref().map(|customer| &customer.id);
        let coupon_uses = if cart.coupons.is_empty() {
            CouponUses::default()
        } else {
            self.context.store().coupon_uses(&cart.coupons, customer)?
        };
        Ok(SaleRules {
            currency: shop.currency.clone(),
            totals_policy: shop.totals_policy,
            templates: self.context.store().tax_templates()?.into(),
            promotions: self.promotions()?,
            till: till.clone(),
            till_list: shop.till_price_lists.get(till).cloned(),
            group_lists: shop
                .group_price_lists
                .iter()
                .map(|(group, list)| (group.clone(), list.clone()))
                .collect(),
            coupon_uses,
        })
    }
}
