//! Charges by account and rate, for the receipt and the tax report.

use super::arithmetic::Number;
use super::document::ChargeType;
use super::sheet::{Sheet, WorkTax};
use super::totals::RateTotals;
use super::validation_error::ValidationError;

struct Share<N> {
    rate: N,
    taxable: N,
    charge: N,
}

impl<N: Number> Sheet<'_, N> {
    /// The charges of every row by the rate its lines were charged at. The
    /// entries of a row add up to the row: what rounding loses is put on the
    /// entry with the largest charge.
    pub(super) fn by_rate(&mut self) -> Result<Vec<Vec<RateTotals>>, ValidationError> {
        let mut rows: Vec<Vec<Share<N>>> = self.taxes.iter().map(|_| Vec::new()).collect();
        for index in 0..self.lines.len() {
            let Some(line) = self.lines.get(index).copied() else {
                continue;
            };
            let mut running = line.net_amount;
            for (column, shares) in rows.iter_mut().enumerate() {
                let Some(row) = self.taxes.get(column).copied() else {
                    continue;
                };
                let rate = self
                    .line_rates(index)
                    .get(column)
                    .copied()
                    .unwrap_or(N::ZERO);
                let charge = self.charge(&row, rate, line.qty, line.net_amount);
                let taxable = self.taxable(&row, line.net_amount);
                running = running + charge;
                if let Some(row) = self.taxes.get_mut(column) {
                    row.current = charge;
                    row.running = running;
                }
                match shares.iter_mut().find(|share| share.rate == rate) {
                    Some(share) => {
                        share.taxable = share.taxable + taxable;
                        share.charge = share.charge + charge;
                    }
                    None => shares.push(Share {
                        rate,
                        taxable,
                        charge,
                    }),
                }
            }
        }
        rows.into_iter()
            .enumerate()
            .map(|(column, shares)| self.settle(column, &shares))
            .collect()
    }

    /// What a row's rate is charged on: the net amount, or what an earlier row
    /// came to.
    fn taxable(&self, row: &WorkTax<N>, net_amount: N) -> N {
        let base = row.base.and_then(|base| self.taxes.get(base));
        match (row.charge_type, base) {
            (ChargeType::OnPreviousRowAmount, Some(base)) => base.current,
            (ChargeType::OnPreviousRowTotal, Some(base)) => base.running,
            _ => net_amount,
        }
    }

    fn settle(
        &self,
        column: usize,
        shares: &[Share<N>],
    ) -> Result<Vec<RateTotals>, ValidationError> {
        let places = self.places;
        let charged = self
            .taxes
            .get(column)
            .map_or(N::ZERO, |row| row.after_discount);
        let mut rounded: Vec<N> = shares
            .iter()
            .map(|share| self.money(share.charge))
            .collect();
        let mut lost = charged;
        let mut largest = (0, N::ZERO);
        for (index, charge) in rounded.iter().enumerate() {
            lost = lost - *charge;
            if charge.magnitude() > largest.1 {
                largest = (index, charge.magnitude());
            }
        }
        if let Some(charge) = rounded.get_mut(largest.0) {
            *charge = self.money(*charge + self.money(lost));
        }
        let decimal = |value: N, places| {
            value
                .to_decimal(places)
                .ok_or(ValidationError::NumberTooLarge)
        };
        shares
            .iter()
            .zip(rounded)
            .map(|(share, charge)| {
                Ok(RateTotals {
                    rate: decimal(share.rate, 9)?,
                    taxable_amount: decimal(self.money(share.taxable), places)?,
                    tax_amount: decimal(charge, places)?,
                })
            })
            .collect()
    }
}
