//! `evertill-demo serve`: a hub with the demo shop in it.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use evertill_core::Clock;
use evertill_demo::{DemoData, USERS, fill};
use evertill_hub::repository::Repository;
use evertill_hub::system::SystemClock;
use evertill_hub::{HubConfig, run_until_stopped};

/// Which shop, and where.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The database file; created if it is not there.
    #[arg(long)]
    db: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: String,
    /// Folder with products.csv, customers.csv, shop.json and, if wanted, promotions.json instead
    /// of the built-in shop.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Print address, code and users as one line of JSON.
    #[arg(long)]
    print_json: bool,
}

/// Serves until it is told to stop.
pub(crate) fn serve(options: Options) -> Result<()> {
    let data = options
        .data
        .as_deref()
        .map_or_else(|| Ok(DemoData::embedded()), DemoData::read)?;
    let repository = Repository::open(&options.db)?;
    let filled = fill(&repository, &data)?;
    let code = repository.new_enrol_code(SystemClock.now())?;
    let config = HubConfig::new(options.db, options.listen);
    run_until_stopped(config, repository, |url| {
        if options.print_json {
            let line = serde_json::json!({
                "url": url, "enrol_code": code, "filled": filled, "users": USERS,
            });
            return say(&line.to_string());
        }
        greet(url, filled, &code)
    })
}

fn greet(url: &str, filled: bool, code: &str) -> Result<()> {
    say(&format!("Evertill demo hub is listening on {url}"))?;
    say(if filled {
        "A demo shop was filled in."
    } else {
        "The shop was there already."
    })?;
    say(&format!(
        "\nEnrolment code: {code}   (for one till, within ten minutes)\n"
    ))?;
    say("user  name  role           password   PIN")?;
    for user in USERS {
        let role = format!("{:?}", user.role).to_lowercase();
        let (id, name) = (user.id, user.name);
        say(&format!(
            "{id:<5} {name:<5} {role:<14} {:<10} {}",
            user.password, user.pin
        ))?;
    }
    Ok(())
}

fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    // The program that started the hub waits for this line and may read through a pipe.
    out.flush()?;
    Ok(())
}
