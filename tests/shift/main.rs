//! A scripted shift in the real window: real baskets rung up with the network cut, a till killed in
//! the middle of one, every receipt printed, every sale posted to the hub exactly once.
//!
//! `cargo xtask run` shows it where there is no display, `cargo xtask test` demands it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;

mod look;
mod offers;
mod story;
mod summary;

#[derive(Parser)]
struct Options {
    /// Where screenshots, receipts and logs go; what was there before is removed.
    #[arg(long)]
    out: PathBuf,
    /// The folder with the built programs.
    #[arg(long)]
    bin: PathBuf,
    /// The plan of the shift.
    #[arg(long, default_value = "demo/shift.json")]
    plan: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match play(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::FAILURE
        }
    }
}

async fn play(options: Options) -> Result<()> {
    let started = Instant::now();
    let plan = evertill_tests::real_window::plan::Plan::read(&options.plan)?;
    if options.out.exists() {
        std::fs::remove_dir_all(&options.out).context("the old pictures could not be removed")?;
    }
    std::fs::create_dir_all(&options.out)?;
    let out = options.out.canonicalize()?;
    let bin = options
        .bin
        .canonicalize()
        .context("the programs are not built")?;
    let shift = story::Shift::prepare(out, &bin, plan)?;
    let end = shift.play().await?;
    summary::compare(&end, started.elapsed())
}
