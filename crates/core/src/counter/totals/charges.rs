//! By which rows a cart is charged.

use rust_decimal::Decimal;

use super::refusal::refused;
use crate::calc::{self, ChargeType, Document, Exemption, Line, TaxChoice, TaxRow};
use crate::counter::cart::{Cart, CartLine};
use crate::counter::cart_error::CartError;
use crate::counter::sale_rules::SaleRules;
use crate::tax::{TaxCharge, TaxRule};
use crate::values::id::TaxRuleId;

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
pub(super) fn unused(id: &str, taken: impl Fn(&TaxRuleId) -> bool) -> TaxRuleId {
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
