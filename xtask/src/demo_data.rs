//! The demo's shop data, derived from a public data set by `xtask/data/demo_data.py`.

use anyhow::Result;

use crate::process::{command, run};

/// The committed sample, or the whole year into `target/demo-year`.
pub(crate) fn demo_data(year: bool) -> Result<()> {
    let (what, out) = if year {
        ("year", "target/demo-year")
    } else {
        ("sample", "demo")
    };
    run(command("python3").args(["xtask/data/demo_data.py", what, "--out", out]))
}
