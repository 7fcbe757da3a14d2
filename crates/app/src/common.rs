//! Shapes every domain uses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A request or an answer with nothing in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// An amount as it is shown: the till formats, the window does not calculate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoneyView {
    /// Minor units of the shop's currency (cents).
    pub minor: i64,
    /// The amount with separators and without a currency sign, such as `1,234.56`.
    pub text: String,
}
