//! What a return may take back of its sale.

use rust_decimal::Decimal;

use super::arithmetic::Number;
use super::document::{Document, InvoiceKind};
use super::sheet::Sheet;
use super::totals::DocumentTotals;
use super::validation_error::ValidationError;
use super::wanted::{Wanted, row_index, wanted_of};

/// A sale as far as its returns need it, and what they took back so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    conversion_rate: Decimal,
    lines: Vec<OriginalLine>,
    discount_returned: Decimal,
    /// What the sale came to.
    pub(super) due: Decimal,
    /// What returns gave back of it.
    pub(super) refunded: Decimal,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OriginalLine {
    qty: Decimal,
    stock_qty: Decimal,
    conversion_factor: Decimal,
    pub(super) rate: Decimal,
    gross_amount: Decimal,
    returned_qty: Decimal,
    returned_stock_qty: Decimal,
}

impl OriginalLine {
    /// How much can still be returned.
    pub(super) fn left(&self) -> Decimal {
        self.qty.saturating_sub(self.returned_qty)
    }

    /// What `qty` of the line stands for.
    fn gross_of(&self, qty: Decimal) -> Option<Decimal> {
        if self.qty.is_zero() {
            return Some(Decimal::ZERO);
        }
        self.gross_amount.checked_mul(qty.checked_div(self.qty)?)
    }
}

impl Original {
    /// Notes a sale that was worked out.
    #[must_use]
    pub fn of(document: &Document, totals: &DocumentTotals) -> Self {
        let lines = document.lines.iter().zip(&totals.lines);
        Self {
            conversion_rate: document.effective_rate(),
            lines: lines
                .map(|(line, totals)| OriginalLine {
                    qty: totals.qty,
                    stock_qty: totals.stock_qty,
                    conversion_factor: line.conversion_factor.unwrap_or(Decimal::ONE),
                    rate: totals.rate,
                    gross_amount: totals.gross_amount,
                    returned_qty: Decimal::ZERO,
                    returned_stock_qty: Decimal::ZERO,
                })
                .collect(),
            discount_returned: Decimal::ZERO,
            due: totals.due(),
            refunded: Decimal::ZERO,
        }
    }

    /// What returns gave back so far, in the document's currency.
    #[must_use]
    pub fn refunded(&self) -> Decimal {
        self.refunded
    }

    /// Notes a return of this sale that was worked out and accepted.
    pub fn take_back(&mut self, document: &Document, totals: &DocumentTotals) {
        self.discount_returned = self
            .discount_returned
            .saturating_add(totals.discount_amount);
        self.refunded = self.refunded.saturating_sub(totals.due());
        for (line, totals) in document.lines.iter().zip(&totals.lines) {
            let Some(index) = line.return_row.and_then(row_index) else {
                continue;
            };
            if let Some(sold) = self.lines.get_mut(index) {
                sold.returned_qty = sold.returned_qty.saturating_add(totals.qty.abs());
                sold.returned_stock_qty = sold
                    .returned_stock_qty
                    .saturating_add(totals.stock_qty.abs());
            }
        }
    }

    /// A line, from 0.
    pub(super) fn line(&self, index: usize) -> Option<&OriginalLine> {
        self.lines.get(index)
    }

    /// Whether nothing is left once `wanted` is back.
    pub(super) fn is_complete_with(&self, wanted: &[Wanted]) -> bool {
        self.lines
            .iter()
            .enumerate()
            .all(|(index, line)| line.left() <= wanted_of(wanted, index))
    }

    /// The part of the sale that is back once `wanted` is, from 0 to 1.
    pub(super) fn share_returned_with(&self, wanted: &[Wanted]) -> Option<Decimal> {
        let mut back = Decimal::ZERO;
        for line in &self.lines {
            back = back.checked_add(line.gross_of(line.returned_qty)?)?;
        }
        self.part_of_all(back.checked_add(self.gross_wanted(wanted)?)?)
    }

    /// The part of the sale that `wanted` is, from 0 to 1.
    pub(super) fn share_of(&self, wanted: &[Wanted]) -> Option<Decimal> {
        self.part_of_all(self.gross_wanted(wanted)?)
    }

    fn gross_wanted(&self, wanted: &[Wanted]) -> Option<Decimal> {
        let mut gross = Decimal::ZERO;
        for want in wanted {
            let line = self.lines.get(row_index(want.row)?)?;
            gross = gross.checked_add(line.gross_of(want.qty)?)?;
        }
        Some(gross)
    }

    fn part_of_all(&self, gross: Decimal) -> Option<Decimal> {
        let mut all = Decimal::ZERO;
        for line in &self.lines {
            all = all.checked_add(line.gross_amount)?;
        }
        if all.is_zero() {
            Some(Decimal::ZERO)
        } else {
            gross.checked_div(all)
        }
    }

    /// What earlier returns gave back of the discount, without its sign.
    pub(super) fn discount_returned<N: Number>(&self) -> N {
        N::from_decimal(self.discount_returned.abs())
    }

    /// Refuses a return of what is not there to be returned.
    pub(super) fn check<N: Number>(&self, sheet: &Sheet<'_, N>) -> Result<(), ValidationError> {
        if sheet.document.effective_rate() != self.conversion_rate {
            return Err(ValidationError::ExchangeRateDiffers);
        }
        for (index, line) in sheet.document.lines.iter().enumerate() {
            let row = index + 1;
            let sold = line
                .return_row
                .ok_or(ValidationError::ReturnRowMissing { row })?;
            let sold = row_index(sold)
                .and_then(|sold| self.lines.get(sold))
                .ok_or(ValidationError::ReturnRowUnknown { row })?;
            self.check_line(sheet, sold, index)?;
        }
        Ok(())
    }

    fn check_line<N: Number>(
        &self,
        sheet: &Sheet<'_, N>,
        sold: &OriginalLine,
        index: usize,
    ) -> Result<(), ValidationError> {
        let row = index + 1;
        let document = sheet.document;
        let settings = &document.settings;
        let float = |value: N| value.round(settings.float_precision, settings.rounding_method);
        let (Some(line), Some(work)) = (document.lines.get(index), sheet.lines.get(index)) else {
            return Ok(());
        };
        let factor = N::from_decimal(line.conversion_factor.unwrap_or(Decimal::ONE));
        let is_sales_invoice = document.kind == InvoiceKind::SalesInvoice;
        // A POS Invoice counts stock units: those of the quantity as sent, and of
        // one where that is nothing. A Sales Invoice that moves no stock counts
        // units sold, but holds them against stock units.
        let (reference, returned, wanted, counted) = if is_sales_invoice {
            let reference = N::from_decimal(sold.qty) * N::from_decimal(sold.conversion_factor);
            let wanted = float(work.qty * factor);
            (reference, sold.returned_qty, wanted, work.qty)
        } else {
            let sent = if line.qty.is_zero() {
                Decimal::ONE
            } else {
                line.qty
            };
            let wanted = float(N::from_decimal(sent) * factor);
            let reference = N::from_decimal(sold.stock_qty);
            (reference, sold.returned_stock_qty, wanted, wanted)
        };
        if !reference.is_zero() {
            let returned = float(N::from_decimal(returned));
            let left = float(float(reference) - returned);
            if counted > N::ZERO {
                return Err(ValidationError::QuantityMustBeNegative { row });
            }
            if returned >= reference && counted >= N::ZERO {
                return Err(ValidationError::AlreadyReturned { row });
            }
            if wanted.magnitude() > left {
                return Err(ValidationError::ReturnedTooMuch {
                    row,
                    left: left.to_decimal(9).ok_or(ValidationError::NumberTooLarge)?,
                });
            }
        }
        let rate = N::from_decimal(sold.rate);
        if is_sales_invoice && rate > N::ZERO && work.rate > rate {
            return Err(ValidationError::RateOverOriginal {
                row,
                rate: sold.rate,
            });
        }
        Ok(())
    }
}
