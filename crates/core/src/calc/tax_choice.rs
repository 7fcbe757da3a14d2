//! Which tax rows apply to whom: tax categories by customer, and customers who
//! are exempt.

use rust_decimal::Decimal;

use super::arithmetic::Arithmetic;
use super::document::{ChargeType, Document, TaxRow};
use super::validation_error::ValidationError;
use super::{Original, calculate};

/// Tax rows under a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CategoryTaxes {
    /// Its name.
    pub name: String,
    /// The tax category of the customers it is for; `None`: everyone else.
    pub category: Option<String>,
    /// The rows.
    pub rows: Vec<TaxRow>,
}

/// Why a customer is charged no tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// The reason, as it is printed and reported: a certificate, a treaty.
    pub reason: String,
}

/// The tax templates of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaxChoice {
    /// In order; the first that fits applies.
    pub templates: Vec<CategoryTaxes>,
}

/// How a document is taxed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxedAs {
    /// The template's name, if one applies.
    pub template: Option<String>,
    /// The tax category it was chosen by.
    pub category: Option<String>,
    /// Why no tax is charged.
    pub exemption: Option<Exemption>,
}

impl TaxChoice {
    /// Puts the tax rows on a document that a customer of `category` is
    /// charged. For one who is exempt, tax is taken out of prices that hold it
    /// and then charged at nothing; fixed amounts and charges by quantity, which
    /// are no tax, stay.
    ///
    /// # Errors
    ///
    /// A [`ValidationError`] when prices cannot be worked out without their tax.
    pub fn apply(
        &self,
        document: &mut Document,
        category: Option<&str>,
        exemption: Option<&Exemption>,
        arithmetic: Arithmetic,
    ) -> Result<TaxedAs, ValidationError> {
        let own = |template: &&CategoryTaxes| {
            template.category.is_some() && template.category.as_deref() == category
        };
        let template = self.templates.iter().find(own).or_else(|| {
            self.templates
                .iter()
                .find(|template| template.category.is_none())
        });
        document.taxes = template
            .map(|template| template.rows.clone())
            .unwrap_or_default();
        if exemption.is_some() {
            exempt(document, arithmetic)?;
        }
        Ok(TaxedAs {
            template: template.map(|template| template.name.clone()),
            category: template.and_then(|template| template.category.clone()),
            exemption: exemption.cloned(),
        })
    }
}

/// Takes the tax out of prices and rows.
fn exempt(document: &mut Document, arithmetic: Arithmetic) -> Result<(), ValidationError> {
    if document.taxes.iter().any(|row| row.included) {
        let none: Option<&Original> = None;
        let plain = Document {
            discount: super::DocumentDiscount::default(),
            payments: None,
            ..document.clone()
        };
        let totals = calculate(&plain, none, arithmetic)?;
        for (line, totals) in document.lines.iter_mut().zip(&totals.lines) {
            line.rate = Some(totals.net_rate);
            line.price_list_rate = None;
            line.discount_percentage = None;
            line.discount_amount = None;
        }
    }
    let is_tax = |row: &TaxRow| {
        !matches!(
            row.charge_type,
            ChargeType::Actual | ChargeType::OnItemQuantity
        )
    };
    for row in &mut document.taxes {
        row.included = false;
        if is_tax(row) {
            row.rate = Decimal::ZERO;
        }
    }
    let taxes: Vec<&TaxRow> = document.taxes.iter().filter(|row| is_tax(row)).collect();
    for line in &mut document.lines {
        for (account, rate) in &mut line.item_tax_rates {
            if taxes.iter().any(|row| row.account == *account) {
                *rate = Decimal::ZERO;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{CategoryTaxes, Exemption, TaxChoice};
    use crate::calc::{Arithmetic, Document, DocumentTotals, Line, TaxRow, calculate};

    fn vat(rate: i64, included: bool) -> TaxRow {
        TaxRow {
            account: "VAT".to_owned(),
            rate: rate.into(),
            included,
            ..TaxRow::default()
        }
    }

    fn choice() -> TaxChoice {
        let template = |name: &str, category: Option<&str>, rows| CategoryTaxes {
            name: name.to_owned(),
            category: category.map(ToOwned::to_owned),
            rows,
        };
        TaxChoice {
            templates: vec![
                template("At home", None, vec![vat(19, true)]),
                template("Abroad", Some("Export"), vec![]),
            ],
        }
    }

    fn sale() -> Document {
        let line = |rate: i64, own: &[(String, Decimal)]| Line {
            qty: Decimal::ONE,
            rate: Some(Decimal::new(rate, 2)),
            item_tax_rates: own.to_vec(),
            ..Line::default()
        };
        Document {
            lines: vec![line(1190, &[]), line(1070, &[("VAT".to_owned(), 7.into())])],
            ..Document::default()
        }
    }

    fn total(category: Option<&str>, exemption: Option<&Exemption>) -> (DocumentTotals, String) {
        let mut document = sale();
        let taxed = choice()
            .apply(&mut document, category, exemption, Arithmetic::Exact)
            .unwrap();
        let totals = calculate(&document, None, Arithmetic::Exact).unwrap();
        (totals, format!("{taxed:?}"))
    }

    #[test]
    fn the_category_of_the_customer_chooses_the_rows() {
        let (home, why) = total(Some("Anything"), None);
        assert_eq!(home.grand_total, Decimal::new(2260, 2));
        assert_eq!(home.total_taxes_and_charges, Decimal::new(260, 2));
        assert!(why.contains("At home"), "{why}");
        let (abroad, why) = total(Some("Export"), None);
        assert!(abroad.taxes.is_empty());
        assert!(why.contains("Abroad"), "{why}");
    }

    #[test]
    fn an_exempt_customer_pays_the_net_price_and_the_reason_is_kept() {
        let treaty = Exemption {
            reason: "Embassy, certificate 12".to_owned(),
        };
        let (totals, why) = total(None, Some(&treaty));
        assert_eq!(totals.grand_total, Decimal::new(2000, 2));
        assert_eq!(totals.total_taxes_and_charges, Decimal::ZERO);
        assert!(why.contains("Embassy"), "{why}");
    }
}
