//! Finding the customer of a sale.

mod types;

pub use types::{CustomerView, CustomersRequest, CustomersView};

use evertill_core::{Fault, Permission};

use crate::caller::Caller;
use crate::command::{Access, commands};
use crate::context::Context;

/// Most customers one search answers.
const MAX_FOUND: u32 = 50;

/// Finding customers in the till's own copy.
#[derive(Clone)]
pub(crate) struct Customers {
    context: Context,
}

impl Customers {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }
}

commands! {
    Customers;
    "sell.customers": CustomersRequest => CustomersView, Access::Needs(Permission::Sell), store search;
}

/// `sell.customers`
fn search(
    customers: &Customers,
    _: &Caller,
    request: &CustomersRequest,
) -> Result<CustomersView, Fault> {
    let store = customers.context.store();
    let found = store.search_customers(&request.text, MAX_FOUND)?;
    let customers = found
        .into_iter()
        .map(|record| CustomerView {
            id: record.id.to_string(),
            name: record.name,
            phone: record.phone,
        })
        .collect();
    Ok(CustomersView { customers })
}
