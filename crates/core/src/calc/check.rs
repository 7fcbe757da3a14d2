//! What is refused before or after anything is worked out, in the order the
//! upstream looks (contract 7.13, 7.16 and 7.17).

use rust_decimal::Decimal;

use super::document::{ChargeType, Document, InvoiceKind, TaxRow};
use super::validation_error::ValidationError;

/// Refuses what can be seen before the calculation.
pub(super) fn before(document: &Document) -> Result<(), ValidationError> {
    if document.lines.is_empty() {
        return Err(ValidationError::NoLines);
    }
    if !document.is_return
        && let Some(line) = document.lines.iter().position(|line| line.qty.is_zero())
    {
        return Err(ValidationError::QuantityZero { row: line + 1 });
    }
    if document.is_return {
        let sent = document.lines.iter();
        wrong_way(
            document,
            sent.map(|line| (line.qty, line.rate.unwrap_or_default())),
        )?;
    }
    if document.is_foreign() && document.conversion_rate.is_zero() {
        return Err(ValidationError::ExchangeRateMissing {
            currency: document.currency.clone(),
        });
    }
    for (index, row) in document.taxes.iter().enumerate() {
        reference_of(row, index + 1)?;
        inclusion_of(row, index + 1, &document.taxes)?;
    }
    Ok(())
}

/// Whether a tax row refers to an earlier one exactly when it should.
fn reference_of(tax: &TaxRow, row: usize) -> Result<(), ValidationError> {
    let reference = tax.row_id.filter(|reference| *reference != 0);
    if !tax.charge_type.builds_on_a_row() {
        return match reference {
            Some(_) => Err(ValidationError::RowIdWithoutPreviousRowType { row }),
            None => Ok(()),
        };
    }
    if row == 1 {
        return Err(ValidationError::PreviousRowTypeOnFirstRow { row });
    }
    let reference = reference.ok_or(ValidationError::RowIdMissing { row })?;
    if usize::try_from(reference).map_or(true, |reference| reference >= row) {
        return Err(ValidationError::RowIdNotEarlier { row });
    }
    Ok(())
}

/// Whether an included tax row may be included.
fn inclusion_of(tax: &TaxRow, row: usize, rows: &[TaxRow]) -> Result<(), ValidationError> {
    if !tax.included {
        return Ok(());
    }
    let base = tax.row_id.unwrap_or(0);
    let before_base = usize::try_from(base)
        .unwrap_or(usize::MAX)
        .saturating_sub(1);
    match tax.charge_type {
        ChargeType::Actual => Err(ValidationError::ActualCannotBeIncluded { row }),
        ChargeType::OnPreviousRowAmount
            if !rows.get(before_base).is_some_and(|base| base.included) =>
        {
            Err(ValidationError::PreviousRowMustBeIncluded { row, base })
        }
        // Only the rows before the one referred to must be included.
        ChargeType::OnPreviousRowTotal
            if rows
                .iter()
                .take(before_base)
                .any(|earlier| !earlier.included) =>
        {
            Err(ValidationError::NumberFormatOfRowId { row, base })
        }
        _ => Ok(()),
    }
}

/// Refuses what the upstream looks at after its calculation: the customer's
/// account and whole units.
pub(super) fn after(document: &Document) -> Result<(), ValidationError> {
    if document.kind == InvoiceKind::SalesInvoice
        && document.is_foreign()
        && !document.settings.allow_foreign_on_company_account
    {
        return Err(ValidationError::ForeignCurrencyOnDebtorsAccount {
            currency: document.currency.clone(),
        });
    }
    for (index, line) in document.lines.iter().enumerate() {
        let Some(uom) = &line.uom else { continue };
        let whole = line
            .qty
            .round_dp(document.settings.float_precision)
            .is_integer();
        if !whole && document.settings.whole_units.contains(uom) {
            return Err(ValidationError::FractionOfWholeUnit {
                row: index + 1,
                uom: uom.clone(),
            });
        }
    }
    Ok(())
}

/// Refuses goods going out on a POS Invoice return, whether or not it names its
/// sale. A Sales Invoice looks at it before anything else.
pub(super) fn goods_going_out(
    document: &Document,
    mut outward: impl Iterator<Item = bool>,
) -> Result<(), ValidationError> {
    if !document.is_return || document.kind != InvoiceKind::PosInvoice {
        return Ok(());
    }
    match outward.position(|outward| outward) {
        Some(index) => Err(ValidationError::QuantityMustBeNegative { row: index + 1 }),
        None => Ok(()),
    }
}

/// Refuses on a Sales Invoice goods that go the wrong way and negative prices,
/// line by line. A return is looked at as it is sent, a sale when it is booked.
pub(super) fn wrong_way(
    document: &Document,
    lines: impl Iterator<Item = (Decimal, Decimal)>,
) -> Result<(), ValidationError> {
    if document.kind != InvoiceKind::SalesInvoice {
        return Ok(());
    }
    for (index, (qty, rate)) in lines.enumerate() {
        let row = index + 1;
        if document.is_return && qty > Decimal::ZERO {
            return Err(ValidationError::QuantityMustBeNegative { row });
        }
        if !document.is_return && qty < Decimal::ZERO {
            return Err(ValidationError::QuantityMustBePositive { row });
        }
        if rate < Decimal::ZERO && !document.settings.allow_negative_rates {
            return Err(ValidationError::NegativeRate { row });
        }
    }
    Ok(())
}
