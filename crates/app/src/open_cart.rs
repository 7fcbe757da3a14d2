//! The open cart: one at a time, in the store after every change.

use std::sync::{Mutex, MutexGuard, PoisonError};

use evertill_core::{Cart, Fault, SaleRules, Totals};

use crate::shop::EnrolledShop;
use crate::till::Till;

/// Holds the open cart so that commands change it one after the other, however they arrive.
#[derive(Default)]
pub(crate) struct OpenCart {
    open: Mutex<Option<Cart>>,
}

/// The open cart while one command has it.
pub(crate) struct CartGuard<'a> {
    till: &'a Till,
    open: MutexGuard<'a, Option<Cart>>,
}

/// A cart after a change.
pub(crate) struct Changed<T> {
    pub(crate) cart: Cart,
    pub(crate) sale_rules: SaleRules,
    pub(crate) totals: Totals,
    pub(crate) answer: T,
}

impl OpenCart {
    pub(crate) fn lock<'a>(&'a self, till: &'a Till) -> CartGuard<'a> {
        // The cart is only ever replaced as a whole, so what a panic left behind is good.
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        CartGuard { till, open }
    }
}

impl CartGuard<'_> {
    /// The open cart: the one in hand, else the one in the store, else a new one.
    pub(crate) fn cart(&mut self) -> Result<Cart, Fault> {
        if let Some(cart) = self.open.as_ref() {
            return Ok(cart.clone());
        }
        let enrolled = self.till.shop()?;
        let cart = match self.till.store().load_cart()? {
            Some(cart) => cart,
            None => Cart::new(self.till.next_id(), enrolled.shop.price_list.clone()),
        };
        *self.open = Some(cart.clone());
        Ok(cart)
    }

    /// Changes the cart, prices it anew and works it out. A refused change, or one after which the
    /// cart does not add up, leaves it as it was, here and in the store.
    pub(crate) fn change<T>(
        &mut self,
        enrolled: &EnrolledShop,
        change: impl FnOnce(&mut Cart) -> Result<T, Fault>,
    ) -> Result<Changed<T>, Fault> {
        let mut cart = self.cart()?;
        let answer = change(&mut cart)?;
        // After the change: it may have shown a coupon or named a customer, whose uses count.
        let sale_rules = self.till.sale_rules(enrolled, &cart)?;
        let priced: Result<_, Fault> =
            cart.amend(&sale_rules, self.till.local_now(enrolled), |_| Ok(answer));
        let (answer, totals) = priced?;
        self.till.store().save_cart(&cart)?;
        *self.open = Some(cart.clone());
        Ok(Changed {
            cart,
            sale_rules,
            totals,
            answer,
        })
    }

    /// The cart was sold: the next command begins a new one.
    pub(crate) fn sold(&mut self) {
        *self.open = None;
    }
}
