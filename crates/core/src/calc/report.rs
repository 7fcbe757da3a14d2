//! Gives the sheet out as exact amounts.

use rust_decimal::Decimal;

use super::arithmetic::Number;
use super::base::Base;
use super::sheet::{Sheet, WorkLine, WorkTax};
use super::tender::{Due, Tender};
use super::totals::{
    BaseLine, BaseTax, BaseTotals, DocumentLineTotals, DocumentTotals, PaymentTotals, RateTotals,
    TaxTotals,
};
use super::validation_error::ValidationError;

/// Decimals kept of what is not rounded, as ERPNext's database does.
const UNROUNDED: u32 = 9;

impl<N: Number> Sheet<'_, N> {
    /// Gives everything out.
    pub(super) fn report(
        &mut self,
        rounded_total: N,
        due: &Due<N>,
        tender: Option<&Tender<N>>,
    ) -> Result<DocumentTotals, ValidationError> {
        let by_rate = self.by_rate()?;
        // Base fields are of use, and are given, where the rate is not 1.
        let base = (self.document.effective_rate() != Decimal::ONE).then_some(&due.base);
        let mut lines = Vec::with_capacity(self.lines.len());
        for (line, input) in self.lines.iter().zip(&self.document.lines) {
            let factor = input.conversion_factor.unwrap_or(Decimal::ONE);
            lines.push(self.report_line(line, factor, base)?);
        }
        let mut taxes = Vec::with_capacity(self.taxes.len());
        for (row, by_rate) in self.taxes.iter().zip(by_rate) {
            taxes.push(self.report_tax(row, by_rate, base)?);
        }
        Ok(DocumentTotals {
            total: self.give(self.total)?,
            net_total: self.give(self.net_total)?,
            discount_amount: give_all(self.discount)?,
            total_taxes_and_charges: self.give(self.total_taxes)?,
            included_difference: self.give(self.difference)?,
            grand_total: self.give(self.grand_total)?,
            rounded_total: self.give(rounded_total)?,
            rounding_adjustment: self.give(due.rounding_adjustment)?,
            lines,
            taxes,
            base: base
                .map(|base| self.report_base(base, tender))
                .transpose()?,
            payment: tender
                .map(|tender| self.report_tender(tender))
                .transpose()?,
            submit_refusal: None,
        })
    }

    /// An amount that has been rounded.
    fn give(&self, value: N) -> Result<Decimal, ValidationError> {
        value
            .to_decimal(self.places)
            .ok_or(ValidationError::NumberTooLarge)
    }

    fn report_line(
        &self,
        line: &WorkLine<N>,
        conversion_factor: Decimal,
        base: Option<&Base<N>>,
    ) -> Result<DocumentLineTotals, ValidationError> {
        Ok(DocumentLineTotals {
            qty: give_all(line.qty)?,
            rate: self.give(line.rate)?,
            amount: self.give(line.amount)?,
            net_amount: self.give(line.net_amount)?,
            net_rate: self.give(line.net_rate)?,
            discount_amount: give_all(line.discount_amount)?,
            discount_percentage: give_all(line.discount_percentage)?,
            distributed_discount_amount: self.give(line.distributed)?,
            gross_amount: give_all(line.gross_amount)?,
            stock_qty: give_all(line.qty * N::from_decimal(conversion_factor))?,
            base: base
                .map(|base| {
                    let give = |value| self.give(self.convert(value, base.rate));
                    Ok(BaseLine {
                        rate: give(line.rate)?,
                        amount: give(line.amount)?,
                        net_amount: give(line.net_amount)?,
                        net_rate: give(line.net_rate)?,
                    })
                })
                .transpose()?,
        })
    }

    fn report_tax(
        &self,
        row: &WorkTax<N>,
        by_rate: Vec<RateTotals>,
        base: Option<&Base<N>>,
    ) -> Result<TaxTotals, ValidationError> {
        Ok(TaxTotals {
            tax_amount: self.give(row.tax_amount)?,
            tax_amount_after_discount_amount: self.give(row.after_discount)?,
            total: self.give(row.total)?,
            by_rate,
            base: base
                .map(|base| {
                    let give = |value| self.give(self.convert(value, base.rate));
                    Ok(BaseTax {
                        tax_amount: give(row.tax_amount)?,
                        tax_amount_after_discount_amount: give(row.after_discount)?,
                        total: give(row.total)?,
                    })
                })
                .transpose()?,
        })
    }

    fn report_base(
        &self,
        base: &Base<N>,
        tender: Option<&Tender<N>>,
    ) -> Result<BaseTotals, ValidationError> {
        Ok(BaseTotals {
            total: self.give(base.total)?,
            net_total: self.give(base.net_total)?,
            discount_amount: self.give(self.money(self.discount * base.rate))?,
            total_taxes_and_charges: self.give(self.convert(self.total_taxes, base.rate))?,
            grand_total: self.give(base.grand_total)?,
            rounded_total: self.give(base.rounded_total)?,
            rounding_adjustment: self.give(base.rounding_adjustment)?,
            paid_amount: tender
                .map(|tender| self.give(tender.base_paid))
                .transpose()?,
            change_amount: tender
                .map(|tender| give_all(tender.base_change))
                .transpose()?,
        })
    }

    fn report_tender(&self, tender: &Tender<N>) -> Result<PaymentTotals, ValidationError> {
        Ok(PaymentTotals {
            paid_amount: give_all(tender.paid)?,
            change_amount: give_all(tender.change)?,
            outstanding_amount: tender.outstanding.map(|open| self.give(open)).transpose()?,
            status: tender.status,
        })
    }
}

/// An amount that is not rounded.
fn give_all<N: Number>(value: N) -> Result<Decimal, ValidationError> {
    value
        .to_decimal(UNROUNDED)
        .ok_or(ValidationError::NumberTooLarge)
}
