//! The window's TypeScript types, generated from the commands that `crates/app` declares.

use anyhow::Result;

use crate::process::{cargo, command, run};
use crate::run::folder;

/// Writes `ui/src/backend/generated`, or with `check` only compares.
pub(crate) fn codegen(check: bool) -> Result<()> {
    // The window's package embeds what the UI builds, and the UI needs the types first.
    std::fs::create_dir_all(crate::root().join("ui/dist"))?;
    run(cargo().args(["build", "--workspace", "--bins", "--examples"]))?;
    generate(check)
}

/// Compares with the generator that is built.
pub(crate) fn compare() -> Result<()> {
    generate(true)
}

/// Builds only the generator, and compares.
pub(crate) fn compare_one() -> Result<()> {
    run(cargo().args([
        "build",
        "--quiet",
        "-p",
        "evertill-app",
        "--example",
        "codegen",
    ]))?;
    generate(true)
}

fn generate(check: bool) -> Result<()> {
    let mut generator = command(format!("{}/examples/codegen", folder(false)));
    generator.arg("ui/src/backend/generated");
    if check {
        generator.arg("--check");
    }
    run(&mut generator)
}
