//! Returns that add up: what a partial return gives back, and the document
//! that makes the upstream book exactly that.
//!
//! A sale's due amount is shared out over its lines by their gross amounts.
//! After each return the customer has back the rounded share of everything
//! returned so far; a return therefore refunds the difference to what was
//! refunded before. So the parts of any split add up to the sale, never a unit
//! more. Calculated from quantities and prices alone they would not: each
//! document rounds for itself.

use rust_decimal::{Decimal, RoundingStrategy};

use super::document::{DiscountOn, Document, DocumentDiscount, Line, Settings, TaxRow};
use super::original::Original;
use super::totals::DocumentTotals;
use super::validation_error::ValidationError;
use super::wanted::{Wanted, wanted_of};
use super::{Arithmetic, ChargeType, calculate};

/// A return, worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReturn {
    /// The document, without payments.
    pub document: Document,
    /// What it comes to.
    pub totals: DocumentTotals,
    /// What it refunds.
    pub refund: Decimal,
}

/// Plans a return of `wanted` lines of a sale. `original` knows what was taken
/// back before. What cannot be shared out over the lines goes to
/// `rounding_account`.
///
/// # Errors
///
/// A [`ValidationError`] for a line the sale does not have, and for more than is left.
pub fn plan_return(
    sale: &Document,
    original: &Original,
    wanted: &[Wanted],
    rounding_account: &str,
    arithmetic: Arithmetic,
) -> Result<PlannedReturn, ValidationError> {
    let mut lines = Vec::with_capacity(wanted.len());
    for index in 0..wanted.len() {
        lines.push(take_back_line(sale, original, wanted, index)?);
    }
    // A sale that was paid without cash was not rounded to a coin; then its
    // returns are not either.
    let settings = Settings {
        disable_rounded_total: !sale.rounds_to_coin(),
        ..sale.settings.clone()
    };
    let document = Document {
        is_return: true,
        settings,
        lines,
        taxes: returned_charges(sale, original, wanted),
        discount: DocumentDiscount {
            on: DiscountOn::GrandTotal,
            ..DocumentDiscount::default()
        },
        payments: None,
        ..sale.clone()
    };
    let refund = refund_for(original, sale, wanted)?;
    let work_out = |document: &Document| calculate(document, Some(original), arithmetic);
    let discounted = with_share_of_discount(document.clone(), refund, work_out);
    // Where next to nothing is left to refund, rounding can ask for a unit more
    // of discount than there is; then the row alone brings it home.
    for document in [discounted, document] {
        let document = with_rounding_row(document, refund, rounding_account, work_out)?;
        if let Ok(totals) = work_out(&document)
            && totals.due() == -refund
        {
            return Ok(PlannedReturn {
                document,
                totals,
                refund,
            });
        }
    }
    Err(ValidationError::RefundOverTotal { total: refund })
}

/// By how much a return misses its refund; positive: too little. A refund is
/// counted in coins already, so the grand total has to hit it.
fn gap(totals: &DocumentTotals, refund: Decimal) -> Decimal {
    totals.grand_total.saturating_add(refund)
}

/// Gives the return its share of the sale's discount, so that it comes as near
/// to its refund as a discount can bring it.
fn with_share_of_discount(
    document: Document,
    refund: Decimal,
    work_out: impl Fn(&Document) -> Result<DocumentTotals, ValidationError>,
) -> Document {
    let Ok(totals) = work_out(&document) else {
        return document;
    };
    let mut nearest = document;
    let mut missing = gap(&totals, refund);
    // Where charges build on one another, a unit of discount may move the
    // total by more or less than a unit; a few rounds bring it home.
    for _ in 0..4 {
        if missing.is_zero() {
            break;
        }
        let mut tried = nearest.clone();
        tried.discount.amount = tried.discount.amount.saturating_add(missing);
        let Ok(totals) = work_out(&tried) else { break };
        let still_missing = gap(&totals, refund);
        if still_missing.abs() >= missing.abs() {
            break;
        }
        nearest = tried;
        missing = still_missing;
    }
    nearest
}

/// Adds a row for what a discount cannot bring about: a few units, or goods
/// that are worth nothing by themselves.
fn with_rounding_row(
    mut document: Document,
    refund: Decimal,
    account: &str,
    work_out: impl Fn(&Document) -> Result<DocumentTotals, ValidationError>,
) -> Result<Document, ValidationError> {
    let row = document.taxes.len();
    for _ in 0..6 {
        let missing = match work_out(&document) {
            Ok(totals) => gap(&totals, refund),
            // The row may leave less to be discounted than there was, and
            // discounts of earlier returns count with this one's.
            Err(ValidationError::DiscountOverTotal { discount, total }) => {
                let less = total.saturating_sub(discount);
                document.discount.amount = document.discount.amount.saturating_add(less);
                continue;
            }
            Err(refusal) => return Err(refusal),
        };
        if missing.is_zero() {
            break;
        }
        match document.taxes.get_mut(row) {
            Some(row) => row.amount = row.amount.saturating_sub(missing),
            None => document.taxes.push(TaxRow {
                account: account.to_owned(),
                charge_type: ChargeType::Actual,
                amount: -missing,
                ..TaxRow::default()
            }),
        }
    }
    Ok(document)
}

fn take_back_line(
    sale: &Document,
    original: &Original,
    all: &[Wanted],
    index: usize,
) -> Result<Line, ValidationError> {
    let row = index + 1;
    let wanted = all
        .get(index)
        .ok_or(ValidationError::ReturnRowMissing { row })?;
    let sold_index = usize::try_from(wanted.row)
        .ok()
        .and_then(|row| row.checked_sub(1));
    let sold_index = sold_index.ok_or(ValidationError::ReturnRowUnknown { row })?;
    let (line, sold) = sale
        .lines
        .get(sold_index)
        .zip(original.line(sold_index))
        .ok_or(ValidationError::ReturnRowUnknown { row })?;
    let qty = wanted.qty.round_dp(sale.settings.float_precision);
    if qty.is_zero() || qty.is_sign_negative() {
        return Err(ValidationError::QuantityZero { row });
    }
    // The same row may be asked for twice.
    if wanted_of(all, sold_index) > sold.left() {
        return Err(ValidationError::ReturnedTooMuch {
            row,
            left: sold.left(),
        });
    }
    Ok(Line {
        qty: -qty,
        rate: Some(sold.rate),
        return_row: Some(wanted.row),
        ..line.clone()
    })
}

/// The sale's charges, a fixed amount by its share.
fn returned_charges(sale: &Document, original: &Original, wanted: &[Wanted]) -> Vec<TaxRow> {
    let share = original.share_of(wanted).unwrap_or_default();
    sale.taxes
        .iter()
        .map(|row| {
            let mut row = row.clone();
            if row.charge_type == ChargeType::Actual {
                let amount = row.amount.checked_mul(share).unwrap_or_default();
                row.amount = -amount.round_dp(sale.settings.currency_precision);
            }
            row
        })
        .collect()
}

/// What a return of `wanted` refunds: the rounded share of everything that
/// is back then, less what was refunded before.
fn refund_for(
    original: &Original,
    sale: &Document,
    wanted: &[Wanted],
) -> Result<Decimal, ValidationError> {
    let target = if original.is_complete_with(wanted) {
        original.due
    } else {
        let share = original
            .share_returned_with(wanted)
            .ok_or(ValidationError::NumberTooLarge)?;
        let target = original
            .due
            .checked_mul(share)
            .ok_or(ValidationError::NumberTooLarge)?;
        round_as_due(target, original.due, sale)
    };
    // Lines of less than nothing among others must not refund more than
    // was paid, nor take money from the customer.
    let refund = target.min(original.due).saturating_sub(original.refunded);
    Ok(refund.max(Decimal::ZERO))
}

/// Rounds a part of a due amount to what that amount is counted in: coins if
/// it was rounded to them, units of the last decimal otherwise.
fn round_as_due(part: Decimal, due: Decimal, sale: &Document) -> Decimal {
    let settings = &sale.settings;
    let coin = if settings.smallest_currency_fraction.is_zero() {
        Decimal::ONE
    } else {
        settings.smallest_currency_fraction
    };
    let in_coins =
        sale.rounds_to_coin() && due.checked_rem(coin).is_some_and(|rest| rest.is_zero());
    let nearest = RoundingStrategy::MidpointNearestEven;
    let counted = if in_coins {
        let coins = part.checked_div(coin).unwrap_or_default();
        coins
            .round_dp_with_strategy(0, nearest)
            .checked_mul(coin)
            .unwrap_or_default()
    } else {
        part
    };
    counted.round_dp_with_strategy(settings.currency_precision, nearest)
}
