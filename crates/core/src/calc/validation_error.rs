//! Why a document must be refused.

use rust_decimal::Decimal;
use thiserror::Error;

/// A document that cannot be, or that the upstream would refuse. Rows count
/// from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ValidationError {
    /// A document has nothing on it.
    #[error("There is nothing on this document.")]
    NoLines,
    /// A line has no quantity, or one that rounds to none.
    #[error("Line {row} has no quantity.")]
    QuantityZero {
        /// The line.
        row: usize,
    },
    /// A unit that is sold whole was split.
    #[error("Line {row}: {uom} is sold in whole units only.")]
    FractionOfWholeUnit {
        /// The line.
        row: usize,
        /// Its unit.
        uom: String,
    },
    /// A return has a line with a positive quantity.
    #[error("Line {row}: a return takes goods back, so its quantity must be negative.")]
    QuantityMustBeNegative {
        /// The line.
        row: usize,
    },
    /// A sale has a line with a negative quantity.
    #[error("Line {row}: a sale hands goods out, so its quantity must be positive.")]
    QuantityMustBePositive {
        /// The line.
        row: usize,
    },
    /// A tax row names an earlier row but does not build on one.
    #[error("Tax row {row} refers to another row but is not charged on one.")]
    RowIdWithoutPreviousRowType {
        /// The tax row.
        row: usize,
    },
    /// The first tax row cannot build on an earlier one.
    #[error("Tax row {row} is the first and cannot be charged on an earlier row.")]
    PreviousRowTypeOnFirstRow {
        /// The tax row.
        row: usize,
    },
    /// A compound row does not say which row it builds on.
    #[error("Tax row {row} does not say which row it is charged on.")]
    RowIdMissing {
        /// The tax row.
        row: usize,
    },
    /// A compound row builds on itself or a later row.
    #[error("Tax row {row} can be charged on an earlier row only.")]
    RowIdNotEarlier {
        /// The tax row.
        row: usize,
    },
    /// A fixed amount cannot be part of the shelf price.
    #[error("Tax row {row}: a fixed amount cannot be included in the price.")]
    ActualCannotBeIncluded {
        /// The tax row.
        row: usize,
    },
    /// An included row builds on an excluded one.
    #[error("Tax row {row} is included in the price, so row {base} must be too.")]
    PreviousRowMustBeIncluded {
        /// The tax row.
        row: usize,
        /// The row it builds on.
        base: u32,
    },
    /// An included row builds on a total over an excluded one. ERPNext fails
    /// while writing its message; the reason keeps that name.
    #[error("Tax row {row} is included in the price, so every row before row {base} must be too.")]
    NumberFormatOfRowId {
        /// The tax row.
        row: usize,
        /// The row it builds on.
        base: u32,
    },
    /// A foreign currency without a rate.
    #[error("There is no exchange rate for {currency}.")]
    ExchangeRateMissing {
        /// The currency.
        currency: String,
    },
    /// A return with another exchange rate than its sale.
    #[error("The exchange rate must be that of the original sale.")]
    ExchangeRateDiffers,
    /// The discount is more than there is.
    #[error("The discount of {discount} is more than the total of {total}.")]
    DiscountOverTotal {
        /// The discount, with those of earlier returns.
        discount: Decimal,
        /// The total before it.
        total: Decimal,
    },
    /// A sale came out below zero.
    #[error("A sale cannot come to less than nothing ({total}); make it a return.")]
    NegativeTotal {
        /// The total in the company's currency.
        total: Decimal,
    },
    /// The customer's account is in another currency.
    #[error("The customer's account does not take {currency}.")]
    ForeignCurrencyOnDebtorsAccount {
        /// The currency.
        currency: String,
    },
    /// The sale a return names is not known.
    #[error("The original sale {original} is not known here.")]
    OriginalNotFound {
        /// The sale's id.
        original: String,
    },
    /// A line of a return does not say which line it takes back.
    #[error("Line {row} does not say which line of the sale it takes back.")]
    ReturnRowMissing {
        /// The line.
        row: usize,
    },
    /// A line of a return names a line the sale does not have.
    #[error("Line {row}: the sale has no such line.")]
    ReturnRowUnknown {
        /// The line.
        row: usize,
    },
    /// The line was returned before.
    #[error("Line {row} has already been returned.")]
    AlreadyReturned {
        /// The line.
        row: usize,
    },
    /// More is to be returned than is left.
    #[error("Line {row}: no more than {left} can be returned.")]
    ReturnedTooMuch {
        /// The line.
        row: usize,
        /// What is left, in stock units.
        left: Decimal,
    },
    /// A return at a higher price than the sale's.
    #[error("Line {row}: a return cannot be dearer than the sale ({rate}).")]
    RateOverOriginal {
        /// The line.
        row: usize,
        /// The sale's rate.
        rate: Decimal,
    },
    /// A negative payment in a sale.
    #[error("Payment {row} must not be negative.")]
    PaymentMustBePositive {
        /// The payment.
        row: usize,
    },
    /// A positive payment in a return.
    #[error("Payment {row} of a return must not be positive.")]
    PaymentMustBeNegative {
        /// The payment.
        row: usize,
    },
    /// More is to be refunded than the return is worth.
    #[error("No more than {total} can be refunded.")]
    RefundOverTotal {
        /// What the return is worth.
        total: Decimal,
    },
    /// A sale at the counter is not paid in full.
    #[error("{open} is still to be paid.")]
    PartialPayment {
        /// What is open.
        open: Decimal,
    },
    /// A Sales Invoice with a negative rate.
    #[error("Line {row} has a negative price.")]
    NegativeRate {
        /// The line.
        row: usize,
    },
    /// The upstream's ledger would not balance.
    #[error("The ledger entries would differ by {difference}.")]
    DebitCredit {
        /// Debit less credit, in the company's currency.
        difference: Decimal,
    },
    /// Nothing is left of a foreign amount in the company's currency.
    #[error("The total is nothing in the company's currency.")]
    BaseTotalZero,
    /// A number is too large to calculate with.
    #[error("A number on this document is too large to calculate with.")]
    NumberTooLarge,
    /// The document cannot be read.
    #[error("The document cannot be read: {0}")]
    InvalidInput(String),
}

impl ValidationError {
    /// The stable code of the refusal.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoLines => "no-lines",
            Self::QuantityZero { .. } => "quantity-zero",
            Self::FractionOfWholeUnit { .. } => "fraction-of-whole-unit",
            Self::QuantityMustBeNegative { .. } => "quantity-must-be-negative",
            Self::QuantityMustBePositive { .. } => "quantity-must-be-positive",
            Self::RowIdWithoutPreviousRowType { .. } => "row-id-without-previous-row-type",
            Self::PreviousRowTypeOnFirstRow { .. } => "previous-row-type-on-first-row",
            Self::RowIdMissing { .. } => "row-id-missing",
            Self::RowIdNotEarlier { .. } => "row-id-not-earlier",
            Self::ActualCannotBeIncluded { .. } => "actual-cannot-be-included",
            Self::PreviousRowMustBeIncluded { .. } => "previous-row-must-be-included",
            Self::NumberFormatOfRowId { .. } => "number-format-of-row-id",
            Self::ExchangeRateMissing { .. } => "exchange-rate-missing",
            Self::ExchangeRateDiffers => "exchange-rate-differs",
            Self::DiscountOverTotal { .. } => "discount-over-total",
            Self::NegativeTotal { .. } => "negative-total",
            Self::ForeignCurrencyOnDebtorsAccount { .. } => "foreign-currency-on-debtors-account",
            Self::OriginalNotFound { .. } => "original-not-found",
            Self::ReturnRowMissing { .. } => "return-row-missing",
            Self::ReturnRowUnknown { .. } => "return-row-unknown",
            Self::AlreadyReturned { .. } => "already-returned",
            Self::ReturnedTooMuch { .. } => "returned-too-much",
            Self::RateOverOriginal { .. } => "rate-over-original",
            Self::PaymentMustBePositive { .. } => "payment-must-be-positive",
            Self::PaymentMustBeNegative { .. } => "payment-must-be-negative",
            Self::RefundOverTotal { .. } => "refund-over-total",
            Self::PartialPayment { .. } => "partial-payment",
            Self::NegativeRate { .. } => "negative-rate",
            Self::DebitCredit { .. } => "debit-credit",
            Self::BaseTotalZero => "base-total-zero",
            Self::NumberTooLarge => "number-too-large",
            Self::InvalidInput(_) => "invalid-input",
        }
    }
}
