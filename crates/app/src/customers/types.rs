//! Finding a customer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Looks for customers by name, phone or e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomersRequest {
    /// What was typed.
    pub text: String,
}

/// Customers found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomersView {
    /// By name.
    pub customers: Vec<CustomerView>,
}

/// A customer in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// Customer id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Phone number, empty when unknown.
    pub phone: String,
}
