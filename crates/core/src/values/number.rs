//! Receipt numbers: one gapless count for each till.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fault::Coded;

/// A till's receipt number: "03-000147". In JSON it is that string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptNumber {
    /// Prefix of the till, given by the hub.
    pub prefix: String,
    /// The count, from 1, without gaps.
    pub counter: u64,
}

impl ReceiptNumber {
    /// A number, or `number_malformed` for an empty prefix, one with spaces or control
    /// characters, or a counter of 0.
    pub fn new(prefix: impl Into<String>, counter: u64) -> Result<Self, NumberError> {
        let prefix = prefix.into();
        let bad = |c: char| c.is_whitespace() || c.is_control();
        if prefix.is_empty() || counter == 0 || prefix.contains(bad) {
            return Err(NumberError::Malformed {
                text: format!("{prefix}-{counter:06}"),
            });
        }
        Ok(Self { prefix, counter })
    }

    /// The first number of a till.
    pub fn first(prefix: impl Into<String>) -> Result<Self, NumberError> {
        Self::new(prefix, 1)
    }

    /// The number after this one, or `number_exhausted`.
    pub fn next(&self) -> Result<Self, NumberError> {
        let counter = self.counter.checked_add(1).ok_or(NumberError::Exhausted)?;
        Ok(Self {
            prefix: self.prefix.clone(),
            counter,
        })
    }
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:06}", self.prefix, self.counter)
    }
}

impl FromStr for ReceiptNumber {
    type Err = NumberError;

    /// Reads exactly what `Display` writes, so that one number has one spelling.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let malformed = || NumberError::Malformed {
            text: text.to_owned(),
        };
        let (prefix, counter) = text.rsplit_once('-').ok_or_else(malformed)?;
        let number = Self::new(prefix, counter.parse().map_err(|_| malformed())?)?;
        if number.to_string() == text {
            Ok(number)
        } else {
            Err(malformed())
        }
    }
}

impl TryFrom<String> for ReceiptNumber {
    type Error = NumberError;

    fn try_from(text: String) -> Result<Self, NumberError> {
        text.parse()
    }
}

impl From<ReceiptNumber> for String {
    fn from(number: ReceiptNumber) -> Self {
        number.to_string()
    }
}

/// Why something is not a receipt number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum NumberError {
    /// Not of the form prefix-000001.
    #[error("“{text}” is not a receipt number.")]
    #[coded("number_malformed")]
    Malformed {
        /// What was given.
        text: String,
    },
    /// The count is at its end.
    #[error("This till has used up its receipt numbers.")]
    #[coded("number_exhausted")]
    Exhausted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_spelling() {
        let table = [
            ("03-000147", Some(147)),
            ("A-1-000001", Some(1)),
            ("03-1234567", Some(1_234_567)),
            ("03-147", None),
            ("03-0000147", None),
            ("03-000000", None),
            ("-000001", None),
            ("0 3-000001", None),
            ("03-+00001", None),
            ("03", None),
            ("", None),
        ];
        for (text, counter) in table {
            let number = text.parse::<ReceiptNumber>();
            assert_eq!(
                number.as_ref().ok().map(|number| number.counter),
                counter,
                "{text:?}"
            );
            match number {
                Ok(number) => assert_eq!(number.to_string(), text),
                Err(error) => assert_eq!(error.code(), "number_malformed"),
            }
        }
    }

    #[test]
    fn counts_without_gaps() {
        let first = ReceiptNumber::first("03").unwrap();
        assert_eq!(first.to_string(), "03-000001");
        assert_eq!(first.next().unwrap().to_string(), "03-000002");
        let last = ReceiptNumber::new("03", u64::MAX).unwrap();
        assert_eq!(last.next(), Err(NumberError::Exhausted));
    }

    #[test]
    fn in_json_it_is_a_string() {
        let number = ReceiptNumber::new("03", 147).unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), r#""03-000147""#);
        assert!(serde_json::from_str::<ReceiptNumber>(r#""03-147""#).is_err());
    }
}
