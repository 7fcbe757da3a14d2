//! What a laid-out receipt is made of, and how people see it without a printer.

use std::fmt::Write;

use crate::printable::columns;

/// Paper in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 80 mm: 48 columns of font A.
    Mm80,
    /// 58 mm: 32 columns of font A.
    Mm58,
}

impl Paper {
    /// Characters of the normal size on one line.
    pub const fn columns(self) -> usize {
        match self {
            Self::Mm80 => 48,
            Self::Mm58 => 32,
        }
    }
}

/// Where a text stands on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Align {
    /// At the left edge. Amounts are set to the right with spaces.
    #[default]
    Left,
    /// In the middle.
    Center,
}

/// How a text is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Style {
    /// Emphasised.
    pub bold: bool,
    /// Twice as wide: takes two columns for each character.
    pub wide: bool,
    /// Twice as tall.
    pub tall: bool,
}

/// What a rule is drawn with: an unbroken line where the printer has it, dashes elsewhere.
pub(crate) const RULE: char = '─';

/// One row of a laid-out receipt, or a thing the printer does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Row {
    /// A line of text, never wider than the paper.
    Text {
        /// One character a column, no control characters.
        text: String,
        /// Where it stands.
        align: Align,
        /// How it is printed.
        style: Style,
    },
    /// A line across the paper: that many columns.
    Rule(usize),
    /// An empty line.
    Blank,
    /// A QR code of that text, in the middle.
    Qr(String),
    /// Cut the paper after what was printed.
    Cut,
    /// Open the cash drawer.
    Kick,
}

impl Row {
    /// Columns the row takes.
    pub fn columns(&self) -> usize {
        match self {
            Self::Text { text, style, .. } => columns(text) * if style.wide { 2 } else { 1 },
            Self::Rule(columns) => *columns,
            Self::Blank | Self::Qr(_) | Self::Cut | Self::Kick => 0,
        }
    }
}

/// The rows as plain text, for golden files, logs of tests and previews: bold as it is, wide
/// letters spaced out, and what is no text in brackets.
pub fn text(rows: &[Row], paper: Paper) -> String {
    let mut out = String::new();
    for row in rows {
        let line = match row {
            Row::Text { text, align, style } => place(&spaced(text, *style), *align, paper),
            Row::Rule(columns) => RULE.to_string().repeat(*columns),
            Row::Blank => String::new(),
            Row::Qr(data) => place(&format!("[QR {data}]"), Align::Center, paper),
            Row::Cut => "[cut]".to_owned(),
            Row::Kick => "[drawer]".to_owned(),
        };
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn spaced(text: &str, style: Style) -> String {
    if !style.wide {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|character| [character, ' '])
        .collect()
}

fn place(text: &str, align: Align, paper: Paper) -> String {
    let free = match align {
        Align::Left => 0,
        Align::Center => paper.columns().saturating_sub(columns(text)) / 2,
    };
    format!("{}{text}", " ".repeat(free))
}
