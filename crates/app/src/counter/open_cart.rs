//! The open cart: one at a time, in the store after every change.

use std::sync::{Mutex, MutexGuard, PoisonError};

use evertill_core::{Cart, Fault, SaleRules, Totals};

use super::Counter;
use crate::shop::EnrolledShop;

/// Holds the open cart so that commands change it one after the other, however they arrive.
#[derive(Default)]
pub(super) struct OpenCart {
    open: Mutex<Option<Cart>>,
}

/// The open cart while one command has it.
pub(super) struct CartGuard<'a> {
    counter: &'a Counter,
    open: MutexGuard<'a, Option<Cart>>,
}

/// A cart after a change.
pub(super) struct Changed<T> {
    pub(super) cart: Cart,
    pub(super) sale_rules: SaleRules,
    pub(super) totals: Totals,
    pub(super) answer: T,
}

impl OpenCart {
    pub(super) fn lock<'a>(&'a self, counter: &'a Counter) -> CartGuard<'a> {
        // The cart is only ever replaced as a whole, so what a panic left behind is good.
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        CartGuard { counter, open }
    }
}

impl CartGuard<'_> {
    /// The open cart: the one in hand, else the one in the store, else a new one.
    pub(super) fn cart(&mut self) -> Result<Cart, Fault> {
        if let Some(cart) = self.open.as_ref() {
            return Ok(cart.clone());
        }
        let enrolled = self.counter.context.shop()?;
        let cart = match self.counter.context.store().load_cart()? {
            Some(cart) => cart,
            None => Cart::new(
                self.counter.context.next_id(),
                enrolled.shop.price_list.clone(),
            ),
        };
        *self.open = Some(cart.clone());
        Ok(cart)
    }

    /// Changes the cart, then prices and totals it. A refused change, or one after which the
    /// cart does not add up, leaves it as it was, here and in the store.
    pub(super) fn change<T>(
        &mut self,
        enrolled: &EnrolledShop,
        change: impl FnOnce(&mut Cart) -> Result<T, Fault>,
    ) -> Result<Changed<T>, Fault> {
        let mut cart = self.cart()?;
        let answer = change(&mut cart)?;
        // After the change: it may have shown a coupon or named a customer, whose uses count.
        let sale_rules = self.counter.sale_rules(enrolled, &cart)?;
        let priced: Result<_, Fault> = evertill_core::amend(
            &mut cart,
            &sale_rules,
            self.counter.context.local_now(enrolled),
            |_| Ok(answer),
        );
        let (answer, totals) = priced?;
        self.counter.context.store().save_cart(&cart)?;
        *self.open = Some(cart.clone());
        Ok(Changed {
            cart,
            sale_rules,
            totals,
            answer,
        })
    }

    /// The cart was sold: the next command begins a new one.
    pub(super) fn sold(&mut self) {
        *self.open = None;
    }
}
