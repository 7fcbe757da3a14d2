//! Why taxes cannot be charged.

use crate::calc::ValidationError;
use crate::fault::Coded;
use crate::values::id::TaxRuleId;

/// Why no sale can be charged by a tax rule or a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum TaxError {
    /// Two rates of a rule name one account.
    #[error("The account {account} has two rates.")]
    #[coded("tax_rates_invalid")]
    AccountTwice {
        /// The account.
        #[coded(with = ToString::to_string)]
        account: TaxRuleId,
    },
    /// The engine refuses the rates of a rule.
    #[error(transparent)]
    #[coded("tax_rates_invalid")]
    Rates(#[coded(name = "reason", with = ValidationError::reason)] ValidationError),
    /// The engine refuses the rows of a template.
    #[error(transparent)]
    #[coded("tax_template_invalid")]
    Template(#[coded(name = "reason", with = ValidationError::reason)] ValidationError),
}
