//! What goes into the calculation: a document as a till or an integrator
//! writes it down, before anything is worked out.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::arithmetic::RoundingMethod;
use super::round_exact;

/// Which document of the upstream this becomes; some rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// Paid at the counter; whatever is paid too much comes back as change.
    #[default]
    PosInvoice,
    /// Booked at once; may stay partly unpaid on the customer's account.
    SalesInvoice,
}

impl InvoiceKind {
    /// The name the upstream knows it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PosInvoice => "POS Invoice",
            Self::SalesInvoice => "Sales Invoice",
        }
    }
}

/// The settings of the site that decide how a document is calculated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How ties are rounded.
    pub rounding_method: RoundingMethod,
    /// Decimals of every amount (0 to 9), of the site, not of the currency.
    pub currency_precision: u32,
    /// Decimals of quantities and tax rates (0 to 9).
    pub float_precision: u32,
    /// Whether the tax of each line is rounded before it is added up.
    pub round_row_wise_tax: bool,
    /// Whether nothing is rounded to a coin.
    pub disable_rounded_total: bool,
    /// Whether only what is paid in cash is rounded to a coin.
    pub round_cash_only: bool,
    /// Whether prices that hold their tax always add up to the total. ERPNext lets the difference
    /// go once it is more than 5 units of the last decimal (a dozen odd prices can do that), and
    /// then the customer pays another amount than the shelf said.
    pub keep_included_difference: bool,
    /// The smallest coin, such as 0.05; 0 rounds to whole units.
    pub smallest_currency_fraction: Decimal,
    /// Whether an invoice in a foreign currency may be booked on a customer
    /// account in the company's currency.
    pub allow_foreign_on_company_account: bool,
    /// Whether a Sales Invoice may carry a line with a negative rate.
    pub allow_negative_rates: bool,
    /// Units that are sold whole only.
    pub whole_units: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rounding_method: RoundingMethod::Bankers,
            currency_precision: 2,
            float_precision: 3,
            round_row_wise_tax: false,
            disable_rounded_total: false,
            round_cash_only: false,
            keep_included_difference: false,
            smallest_currency_fraction: Decimal::new(1, 2),
            allow_foreign_on_company_account: true,
            allow_negative_rates: false,
            whole_units: vec!["Nos".to_owned()],
        }
    }
}

/// What a tax row is charged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeType {
    /// A percentage of the net amount.
    #[default]
    OnNetTotal,
    /// A percentage of what an earlier row charges.
    OnPreviousRowAmount,
    /// A percentage of net and charges up to and including an earlier row.
    OnPreviousRowTotal,
    /// A fixed amount, shared out over the lines by their net amounts.
    Actual,
    /// An amount for each unit sold: a deposit, a bag levy.
    OnItemQuantity,
}

impl ChargeType {
    /// Whether the row builds on an earlier one.
    #[must_use]
    pub fn builds_on_a_row(self) -> bool {
        matches!(self, Self::OnPreviousRowAmount | Self::OnPreviousRowTotal)
    }
}

/// One row of taxes and charges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaxRow {
    /// The ledger account the charge is booked on; a line's own rates name it.
    pub account: String,
    /// What it is charged on.
    pub charge_type: ChargeType,
    /// Percent, or for [`ChargeType::OnItemQuantity`] an amount per unit.
    pub rate: Decimal,
    /// Whether the shelf price holds this charge already.
    pub included: bool,
    /// The earlier row (from 1) a compound row builds on.
    pub row_id: Option<u32>,
    /// The amount of an [`ChargeType::Actual`] row; ignored for others.
    pub amount: Decimal,
}

/// One line of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// How many units; negative in a return.
    pub qty: Decimal,
    /// Price of one unit after the line discount. `None` or 0 takes it from
    /// the list price.
    pub rate: Option<Decimal>,
    /// Price of one unit before any discount.
    pub price_list_rate: Option<Decimal>,
    /// Line discount in percent.
    pub discount_percentage: Option<Decimal>,
    /// Line discount per unit. It is shown, never applied: send the rate.
    pub discount_amount: Option<Decimal>,
    /// Unit of measure.
    pub uom: Option<String>,
    /// Stock units in one unit sold.
    pub conversion_factor: Option<Decimal>,
    /// Rates of the line's own tax template by account; 0 counts.
    pub item_tax_rates: Vec<(String, Decimal)>,
    /// In a return against a sale: the row (from 1) of the sale.
    pub return_row: Option<u32>,
}

impl Line {
    /// Units that go for `rate` where the list says `list`. A rate of nothing would be filled from
    /// the list price; the discount says that it is meant.
    #[must_use]
    pub fn units(qty: Decimal, rate: Decimal, list: Decimal) -> Self {
        Self {
            qty,
            rate: Some(rate),
            price_list_rate: Some(list),
            discount_percentage: rate.is_zero().then_some(Decimal::ONE_HUNDRED),
            ..Self::default()
        }
    }
}

/// What a document discount in percent is taken of, and how it spreads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountOn {
    /// Off the total before tax.
    NetTotal,
    /// Off the total with tax.
    #[default]
    GrandTotal,
}

/// A discount on the whole document. A percentage wins over an amount.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentDiscount {
    /// What it applies to.
    pub on: DiscountOn,
    /// Amount in the document's currency.
    pub amount: Decimal,
    /// Percent; 0 means the amount applies.
    pub percentage: Decimal,
}

/// One payment towards a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The mode of payment's name.
    pub mode_of_payment: String,
    /// Whether it is cash: on a Sales Invoice only cash gives change.
    pub is_cash: bool,
    /// Amount in the document's currency; negative in a refund.
    pub amount: Decimal,
}

impl Payment {
    /// A payment in another currency than the document's: `rate` is what one
    /// unit of it is worth in the document's currency.
    #[must_use]
    pub fn foreign(
        mode_of_payment: impl Into<String>,
        is_cash: bool,
        amount: Decimal,
        rate: Decimal,
        settings: &Settings,
    ) -> Self {
        let worth = amount.saturating_mul(rate);
        let worth = round_exact(worth, settings.currency_precision, settings.rounding_method);
        Self {
            mode_of_payment: mode_of_payment.into(),
            is_cash,
            amount: worth,
        }
    }
}

/// A document to calculate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Which document of the upstream it becomes.
    pub kind: InvoiceKind,
    /// Currency of its amounts.
    pub currency: String,
    /// Currency of the company's books.
    pub company_currency: String,
    /// Company currency for one unit of the document's; ignored when the two
    /// are the same.
    pub conversion_rate: Decimal,
    /// The site's settings.
    pub settings: Settings,
    /// Whether it gives goods back.
    pub is_return: bool,
    /// Lines, in order.
    pub lines: Vec<Line>,
    /// Taxes and charges, in order.
    pub taxes: Vec<TaxRow>,
    /// Discount on the whole.
    pub discount: DocumentDiscount,
    /// Payments; `None` for a document that is only calculated.
    pub payments: Option<Vec<Payment>>,
}

impl Document {
    /// Whether the total goes to the nearest coin. Where only cash does, a
    /// document paid without any does not.
    #[must_use]
    pub fn rounds_to_coin(&self) -> bool {
        let without_cash = self
            .payments
            .as_ref()
            .is_some_and(|all| !all.iter().any(|one| one.is_cash));
        let never = self.settings.disable_rounded_total;
        !(never || self.settings.round_cash_only && without_cash)
    }

    /// Whether the document is in another currency than the books.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.currency != self.company_currency
    }

    /// Company currency for one unit of the document's currency.
    #[must_use]
    pub fn effective_rate(&self) -> Decimal {
        if self.is_foreign() {
            self.conversion_rate
        } else {
            Decimal::ONE
        }
    }
}
