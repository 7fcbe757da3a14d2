//! `tillctl`: the till without a window, for administrators, support and tests.

mod inspect;
mod quote;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use evertill_tillctl::Place;

/// The till without a window.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Work documents out without selling anything: JSON in, every amount as JSON out.
    Quote(quote::Options),
    /// The journal nobody can quietly change.
    #[command(subcommand)]
    Journal(Journal),
    /// What has reached the hub and what has not.
    #[command(subcommand)]
    Outbox(Outbox),
    /// Open the store, check every page of it and say what the till is.
    Doctor(Place),
}

#[derive(Debug, Subcommand)]
enum Journal {
    /// Check every entry's hash over the one before it and name the first that was touched.
    Verify(Place),
}

#[derive(Debug, Subcommand)]
enum Outbox {
    /// List documents that are not acknowledged, newest first.
    List {
        #[command(flatten)]
        place: Place,
        /// List acknowledged documents as well.
        #[arg(long)]
        all: bool,
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("EVERTILL_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let outcome = match Options::parse().command {
        Command::Quote(options) => quote::quote(&options),
        Command::Journal(Journal::Verify(place)) => inspect::verify_journal(&place),
        Command::Outbox(Outbox::List { place, all, limit }) => {
            inspect::list_outbox(&place, all, limit)
        }
        Command::Doctor(place) => inspect::doctor(&place),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tillctl: {error:#}");
            ExitCode::FAILURE
        }
    }
}
