//! `evertill-demo`: the demo shop's hub, and its baskets as a check of the till.

mod serve;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use evertill_demo::{promotions, replay};
use tracing_subscriber::EnvFilter;

/// The demo shop; for development only, because everybody knows its passwords.
#[derive(Debug, Parser)]
#[command(name = "evertill-demo", version, about)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the demo shop: fill an empty database, print users and an enrolment code.
    Serve(serve::Options),
    /// Ring up the baskets of a data set and compare each total with the data set's own.
    Replay(replay::Options),
    /// Express a data set's loyalty, coupon and match discounts as promotions, and compare what the
    /// money engine makes of them with the data set's own sums. Nothing is sold.
    Promotions(promotions::Options),
}

impl Command {
    /// What is logged when nothing is asked for: a server says what it does, a check its sums.
    fn logs(&self) -> &'static str {
        match self {
            Self::Serve(_) => "info",
            Self::Replay(_) | Self::Promotions(_) => "error",
        }
    }

    fn run(self) -> Result<()> {
        match self {
            Self::Serve(options) => serve::serve(options),
            Self::Replay(options) => {
                tokio::runtime::Runtime::new()?.block_on(replay::replay(options))
            }
            Self::Promotions(options) => promotions::promotions(&options),
        }
    }
}

fn main() -> ExitCode {
    let command = Options::parse().command;
    let filter =
        EnvFilter::try_from_env("EVERTILL_LOG").unwrap_or_else(|_| EnvFilter::new(command.logs()));
    // Logs go beside the output, which scripts read.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evertill-demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}
