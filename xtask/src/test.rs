//! Every check, in the order in which a mistake shows soonest.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::process::{cargo, command, npm, run, text};
use crate::{codegen, run as demo, setup, tidy};

#[derive(Args)]
pub(crate) struct TestArgs {
    /// Leave out what opens the real window.
    #[arg(long)]
    no_window: bool,
    /// Run only the steps whose names contain one of these words.
    only: Vec<String>,
}

/// A step of the checks: its name, and what it does.
struct Step {
    name: &'static str,
    check: fn() -> Result<()>,
    window: bool,
}

const STEPS: &[Step] = &[
    Step {
        name: "set-up",
        check: set_up,
        window: false,
    },
    Step {
        name: "format",
        check: format,
        window: false,
    },
    Step {
        name: "tidy",
        check: || tidy::tidy(false),
        window: false,
    },
    Step {
        name: "ui check",
        check: || run(npm().args(["run", "check"])),
        window: false,
    },
    Step {
        name: "ui test",
        check: || run(npm().args(["run", "test"])),
        window: false,
    },
    Step {
        name: "build",
        check: || demo::build(false),
        window: false,
    },
    Step {
        name: "clippy",
        check: clippy,
        window: false,
    },
    Step {
        name: "generated types",
        check: || codegen::codegen(true),
        window: false,
    },
    Step {
        name: "rust test",
        check: rust_tests,
        window: false,
    },
    Step {
        name: "hub contract",
        check: contract,
        window: false,
    },
    Step {
        name: "window shift",
        check: window_shift,
        window: true,
    },
];

/// Runs the steps and closes with how many passed.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    let wanted = |step: &Step| {
        let named = args.only.is_empty()
            || args
                .only
                .iter()
                .any(|word| step.name.contains(word.as_str()));
        named && !(args.no_window && step.window)
    };
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for step in STEPS.iter().filter(|step| wanted(step)) {
        println!("── {}", step.name);
        let started = Instant::now();
        if let Err(why) = (step.check)() {
            println!("── {} failed: {why:#}", step.name);
            println!("{} passed, 1 failed", times.len());
            bail!("{} failed", step.name);
        }
        times.push((step.name, started.elapsed()));
    }
    println!("── all checks");
    for (name, time) in &times {
        println!("   {name:<16} {:>4} s", time.as_secs());
    }
    println!("{} passed, 0 failed", times.len());
    Ok(())
}

fn set_up() -> Result<()> {
    setup::everything()
}

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    run(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

/// The Rust tests run on a desktop of their own, because some of them talk to a real keyring.
fn rust_tests() -> Result<()> {
    let mut tests = demo::on_a_desktop(&["cargo", "test", "--workspace", "--no-fail-fast"])?;
    tests.env("EVERTILL_EMUPOS", text(&setup::printer()?));
    run(&mut tests)
}

fn contract() -> Result<()> {
    let schemathesis = text(&setup::schemathesis()?);
    run(command("python3")
        .arg("tests/contract/schemathesis.py")
        .env("EVERTILL_SCHEMATHESIS", schemathesis)
        .env(
            "EVERTILL_HUB_BIN",
            format!("{}/evertill-hub", demo::folder(false)),
        ))
}

fn window_shift() -> Result<()> {
    demo::scripted_shift("target/shift", false)
}
