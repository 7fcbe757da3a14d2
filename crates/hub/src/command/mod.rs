//! What each command of the program does, a file each.

pub(crate) mod ask;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod people;
pub(crate) mod report;

use std::io::Write;
use std::path::Path;

use anyhow::bail;
use evertill_hub::repository::Repository;

/// A line of output.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    // The program that started the hub waits for this line and may read through a pipe.
    out.flush()?;
    Ok(())
}

/// Opens a database that must be there and upgrades it if it is older: a slip in the path must not
/// make an empty one.
pub(crate) fn open(db: &Path) -> anyhow::Result<Repository> {
    refuse_missing(db)?;
    Ok(Repository::open(db)?)
}

/// Opens a database that must be there and up to date.
pub(crate) fn open_existing(db: &Path) -> anyhow::Result<Repository> {
    refuse_missing(db)?;
    Ok(Repository::open_existing(db)?)
}

fn refuse_missing(db: &Path) -> anyhow::Result<()> {
    if db.is_file() {
        return Ok(());
    }
    bail!(
        "There is no database {0}. Check the path, or make a shop there with: \
         evertill-hub init --db {0}",
        db.display()
    );
}

/// Refuses a database without a shop in it.
pub(crate) fn with_shop(repository: Repository, db: &Path) -> anyhow::Result<Repository> {
    if repository.shop()?.is_none() {
        bail!(
            "There is no shop in {0} yet. Make one with: evertill-hub init --db {0}",
            db.display()
        );
    }
    Ok(repository)
}
