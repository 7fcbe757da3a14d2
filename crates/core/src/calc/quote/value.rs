//! Values as integrators write them: exact numbers, flags as 0 and 1, row ids
//! as text.

use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A number read from its text: `12.10`, `1e-3`, or the same in quotes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amount(pub(super) Decimal);

/// A decimal from its text, with or without an exponent.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if text.bytes().any(|byte| matches!(byte, b'e' | b'E')) {
        Decimal::from_scientific(text).ok()
    } else {
        Decimal::from_str(text).ok()
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw == "null" {
            return Ok(Self(Decimal::ZERO));
        }
        let text = raw
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(raw);
        decimal(text)
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("{text} is not a number that can be used")))
    }
}

/// `true`, `false`, 1, 0, or the same in quotes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match <&RawValue>::deserialize(deserializer)?.get() {
            "true" | "1" | "1.0" | "\"1\"" => Ok(Self(true)),
            "false" | "0" | "0.0" | "\"0\"" | "null" | "\"\"" => Ok(Self(false)),
            other => Err(D::Error::custom(format!("{other} is neither 0 nor 1"))),
        }
    }
}

/// The number of a row, from 1: `"2"` or 2. Nothing, "" and 0 name no row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RowId(pub(super) Option<u32>);

impl<'de> Deserialize<'de> for RowId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let text = raw.trim_matches('"');
        match text {
            "" | "0" | "null" => Ok(Self(None)),
            number => number
                .parse()
                .map(|row| Self(Some(row)))
                .map_err(|_| D::Error::custom(format!("{raw} is not the number of a row"))),
        }
    }
}

/// What a document calls itself: text, or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id {
    /// As it is compared.
    pub(super) text: String,
    /// As it is written back.
    pub(super) json: String,
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.starts_with('"') {
            let text: String = serde_json::from_str(raw).map_err(D::Error::custom)?;
            return Ok(Self {
                text,
                json: raw.to_owned(),
            });
        }
        if raw.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            return Ok(Self {
                text: raw.to_owned(),
                json: raw.to_owned(),
            });
        }
        Err(D::Error::custom("an id is text or a number"))
    }
}

/// Rates by account, in the order they are written.
#[derive(Debug, Clone, Default)]
pub(super) struct Rates(pub(super) Vec<(String, Decimal)>);

impl<'de> Deserialize<'de> for Rates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Accounts;
        impl<'de> Visitor<'de> for Accounts {
            type Value = Rates;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("rates by account")
            }
            fn visit_unit<E>(self) -> Result<Rates, E> {
                Ok(Rates::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rates, A::Error> {
                let mut rates = Vec::new();
                while let Some((account, rate)) = map.next_entry::<String, Amount>()? {
                    rates.push((account, rate.0));
                }
                Ok(Rates(rates))
            }
        }
        deserializer.deserialize_any(Accounts)
    }
}
