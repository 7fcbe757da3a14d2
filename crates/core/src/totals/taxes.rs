//! By which rows a cart is charged, and the tax lines of its receipt.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::document::Written;
use super::{TaxLine, exact_money, is_rate, refused};
use crate::calc::{self, ChargeType, Document, Exemption, Line, TaxChoice, TaxRow};
use crate::cart::{Cart, CartError, CartLine};
use crate::id::TaxRuleId;
use crate::money::Money;
use crate::percent::Percent;
use crate::sale_rules::SaleRules;
use crate::tax::{TaxCharge, TaxRule};

/// How a cart is charged.
pub(super) struct Taxes {
    pub(super) charges: Vec<TaxCharge>,
    /// Where the items' own rules charge: the rule of each row.
    rules: Vec<TaxRuleId>,
    /// Charged by the shop's template and not by the items' own rules alone.
    by_template: bool,
    /// The customer is charged no tax.
    pub(super) exempt: bool,
}

impl Taxes {
    pub(super) fn of(cart: &Cart, sale_rules: &SaleRules) -> Self {
        let customer = cart.customer.as_ref();
        let category = customer.map_or("", |customer| customer.tax_category.as_str());
        let own = |wanted: &str| {
            let mut all = sale_rules.templates.iter();
            all.find(|template| template.category == wanted)
        };
        let template = own(category).or_else(|| own(""));
        let (charges, rules) = match template {
            Some(template) => (template.charges.clone(), Vec::new()),
            None => by_rules(cart),
        };
        Self {
            charges,
            rules,
            by_template: template.is_some(),
            exempt: customer.is_some_and(|customer| !customer.exemption.is_empty()),
        }
    }

    /// The document without its lines.
    pub(super) fn blank(&self, sale_rules: &SaleRules) -> Document {
        Document {
            kind: sale_rules.totals_policy.document,
            currency: sale_rules.currency.code.clone(),
            company_currency: sale_rules.currency.code.clone(),
            conversion_rate: Decimal::ONE,
            settings: sale_rules.totals_policy.settings(&sale_rules.currency),
            taxes: self.charges.iter().map(TaxCharge::row).collect(),
            ..Document::default()
        }
    }

    /// A line's own rates by account.
    pub(super) fn rates_of(&self, line: &CartLine) -> Vec<(String, Decimal)> {
        let rule = &line.item.tax;
        if !self.by_template {
            let mut rows = self.charges.iter().zip(&self.rules);
            let own = rows.find(|(row, id)| **id == rule.id && row.included == rule.inclusive);
            let own = own.map(|(charge, _)| (charge.account.to_string(), rule.rate.value()));
            return own.into_iter().collect();
        }
        if rule.rates.is_empty() {
            let known = self.charges.iter().any(|charge| charge.account == rule.id);
            let own = known.then(|| (rule.id.to_string(), rule.rate.value()));
            return own.into_iter().collect();
        }
        let rates = rule.rates.iter();
        rates
            .map(|own| (own.account.to_string(), own.rate))
            .collect()
    }

    /// Takes the tax out of a document for a customer who is charged none.
    pub(super) fn exempt(
        &self,
        document: &mut Document,
        charges: &mut [TaxCharge],
        sale_rules: &SaleRules,
    ) -> Result<(), CartError> {
        let choice = TaxChoice {
            templates: vec![calc::CategoryTaxes {
                name: String::new(),
                category: None,
                rows: document.taxes.clone(),
            }],
        };
        let exemption = Exemption {
            reason: String::new(),
        };
        choice
            .apply(
                document,
                None,
                Some(&exemption),
                sale_rules.totals_policy.arithmetic,
            )
            .map_err(|refusal| refused(&refusal, &sale_rules.currency))?;
        for (charge, row) in charges.iter_mut().zip(&document.taxes) {
            charge.rate = row.rate;
            charge.included = row.included;
        }
        Ok(())
    }
}

/// Each rule of the items as a row of its own, charged on its own items. The highest rate comes
/// first, so that the order of the lines changes nothing. Gives back the rows and the rule of each.
fn by_rules(cart: &Cart) -> (Vec<TaxCharge>, Vec<TaxRuleId>) {
    let mut rules: Vec<&TaxRule> = Vec::new();
    for line in &cart.lines {
        let tax = &line.item.tax;
        if !rules
            .iter()
            .any(|rule| rule.id == tax.id && rule.inclusive == tax.inclusive)
        {
            rules.push(tax);
        }
    }
    rules.sort_by(|a, b| {
        b.rate
            .cmp(&a.rate)
            .then_with(|| a.id.cmp(&b.id))
            .then(b.inclusive.cmp(&a.inclusive))
    });
    let mut charges: Vec<TaxCharge> = Vec::with_capacity(rules.len());
    for rule in &rules {
        // A rule that was changed upstream from prices with tax to prices without, while the cart
        // was open, is in the cart both ways.
        let twice = charges.iter().any(|charge| charge.account == rule.id);
        charges.push(TaxCharge {
            account: if twice {
                other_account(cart, rule)
            } else {
                rule.id.clone()
            },
            name: rule.name.clone(),
            charge_type: ChargeType::OnNetTotal,
            // Items say at which rate; an item of another rule is not charged here.
            rate: Decimal::ZERO,
            included: rule.inclusive,
            row_id: None,
            amount: Decimal::ZERO,
        });
    }
    let rules = rules.into_iter().map(|rule| rule.id.clone()).collect();
    (charges, rules)
}

/// The account of the second row of a rule: an id that no rule in the cart has.
fn other_account(cart: &Cart, rule: &TaxRule) -> TaxRuleId {
    unused(rule.id.as_str(), |id| {
        cart.lines.iter().any(|line| line.item.tax.id == *id)
    })
}

/// The first of `id (2)`, `id (3)` and so on that is not taken.
fn unused(id: &str, taken: impl Fn(&TaxRuleId) -> bool) -> TaxRuleId {
    let mut number = 2_u32;
    loop {
        let candidate = TaxRuleId::from(format!("{id} ({number})"));
        // A cart has 500 lines at most, so a free number comes long before the last.
        if number == u32::MAX || !taken(&candidate) {
            return candidate;
        }
        number = number.saturating_add(1);
    }
}

/// At which rate a row charges a line.
pub(super) fn rate_at(line: &Line, row: &TaxRow) -> Decimal {
    let own = line.item_tax_rates.iter();
    let own = own.rev().find(|(account, _)| *account == row.account);
    own.map_or(row.rate, |(_, rate)| *rate)
}

impl Written {
    /// What is printed and reported of the taxes: by account and rate, and what is charged no tax
    /// at all.
    pub(super) fn tax_lines(
        &self,
        cart: &Cart,
        worked: &calc::DocumentTotals,
        sale_rules: &SaleRules,
    ) -> Result<Vec<TaxLine>, CartError> {
        let mut lines = Vec::new();
        for (charge, row) in self.charges.iter().zip(&worked.taxes) {
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
                    let rate =
                        Percent::new(entry.rate).map_err(|error| CartError::NotWorkedOut {
                            reason: "tax-rate",
                            message: error.to_string(),
                        })?;
                    (
                        rate,
                        exact_money(&sale_rules.currency, entry.taxable_amount)?,
                    )
                } else {
                    (Percent::ZERO, Money::ZERO)
                };
                let tax = exact_money(&sale_rules.currency, entry.tax_amount)?;
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
        lines.extend(self.untaxed_lines(cart, worked, sale_rules)?);
        Ok(lines)
    }

    /// Under which id the sale of a customer without tax is reported: not that of a real rule or
    /// account.
    fn exempt_id(&self, cart: &Cart) -> TaxRuleId {
        let taken = |id: &TaxRuleId| {
            cart.lines.iter().any(|line| line.item.tax.id == *id)
                || self.charges.iter().any(|charge| charge.account == *id)
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
        &self,
        cart: &Cart,
        worked: &calc::DocumentTotals,
        sale_rules: &SaleRules,
    ) -> Result<Vec<TaxLine>, CartError> {
        let exemption = cart
            .customer
            .as_ref()
            .map(|customer| customer.exemption.as_str())
            .filter(|reason| !reason.is_empty());
        let exempt = self.exempt_id(cart);
        let mut found: BTreeMap<(TaxRuleId, bool), TaxLine> = BTreeMap::new();
        let lines = self.document.lines.iter().zip(&worked.lines);
        for (place, (line, totals)) in self.of_line.iter().zip(lines) {
            let charged = self
                .document
                .taxes
                .iter()
                .any(|row| is_rate(row.charge_type) && !rate_at(line, row).is_zero());
            let Some(sold) = cart.lines.get(*place).filter(|_| !charged) else {
                continue;
            };
            let net = exact_money(&sale_rules.currency, totals.net_amount)?;
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
}
