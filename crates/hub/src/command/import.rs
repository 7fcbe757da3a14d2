//! `evertill-hub import`.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use evertill_protocol::{ChangeBody, Record};

use super::{open, say};

/// What to import.
#[derive(Args)]
pub(crate) struct Import {
    /// The database file
    #[arg(long)]
    db: PathBuf,
    /// The file; `-` reads the standard input
    file: PathBuf,
}

/// Publishes the records of a file.
pub(crate) fn import(options: &Import) -> anyhow::Result<()> {
    let repository = open(&options.db)?;
    let file = &options.file;
    let reader: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let opened =
            std::fs::File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
        Box::new(std::io::BufReader::new(opened))
    };
    let mut changes = Vec::new();
    for (number, line) in (1_usize..).zip(reader.lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        changes.push(read_change(&line).with_context(|| format!("line {number}"))?);
    }
    let made = repository.publish(&changes)?;
    say(&format!("{made} of {} records changed.", changes.len()))
}

/// A line of an import: a record as it is, or `{"delete":{"kind":…,"id":…}}`.
fn read_change(line: &str) -> anyhow::Result<ChangeBody> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    if value.get("delete").is_some() || value.get("upsert").is_some() {
        return Ok(serde_json::from_value(value)?);
    }
    let record: Record = serde_json::from_value(value)?;
    Ok(ChangeBody::Upsert(record))
}
