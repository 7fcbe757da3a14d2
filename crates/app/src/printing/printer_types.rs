//! What an administrator sets on the till.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the printer is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrinterKind {
    /// There is none.
    #[default]
    None,
    /// ESC/POS over TCP.
    Tcp,
    /// ESC/POS into a file.
    File,
}

/// Width of the paper roll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum PaperWidth {
    /// 80 mm, 48 characters.
    #[default]
    #[serde(rename = "80")]
    Mm80,
    /// 58 mm, 32 characters.
    #[serde(rename = "58")]
    Mm58,
}

/// Sets the printer up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PrinterRequest {
    /// How it is reached.
    pub kind: PrinterKind,
    /// `host:port` or a path; empty for none.
    pub address: String,
    /// Width of the paper.
    pub paper: PaperWidth,
}

/// What the till last heard of the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrinterCondition {
    /// No printer is set up.
    None,
    /// Not used since the till was opened.
    Unknown,
    /// The last receipt came out.
    Ready,
    /// The last try failed; `code` says why.
    Problem,
}

/// The printer as it is set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct PrinterView {
    /// How it is reached.
    pub kind: PrinterKind,
    /// `host:port` or a path; empty for none.
    pub address: String,
    /// Width of the paper.
    pub paper: PaperWidth,
    /// What the till last heard of it.
    pub state: PrinterCondition,
    /// Why it does not print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
