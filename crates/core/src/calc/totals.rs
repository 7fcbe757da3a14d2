//! What comes out of the calculation.

use rust_decimal::Decimal;

use super::validation_error::ValidationError;

/// A document worked out. Amounts are in the document's currency; those in the
/// company's stand in [`BaseTotals`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentTotals {
    /// Sum of the lines as priced.
    pub total: Decimal,
    /// Sum of the lines without included charges and document discount.
    pub net_total: Decimal,
    /// Document discount.
    pub discount_amount: Decimal,
    /// Sum of all charges.
    pub total_taxes_and_charges: Decimal,
    /// By how much net total and charges miss the shelf prices where charges
    /// are included: a few units of the last decimal, its own line in the books.
    pub included_difference: Decimal,
    /// What the document comes to before it is rounded to a coin.
    /// Net total, charges and included difference add up to it.
    pub grand_total: Decimal,
    /// What it comes to in coins; 0 when rounding is disabled.
    pub rounded_total: Decimal,
    /// Rounded total less grand total.
    pub rounding_adjustment: Decimal,
    /// Lines, in the order of the document.
    pub lines: Vec<DocumentLineTotals>,
    /// Charges, in the order of the document.
    pub taxes: Vec<TaxTotals>,
    /// The same in the company's currency, when the document's rate is not 1.
    pub base: Option<BaseTotals>,
    /// Payment and change, when payments were given.
    pub payment: Option<PaymentTotals>,
    /// Why the upstream would take this as a draft and then refuse to book it
    /// (as if paid exactly), although it has totals.
    pub submit_refusal: Option<ValidationError>,
}

impl DocumentTotals {
    /// What is to be paid: the rounded total, or the grand total if that is 0.
    #[must_use]
    pub fn due(&self) -> Decimal {
        if self.rounded_total.is_zero() {
            self.grand_total
        } else {
            self.rounded_total
        }
    }
}

/// One line worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLineTotals {
    /// Quantity, rounded.
    pub qty: Decimal,
    /// Price of one unit after the line discount.
    pub rate: Decimal,
    /// Rate times quantity.
    pub amount: Decimal,
    /// Amount without included charges and the share of document discount.
    pub net_amount: Decimal,
    /// Net amount of one unit.
    pub net_rate: Decimal,
    /// Line discount of one unit.
    pub discount_amount: Decimal,
    /// Line discount in percent, rounded.
    pub discount_percentage: Decimal,
    /// The line's share of the document discount; may be off by a cent, so
    /// take amounts from `net_amount`.
    pub distributed_discount_amount: Decimal,
    /// Net amount and the line's charges, to nine decimals: its share of the
    /// grand total.
    pub gross_amount: Decimal,
    /// Quantity in stock units.
    pub stock_qty: Decimal,
    /// In the company's currency.
    pub base: Option<BaseLine>,
}

/// A line in the company's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseLine {
    /// Price of one unit.
    pub rate: Decimal,
    /// Amount.
    pub amount: Decimal,
    /// Net amount.
    pub net_amount: Decimal,
    /// Net price of one unit.
    pub net_rate: Decimal,
}

/// One charge worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxTotals {
    /// The charge; before the document discount where that is on the grand
    /// total.
    pub tax_amount: Decimal,
    /// The charge that is really due.
    pub tax_amount_after_discount_amount: Decimal,
    /// Net total and all charges down to this one.
    pub total: Decimal,
    /// In the company's currency.
    pub base: Option<BaseTax>,
    /// For the receipt and the report by rate: one entry for each rate the
    /// lines were charged at, in order of first appearance.
    pub by_rate: Vec<RateTotals>,
}

/// What was charged at one rate within a tax row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateTotals {
    /// Percent, or an amount per unit.
    pub rate: Decimal,
    /// What it was charged on: net amounts, or for a compound row what the
    /// row it builds on came to.
    pub taxable_amount: Decimal,
    /// The charge. The entries of a row add up to its charge.
    pub tax_amount: Decimal,
}

/// A charge in the company's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseTax {
    /// The charge.
    pub tax_amount: Decimal,
    /// The charge that is really due.
    pub tax_amount_after_discount_amount: Decimal,
    /// Running total.
    pub total: Decimal,
}

/// The document in the company's currency. Each field is converted and
/// rounded on its own, so they need not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseTotals {
    /// Sum of the lines' converted amounts.
    pub total: Decimal,
    /// Sum of the lines' converted net amounts.
    pub net_total: Decimal,
    /// Document discount.
    pub discount_amount: Decimal,
    /// Sum of all charges.
    pub total_taxes_and_charges: Decimal,
    /// Grand total.
    pub grand_total: Decimal,
    /// Rounded total.
    pub rounded_total: Decimal,
    /// Rounding adjustment.
    pub rounding_adjustment: Decimal,
    /// Payments.
    pub paid_amount: Option<Decimal>,
    /// Change.
    pub change_amount: Option<Decimal>,
}

/// What the payments come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentTotals {
    /// Sum of the payments.
    pub paid_amount: Decimal,
    /// What goes back to the customer.
    pub change_amount: Decimal,
    /// What stays open on a Sales Invoice, in the currency of the customer's
    /// account; negative when too much was paid without change.
    pub outstanding_amount: Option<Decimal>,
    /// How the document stands.
    pub status: PaymentStatus,
}

/// How a paid document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// Nothing is open.
    Paid,
    /// Something was paid and something is open.
    PartlyPaid,
    /// Nothing was paid.
    Unpaid,
    /// It is a return.
    Return,
}

impl PaymentStatus {
    /// The word the upstream shows.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::PartlyPaid => "Partly Paid",
            Self::Unpaid => "Unpaid",
            Self::Return => "Return",
        }
    }
}
