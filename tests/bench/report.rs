//! What a bench found, as a person reads it, and the page that keeps it.

use std::fmt::{Display, Formatter};
use std::path::Path;

use anyhow::{Context, Result};

/// One bench's result: what was measured, the table, and whether the aims were met.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) what: String,
    pub(crate) head: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) aims: Vec<Aim>,
}

/// An aim, and whether this run met it.
pub(crate) struct Aim {
    pub(crate) what: String,
    pub(crate) found: String,
    pub(crate) met: bool,
}

impl Display for Section {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(to, "## {}\n\n{}\n", self.title, self.what)?;
        writeln!(to, "| {} |", self.head.join(" | "))?;
        writeln!(to, "|{}", "---|".repeat(self.head.len()))?;
        for row in &self.rows {
            writeln!(to, "| {} |", row.join(" | "))?;
        }
        if !self.aims.is_empty() {
            writeln!(to)?;
        }
        for aim in &self.aims {
            let met = if aim.met { "met" } else { "**missed**" };
            writeln!(to, "- Aim: {}. Found {}: {met}.", aim.what, aim.found)?;
        }
        Ok(())
    }
}

/// Writes the page.
pub(crate) fn write(page: &Path, sections: &[Section], machine: &str) -> Result<()> {
    let mut text = format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench` (release build). Contender and baseline take turns in one \
         process; a ratio is the median of the turns' ratios, with the 10th and 90th percentile \
         behind it. Times are of this machine and say little elsewhere; ratios travel.\n\n\
         Machine: {machine}.\n"
    );
    for section in sections {
        text.push('\n');
        text.push_str(&section.to_string());
    }
    std::fs::write(page, text).with_context(|| format!("could not write {}", page.display()))
}
