//! What no compiler checks: the house rules of `CONTRIBUTING.md`, one file a rule.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{command, run_quiet};

mod arrows;
mod circles;
mod migrations;
mod retired;
mod sources;
mod unused;

/// A breach of a rule: where, and what is wrong.
pub(crate) struct Breach {
    file: String,
    line: usize,
    what: String,
}

/// Runs every rule and prints all breaches before it fails.
pub(crate) fn tidy(record_migrations: bool) -> Result<()> {
    if record_migrations {
        migrations::record()?;
    }
    let files = tracked_files()?;
    let mut breaches = arrows::check()?;
    breaches.extend(circles::check(&files)?);
    breaches.extend(sources::check(&files)?);
    breaches.extend(migrations::check()?);
    breaches.extend(retired::check(&files)?);
    breaches.extend(unused::check(&files)?);
    for breach in &breaches {
        println!("   {}:{}: {}", breach.file, breach.line, breach.what);
    }
    if !breaches.is_empty() {
        bail!("{} breach(es) of the house rules", breaches.len());
    }
    println!("   tidy: {} files keep the house rules", files.len());
    Ok(())
}

/// The text files that git knows or would take, by their path from the top.
fn tracked_files() -> Result<Vec<PathBuf>> {
    let listed =
        run_quiet(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    Ok(listed
        .lines()
        .map(PathBuf::from)
        .filter(|path| crate::root().join(path).is_file())
        .collect())
}

fn read(path: &Path) -> Result<String> {
    let whole = crate::root().join(path);
    let bytes = fs::read(&whole).with_context(|| format!("could not read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
