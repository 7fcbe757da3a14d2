//! Step 9: the document's discount, spread over its lines.

use super::arithmetic::Number;
use super::document::{ChargeType, DiscountOn};
use super::sheet::Sheet;
use super::validation_error::ValidationError;

impl<N: Number> Sheet<'_, N> {
    /// Works the discount out. `returned` is what earlier returns of the same
    /// sale gave back of its discount: together they must not exceed the total.
    pub(super) fn find_discount(&mut self, returned: N) -> Result<(), ValidationError> {
        let discount = &self.document.discount;
        self.discount = if discount.percentage.is_zero() {
            N::from_decimal(discount.amount)
        } else {
            let base = match discount.on {
                DiscountOn::GrandTotal => self.grand_total,
                DiscountOn::NetTotal => self.net_total,
            };
            self.money(base * N::from_decimal(discount.percentage) / N::from_int(100))
        };
        let checked = self.discount + returned;
        let over = if self.grand_total >= N::ZERO {
            checked > self.grand_total
        } else {
            checked < self.grand_total
        };
        if over {
            return Err(ValidationError::DiscountOverTotal {
                discount: checked
                    .to_decimal(9)
                    .ok_or(ValidationError::NumberTooLarge)?,
                total: self
                    .grand_total
                    .to_decimal(self.places)
                    .ok_or(ValidationError::NumberTooLarge)?,
            });
        }
        Ok(())
    }

    /// Spreads the discount over the lines and works the rest out again.
    pub(super) fn apply_discount(&mut self) {
        if self.discount.is_zero() {
            return;
        }
        let over = self.spread_over();
        if over.is_zero() {
            return;
        }
        let mut expected = N::ZERO;
        let mut reached = N::ZERO;
        for index in 0..self.lines.len() {
            let Some(mut line) = self.lines.get(index).copied() else {
                continue;
            };
            let share = self.discount.times_over(line.net_amount, over);
            let adjusted = line.net_amount - share;
            expected = expected + adjusted;
            line.net_amount = self.money(adjusted);
            line.distributed = self.money(share);
            reached = reached + line.net_amount;
            // Whatever the rounding of earlier lines lost is put on this one,
            // so that the shares add up.
            let lost = self.money(expected - reached);
            if !lost.is_zero() {
                line.net_amount = self.money(line.net_amount + lost);
                line.distributed = self.money(share + lost);
                reached = reached + lost;
            }
            line.net_rate = if line.qty.is_zero() {
                N::ZERO
            } else {
                self.money(line.net_amount / line.qty)
            };
            if let Some(place) = self.lines.get_mut(index) {
                *place = line;
            }
        }
        self.discount_applied = true;
        self.add_up_lines();
        self.charge_lines();
        self.grand_total();
    }

    /// What the discount is spread over: the net total, or the grand total
    /// without the charges a discount does not lower.
    fn spread_over(&self) -> N {
        if self.document.discount.on == DiscountOn::NetTotal || self.taxes.is_empty() {
            return self.net_total;
        }
        self.unrounded_grand_total + self.difference - self.fixed_charges()
    }

    /// Fixed amounts, charges by quantity, and the rows that build on them.
    fn fixed_charges(&self) -> N {
        let mut fixed = N::ZERO;
        let mut listed: Vec<Option<(N, N)>> = Vec::with_capacity(self.taxes.len());
        for row in &self.taxes {
            let charge = match row.charge_type {
                ChargeType::Actual | ChargeType::OnItemQuantity => Some(row.tax_amount),
                ChargeType::OnNetTotal => None,
                ChargeType::OnPreviousRowAmount | ChargeType::OnPreviousRowTotal => row
                    .base
                    .and_then(|base| listed.get(base).copied().flatten())
                    .map(|(charge, cumulative)| {
                        let base = if row.charge_type == ChargeType::OnPreviousRowAmount {
                            charge
                        } else {
                            cumulative
                        };
                        base * row.rate / N::from_int(100)
                    }),
            };
            if let Some(charge) = charge {
                fixed = fixed + charge;
            }
            listed.push(charge.map(|charge| (charge, fixed)));
        }
        fixed
    }
}
