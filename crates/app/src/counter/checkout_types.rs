//! Taking money.

use evertill_core::PaymentKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::MoneyView;
use crate::printing::PrintView;
use crate::sync::SyncView;

/// What is due and how it can be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChargeView {
    /// Amount due without cash.
    pub due: MoneyView,
    /// Amount due where any of it is cash: the nearest coin, where the shop rounds to coins.
    pub cash_due: MoneyView,
    /// Cash amounts worth a key, the exact one first.
    pub quick_cash: Vec<MoneyView>,
    /// Modes of payment in the shop's order.
    pub modes: Vec<PaymentModeView>,
}

/// A mode of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaymentModeView {
    /// Mode id.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Cash, card or something else.
    pub kind: PaymentKind,
}

/// Money handed over, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TenderInput {
    /// Mode id.
    pub mode: String,
    /// Amount as typed.
    pub amount: String,
}

/// Asks what is left to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// Money handed over so far.
    pub tenders: Vec<TenderInput>,
}

/// What is left to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuoteView {
    /// Amount due with these tenders: the nearest coin if any of it is cash and the shop rounds to
    /// coins.
    pub due: MoneyView,
    /// Handed over so far.
    pub paid: MoneyView,
    /// Still missing, zero when enough.
    pub remaining: MoneyView,
    /// The same for each mode, were what is left paid with it; in the shop's order.
    pub modes: Vec<ModeDueView>,
    /// To give back.
    pub change: MoneyView,
    /// Whether the sale can be closed.
    pub enough: bool,
}

/// What a mode of payment makes of what is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModeDueView {
    /// Mode id.
    pub mode: String,
    /// Amount due if what is left is paid with this mode.
    pub due: MoneyView,
    /// Still missing then.
    pub remaining: MoneyView,
}

/// Closes the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayRequest {
    /// The cart the cashier saw. Paying a paid cart again answers the same sale.
    pub cart_id: String,
    /// The total the cashier saw, in minor units.
    pub expected_total_minor: i64,
    /// Money handed over.
    pub tenders: Vec<TenderInput>,
}

/// Money taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TenderView {
    /// Mode id.
    pub mode: String,
    /// Name of the mode.
    pub name: String,
    /// Amount handed over.
    pub amount: MoneyView,
}

/// A sale that is durably on the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DoneView {
    /// The invoice's idempotency key.
    pub invoice_id: String,
    /// Receipt number, `03-000147`.
    pub number: String,
    /// What the customer owed.
    pub total: MoneyView,
    /// What the customer handed over.
    pub paid: MoneyView,
    /// What the customer gets back.
    pub change: MoneyView,
    /// Money taken, one entry a mode.
    pub tenders: Vec<TenderView>,
    /// How the receipt stands; `print_changed` follows.
    pub print: PrintView,
    /// How the sync stands; `sync_changed` follows.
    pub sync: SyncView,
}
