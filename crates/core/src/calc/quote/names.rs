//! ERPNext's own names for choices. Quotes speak ERPNext's words; nothing else of ours does.

use serde::Deserialize;

use crate::calc;

/// The name of a document type.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) enum InvoiceKind {
    #[default]
    #[serde(rename = "POS Invoice")]
    PosInvoice,
    #[serde(rename = "Sales Invoice")]
    SalesInvoice,
}

impl From<InvoiceKind> for calc::InvoiceKind {
    fn from(name: InvoiceKind) -> Self {
        match name {
            InvoiceKind::PosInvoice => Self::PosInvoice,
            InvoiceKind::SalesInvoice => Self::SalesInvoice,
        }
    }
}

/// The name of a rounding method in the System Settings.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum RoundingMethod {
    #[serde(rename = "Banker's Rounding")]
    Bankers,
    #[serde(rename = "Banker's Rounding (legacy)")]
    BankersLegacy,
    #[serde(rename = "Commercial Rounding")]
    Commercial,
}

impl From<RoundingMethod> for calc::RoundingMethod {
    fn from(name: RoundingMethod) -> Self {
        match name {
            RoundingMethod::Bankers => Self::Bankers,
            RoundingMethod::BankersLegacy => Self::BankersLegacy,
            RoundingMethod::Commercial => Self::Commercial,
        }
    }
}

/// The name of what a document discount is taken off.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum DiscountOn {
    #[serde(rename = "Net Total")]
    NetTotal,
    #[serde(rename = "Grand Total")]
    GrandTotal,
}

impl From<DiscountOn> for calc::DiscountOn {
    fn from(name: DiscountOn) -> Self {
        match name {
            DiscountOn::NetTotal => Self::NetTotal,
            DiscountOn::GrandTotal => Self::GrandTotal,
        }
    }
}

/// The name of what a tax row is charged on.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) enum ChargeType {
    #[default]
    #[serde(rename = "On Net Total")]
    OnNetTotal,
    #[serde(rename = "On Previous Row Amount")]
    OnPreviousRowAmount,
    #[serde(rename = "On Previous Row Total")]
    OnPreviousRowTotal,
    #[serde(rename = "Actual")]
    Actual,
    #[serde(rename = "On Item Quantity")]
    OnItemQuantity,
}

impl From<ChargeType> for calc::ChargeType {
    fn from(name: ChargeType) -> Self {
        match name {
            ChargeType::OnNetTotal => Self::OnNetTotal,
            ChargeType::OnPreviousRowAmount => Self::OnPreviousRowAmount,
            ChargeType::OnPreviousRowTotal => Self::OnPreviousRowTotal,
            ChargeType::Actual => Self::Actual,
            ChargeType::OnItemQuantity => Self::OnItemQuantity,
        }
    }
}
