//! Steps 5 to 8: charges line by line, running totals, grand total.

use super::arithmetic::Number;
use super::document::{ChargeType, DiscountOn};
use super::sheet::{Sheet, WorkTax};

impl<N: Number> Sheet<'_, N> {
    /// Whether the document's discount is on the grand total, so that charges
    /// keep the amount they had before it beside the one after.
    fn keeps_charges_before_discount(&self) -> bool {
        self.discount_applied && self.document.discount.on == DiscountOn::GrandTotal
    }

    /// Step 5: every line is charged by every row; each row is added up
    /// unrounded and rounded once.
    pub(super) fn charge_lines(&mut self) {
        let keep = self.keeps_charges_before_discount();
        let row_wise = self.document.settings.round_row_wise_tax;
        let mut left: Vec<N> = self.taxes.iter().map(|row| row.tax_amount).collect();
        for row in &mut self.taxes {
            row.after_discount = N::ZERO;
            if row.charge_type != ChargeType::Actual && !keep {
                row.tax_amount = N::ZERO;
            }
        }
        let last = self.lines.len().saturating_sub(1);
        for index in 0..self.lines.len() {
            let Some(line) = self.lines.get(index).copied() else {
                continue;
            };
            let mut running = line.net_amount;
            for column in 0..self.taxes.len() {
                let Some(row) = self.taxes.get(column).copied() else {
                    continue;
                };
                let rate = self
                    .line_rates(index)
                    .get(column)
                    .copied()
                    .unwrap_or(N::ZERO);
                let mut charge = self.charge(&row, rate, line.qty, line.net_amount);
                if row_wise {
                    charge = self.money(charge);
                }
                if row.charge_type == ChargeType::Actual
                    && let Some(left) = left.get_mut(column)
                {
                    *left = *left - charge;
                    if index == last {
                        charge = charge + *left;
                    }
                }
                running = running + charge;
                if let Some(row) = self.taxes.get_mut(column) {
                    if row.charge_type != ChargeType::Actual && !keep {
                        row.tax_amount = row.tax_amount + charge;
                    }
                    row.after_discount = row.after_discount + charge;
                    row.current = charge;
                    row.running = running;
                }
            }
            if let Some(line) = self.lines.get_mut(index) {
                line.gross_amount = running;
            }
        }
        self.note_unrounded_total();
        let places = self.places;
        let method = self.document.settings.rounding_method;
        for row in &mut self.taxes {
            row.tax_amount = row.tax_amount.round(places, method);
            row.after_discount = row.after_discount.round(places, method);
        }
        self.run_totals();
    }

    /// What one row charges one line, not rounded.
    pub(super) fn charge(&self, row: &WorkTax<N>, rate: N, qty: N, net_amount: N) -> N {
        let hundred = N::from_int(100);
        let base = row.base.and_then(|base| self.taxes.get(base));
        match row.charge_type {
            ChargeType::OnNetTotal => rate / hundred * net_amount,
            ChargeType::OnPreviousRowAmount => {
                rate / hundred * base.map_or(N::ZERO, |base| base.current)
            }
            ChargeType::OnPreviousRowTotal => {
                rate / hundred * base.map_or(N::ZERO, |base| base.running)
            }
            ChargeType::OnItemQuantity => rate * qty,
            ChargeType::Actual if self.net_total.is_zero() => N::ZERO,
            ChargeType::Actual => net_amount.times_over(row.tax_amount, self.net_total),
        }
    }

    /// The grand total of unrounded charges, rounded after each addition: what
    /// a discount on the grand total is spread over.
    fn note_unrounded_total(&mut self) {
        if self.discount_applied {
            return;
        }
        let mut total = self.net_total;
        for row in &self.taxes {
            total = self.money(total + row.after_discount);
        }
        self.unrounded_grand_total = total;
    }

    /// Step 6: net total and charges, row by row.
    fn run_totals(&mut self) {
        let mut total = self.net_total;
        for index in 0..self.taxes.len() {
            let Some(charge) = self.taxes.get(index).map(|row| row.after_discount) else {
                continue;
            };
            total = self.money(total + charge);
            if let Some(row) = self.taxes.get_mut(index) {
                row.total = total;
            }
        }
    }

    /// Steps 7 and 8: what included prices miss by, and the grand total.
    pub(super) fn grand_total(&mut self) {
        self.difference = self.find_difference();
        if let Some(last) = self.taxes.last() {
            self.raw_grand_total = last.total + self.difference;
            self.total_taxes = self.money(self.raw_grand_total - self.net_total - self.difference);
        } else {
            self.raw_grand_total = self.net_total;
            self.total_taxes = N::ZERO;
        }
        self.grand_total = self.money(self.raw_grand_total);
    }

    /// Step 7, and its counterpart of step 9: with included prices the grand
    /// total is that of the shelf prices, if it misses by a few units only;
    /// with a discount on the grand total it is the old one less the discount.
    fn find_difference(&self) -> N {
        let Some(last) = self.taxes.last() else {
            return N::ZERO;
        };
        if !self.taxes.iter().any(|row| row.included) {
            if self.keeps_charges_before_discount() {
                return self.money(self.unrounded_grand_total - self.discount - last.total);
            }
            return N::ZERO;
        }
        let mut excluded = N::ZERO;
        for row in self.taxes.iter().filter(|row| !row.included) {
            excluded = excluded + row.after_discount;
        }
        let mut difference = self.total + excluded - last.total;
        if self.discount_applied {
            difference = difference - self.discount;
        }
        let difference = self.money(difference);
        if self.keeps_any_difference()
            || difference.magnitude() <= N::from_int(5) / N::power_of_ten(self.places)
        {
            difference
        } else {
            N::ZERO
        }
    }

    /// With a discount on the net total the difference is the tax on that discount, which must not
    /// be kept.
    fn keeps_any_difference(&self) -> bool {
        let on_net = self.discount_applied && self.document.discount.on == DiscountOn::NetTotal;
        self.document.settings.keep_included_difference && !on_net
    }
}
