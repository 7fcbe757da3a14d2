//! Migrations never change once landed: a till in a shop has already run them. The hash git gives each stands
//! in `migrations/landed.txt`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::{Breach, read};
use crate::process::{command, run_quiet};

const LANDED: &str = "migrations/landed.txt";

/// A changed, missing or unrecorded migration is a breach.
pub(super) fn check() -> Result<Vec<Breach>> {
    let landed = landed()?;
    let mut now = hashes()?;
    let mut breaches = Vec::new();
    let mut breach = |file: &str, what: &str| {
        breaches.push(Breach {
            file: file.into(),
            line: 0,
            what: what.into(),
        });
    };
    for (file, hash) in &landed {
        match now.remove(file) {
            None => breach(file, "a landed migration is gone"),
            Some(found) if found != *hash => breach(file, "a landed migration has changed"),
            Some(_) => {}
        }
    }
    for file in now.keys() {
        breach(
            file,
            "not recorded: `cargo xtask tidy --record-migrations` lands it",
        );
    }
    Ok(breaches)
}

/// Adds new migrations to the list; those that are in it stay as they are.
pub(super) fn record() -> Result<()> {
    let mut all = hashes()?;
    all.extend(landed()?);
    let lines: String = all
        .iter()
        .map(|(file, hash)| format!("{hash}  {file}\n"))
        .collect();
    fs::write(crate::root().join(LANDED), lines).context("could not write migrations/landed.txt")
}

fn landed() -> Result<BTreeMap<String, String>> {
    let path = crate::root().join(LANDED);
    let text = if path.exists() {
        read(LANDED.as_ref())?
    } else {
        String::new()
    };
    let pairs = text.lines().filter_map(|line| line.split_once("  "));
    Ok(pairs
        .map(|(hash, file)| (file.to_owned(), hash.to_owned()))
        .collect())
}

/// git names content by its hash and is always here, so no library is needed.
fn hashes() -> Result<BTreeMap<String, String>> {
    let listed = run_quiet(command("git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "migrations/*.sql",
    ]))?;
    let mut hashes = BTreeMap::new();
    for file in listed
        .lines()
        .filter(|file| crate::root().join(file).is_file())
    {
        let hash = run_quiet(command("git").args(["hash-object", "--no-filters", file]))?;
        hashes.insert(file.to_owned(), hash.trim().to_owned());
    }
    Ok(hashes)
}
