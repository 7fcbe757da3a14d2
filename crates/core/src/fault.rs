//! How an error leaves the code: a stable code, its parameters and a sentence.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An error with a stable code. Its `Display` is a sentence a cashier understands.
pub trait Coded: std::error::Error {
    /// The stable code in `snake_case`. Once released it is never renamed.
    fn code(&self) -> &'static str;

    /// What the sentence speaks about, by name. Amounts are minor units in decimal digits.
    fn params(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// An error on its way to another process: the UI translates `code` with `params` and falls
/// back to `message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fault {
    /// Stable code in `snake_case`.
    pub code: String,
    /// Parameters of the sentence by name.
    pub params: BTreeMap<String, String>,
    /// The sentence in English.
    pub message: String,
}

impl Fault {
    /// A fault without parameters.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            params: BTreeMap::new(),
            message: message.into(),
        }
    }

    /// The same fault with one more parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.params.insert(name.into(), value.to_string());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Fault {}

// `Fault` itself must never implement `Coded`, or this would clash with `From<T> for T`.
impl<E: Coded> From<E> for Fault {
    fn from(error: E) -> Self {
        let params = error
            .params()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Self {
            code: error.code().to_owned(),
            params: params.collect(),
            message: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::MoneyError;

    #[test]
    fn a_coded_error_becomes_a_fault_with_its_code_and_sentence() {
        let fault = Fault::from(MoneyError::Malformed {
            text: "1..2".into(),
        });
        assert_eq!(fault.code, "amount_malformed");
        assert_eq!(fault.params.get("text").map(String::as_str), Some("1..2"));
        assert_eq!(fault.message, "“1..2” is not an amount.");
        assert_eq!(
            fault.to_string(),
            "“1..2” is not an amount. (amount_malformed)"
        );
    }

    #[test]
    fn a_fault_survives_json() {
        let fault = Fault::new("cash_short", "More is due.").with("due", 150);
        let json = serde_json::to_string(&fault).unwrap();
        assert_eq!(
            json,
            r#"{"code":"cash_short","params":{"due":"150"},"message":"More is due."}"#
        );
        assert_eq!(serde_json::from_str::<Fault>(&json).unwrap(), fault);
    }
}
