//! Running a list of steps to its end: a step that fails stops only those that need it, and what
//! failed is listed once, last.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// A step: its name, the steps without which it cannot work, and what it does.
pub(crate) struct Step<'a> {
    pub(crate) name: &'static str,
    pub(crate) needs: &'static [&'static str],
    pub(crate) check: Box<dyn Fn() -> Result<()> + 'a>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(
        name: &'static str,
        needs: &'static [&'static str],
        check: impl Fn() -> Result<()> + 'a,
    ) -> Self {
        Self {
            name,
            needs,
            check: Box::new(check),
        }
    }
}

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed(Duration),
    /// Why, in as many lines as it takes.
    Failed(String),
    /// The step it needs and does not have.
    Skipped(&'static str),
}

/// Runs all steps in order and prints one list at the end. `again` is the command of which a step's
/// name is the argument, unless the reason itself says the command. Fails if a step failed.
pub(crate) fn run(steps: &[Step<'_>], again: Option<&str>) -> Result<()> {
    let outcomes = run_each(steps);
    println!("{}", summary(&outcomes, again));
    match count(&outcomes, |outcome| matches!(outcome, Outcome::Failed(_))) {
        0 => Ok(()),
        failed => bail!("{failed} step(s) failed"),
    }
}

fn run_each(steps: &[Step<'_>]) -> Vec<(&'static str, Outcome)> {
    let mut missing = BTreeSet::new();
    let mut outcomes = Vec::new();
    for step in steps {
        println!("── {}", step.name);
        let outcome = match step.needs.iter().find(|need| missing.contains(*need)) {
            Some(need) => {
                println!("   skipped: it needs `{need}`");
                Outcome::Skipped(need)
            }
            None => attempt(step),
        };
        if !matches!(outcome, Outcome::Passed(_)) {
            missing.insert(step.name);
        }
        outcomes.push((step.name, outcome));
    }
    outcomes
}

fn attempt(step: &Step<'_>) -> Outcome {
    let started = Instant::now();
    match (step.check)() {
        Ok(()) => Outcome::Passed(started.elapsed()),
        Err(why) => {
            println!("── {} failed: {why:#}", step.name);
            Outcome::Failed(format!("{why:#}"))
        }
    }
}

/// What passed with its time, what was skipped, what failed and how to run just that. The last
/// line is plain, so that a program can read it.
fn summary(outcomes: &[(&'static str, Outcome)], again: Option<&str>) -> String {
    let mut text = String::from("── all checks\n");
    // Writing to a string cannot fail.
    for (name, outcome) in outcomes {
        let _ = match outcome {
            Outcome::Passed(time) => writeln!(text, "   {name:<16} {:>4} s", time.as_secs()),
            Outcome::Failed(_) => writeln!(text, "   {name:<16} failed"),
            Outcome::Skipped(need) => writeln!(text, "   {name:<16} skipped: it needs `{need}`"),
        };
    }
    for (name, outcome) in outcomes {
        if let Outcome::Failed(why) = outcome {
            let why = why.replace('\n', "\n   ");
            let _ = writeln!(text, "── failed: {name}\n   {why}");
            if let Some(again) = again {
                let _ = writeln!(text, "   just this: {again} '{name}'");
            }
        }
    }
    let passed = count(outcomes, |outcome| matches!(outcome, Outcome::Passed(_)));
    let failed = count(outcomes, |outcome| matches!(outcome, Outcome::Failed(_)));
    let _ = write!(text, "{passed} passed, {failed} failed");
    text
}

fn count(outcomes: &[(&'static str, Outcome)], wanted: fn(&Outcome) -> bool) -> usize {
    outcomes
        .iter()
        .filter(|(_, outcome)| wanted(outcome))
        .count()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn what_fails_stops_only_what_needs_it() {
        let ran = RefCell::new(Vec::new());
        let step = |name: &'static str, needs: &'static [&'static str], works: bool| {
            let ran = &ran;
            Step::new(name, needs, move || {
                ran.borrow_mut().push(name);
                if works { Ok(()) } else { bail!("broken") }
            })
        };
        let outcomes = run_each(&[
            step("build", &[], false),
            step("tidy", &[], true),
            step("test", &["build"], true),
            step("shift", &["test"], true),
            step("lint", &["tidy"], true),
        ]);
        assert_eq!(*ran.borrow(), ["build", "tidy", "lint"]);
        assert_eq!(outcomes[0].1, Outcome::Failed("broken".into()));
        assert_eq!(outcomes[2].1, Outcome::Skipped("build"));
        assert_eq!(outcomes[3].1, Outcome::Skipped("test"));
    }

    #[test]
    fn a_need_that_was_not_asked_for_is_taken_as_there() {
        let outcomes = run_each(&[Step::new("test", &["build"], || Ok(()))]);
        assert!(matches!(outcomes[0].1, Outcome::Passed(_)));
    }

    #[test]
    fn the_summary_lists_failures_with_their_command_and_ends_in_a_plain_line() {
        let outcomes = [
            ("build", Outcome::Passed(Duration::from_secs(7))),
            ("rust test", Outcome::Failed("a\nb".into())),
            ("shift", Outcome::Skipped("rust test")),
        ];
        let text = summary(&outcomes, Some("cargo xtask test"));
        assert!(text.contains("build               7 s"), "{text}");
        assert!(text.contains("shift            skipped: it needs `rust test`"));
        assert!(
            text.contains("── failed: rust test\n   a\n   b\n"),
            "{text}"
        );
        assert!(text.contains("just this: cargo xtask test 'rust test'\n"));
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
    }

    #[test]
    fn a_failure_makes_the_command_fail() {
        assert!(run(&[Step::new("a", &[], || bail!("no"))], None).is_err());
        assert!(run(&[Step::new("a", &[], || Ok(()))], None).is_ok());
    }
}
