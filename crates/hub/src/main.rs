//! `evertill-hub`: the reference server as a program.

mod command;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use command::{open, open_existing, say, with_shop};
use evertill_core::{Clock, TillId};
use evertill_hub::system::SystemClock;
use evertill_hub::{HubConfig, run_until_stopped};
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
    /// Make a shop: its name, currency, taxes, payment modes and administrator
    Init(Box<command::init::Init>),
    /// Serve a database to the shop's tills
    Serve(Place),
    /// Make a new enrolment code; it enrols one till within ten minutes
    EnrolCode {
        /// The database file
        #[arg(long)]
        db: PathBuf,
    },
    /// Publish items, prices, customers and more to all tills, from CSV or JSON lines
    Import(command::import::Import),
    /// Add or replace a person; asks for the password and, if wanted, a PIN
    User(command::people::User),
    /// Copy the database to a new file, also while it is being served
    Backup {
        /// The database file
        #[arg(long)]
        db: PathBuf,
        /// The copy; must not be there yet
        file: PathBuf,
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
    /// The database file
    #[arg(long)]
    db: PathBuf,
    /// Address to listen on; put a TLS proxy in front of any but the loopback interface
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: String,
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("EVERTILL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Logs go beside the output, which scripts read.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The sentence alone: where in the program it was found helps no owner.
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Init(options) => command::init::init(&options),
        Command::Serve(place) => {
            let repository = with_shop(open(&place.db)?, &place.db)?;
            let config = HubConfig::new(place.db, place.listen);
            run_until_stopped(config, repository, |url| {
                say(&format!("Evertill hub is listening on {url}"))
            })
        }
        Command::EnrolCode { db } => {
            let repository = with_shop(open_existing(&db)?, &db)?;
            say(&repository.new_enrol_code(SystemClock.now())?)
        }
        Command::Import(options) => command::import::import(&options),
        Command::User(person) => command::people::user(person),
        Command::Backup { db, file } => {
            let made = open_existing(&db)?.back_up_to(&file);
            made.with_context(|| format!("cannot back up to {}", file.display()))?;
            say(&format!("Backed up to {}.", file.display()))
        }
        Command::Revoke { db, till } => {
            open_existing(&db)?.revoke(&TillId::from(till), SystemClock.now())?;
            say("Revoked.")
        }
        Command::Report { db, json, sales } => {
            command::report::report(&open_existing(&db)?, json, sales)
        }
        Command::Openapi => say(&evertill_hub::openapi_json()?),
    }
}
