//! An invoice worked out once more, from what was sold and how it was charged: what a hub does
//! before it posts, so that a cent of difference is an error to show and not a cent to lose.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::calc::{self, Document, DocumentDiscount, Line, ValidationError};
use crate::counter::tender::PaymentKind;
use crate::counter::totals::Part;
use crate::counter::totals_policy::{RoundedPayments, TotalsPolicy};
use crate::sales::invoice::{Invoice, InvoiceLine};
use crate::values::id::TaxRuleId;
use crate::values::money::{Money, MoneyError};

/// Why an invoice cannot be worked out again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecalculationError {
    /// The engine refuses the document.
    #[error(transparent)]
    Refused(#[from] ValidationError),
    /// An amount is out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Works the invoice out again and says what differs from what stands on it, if anything
/// does. An invoice that does not say how it was worked out has nothing to be compared with.
///
/// Errors: a document the engine refuses, and amounts beyond any.
pub fn verify_totals(invoice: &Invoice) -> Result<Option<&'static str>, RecalculationError> {
    let Some(totals_policy) = invoice.totals_policy else {
        return Ok(None);
    };
    for line in &invoice.lines {
        let units: Decimal = units(line).iter().map(|part| part.quantity.value()).sum();
        if units != line.quantity.value() {
            return Ok(Some("the units of a line"));
        }
    }
    let (document, of_line) = document(invoice, &totals_policy);
    let worked = calc::calculate(&document, None, totals_policy.arithmetic)?;
    let money = |value| invoice.currency.from_decimal(value);

    let mut nets = vec![(Money::ZERO, Money::ZERO); invoice.lines.len()];
    for (place, units) in of_line.iter().zip(&worked.lines) {
        if let Some((amount, net)) = nets.get_mut(*place) {
            *amount = amount.checked_add(money(units.amount)?)?;
            *net = net.checked_add(money(units.net_amount)?)?;
        }
    }
    for (line, (amount, net)) in invoice.lines.iter().zip(nets) {
        if line.amount != amount {
            return Ok(Some("the amount of a line"));
        }
        if line.net != net {
            return Ok(Some("the net amount of a line"));
        }
    }
    let grand_total = money(worked.grand_total)?;
    let total = if is_rounded(invoice, &totals_policy) {
        money(worked.rounded_total)?
    } else {
        grand_total
    };
    let totals = &invoice.totals;
    let checks = [
        (
            totals.invoice_discount,
            money(worked.discount_amount)?,
            "the discount on the sale",
        ),
        (totals.net, money(worked.net_total)?, "the net total"),
        (
            totals.tax,
            money(worked.total_taxes_and_charges)?,
            "the tax",
        ),
        (
            totals.difference,
            money(worked.included_difference)?,
            "the difference of included tax",
        ),
        (
            totals.rounding,
            total.checked_sub(grand_total)?,
            "the cash rounding",
        ),
        (totals.total, total, "the total"),
    ];
    let wrong = checks.iter().find(|(stated, worked, _)| stated != worked);
    Ok(match wrong {
        Some((_, _, what)) => Some(what),
        None if tax_lines_differ(invoice, &worked)? => Some("the tax lines"),
        None => None,
    })
}

/// The invoice as the engine takes it, and for each line of that the line of the invoice.
fn document(invoice: &Invoice, totals_policy: &TotalsPolicy) -> (Document, Vec<usize>) {
    let mut document = Document {
        kind: totals_policy.document,
        currency: invoice.currency.code.clone(),
        company_currency: invoice.currency.code.clone(),
        conversion_rate: Decimal::ONE,
        settings: totals_policy.settings(&invoice.currency),
        taxes: invoice.charges.iter().map(|charge| charge.row()).collect(),
        discount: DocumentDiscount {
            on: totals_policy.discount_on,
            amount: invoice.currency.to_decimal(invoice.totals.invoice_discount),
            percentage: Decimal::ZERO,
        },
        ..Document::default()
    };
    let mut of_line = Vec::with_capacity(invoice.lines.len());
    for (place, line) in invoice.lines.iter().enumerate() {
        for part in units(line) {
            document.lines.push(document_line(invoice, line, part));
            of_line.push(place);
        }
    }
    (document, of_line)
}

fn document_line(invoice: &Invoice, line: &InvoiceLine, part: Part) -> Line {
    let rate_of = |account: &str| {
        let own = line.tax_rates.iter();
        own.rev()
            .find(|charged| charged.account.as_str() == account)
            .map_or(Decimal::ZERO, |charged| charged.rate)
    };
    let accounts = invoice
        .charges
        .iter()
        .map(|charge| charge.account.to_string());
    let rate = invoice.currency.to_decimal(part.price);
    let list = invoice.currency.to_decimal(line.price.max(part.price));
    Line {
        item_tax_rates: accounts
            .map(|account| {
                let rate = rate_of(&account);
                (account, rate)
            })
            .collect(),
        ..Line::units(part.quantity.value(), rate, list)
    }
}

fn is_rounded(invoice: &Invoice, totals_policy: &TotalsPolicy) -> bool {
    let mut tenders = invoice.tenders.iter();
    match totals_policy
        .cash_rounding
        .map(|rounding| rounding.applies_to)
    {
        None => false,
        Some(RoundedPayments::All) => true,
        Some(RoundedPayments::Cash) => tenders.any(|one| one.kind == PaymentKind::Cash),
    }
}

/// The taxes on the receipt are those of the rows.
fn tax_lines_differ(
    invoice: &Invoice,
    worked: &calc::DocumentTotals,
) -> Result<bool, RecalculationError> {
    // Rows with one account stand under it together.
    let mut charged: BTreeMap<&TaxRuleId, Decimal> = BTreeMap::new();
    for (charge, row) in invoice.charges.iter().zip(&worked.taxes) {
        *charged.entry(&charge.account).or_default() += row.tax_amount_after_discount_amount;
    }
    for (account, charged) in charged {
        let printed = invoice
            .tax_lines
            .iter()
            .filter(|line| line.rule == *account);
        let stated = Money::sum(printed.map(|line| line.tax))?;
        if stated != invoice.currency.from_decimal(charged)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Its units by price.
fn units(line: &InvoiceLine) -> Vec<Part> {
    if line.parts.is_empty() {
        vec![Part {
            quantity: line.quantity,
            price: line.price,
        }]
    } else {
        line.parts.clone()
    }
}
