//! Payments, change, what stays open (contract 7.14), and what the upstream
//! refuses to book (7.16).

use super::arithmetic::Number;
use super::base::Base;
use super::check;
use super::document::{InvoiceKind, Payment};
use super::sheet::Sheet;
use super::totals::PaymentStatus;
use super::validation_error::ValidationError;

/// Decimals the upstream's database keeps.
const KEPT: u32 = 9;

/// What the payments come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tender<N> {
    pub(super) paid: N,
    pub(super) change: N,
    pub(super) base_paid: N,
    pub(super) base_change: N,
    pub(super) outstanding: Option<N>,
    pub(super) status: PaymentStatus,
}

/// What the payments are held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due<N> {
    pub(super) amount: N,
    pub(super) rounded_total: N,
    pub(super) rounding_adjustment: N,
    pub(super) base: Base<N>,
}

impl<N: Number> Sheet<'_, N> {
    /// Refuses refunds over the total and payments with the wrong sign, in this
    /// order, as the upstream does.
    pub(super) fn check_payments(
        &self,
        payments: &[Payment],
        due: &Due<N>,
    ) -> Result<(), ValidationError> {
        let is_return = self.document.is_return;
        if is_return {
            self.check_refund(payments, due)?;
        }
        for (index, payment) in payments.iter().enumerate() {
            let row = index + 1;
            if payment.amount.is_zero() {
                continue;
            }
            if is_return && payment.amount.is_sign_positive() {
                return Err(ValidationError::PaymentMustBeNegative { row });
            }
            if !is_return && payment.amount.is_sign_negative() {
                return Err(ValidationError::PaymentMustBePositive { row });
            }
        }
        Ok(())
    }

    /// A Sales Invoice return that refunds more than it is worth, if only by
    /// rounding into the company's currency, loses its payments to a positive
    /// one of the upstream's own over what was refunded too much. That one is
    /// then refused: for its size if it exceeds the total, else for its sign.
    fn check_refund(&self, payments: &[Payment], due: &Due<N>) -> Result<(), ValidationError> {
        let is_sales_invoice = self.document.kind == InvoiceKind::SalesInvoice;
        let (owed, refunded) = if self.document.is_foreign() {
            (due.base.due(), sum_converted(payments, due.base.rate))
        } else {
            (due.amount, sum(payments))
        };
        let added = owed - refunded;
        let replaced = is_sales_invoice && added > N::ZERO;
        let paid = if replaced {
            self.money(added)
        } else {
            sum(payments)
        };
        let too_low = is_sales_invoice && paid < due.amount;
        if too_low || self.exceeds(paid, due.amount) {
            let total = due.amount.magnitude().to_decimal(self.places);
            return Err(ValidationError::RefundOverTotal {
                total: total.ok_or(ValidationError::NumberTooLarge)?,
            });
        }
        if replaced {
            return Err(ValidationError::PaymentMustBeNegative {
                row: payments.len() + 1,
            });
        }
        Ok(())
    }

    /// Whether `paid` is larger than `amount`, signs aside, by more than a
    /// tenth of a unit.
    fn exceeds(&self, paid: N, amount: N) -> bool {
        let tenth = N::from_int(1) / N::power_of_ten(self.places + 1);
        paid.magnitude() - amount.magnitude() > tenth
    }

    /// Adds the payments up.
    pub(super) fn tender(&self, payments: &[Payment], due: &Due<N>) -> Tender<N> {
        match self.document.kind {
            InvoiceKind::PosInvoice => self.tender_at_counter(payments, due),
            InvoiceKind::SalesInvoice => self.tender_on_account(payments, due),
        }
    }

    /// A POS Invoice gives change whatever it was paid with, and does not
    /// round it.
    fn tender_at_counter(&self, payments: &[Payment], due: &Due<N>) -> Tender<N> {
        let paid = sum(payments);
        let over = paid > due.amount;
        let mut base_paid = N::ZERO;
        for payment in payments {
            let amount = N::from_decimal(payment.amount) * due.base.rate;
            base_paid = base_paid + self.money(amount);
        }
        Tender {
            paid,
            change: if over { paid - due.amount } else { N::ZERO },
            base_paid: self.money(base_paid),
            base_change: if over {
                sum_converted(payments, due.base.rate) - due.base.due()
            } else {
                N::ZERO
            },
            outstanding: None,
            status: if self.document.is_return {
                PaymentStatus::Return
            } else {
                PaymentStatus::Paid
            },
        }
    }

    /// A Sales Invoice gives change on cash only; the rest stays open.
    fn tender_on_account(&self, payments: &[Payment], due: &Due<N>) -> Tender<N> {
        let paid = self.money(sum(payments));
        let base_paid = self.money(sum_converted(payments, due.base.rate));
        let gives_change = paid > due.amount
            && !self.document.is_return
            && payments.iter().any(|payment| payment.is_cash);
        let (change, base_change) = if gives_change {
            (
                self.money(paid - due.amount),
                self.money(base_paid - due.base.due()),
            )
        } else {
            (N::ZERO, N::ZERO)
        };
        let (owed, open) = if self.document.is_foreign() {
            (due.base.due(), due.base.due() - base_paid + base_change)
        } else {
            (due.amount, due.amount - paid + change)
        };
        let open = self.money(open);
        // Held against the rounded total even where that is 0.
        let owed = match (self.document.rounds_to_coin(), self.document.is_foreign()) {
            (false, _) => owed,
            (true, false) => due.rounded_total,
            (true, true) => due.base.rounded_total,
        };
        let status = if open > N::ZERO && open < owed {
            PaymentStatus::PartlyPaid
        } else if open > N::ZERO {
            PaymentStatus::Unpaid
        } else if self.document.is_return {
            PaymentStatus::Return
        } else {
            PaymentStatus::Paid
        };
        Tender {
            paid,
            change,
            base_paid,
            base_change,
            outstanding: Some(open),
            status,
        }
    }

    /// Refuses what the upstream takes as a draft and does not book. Without
    /// payments it is looked at as if it were paid exactly.
    pub(super) fn check_booking(&self, due: &Due<N>) -> Result<(), ValidationError> {
        let document = self.document;
        if !document.is_return
            && let Some(line) = self.lines.iter().position(|line| line.qty.is_zero())
        {
            return Err(ValidationError::QuantityZero { row: line + 1 });
        }
        let exact = self.paid_exactly(due)?;
        let payments = document.payments.as_deref().unwrap_or(&exact);
        if document.payments.is_none() {
            self.check_payments(payments, due)?;
        }
        if document.kind == InvoiceKind::PosInvoice {
            return self.check_full_payment(payments, due);
        }
        if !document.is_return {
            let given = |value: N, places| value.to_decimal(places).unwrap_or_default();
            let lines = self.lines.iter();
            let lines = lines.map(|line| (given(line.qty, KEPT), given(line.rate, self.places)));
            check::wrong_way(document, lines)?;
        }
        self.check_ledger(payments, due)
    }

    /// The payment a document without any is looked at with.
    fn paid_exactly(&self, due: &Due<N>) -> Result<[Payment; 1], ValidationError> {
        let amount = due.amount.to_decimal(self.places);
        Ok([Payment {
            mode_of_payment: String::new(),
            is_cash: true,
            amount: amount.ok_or(ValidationError::NumberTooLarge)?,
        }])
    }

    /// Refuses what the upstream's ledger would not take: entries that differ
    /// by more than the half unit it books off by itself, and an entry that is
    /// worth nothing in the company's currency.
    fn check_ledger(&self, payments: &[Payment], due: &Due<N>) -> Result<(), ValidationError> {
        let difference = self.ledger_difference(&due.base, due.rounding_adjustment);
        if difference.magnitude() > N::from_int(1) / N::from_int(2) {
            let difference = difference
                .to_decimal(self.places)
                .ok_or(ValidationError::NumberTooLarge)?;
            return Err(ValidationError::DebitCredit { difference });
        }
        let worth_nothing = |payment: &Payment| {
            let amount = N::from_decimal(payment.amount);
            !amount.is_zero() && self.money(amount * due.base.rate).is_zero()
        };
        let tender = self.tender_on_account(payments, due);
        let lost_change = !tender.change.is_zero() && tender.base_change.is_zero();
        if payments.iter().any(worth_nothing) || lost_change {
            return Err(ValidationError::BaseTotalZero);
        }
        Ok(())
    }

    fn check_full_payment(
        &self,
        payments: &[Payment],
        due: &Due<N>,
    ) -> Result<(), ValidationError> {
        let paid: N = kept(sum(payments));
        // A return can come to a positive total, over a fee say.
        if self.document.is_return && !paid.is_zero() && self.money(paid) < due.amount {
            return Err(ValidationError::RefundOverTotal {
                total: due
                    .amount
                    .to_decimal(self.places)
                    .ok_or(ValidationError::NumberTooLarge)?,
            });
        }
        let short = if self.document.is_return {
            paid != due.amount
        } else {
            paid < due.amount
        };
        if short {
            let open = (due.amount - paid).magnitude().to_decimal(KEPT);
            return Err(ValidationError::PartialPayment {
                open: open.ok_or(ValidationError::NumberTooLarge)?,
            });
        }
        Ok(())
    }
}

/// An amount as the upstream's database keeps it between draft and booking:
/// with nine decimals, and so without binary noise.
fn kept<N: Number>(value: N) -> N {
    value.to_decimal(KEPT).map_or(value, N::from_decimal)
}

fn sum<N: Number>(payments: &[Payment]) -> N {
    let mut total = N::ZERO;
    for payment in payments {
        total = total + N::from_decimal(payment.amount);
    }
    total
}

fn sum_converted<N: Number>(payments: &[Payment], rate: N) -> N {
    let mut total = N::ZERO;
    for payment in payments {
        total = total + N::from_decimal(payment.amount) * rate;
    }
    total
}
