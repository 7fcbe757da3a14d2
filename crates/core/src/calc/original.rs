//! What a return may take back of its sale.

use rust_decimal::Decimal;

use super::arithmetic::Number;
use super::document::{Document, DocumentKind};
use super::refusal::Refusal;
use super::sheet::Sheet;
use super::totals::Totals;

/// A sale as far as its returns need it, and what they took back so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    conversion_rate: Decimal,
    lines: Vec<OriginalLine>,
    discount_returned: Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct OriginalLine {
    qty: Decimal,
    stock_qty: Decimal,
    conversion_factor: Decimal,
    rate: Decimal,
    returned_qty: Decimal,
    returned_stock_qty: Decimal,
}

impl Original {
    /// Notes a sale that was worked out.
    #[must_use]
    pub fn of(document: &Document, totals: &Totals) -> Self {
        let lines = document.lines.iter().zip(&totals.lines);
        Self {
            conversion_rate: document.effective_rate(),
            lines: lines
                .map(|(line, totals)| OriginalLine {
                    qty: totals.qty,
                    stock_qty: totals.stock_qty,
                    conversion_factor: line.conversion_factor.unwrap_or(Decimal::ONE),
                    rate: totals.rate,
                    returned_qty: Decimal::ZERO,
                    returned_stock_qty: Decimal::ZERO,
                })
                .collect(),
            discount_returned: Decimal::ZERO,
        }
    }

    /// Notes a return of this sale that was worked out and accepted.
    pub fn take_back(&mut self, document: &Document, totals: &Totals) {
        self.discount_returned = self
            .discount_returned
            .saturating_add(totals.discount_amount);
        for (line, totals) in document.lines.iter().zip(&totals.lines) {
            let Some(index) = line.return_row.and_then(|row| usize::try_from(row).ok()) else {
                continue;
            };
            if let Some(sold) = index
                .checked_sub(1)
                .and_then(|index| self.lines.get_mut(index))
            {
                sold.returned_qty = sold.returned_qty.saturating_add(totals.qty.abs());
                sold.returned_stock_qty = sold
                    .returned_stock_qty
                    .saturating_add(totals.stock_qty.abs());
            }
        }
    }

    /// What earlier returns gave back of the discount, without its sign.
    pub(super) fn discount_returned<N: Number>(&self) -> N {
        N::from_decimal(self.discount_returned.abs())
    }

    /// Refuses a return of what is not there to be returned.
    pub(super) fn check<N: Number>(&self, sheet: &Sheet<'_, N>) -> Result<(), Refusal> {
        if sheet.document.effective_rate() != self.conversion_rate {
            return Err(Refusal::ExchangeRateDiffers);
        }
        for (index, line) in sheet.document.lines.iter().enumerate() {
            let row = index + 1;
            let sold = line.return_row.ok_or(Refusal::ReturnRowMissing { row })?;
            let sold = usize::try_from(sold)
                .ok()
                .and_then(|sold| sold.checked_sub(1))
                .and_then(|sold| self.lines.get(sold))
                .ok_or(Refusal::ReturnRowUnknown { row })?;
            self.check_line(sheet, sold, index)?;
        }
        Ok(())
    }

    fn check_line<N: Number>(
        &self,
        sheet: &Sheet<'_, N>,
        sold: &OriginalLine,
        index: usize,
    ) -> Result<(), Refusal> {
        let row = index + 1;
        let document = sheet.document;
        let settings = &document.settings;
        let float = |value: N| value.round(settings.float_precision, settings.rounding_method);
        let (Some(line), Some(work)) = (document.lines.get(index), sheet.lines.get(index)) else {
            return Ok(());
        };
        if work.qty > N::ZERO {
            return Err(Refusal::PositiveQuantityInReturn { row });
        }
        let factor = N::from_decimal(line.conversion_factor.unwrap_or(Decimal::ONE));
        let is_sales_invoice = document.kind == DocumentKind::SalesInvoice;
        // A POS Invoice counts stock units. A Sales Invoice that moves no
        // stock counts units sold, but holds them against stock units.
        let (reference, returned) = if is_sales_invoice {
            let reference = N::from_decimal(sold.qty) * N::from_decimal(sold.conversion_factor);
            (reference, sold.returned_qty)
        } else {
            (N::from_decimal(sold.stock_qty), sold.returned_stock_qty)
        };
        if !reference.is_zero() {
            let returned = float(N::from_decimal(returned));
            let left = float(float(reference) - returned);
            if returned >= reference && work.qty >= N::ZERO {
                return Err(Refusal::AlreadyReturned { row });
            }
            if float(work.qty * factor).magnitude() > left {
                return Err(Refusal::ReturnedTooMuch {
                    row,
                    left: left.to_decimal(9).ok_or(Refusal::NumberTooLarge)?,
                });
            }
        }
        let rate = N::from_decimal(sold.rate);
        if is_sales_invoice && rate > N::ZERO && work.rate > rate {
            return Err(Refusal::RateOverOriginal {
                row,
                rate: sold.rate,
            });
        }
        Ok(())
    }
}
