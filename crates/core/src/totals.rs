//! What a cart comes to. [`crate::cart::Cart::totals`] is the one door to this module, and this
//! module the one place that computes: the wider engine takes its place here.
//!
//! Order of steps, each rounded to a minor unit where it says so:
//! 1. line gross = price · quantity (rounded); line amount = gross − line discount (rounded);
//! 2. invoice discount = per cent of the sum of line amounts (rounded) or an amount;
//! 3. the invoice discount is spread over the lines by their amounts ([`crate::spread`]);
//! 4. lines of one tax rule are added up, less their shares, and the tax is taken once per
//!    group: inclusive = gross · r / (100 + r), exclusive = net · r / 100 (rounded);
//! 5. total = sum of line amounts − invoice discount + exclusive taxes.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::cart::{CartError, CartLine};
use crate::discount::Discount;
use crate::id::TaxRuleId;
use crate::money::{Money, MoneyError};
use crate::percent::Percent;
use crate::rounding::Rounding;
use crate::spread::spread;
use crate::tax::TaxRule;

/// Everything that is shown below a cart. All amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Each line, in the order of the cart.
    pub lines: Vec<LineTotals>,
    /// Sum of price · quantity.
    pub gross: Money,
    /// Sum of the line discounts.
    pub line_discount: Money,
    /// The discount on the whole sale.
    pub invoice_discount: Money,
    /// The total without tax: `net + tax = total`.
    pub net: Money,
    /// All taxes, inclusive and exclusive.
    pub tax: Money,
    /// What the customer pays.
    pub total: Money,
    /// Tax by rule, the highest rate first.
    pub tax_lines: Vec<TaxLine>,
    /// Pieces in the cart: whole units count each, a weighed line counts as one.
    pub item_count: Decimal,
}

/// What one line comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTotals {
    /// Id of the line in its cart.
    pub line: u32,
    /// Price · quantity.
    pub gross: Money,
    /// Discount on this line.
    pub discount: Money,
    /// Its share of the invoice discount, not taken off `amount`.
    pub invoice_discount_share: Money,
    /// `gross − discount`: what stands at the end of the line.
    pub amount: Money,
}

/// The tax of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// Key of the rule upstream.
    pub rule: TaxRuleId,
    /// Name as printed.
    pub name: String,
    /// Rate in per cent.
    pub rate: Percent,
    /// Whether the prices held it.
    pub inclusive: bool,
    /// Without tax.
    pub base: Money,
    /// The tax.
    pub tax: Money,
    /// `base + tax`.
    pub gross: Money,
}

/// Adds a cart up. See the module for the order of steps.
pub(crate) fn compute(
    lines: &[CartLine],
    discount: Discount,
    rounding: Rounding,
) -> Result<Totals, CartError> {
    let mut line_totals = lines
        .iter()
        .map(|line| line_amounts(line, rounding))
        .collect::<Result<Vec<_>, _>>()?;
    let gross = Money::sum(line_totals.iter().map(|line| line.gross))?;
    let line_discount = Money::sum(line_totals.iter().map(|line| line.discount))?;
    let amounts: Vec<Money> = line_totals.iter().map(|line| line.amount).collect();
    let subtotal = Money::sum(amounts.iter().copied())?;

    let invoice_discount = discount.of(subtotal, rounding)?;
    if invoice_discount.is_negative() {
        return Err(CartError::DiscountNegative);
    }
    if invoice_discount > subtotal {
        return Err(CartError::DiscountOverTotal {
            discount: invoice_discount,
            total: subtotal,
        });
    }
    let shares = spread(invoice_discount, &amounts)?;
    for (line, share) in line_totals.iter_mut().zip(shares) {
        line.invoice_discount_share = share;
    }

    let tax_lines = taxes(lines, &line_totals, rounding)?;
    let tax = Money::sum(tax_lines.iter().map(|line| line.tax))?;
    let net = Money::sum(tax_lines.iter().map(|line| line.base))?;
    let added = Money::sum(
        tax_lines
            .iter()
            .filter(|line| !line.inclusive)
            .map(|line| line.tax),
    )?;
    let total = subtotal.checked_sub(invoice_discount)?.checked_add(added)?;
    Ok(Totals {
        lines: line_totals,
        gross,
        line_discount,
        invoice_discount,
        net,
        tax,
        total,
        tax_lines,
        item_count: item_count(lines),
    })
}

fn line_amounts(line: &CartLine, rounding: Rounding) -> Result<LineTotals, CartError> {
    let gross = line.price.times(line.quantity, rounding)?;
    let discount = line.discount.of(gross, rounding)?;
    if discount.is_negative() {
        return Err(CartError::DiscountNegative);
    }
    if discount > gross {
        return Err(CartError::DiscountOverPrice {
            line: line.id,
            discount,
            price: gross,
        });
    }
    let amount = gross.checked_sub(discount)?;
    Ok(LineTotals {
        line: line.id,
        gross,
        discount,
        invoice_discount_share: Money::ZERO,
        amount,
    })
}

fn taxes(
    lines: &[CartLine],
    totals: &[LineTotals],
    rounding: Rounding,
) -> Result<Vec<TaxLine>, MoneyError> {
    // A rule that was changed upstream while the cart was open stands in the cart twice, so the
    // group is the rule with its rate and kind, not its key alone.
    let mut groups: Vec<(&TaxRule, Money)> = Vec::new();
    for (line, totals) in lines.iter().zip(totals) {
        let taxed = totals.amount.checked_sub(totals.invoice_discount_share)?;
        let tax = &line.item.tax;
        let same = |rule: &TaxRule| {
            rule.id == tax.id && rule.rate == tax.rate && rule.inclusive == tax.inclusive
        };
        match groups.iter_mut().find(|(rule, _)| same(rule)) {
            Some((_, sum)) => *sum = sum.checked_add(taxed)?,
            None => groups.push((tax, taxed)),
        }
    }
    groups.sort_by(|(a, _), (b, _)| {
        b.rate
            .cmp(&a.rate)
            .then_with(|| a.id.cmp(&b.id))
            .then(b.inclusive.cmp(&a.inclusive))
    });
    groups
        .into_iter()
        .map(|(rule, sum)| tax_line(rule, sum, rounding))
        .collect()
}

fn tax_line(rule: &TaxRule, sum: Money, rounding: Rounding) -> Result<TaxLine, MoneyError> {
    let (base, tax, gross) = if rule.inclusive {
        let tax = sum.percent_within(rule.rate, rounding)?;
        (sum.checked_sub(tax)?, tax, sum)
    } else {
        let tax = sum.percent(rule.rate, rounding)?;
        (sum, tax, sum.checked_add(tax)?)
    };
    Ok(TaxLine {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        rate: rule.rate,
        inclusive: rule.inclusive,
        base,
        tax,
        gross,
    })
}

fn item_count(lines: &[CartLine]) -> Decimal {
    let count = |line: &CartLine| {
        if line.item.whole_units {
            line.quantity.value()
        } else {
            Decimal::ONE
        }
    };
    // 500 lines of at most 99,999 are far from the range of a decimal.
    lines.iter().map(count).sum()
}
