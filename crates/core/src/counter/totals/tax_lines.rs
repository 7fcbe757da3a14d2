//! The tax lines of a cart's receipt.

use std::collections::BTreeMap;

use super::amounts::TaxLine;
use super::charges::{rate_at, unused};
use super::document::Written;
use crate::calc::{self, ChargeType};
use crate::counter::cart::Cart;
use crate::counter::cart_error::CartError;
use crate::counter::sale_rules::SaleRules;
use crate::values::id::TaxRuleId;
use crate::values::money::Money;
use crate::values::percent::Percent;

/// What is printed and reported of the taxes: by account and rate, and what is charged no tax
/// at all.
pub(super) fn tax_lines(
    written: &Written,
    cart: &Cart,
    worked: &calc::DocumentTotals,
    sale_rules: &SaleRules,
) -> Result<Vec<TaxLine>, CartError> {
    let mut lines = Vec::new();
    for (charge, row) in written.charges.iter().zip(&worked.taxes) {
        let by_rate = is_rate(charge.charge_type);
        // A row lists the lines it charges nothing, too: those of other rules.
        let charged = row.by_rate.iter().filter(|entry| {
            let what = if by_rate {
                entry.rate
            } else {
                entry.tax_amount
            };
            !what.is_zero()
        });
        for entry in charged {
            let (rate, base) = if by_rate {
                let rate = Percent::new(entry.rate).map_err(|error| CartError::NotWorkedOut {
                    reason: "tax-rate",
                    message: error.to_string(),
                })?;
                (
                    rate,
                    sale_rules.currency.from_decimal(entry.taxable_amount)?,
                )
            } else {
                (Percent::ZERO, Money::ZERO)
            };
            let tax = sale_rules.currency.from_decimal(entry.tax_amount)?;
            lines.push(TaxLine {
                rule: charge.account.clone(),
                name: charge.name.clone(),
                rate,
                inclusive: charge.included,
                base,
                tax,
                gross: base.checked_add(tax)?,
            });
        }
    }
    lines.extend(untaxed_lines(written, cart, worked, sale_rules)?);
    Ok(lines)
}

/// Under which id the sale of a customer without tax is reported: not that of a real rule or
/// account.
fn exempt_id(written: &Written, cart: &Cart) -> TaxRuleId {
    let taken = |id: &TaxRuleId| {
        cart.lines.iter().any(|line| line.item.tax.id == *id)
            || written.charges.iter().any(|charge| charge.account == *id)
    };
    let plain = TaxRuleId::from("exempt");
    if taken(&plain) {
        unused("exempt", taken)
    } else {
        plain
    }
}

/// What no row charges a rate on: by the items' rules, or for a customer who is charged no
/// tax under the reason for that.
fn untaxed_lines(
    written: &Written,
    cart: &Cart,
    worked: &calc::DocumentTotals,
    sale_rules: &SaleRules,
) -> Result<Vec<TaxLine>, CartError> {
    let exemption = cart
        .customer
        .as_ref()
        .map(|customer| customer.exemption.as_str())
        .filter(|reason| !reason.is_empty());
    let exempt = exempt_id(written, cart);
    let mut found: BTreeMap<(TaxRuleId, bool), TaxLine> = BTreeMap::new();
    let lines = written.document.lines.iter().zip(&worked.lines);
    for (place, (line, totals)) in written.of_line.iter().zip(lines) {
        let charged = written
            .document
            .taxes
            .iter()
            .any(|row| is_rate(row.charge_type) && !rate_at(line, row).is_zero());
        let Some(sold) = cart.lines.get(*place).filter(|_| !charged) else {
            continue;
        };
        let net = sale_rules.currency.from_decimal(totals.net_amount)?;
        let rule = &sold.item.tax;
        let (id, name, inclusive) = match exemption {
            Some(reason) => (exempt.clone(), reason, false),
            None => (rule.id.clone(), rule.name.as_str(), rule.inclusive),
        };
        let line = found.entry((id.clone(), inclusive)).or_insert(TaxLine {
            rule: id,
            name: name.to_owned(),
            rate: Percent::ZERO,
            inclusive,
            base: Money::ZERO,
            tax: Money::ZERO,
            gross: Money::ZERO,
        });
        line.base = line.base.checked_add(net)?;
        line.gross = line.base;
    }
    Ok(found.into_values().collect())
}

/// Whether a row is a tax, charged as a share of something.
fn is_rate(charge_type: ChargeType) -> bool {
    !matches!(charge_type, ChargeType::Actual | ChargeType::OnItemQuantity)
}
