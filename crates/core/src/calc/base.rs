//! Step 11: the document in the company's currency (contract 7.3).

use super::arithmetic::Number;
use super::sheet::Sheet;

/// Amounts of a document in the company's currency. Each is converted and
/// rounded on its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<N> {
    pub(super) rate: N,
    pub(super) total: N,
    pub(super) net_total: N,
    pub(super) grand_total: N,
    pub(super) rounded_total: N,
    pub(super) rounding_adjustment: N,
}

impl<N: Number> Base<N> {
    /// What is due in the company's currency.
    pub(super) fn due(&self) -> N {
        if self.rounded_total.is_zero() {
            self.grand_total
        } else {
            self.rounded_total
        }
    }
}

impl<N: Number> Sheet<'_, N> {
    /// Converts an amount that has been rounded.
    pub(super) fn convert(&self, value: N, rate: N) -> N {
        self.money(self.money(value) * rate)
    }

    /// Works the document out in the company's currency.
    pub(super) fn base(&self, rounded_total: N, rounding_adjustment: N) -> Base<N> {
        let rate = N::from_decimal(self.document.effective_rate());
        let mut total = N::ZERO;
        let mut net_total = N::ZERO;
        for line in &self.lines {
            total = total + self.convert(line.amount, rate);
            net_total = net_total + self.convert(line.net_amount, rate);
        }
        let net_total = self.money(net_total);
        Base {
            rate,
            total: self.money(total),
            net_total,
            grand_total: if self.total_taxes.is_zero() {
                net_total
            } else {
                // Twice, as the upstream does: for amounts so large that their
                // doubles lie apart, once more can be a unit.
                self.money(self.money(self.raw_grand_total * rate))
            },
            rounded_total: self.convert(rounded_total, rate),
            rounding_adjustment: self.convert(rounding_adjustment, rate),
        }
    }

    /// By how much the upstream's ledger entries for a Sales Invoice would
    /// differ: customer less income, charges and rounding (contract 7.16). What
    /// the lines lose by being converted one by one is an entry of its own, so
    /// income counts as the net total converted once.
    pub(super) fn ledger_difference(&self, base: &Base<N>, rounding_adjustment: N) -> N {
        let customer = if self.grand_total.is_zero() {
            N::ZERO
        } else if base.rounding_adjustment.is_zero() || base.rounded_total.is_zero() {
            base.grand_total
        } else {
            base.rounded_total
        };
        let mut difference = customer - self.money(self.net_total * base.rate);
        for row in &self.taxes {
            difference = difference - self.convert(row.after_discount, base.rate);
        }
        if !rounding_adjustment.is_zero() {
            difference = difference - base.rounding_adjustment;
        }
        self.money(difference)
    }
}
