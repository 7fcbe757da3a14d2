//! The benches of `cargo xtask bench`: each measures the product beside a bare baseline in the same
//! process and turn by turn. Without names all run and `docs/BENCHMARKS.md` is written again.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Parser;

mod catalogue;
mod commit;
mod measure;
mod plain;
mod plot;
mod price;
mod report;
mod scan;
mod search;
mod shop;
mod window;

#[derive(Parser)]
struct Options {
    /// Which benches to run; none for all.
    names: Vec<String>,
    /// Fewer turns, to see that a bench works; writes nothing.
    #[arg(long)]
    quick: bool,
    /// The folder for the stores that are measured; it must lie on the disk a till would use.
    #[arg(long, default_value = "target/bench")]
    dir: PathBuf,
}

/// How thorough a bench is, and where it may write.
pub(crate) struct Effort {
    pub(crate) quick: bool,
    pub(crate) dir: PathBuf,
}

impl Effort {
    /// So many turns, or a tenth of them.
    pub(crate) fn turns(&self, thorough: usize) -> usize {
        if self.quick {
            (thorough / 10).max(5)
        } else {
            thorough
        }
    }

    /// A new empty folder for one bench.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.dir.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

type Bench = fn(&Effort) -> Result<report::Section>;

const BENCHES: &[(&str, Bench)] = &[
    ("commit", commit::bench),
    ("scan", scan::bench),
    ("price", price::bench),
    ("search", search::bench),
    ("catalogue", catalogue::bench),
    ("window", window::bench),
];

fn main() -> Result<()> {
    let options = Options::parse();
    let effort = Effort {
        quick: options.quick,
        dir: options.dir,
    };
    for name in &options.names {
        if !BENCHES.iter().any(|(known, _)| known == name) {
            bail!("no bench is called {name}");
        }
    }
    let mut sections = Vec::new();
    for (name, bench) in BENCHES {
        if options.names.is_empty() || options.names.iter().any(|wanted| wanted == name) {
            println!("── {name}");
            let section = bench(&effort).with_context(|| format!("bench {name}"))?;
            println!("{section}");
            sections.push(section);
        }
    }
    if options.names.is_empty() && !options.quick {
        report::write("docs/BENCHMARKS.md".as_ref(), &sections, &machine())?;
    }
    Ok(())
}

/// What the numbers were taken on, as far as it matters for reading them.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| {
            rest.trim_start_matches(['\t', ' ', ':'])
        });
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = Command::new("uname").arg("-sr").output();
    let kernel = kernel.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    format!(
        "{model}, {cores} cores, {}",
        kernel.unwrap_or_else(|_| std::env::consts::OS.into())
    )
}
