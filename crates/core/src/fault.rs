//! How an error leaves the code: a stable code, its parameters and a sentence.

use std::collections::BTreeMap;
use std::fmt;

pub use evertill_coded_derive::Coded;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::values::money::Money;
use crate::values::quantity::Quantity;

/// An error with a stable code. Its `Display` is a sentence a cashier understands.
///
/// Types derive it: [`derive@Coded`] reads codes and parameters from the variants.
pub trait Coded: std::error::Error {
    /// The codes of this type. Those of its transparent sources stand at their types.
    const CODES: &'static [FaultCode];

    /// The stable code in `snake_case`. Once released it is never renamed.
    fn code(&self) -> &str;

    /// What the sentence speaks about, by name.
    fn params(&self) -> BTreeMap<String, String>;
}

/// A code, and what its sentences may speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultCode {
    /// The code in `snake_case`.
    pub code: &'static str,
    /// Names of the parameters that come with it every time.
    pub params: &'static [&'static str],
}

/// A value that a sentence can speak about.
pub trait Param {
    /// The value as text. Amounts are minor units in decimal digits.
    fn param(&self) -> String;
}

macro_rules! params_by_display {
    ($($type:ty),*) => {
        $(impl Param for $type {
            fn param(&self) -> String {
                self.to_string()
            }
        })*
    };
}

params_by_display!(String, &str, u8, u16, u32, u64, usize, i64, Quantity);

impl Param for Money {
    fn param(&self) -> String {
        self.minor().to_string()
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
        Self {
            code: error.code().to_owned(),
            params: error.params(),
            message: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::money::MoneyError;

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
