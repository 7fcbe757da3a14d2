//! Barcodes: one spelling for each, whatever the scanner sends.

use std::fmt;

use crate::fault::Coded;

/// What kind of code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BarcodeKind {
    /// Eight digits with a check digit.
    Ean8,
    /// Thirteen digits with a check digit; UPC-A is one with a leading 0.
    Ean13,
    /// Anything else, as Code 128 carries it.
    Text,
}

/// A barcode in its one spelling, the one the catalogue is searched by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Barcode {
    text: String,
    kind: BarcodeKind,
}

/// The longest code: Code 128 itself has no limit, scanners and labels have.
const MAX_LENGTH: usize = 48;

impl Barcode {
    /// The code in its one spelling.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What kind of code it is.
    pub const fn kind(&self) -> BarcodeKind {
        self.kind
    }

    /// The shop's own EAN-13 for a `number` below 10¹⁰: GS1 prefix 20, which GS1 leaves to
    /// shops for use within their own walls (GS1 General Specifications, 1.4.3), ten digits,
    /// check digit.
    ///
    /// Errors: `barcode_too_long`.
    pub fn in_store(number: u64) -> Result<Self, BarcodeError> {
        let body = format!("20{number:010}");
        if body.len() != 12 {
            return Err(BarcodeError::TooLong { max_length: 10 });
        }
        let check = check_digit(&body);
        Ok(Self {
            text: format!("{body}{check}"),
            kind: BarcodeKind::Ean13,
        })
    }
}

impl fmt::Display for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The one spelling of what a scanner or a person sent: spaces and control characters at the
/// ends go, UPC-A gets its leading 0, eight and thirteen digits must have the right check digit.
/// Everything else is a free text code, kept as it is.
///
/// Errors: `barcode_empty`, `barcode_too_long`, `barcode_check_digit`.
pub fn normalise(scanned: &str) -> Result<Barcode, BarcodeError> {
    let text = scanned.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if text.is_empty() {
        return Err(BarcodeError::Empty);
    }
    if text.chars().count() > MAX_LENGTH {
        return Err(BarcodeError::TooLong {
            max_length: MAX_LENGTH,
        });
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let (kind, text) = match text.len() {
        8 if digits => (BarcodeKind::Ean8, text.to_owned()),
        12 if digits => (BarcodeKind::Ean13, format!("0{text}")),
        13 if digits => (BarcodeKind::Ean13, text.to_owned()),
        _ => {
            return Ok(Barcode {
                text: text.to_owned(),
                kind: BarcodeKind::Text,
            });
        }
    };
    let (body, check) = text.split_at(text.len() - 1);
    if check_digit(body).to_string() != check {
        return Err(BarcodeError::CheckDigit { code: text });
    }
    Ok(Barcode { text, kind })
}

/// The check digit of GS1 codes (GS1 General Specifications, 7.9): from the right, digits weigh
/// 3, 1, 3, 1 …, and the check digit brings the sum to a multiple of ten. Characters that are no
/// digits count as 0.
pub fn check_digit(body: &str) -> u32 {
    let weighed = body.chars().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighed
        .map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight)
        .sum();
    (10 - sum % 10) % 10
}

/// Why something is not a barcode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum BarcodeError {
    /// Nothing was scanned.
    #[error("Nothing was scanned.")]
    #[coded("barcode_empty")]
    Empty,
    /// Longer than any code.
    #[error("The code is too long: {max_length} characters are the most.")]
    #[coded("barcode_too_long")]
    TooLong {
        /// How many it may have.
        max_length: usize,
    },
    /// A digit was misread or mistyped.
    #[error("{code} was misread: its check digit is wrong. Scan it again.")]
    #[coded("barcode_check_digit")]
    CheckDigit {
        /// The code as it was read.
        code: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_code() {
        use BarcodeKind::{Ean8, Ean13, Text};
        let table = [
            ("4006381333931", Ok(("4006381333931", Ean13))),
            (" 4006381333931\r\n", Ok(("4006381333931", Ean13))),
            ("036000291452", Ok(("0036000291452", Ean13))),
            ("96385074", Ok(("96385074", Ean8))),
            ("ABC-123", Ok(("ABC-123", Text))),
            ("12345", Ok(("12345", Text))),
            ("Käse 1", Ok(("Käse 1", Text))),
            ("٤٠٠٦٣٨١٣", Ok(("٤٠٠٦٣٨١٣", Text))),
            ("4006381333932", Err("barcode_check_digit")),
            ("036000291453", Err("barcode_check_digit")),
            ("96385075", Err("barcode_check_digit")),
            ("", Err("barcode_empty")),
            (" \u{1d}\n", Err("barcode_empty")),
        ];
        for (scanned, expected) in table {
            let found = normalise(scanned);
            let found = found.as_ref().map(|code| (code.as_str(), code.kind()));
            assert_eq!(found.map_err(Coded::code), expected, "{scanned:?}");
        }
        assert_eq!(
            normalise(&"x".repeat(49)).unwrap_err().code(),
            "barcode_too_long"
        );
        assert_eq!(normalise(&"ä".repeat(48)).unwrap().kind(), Text);
    }

    #[test]
    fn the_shops_own_codes_scan() {
        for number in [0, 1, 987_654, 9_999_999_999] {
            let made = Barcode::in_store(number).unwrap();
            assert_eq!(normalise(made.as_str()).unwrap(), made);
            assert!(made.as_str().starts_with("20"));
        }
        assert_eq!(
            Barcode::in_store(10_000_000_000).unwrap_err().code(),
            "barcode_too_long"
        );
    }
}
