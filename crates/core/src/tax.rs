//! The tax on an item.

use serde::{Deserialize, Serialize};

use crate::id::TaxRuleId;
use crate::percent::Percent;

/// One rate of tax and whether shelf prices already hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRule {
    /// Key of the rule upstream.
    pub id: TaxRuleId,
    /// How it is named on the receipt: "VAT 19%".
    pub name: String,
    /// The rate in per cent.
    pub rate: Percent,
    /// `true`: the price includes the tax (most of the world); `false`: it is added at the
    /// counter (sales tax).
    pub inclusive: bool,
}
