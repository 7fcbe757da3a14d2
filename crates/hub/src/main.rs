//! `evertill-hub`: the reference server as a program.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand, ValueEnum};
use evertill_core::{Clock, Role, TillId};
use evertill_hub::repository::{NewPerson, Repository};
use evertill_hub::system::SystemClock;
use evertill_hub::{HubConfig, run_until_stopped};
use evertill_protocol::{ChangeBody, Record, UserRecord};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(
    name = "evertill-hub",
    version,
    about = "The reference server a shop's tills post to"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a database to the shop's tills
    Serve(Place),
    /// Make a new enrolment code; it enrols one till within ten minutes
    EnrolCode {
        /// The database file
        #[arg(long)]
        db: PathBuf,
    },
    /// Publish records to all tills: one JSON record or tombstone a line, from a file or `-`
    Import {
        /// The database file
        #[arg(long)]
        db: PathBuf,
        /// The file; `-` reads the standard input
        file: PathBuf,
    },
    /// Add or replace a person; reads the password and, if wanted, a PIN as lines of input
    User {
        /// The database file
        #[arg(long)]
        db: PathBuf,
        /// Id to sign in with
        #[arg(long)]
        id: String,
        /// Name on the tile
        #[arg(long)]
        name: String,
        /// What they may do
        #[arg(long)]
        role: RoleName,
        /// May no longer sign in
        #[arg(long)]
        disabled: bool,
    },
    /// Revoke a till: its token is worth nothing from now on
    Revoke {
        /// The database file
        #[arg(long)]
        db: PathBuf,
        /// The till's id
        till: String,
    },
    /// Add up what was posted
    Report {
        /// The database file
        #[arg(long)]
        db: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
        /// List every sale too
        #[arg(long)]
        sales: bool,
    },
    /// Print the OpenAPI document
    Openapi,
}

#[derive(clap::Args)]
struct Place {
    /// The database file; created if it is not there
    #[arg(long)]
    db: PathBuf,
    /// Address to listen on; put a TLS proxy in front of any but the loopback interface
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Cashier,
    Supervisor,
    Manager,
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Cashier => Self::Cashier,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Manager => Self::Manager,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("EVERTILL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Logs go beside the output, which scripts read.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Cli::parse().command {
        Command::Serve(place) => {
            let repository = Repository::open(&place.db)?;
            let config = HubConfig::new(place.db, place.listen);
            run_until_stopped(config, repository, |url| {
                say(&format!("Evertill hub is listening on {url}"))
            })
        }
        Command::EnrolCode { db } => say(&open(&db)?.new_enrol_code(SystemClock.now())?),
        Command::Import { db, file } => import(&open(&db)?, &file),
        Command::User {
            db,
            id,
            name,
            role,
            disabled,
        } => {
            let user = UserRecord {
                id: id.into(),
                name,
                role: role.into(),
                disabled,
                has_pin: false,
            };
            add_user(&open(&db)?, user)
        }
        Command::Revoke { db, till } => {
            open(&db)?.revoke(&TillId::from(till), SystemClock.now())?;
            say("Revoked.")
        }
        Command::Report { db, json, sales } => report(&open(&db)?, json, sales),
        Command::Openapi => say(&evertill_hub::openapi_json()?),
    }
}

/// Opens a database that must be there: a slip in the path must not make an empty one.
fn open(db: &Path) -> anyhow::Result<Repository> {
    if !db.is_file() {
        bail!("there is no database {}", db.display());
    }
    Ok(Repository::open(db)?)
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    // Whoever started the hub waits for this line and may read through a pipe.
    out.flush()?;
    Ok(())
}

fn import(repository: &Repository, file: &Path) -> anyhow::Result<()> {
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

fn add_user(repository: &Repository, user: UserRecord) -> anyhow::Result<()> {
    let mut lines = std::io::stdin().lock().lines();
    let password = lines.next().transpose()?.unwrap_or_default();
    if password.chars().count() < 8 {
        bail!("the password must have at least 8 characters");
    }
    let pin = lines.next().transpose()?.filter(|pin| !pin.is_empty());
    if pin
        .as_deref()
        .is_some_and(|pin| pin.len() < 4 || pin.bytes().any(|b| !b.is_ascii_digit()))
    {
        bail!("a PIN has at least 4 digits");
    }
    repository.put_person(&NewPerson {
        user,
        password,
        pin,
    })?;
    say("Saved.")
}

fn report(repository: &Repository, json: bool, sales: bool) -> anyhow::Result<()> {
    let report = repository.report(sales)?;
    if json {
        return say(&serde_json::to_string(&report)?);
    }
    // The field names of the JSON are the labels, so that both always say the same.
    if let serde_json::Value::Object(fields) = serde_json::to_value(&report)? {
        for (name, value) in fields.iter().filter(|(_, value)| value.is_number()) {
            say(&format!("{:<17} {value:>14}", name.replace('_', " ")))?;
        }
    }
    for sale in report.sales_list.unwrap_or_default() {
        say(&format!(
            "{}  {}  {:>3} lines  {:>12}",
            sale.number, sale.business_date, sale.lines, sale.total
        ))?;
    }
    Ok(())
}
