//! A discount as it was given, before it is turned into an amount.

use serde::{Deserialize, Serialize};

use crate::values::money::Money;
use crate::values::percent::Percent;

/// A discount on a line or on the whole invoice. In JSON `{"kind":"none"}`,
/// `{"kind":"percent","value":"7.5"}` or `{"kind":"amount","value":150}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Discount {
    /// No discount.
    #[default]
    None,
    /// So many per cent.
    Percent(Percent),
    /// So much off, in minor units. On a line it is for the whole line, not for each piece.
    Amount(Money),
}

impl Discount {
    /// Nothing given: none, 0 per cent or an amount of 0.
    pub fn is_none(self) -> bool {
        match self {
            Self::None => true,
            Self::Percent(percent) => percent.is_zero(),
            Self::Amount(amount) => amount.is_zero(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_stable() {
        let table = [
            (Discount::None, r#"{"kind":"none"}"#),
            (
                Discount::Percent(Percent::parse("7.50").unwrap()),
                r#"{"kind":"percent","value":"7.5"}"#,
            ),
            (
                Discount::Amount(Money::from_minor(150)),
                r#"{"kind":"amount","value":150}"#,
            ),
        ];
        for (discount, json) in table {
            assert_eq!(serde_json::to_string(&discount).unwrap(), json);
            assert_eq!(serde_json::from_str::<Discount>(json).unwrap(), discount);
        }
    }
}
