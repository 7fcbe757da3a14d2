//! `evertill-hub import`.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use evertill_hub::import::{Fault, Kind, Source, plan};
use evertill_hub::new_password;
use evertill_hub::repository::NewPerson;

use super::{open, say};

/// What to import.
#[derive(Args)]
pub(crate) struct Import {
    /// The database file
    #[arg(long)]
    db: PathBuf,
    /// What CSV files are about, where neither their names nor their columns say it
    #[arg(long)]
    kind: Option<Kind>,
    /// CSV files, a file a kind, or JSON lines; `-` reads the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Checks all files and publishes them; or publishes nothing and names every fault.
pub(crate) fn import(options: &Import) -> anyhow::Result<()> {
    let repository = open(&options.db)?;
    let sources: Vec<Source> = options
        .files
        .iter()
        .map(|file| read(file))
        .collect::<anyhow::Result<_>>()?;
    let master = repository.master_data()?;
    let cursor = master.cursor;
    let plan = plan(&sources, options.kind, master).map_err(|faults| refusal(&faults))?;
    let mut people = Vec::new();
    for user in plan.people {
        people.push(NewPerson {
            user,
            password: new_password()?,
            pin: None,
        });
    }
    let count = plan.changes.len();
    match repository.publish_at(cursor, &plan.changes, &people)? {
        0 => say(&format!(
            "Nothing changed: the hub has all {count} records already."
        ))?,
        made => say(&format!("{made} of {count} records changed."))?,
    }
    if people.is_empty() {
        return Ok(());
    }
    say("\nPasswords of new people, shown only now; `evertill-hub user` gives them others:")?;
    for person in &people {
        say(&format!(
            "  {:<16} {:<24} {}",
            person.user.id.as_str(),
            person.user.name,
            person.password
        ))?;
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Source> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        bytes
    } else {
        std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    let name = file.file_name().unwrap_or(file.as_os_str());
    Ok(Source {
        name: name.to_string_lossy().into_owned(),
        bytes,
    })
}

fn refusal(faults: &[Fault]) -> anyhow::Error {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let count = match faults.len() {
        1 => "1 fault".to_owned(),
        count => format!("{count} faults"),
    };
    let lines = lines.join("\n");
    anyhow::anyhow!("{lines}\n{count}: nothing was imported.")
}
