//! The window's TypeScript types, generated from the commands that `crates/app` declares.

use anyhow::Result;

use crate::process::{cargo, run};

/// Writes `ui/src/backend/generated`, or with `check` only compares.
pub(crate) fn codegen(check: bool) -> Result<()> {
    let mut generator = cargo();
    generator.args([
        "run",
        "--quiet",
        "-p",
        "evertill-app",
        "--example",
        "codegen",
        "--",
    ]);
    generator.arg("ui/src/backend/generated");
    if check {
        generator.arg("--check");
    }
    run(&mut generator)
}
