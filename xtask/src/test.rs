//! Every check, in the order in which a mistake shows soonest.

use anyhow::{Result, bail};
use clap::Args;

use crate::plan::{self, Step};
use crate::process::{cargo, command, npm, run, run_shown, text};
use crate::{codegen, run as demo, setup, tidy};

#[derive(Args)]
pub(crate) struct TestArgs {
    /// Leave out what opens the real window.
    #[arg(long)]
    no_window: bool,
    /// Run only the steps with a name, or a word of it, that begins like one of these.
    only: Vec<String>,
}

/// The step that opens the real window.
const WINDOW: &str = "window shift";

/// Runs the steps to the end and closes with how many passed.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    let wanted: Vec<Step<'_>> = steps()
        .into_iter()
        .filter(|step| wanted(step.name, args))
        .collect();
    if wanted.is_empty() {
        bail!("no step has such a name");
    }
    plan::run(&wanted, Some("cargo xtask test"))
}

fn wanted(name: &str, args: &TestArgs) -> bool {
    let begins = |word: &String| {
        let within = name.split(' ').any(|part| part.starts_with(word.as_str()));
        within || name.starts_with(word.as_str())
    };
    let named = args.only.is_empty() || args.only.iter().any(begins);
    named && !(args.no_window && name == WINDOW)
}

/// One build makes what all later steps run: programs, examples and tests. Clippy comes after it
/// and finds the build scripts run.
fn steps() -> Vec<Step<'static>> {
    vec![
        Step::new("set-up", &[], setup::everything),
        Step::new("format", &[], format),
        Step::new("tidy", &[], || tidy::tidy(false)),
        Step::new(
            "ui check",
            &["set-up"],
            || run(npm().args(["run", "check"])),
        ),
        Step::new("build", &["set-up"], demo::build_with_tests),
        Step::new("ui test", &["build"], ui_tests),
        Step::new("generated types", &["build"], codegen::compare),
        Step::new("clippy", &["set-up"], clippy),
        Step::new("rust test", &["build"], rust_tests),
        Step::new("hub contract", &["build"], contract),
        Step::new(WINDOW, &["build"], window_shift),
    ]
}

pub(crate) fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

/// The window's tests, over real tills of the bridge that `build` has made.
fn ui_tests() -> Result<()> {
    let bridge = crate::root().join(demo::folder(false));
    run(npm()
        .args(["run", "test"])
        .env("EVERTILL_BRIDGE", bridge.join("evertill-bridge")))
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
    let mut failed = Vec::new();
    let ended = run_shown(&mut tests, |line| failed.extend(failure(line)));
    if let Err(why) = ended {
        failed.sort();
        bail!("{why:#}\n{}", failed.join("\n"));
    }
    Ok(())
}

/// What a line of `cargo test` says of a failure: a test's name, or the command for its target.
fn failure(line: &str) -> Option<String> {
    if let Some(name) = line
        .strip_prefix("test ")
        .and_then(|rest| rest.strip_suffix(" ... FAILED"))
    {
        return Some(format!("test {name}"));
    }
    let target = line.trim().strip_prefix('`')?.strip_suffix('`')?;
    target
        .starts_with("-p ")
        .then(|| format!("cargo test {target}"))
}

fn contract() -> Result<()> {
    let schemathesis = text(&setup::schemathesis()?);
    run(command("python3")
        .arg("tests/contract/schemathesis.py")
        .env("EVERTILL_SCHEMATHESIS", schemathesis)
        .env(
            "EVERTILL_HUB_BIN",
            format!("{}/evertill-demo", demo::folder(false)),
        ))
}

fn window_shift() -> Result<()> {
    demo::scripted_shift("target/shift", false)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_step_comes_after_what_it_needs() {
        let mut before = BTreeSet::new();
        for step in steps() {
            assert!(step.needs.iter().all(|need| before.contains(need)));
            assert!(before.insert(step.name), "{} is there twice", step.name);
        }
    }

    #[test]
    fn words_choose_steps_and_a_name_chooses_one() {
        let args = |only: &[&str], no_window| TestArgs {
            no_window,
            only: only.iter().map(|word| (*word).to_owned()).collect(),
        };
        assert!(wanted("ui check", &args(&["ui"], false)));
        assert!(!wanted("build", &args(&["ui"], false)));
        assert!(!wanted(WINDOW, &args(&[], true)));
        for step in steps() {
            let name = args(&[step.name], false);
            assert_eq!(steps().iter().filter(|s| wanted(s.name, &name)).count(), 1);
        }
    }

    #[test]
    fn failed_tests_and_their_targets_are_read_from_cargos_output() {
        let read = |line| failure(line);
        assert_eq!(read("test a::b ... FAILED"), Some("test a::b".into()));
        assert_eq!(read("test a::b ... ok"), None);
        assert_eq!(read("test result: FAILED. 1 passed"), None);
        assert_eq!(
            read("    `-p evertill-core --lib`"),
            Some("cargo test -p evertill-core --lib".into())
        );
    }
}
