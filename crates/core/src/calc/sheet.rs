//! The sheet a document is worked out on: what every step reads and writes.
//! Here are steps 1 to 4: lines, included charges, totals of the lines.

use rust_decimal::Decimal;

use super::arithmetic::Number;
use super::document::{ChargeType, Document, InvoiceKind, Line, TaxRow};

/// A line while it is worked out.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkLine<N> {
    pub(super) qty: N,
    pub(super) rate: N,
    pub(super) discount_amount: N,
    pub(super) discount_percentage: N,
    pub(super) amount: N,
    pub(super) net_amount: N,
    pub(super) net_rate: N,
    pub(super) distributed: N,
    /// Net amount and charges, not rounded.
    pub(super) gross_amount: N,
}

/// A tax row while it is worked out.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkTax<N> {
    pub(super) charge_type: ChargeType,
    pub(super) included: bool,
    /// Index of the row it builds on.
    pub(super) base: Option<usize>,
    /// The row's own rate, rounded; a line's template may say another.
    pub(super) rate: N,
    pub(super) tax_amount: N,
    pub(super) after_discount: N,
    pub(super) total: N,
    /// What the line in hand is charged by this row.
    pub(super) current: N,
    /// Net of the line in hand and its charges down to this row.
    pub(super) running: N,
}

/// The sheet.
#[derive(Debug)]
pub(super) struct Sheet<'d, N> {
    pub(super) document: &'d Document,
    /// Decimals of amounts.
    pub(super) places: u32,
    pub(super) lines: Vec<WorkLine<N>>,
    pub(super) taxes: Vec<WorkTax<N>>,
    /// The rate of each line in each tax row, line by line.
    pub(super) rates: Vec<N>,
    pub(super) total: N,
    pub(super) net_total: N,
    /// Grand total before its last rounding.
    pub(super) raw_grand_total: N,
    pub(super) grand_total: N,
    pub(super) total_taxes: N,
    /// What the included prices miss by a few units of the last decimal.
    pub(super) difference: N,
    /// Grand total of unrounded charges, which a discount is spread over.
    pub(super) unrounded_grand_total: N,
    pub(super) discount: N,
    pub(super) discount_applied: bool,
}

impl<'d, N: Number> Sheet<'d, N> {
    /// Lays out a document whose tax rows have been checked.
    pub(super) fn new(document: &'d Document) -> Self {
        let mut sheet = Self {
            document,
            places: document.settings.currency_precision,
            lines: Vec::with_capacity(document.lines.len()),
            taxes: Vec::with_capacity(document.taxes.len()),
            rates: Vec::with_capacity(document.lines.len() * document.taxes.len()),
            total: N::ZERO,
            net_total: N::ZERO,
            raw_grand_total: N::ZERO,
            grand_total: N::ZERO,
            total_taxes: N::ZERO,
            difference: N::ZERO,
            unrounded_grand_total: N::ZERO,
            discount: N::ZERO,
            discount_applied: false,
        };
        for row in &document.taxes {
            let work = sheet.work_tax(row);
            sheet.taxes.push(work);
        }
        for line in &document.lines {
            let work = sheet.price_line(line);
            sheet.lines.push(work);
            for (row, work) in document.taxes.iter().zip(&sheet.taxes) {
                let rate = own_rate(line, row).map_or(work.rate, |rate| sheet.float(rate));
                sheet.rates.push(rate);
            }
        }
        sheet
    }

    /// Rounds an amount.
    pub(super) fn money(&self, value: N) -> N {
        value.round(self.places, self.document.settings.rounding_method)
    }

    /// Rounds a quantity or a rate.
    fn float(&self, value: Decimal) -> N {
        let settings = &self.document.settings;
        N::from_decimal(value).round(settings.float_precision, settings.rounding_method)
    }

    fn work_tax(&self, row: &TaxRow) -> WorkTax<N> {
        let is_actual = row.charge_type == ChargeType::Actual;
        let given = if is_actual {
            self.money(N::from_decimal(row.amount))
        } else {
            N::ZERO
        };
        WorkTax {
            charge_type: row.charge_type,
            included: row.included,
            base: row
                .row_id
                .and_then(|row| usize::try_from(row).ok()?.checked_sub(1)),
            rate: self.float(row.rate),
            tax_amount: given,
            after_discount: N::ZERO,
            total: N::ZERO,
            current: N::ZERO,
            running: N::ZERO,
        }
    }

    /// Step 1: what the line says, rounded; its price and amount.
    fn price_line(&self, line: &Line) -> WorkLine<N> {
        let settings = &self.document.settings;
        let money = |value: Option<Decimal>| {
            value.map_or(N::ZERO, |value| self.money(N::from_decimal(value)))
        };
        let hundred = N::from_int(100);
        let list_rate = money(line.price_list_rate);
        let qty = self.float(line.qty);
        // The same basket may cost a cent more on the one document than on the
        // other, because they keep the percentage with different decimals.
        let percent_places = match self.document.kind {
            InvoiceKind::PosInvoice => 2,
            InvoiceKind::SalesInvoice => settings.float_precision,
        };
        let percentage = line.discount_percentage.map_or(N::ZERO, |value| {
            N::from_decimal(value).round(percent_places, settings.rounding_method)
        });
        let mut rate = money(line.rate);
        let mut discount_amount = money(line.discount_amount);
        if percentage == hundred {
            rate = N::ZERO;
        } else if !list_rate.is_zero() && rate.is_zero() {
            rate = self.money(list_rate * (N::from_int(1) - percentage / hundred));
            discount_amount = list_rate * (percentage / hundred);
        }
        // Below zero, as of a coupon, the list price leaves it as it was.
        if list_rate > N::ZERO {
            discount_amount = list_rate - rate;
        }
        // ERPNext refunds a whole unit for a quantity that rounds to none
        // (contract 7.11); a till refuses such a line before it comes here.
        let amount = if qty.is_zero() && self.document.is_return {
            self.money(-rate)
        } else {
            self.money(rate * qty)
        };
        WorkLine {
            qty,
            rate,
            discount_amount,
            discount_percentage: percentage,
            amount,
            net_amount: amount,
            net_rate: rate,
            distributed: N::ZERO,
            gross_amount: amount,
        }
    }

    /// Step 3: takes included charges out of the lines.
    pub(super) fn take_out_included(&mut self) {
        if !self.taxes.iter().any(|row| row.included) {
            return;
        }
        let mut fractions = Vec::with_capacity(self.taxes.len());
        for index in 0..self.lines.len() {
            let Some(line) = self.lines.get(index).copied() else {
                continue;
            };
            let (fraction, by_quantity) = self.included_share(index, line.qty, &mut fractions);
            if line.qty.is_zero() || (fraction.is_zero() && by_quantity.is_zero()) {
                continue;
            }
            let net = self.money((line.amount - by_quantity) / (N::from_int(1) + fraction));
            let net_rate = self.money(net / line.qty);
            if let Some(line) = self.lines.get_mut(index) {
                line.net_amount = net;
                line.net_rate = net_rate;
            }
        }
    }

    /// The part of a line's price that is included charges: as a fraction of
    /// its net, and as an amount for those charged by quantity.
    fn included_share(&self, line: usize, qty: N, fractions: &mut Vec<(N, N)>) -> (N, N) {
        let hundred = N::from_int(100);
        let mut fraction_sum = N::ZERO;
        let mut quantity_sum = N::ZERO;
        let mut cumulative = N::from_int(1);
        fractions.clear();
        for (row, rate) in self.taxes.iter().zip(self.line_rates(line)) {
            let base = row.base.and_then(|base| fractions.get(base)).copied();
            let (base_fraction, base_cumulative) = base.unwrap_or((N::ZERO, N::ZERO));
            let mut fraction = N::ZERO;
            if row.included {
                match row.charge_type {
                    ChargeType::OnNetTotal => fraction = *rate / hundred,
                    ChargeType::OnPreviousRowAmount => fraction = *rate / hundred * base_fraction,
                    ChargeType::OnPreviousRowTotal => fraction = *rate / hundred * base_cumulative,
                    ChargeType::OnItemQuantity => quantity_sum = quantity_sum + *rate * qty,
                    ChargeType::Actual => {}
                }
            }
            cumulative = cumulative + fraction;
            fraction_sum = fraction_sum + fraction;
            fractions.push((fraction, cumulative));
        }
        (fraction_sum, quantity_sum)
    }

    /// The rates of a line in each tax row.
    pub(super) fn line_rates(&self, line: usize) -> &[N] {
        let width = self.taxes.len();
        self.rates
            .get(line * width..(line + 1) * width)
            .unwrap_or(&[])
    }

    /// Step 4: adds the lines up.
    pub(super) fn add_up_lines(&mut self) {
        let mut total = N::ZERO;
        let mut net_total = N::ZERO;
        for line in &self.lines {
            total = total + line.amount;
            net_total = net_total + line.net_amount;
        }
        self.total = self.money(total);
        self.net_total = self.money(net_total);
    }
}

/// The rate of the line's own template for the row's account. 0 counts.
fn own_rate(line: &Line, row: &TaxRow) -> Option<Decimal> {
    line.item_tax_rates
        .iter()
        .find(|(account, _)| *account == row.account)
        .map(|(_, rate)| *rate)
}
