//! One money engine: from a document as it is written down to every amount the
//! upstream will book.
//!
//! The steps are written once ([`calculate`]) and run in two arithmetics:
//! exact decimals, and ERPNext's own IEEE doubles, because there binary noise
//! may decide the last cent. `docs/calculation.md` gives the order in words.
//! The rules are those of the ERPNext connector contract (sections 7 and 7A),
//! proven by documents that ERPNext itself calculated.

mod arithmetic;
mod base;
mod by_rate;
mod check;
mod coin;
mod discount;
mod document;
mod erpnext_f64;
mod exact;
mod original;
pub mod quote;
mod report;
mod returns;
mod sheet;
mod tax_choice;
mod taxes;
mod tender;
mod totals;
mod validation_error;
mod wanted;

pub use arithmetic::{Arithmetic, RoundingMethod};
pub use document::{
    ChargeType, DiscountOn, Document, DocumentDiscount, InvoiceKind, Line, Payment, Settings,
    TaxRow,
};
pub use original::Original;
pub use returns::{PlannedReturn, plan_return};
pub use tax_choice::{CategoryTaxes, Exemption, TaxChoice, TaxedAs};
pub use totals::{
    BaseLine, BaseTax, BaseTotals, DocumentLineTotals, DocumentTotals, PaymentStatus,
    PaymentTotals, RateTotals, TaxTotals,
};
pub use validation_error::ValidationError;
pub use wanted::Wanted;

use arithmetic::Number;
use erpnext_f64::Double;
use exact::Exact;
use rust_decimal::Decimal;
use sheet::Sheet;
use tender::Due;

/// Rounds an exact number to `places` decimals, and shows all of them.
#[must_use]
pub fn round_exact(value: Decimal, places: u32, method: RoundingMethod) -> Decimal {
    let mut rounded = Exact::from_decimal(value)
        .round(places, method)
        .to_decimal(places);
    if let Some(rounded) = &mut rounded {
        rounded.rescale(places);
    }
    rounded.unwrap_or(value)
}

/// Works a document out. A return against a sale brings that sale along.
///
/// # Errors
///
/// A [`ValidationError`] when the upstream would not take the document. One that it
/// takes as a draft and would then not book has totals and says so in
/// [`DocumentTotals::submit_refusal`], unless payments were given: then it is refused.
pub fn calculate(
    document: &Document,
    original: Option<&Original>,
    arithmetic: Arithmetic,
) -> Result<DocumentTotals, ValidationError> {
    match arithmetic {
        Arithmetic::Exact => run::<Exact>(document, original),
        Arithmetic::Erpnext => run::<Double>(document, original),
    }
}

fn run<N: Number>(
    document: &Document,
    original: Option<&Original>,
) -> Result<DocumentTotals, ValidationError> {
    check::before(document)?;
    let mut sheet = Sheet::<N>::new(document);
    sheet.take_out_included();
    sheet.add_up_lines();
    sheet.charge_lines();
    sheet.grand_total();
    sheet.find_discount(original.map_or(N::ZERO, Original::discount_returned))?;
    sheet.apply_discount();
    let (rounded_total, rounding_adjustment) = sheet.round_to_coin();
    let base = sheet.base(rounded_total, rounding_adjustment);
    if !document.is_return && base.grand_total < N::ZERO {
        let total = base
            .grand_total
            .to_decimal(sheet.places)
            .ok_or(ValidationError::NumberTooLarge)?;
        return Err(ValidationError::NegativeTotal { total });
    }
    if let Some(original) = original {
        original.check(&sheet)?;
    }
    check::after(document)?;
    check::goods_going_out(document, sheet.lines.iter().map(|line| line.qty > N::ZERO))?;
    let amount = if rounded_total.is_zero() {
        sheet.grand_total
    } else {
        rounded_total
    };
    let due = Due {
        amount,
        rounded_total,
        rounding_adjustment,
        base,
    };
    let mut submit_refusal = None;
    let mut tender = None;
    if let Some(payments) = &document.payments {
        sheet.check_payments(payments, &due)?;
        sheet.check_booking(&due)?;
        tender = Some(sheet.tender(payments, &due));
    } else {
        submit_refusal = sheet.check_booking(&due).err();
    }
    let mut totals = sheet.report(rounded_total, &due, tender.as_ref())?;
    totals.submit_refusal = submit_refusal;
    Ok(totals)
}
