//! Coupons: who may use which how often.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::explain::WhyNot;

/// The limits of a coupon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    /// What is scanned.
    pub code: String,
    /// How often anyone may use it; 1 is single use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// How often one customer may use it. Then the customer must be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses_per_customer: Option<u32>,
    /// Uses count again after as many days; 0 never.
    #[serde(default)]
    pub period_days: u32,
}

/// One use of a coupon in the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponUse {
    /// The business date.
    pub on: Date,
    /// The customer, if known.
    pub customer: Option<String>,
}

/// Past uses by code. Whoever keeps them hands them in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CouponUses(pub BTreeMap<String, Vec<CouponUse>>);

impl Coupon {
    /// A coupon without limits.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            uses: None,
            uses_per_customer: None,
            period_days: 0,
        }
    }

    /// Why the coupon cannot be used now, if it cannot.
    pub(super) fn refusal(
        &self,
        uses: &CouponUses,
        customer: Option<&str>,
        today: Date,
    ) -> Option<WhyNot> {
        let past = uses.0.get(&self.code).map_or(&[][..], Vec::as_slice);
        let counts = |used: &&CouponUse| {
            let days = used.on.until(today).map_or(0, |span| span.get_days());
            self.period_days == 0 || i64::from(days) < i64::from(self.period_days)
        };
        let all = past.iter().filter(counts).count();
        if self.uses.is_some_and(|limit| all >= limit as usize) {
            return Some(WhyNot::CouponUsedUp);
        }
        let limit = self.uses_per_customer?;
        let Some(customer) = customer else {
            return Some(WhyNot::CouponNeedsCustomer);
        };
        let own = past.iter().filter(counts);
        let own = own
            .filter(|used| used.customer.as_deref() == Some(customer))
            .count();
        (own >= limit as usize).then_some(WhyNot::CouponUsedByCustomer)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Coupon, CouponUse, CouponUses, WhyNot};

    #[test]
    fn a_coupon_says_why_it_cannot_be_used() {
        let today = date(2026, 11, 23);
        let used = |day: i8, customer: &str| CouponUse {
            on: date(2026, 11, day),
            customer: Some(customer.to_owned()),
        };
        let uses = CouponUses([("C".to_owned(), vec![used(1, "ann"), used(20, "bo")])].into());
        let coupon = |uses, per_customer, period_days| Coupon {
            uses,
            uses_per_customer: per_customer,
            period_days,
            ..Coupon::new("C")
        };
        let cases = [
            (coupon(None, None, 0), Some("ann"), None),
            (
                coupon(Some(2), None, 0),
                Some("cy"),
                Some(WhyNot::CouponUsedUp),
            ),
            (coupon(Some(2), None, 7), Some("cy"), None),
            (
                coupon(None, Some(1), 0),
                Some("ann"),
                Some(WhyNot::CouponUsedByCustomer),
            ),
            (coupon(None, Some(1), 7), Some("ann"), None),
            (
                coupon(None, Some(1), 7),
                Some("bo"),
                Some(WhyNot::CouponUsedByCustomer),
            ),
            (
                coupon(None, Some(1), 0),
                None,
                Some(WhyNot::CouponNeedsCustomer),
            ),
        ];
        for (coupon, customer, expected) in cases {
            let found = coupon.refusal(&uses, customer, today);
            assert_eq!(found, expected, "{coupon:?} for {customer:?}");
        }
    }
}
