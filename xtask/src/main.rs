//! Everything a person does with this repository by one command: `cargo xtask --help`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod agree;
mod check;
mod codegen;
mod demo_data;
mod dev;
mod plan;
mod process;
mod run;
mod setup;
mod test;
mod tidy;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set-up, demo, checks and benches of Evertill"
)]
struct Cli {
    /// Install what is missing without asking.
    #[arg(long, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, start a demo hub and open the till (a scripted shift without a display).
    Run(run::RunArgs),
    /// Serve the window with hot reload over a real till: in a browser, or in the real window.
    Dev(dev::DevArgs),
    /// Format, tidy, types, clippy and unit tests of what changed, or of the named crates; no set-up.
    Check(check::CheckArgs),
    /// Install what is missing and run every check.
    Test(test::TestArgs),
    /// Measure the product against bare baselines and write docs/BENCHMARKS.md.
    Bench {
        /// What follows goes to the bench program: names of benches, or none for all.
        #[arg(trailing_var_arg = true)]
        names: Vec<String>,
    },
    /// Generate the window's TypeScript types from the Rust commands.
    Codegen {
        /// Change nothing; fail if the generated files are not fresh.
        #[arg(long)]
        check: bool,
    },
    /// Check what compilers do not: import arrows, lengths, floats near money, migrations.
    Tidy {
        /// Record the migrations that are new as landed.
        #[arg(long)]
        record_migrations: bool,
    },
    /// Derive the demo's shop data from the public data set (see demo/README.md).
    DemoData {
        /// Fetch and convert the whole year into target/demo-year instead of the sample.
        #[arg(long)]
        year: bool,
    },
    /// Install what a machine needs to build, run and test, and nothing else.
    Setup,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.yes {
        agree::agreed();
    }
    match carry_out(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: &Command) -> Result<()> {
    match command {
        Command::Run(args) => run::run(args),
        Command::Dev(args) => dev::dev(args),
        Command::Check(args) => check::check(args),
        Command::Test(args) => test::test(args),
        Command::Bench { names } => run::bench(names),
        Command::Codegen { check } => codegen::codegen(*check),
        Command::Tidy { record_migrations } => tidy::tidy(*record_migrations),
        Command::DemoData { year } => demo_data::demo_data(*year),
        Command::Setup => setup::everything(),
    }
}

/// The top of the repository, whatever folder the command was called from.
fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}
