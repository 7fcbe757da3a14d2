//! Printed receipts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::MoneyView;
use crate::sync::DocumentState;

/// Names an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InvoiceRequest {
    /// The invoice's idempotency key.
    pub invoice_id: String,
}

/// How a receipt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// On paper.
    Printed,
    /// On its way to the printer.
    Printing,
    /// Waits for the printer.
    Waiting,
    /// Will not be tried again by itself.
    Failed,
}

/// How a receipt stands, with the reason when it is not on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct PrintView {
    /// How the receipt stands.
    pub state: PrintState,
    /// Why it waits or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Asks for the last sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RecentRequest {
    /// How many at most, up to 200.
    pub limit: u32,
}

/// The last sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceiptsView {
    /// Newest first.
    pub receipts: Vec<ReceiptView>,
}

/// A sale in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceiptView {
    /// The invoice's idempotency key.
    pub invoice_id: String,
    /// Receipt number.
    pub number: String,
    /// Time of day of the sale, with the date when it was not today.
    pub time_text: String,
    /// What the customer paid.
    pub total: MoneyView,
    /// How the receipt stands.
    pub print: PrintView,
    /// How its document stands.
    pub sync_state: DocumentState,
}
