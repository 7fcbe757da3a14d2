//! Where a printer is, as an administrator writes it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use evertill_core::Coded;

use crate::{FilePrinter, NoPrinter, Printer, TcpPatience, TcpPrinter};

/// The port on which network printers listen when none is given.
const RAW_PRINT_PORT: u16 = 9100;

/// A printer's address: nothing, `tcp://host:port` (or just `host`, port 9100), or `file:/path`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PrinterAddress {
    /// No printer.
    #[default]
    None,
    /// A raw TCP printer.
    Tcp {
        /// Name or IP address; IPv6 without brackets.
        host: String,
        /// Port.
        port: u16,
    },
    /// A file to which each job is appended.
    File(PathBuf),
}

/// `printer_address_invalid`: the text is not an address of a printer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
#[error("“{text}” is no printer address. Write host:port, for example 192.168.1.50:9100.")]
#[coded("printer_address_invalid")]
pub struct AddressError {
    #[coded(name = "address")]
    text: String,
}

impl PrinterAddress {
    /// The printer at this address. Nothing is opened until the first job or question.
    #[must_use]
    pub fn printer(&self) -> Arc<dyn Printer> {
        match self {
            Self::None => Arc::new(NoPrinter),
            Self::Tcp { host, port } => {
                Arc::new(TcpPrinter::new(host.clone(), *port, TcpPatience::default()))
            }
            Self::File(path) => Arc::new(FilePrinter::new(path.clone())),
        }
    }
}

impl FromStr for PrinterAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let trimmed = text.trim();
        let invalid = || AddressError {
            text: text.to_owned(),
        };
        if trimmed.is_empty() || trimmed == "none" {
            return Ok(Self::None);
        }
        if let Some(path) = trimmed.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err(invalid())
            } else {
                Ok(Self::File(path.into()))
            };
        }
        let authority = trimmed.strip_prefix("tcp://").unwrap_or(trimmed);
        let (host, port) = split_authority(authority).ok_or_else(invalid)?;
        Ok(Self::Tcp {
            host: host.to_owned(),
            port,
        })
    }
}

/// `host`, `host:port`, `[v6]`, `[v6]:port`; `None` when it is none of them.
fn split_authority(authority: &str) -> Option<(&str, u16)> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        let port = if after.is_empty() {
            None
        } else {
            Some(after.strip_prefix(':')?)
        };
        (host, port)
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    let strange = |c: char| c.is_whitespace() || c.is_control() || "/?#@[]".contains(c);
    if host.is_empty() || host.contains(strange) {
        return None;
    }
    let port = match port {
        None => RAW_PRINT_PORT,
        Some(digits) => digits.parse().ok().filter(|port| *port != 0)?,
    };
    Some((host, port))
}

impl fmt::Display for PrinterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        // (as written, as shown afterwards)
        let table = [
            ("", "none"),
            ("none", "none"),
            ("192.168.1.50", "tcp://192.168.1.50:9100"),
            ("counter-1:9101", "tcp://counter-1:9101"),
            ("tcp://127.0.0.1:19100", "tcp://127.0.0.1:19100"),
            (" tcp://[::1]:9100 ", "tcp://[::1]:9100"),
            ("[fe80::1]", "tcp://[fe80::1]:9100"),
            (
                "file:/var/spool/receipts.bin",
                "file:/var/spool/receipts.bin",
            ),
            (
                "file:///var/spool/receipts.bin",
                "file:/var/spool/receipts.bin",
            ),
        ];
        for (written, shown) in table {
            let address: PrinterAddress = written.parse().expect(written);
            assert_eq!(address.to_string(), shown);
            assert_eq!(shown.parse::<PrinterAddress>().expect(shown), address);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "tcp://",
            "host:",
            "host:0",
            "host:65536",
            "host:ninety",
            ":9100",
            "[::1",
            "[::1]9100",
            "::1",
            "http://printer",
            "a b",
            "file:",
            "file://",
        ] {
            let refused = text.parse::<PrinterAddress>().expect_err(text);
            assert_eq!(refused.code(), "printer_address_invalid");
            assert!(refused.to_string().contains(text));
        }
    }
}
