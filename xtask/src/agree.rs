//! Before anything is installed, a person reads what and why, and may say no.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};

/// Something that is missing, and what it is for.
pub(crate) struct Want {
    pub(crate) what: String,
    pub(crate) why: &'static str,
}

/// One yes is for the whole command, which installs in several steps.
static AGREED: AtomicBool = AtomicBool::new(false);

/// Takes the answer as yes, as `--yes` does.
pub(crate) fn agreed() {
    AGREED.store(true, Ordering::Relaxed);
}

/// Prints what will be installed and asks. Without a terminal, as in CI, it goes on by itself.
pub(crate) fn agree(wants: &[Want]) -> Result<()> {
    if wants.is_empty() {
        return Ok(());
    }
    print!("{}", explain(wants));
    if AGREED.load(Ordering::Relaxed) || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    print!("   Go on? [Y/n] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    // Nothing read is the end of the input, which is no yes.
    if std::io::stdin().read_line(&mut answer)? == 0 || !is_yes(&answer) {
        bail!("nothing was installed; `--yes` installs without asking");
    }
    agreed();
    Ok(())
}

fn explain(wants: &[Want]) -> String {
    let mut text = String::from("   This will be installed:\n");
    for Want { what, why } in wants {
        let _ = writeln!(text, "   - {what} ({why})");
    }
    text
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_and_why() {
        let want = Want {
            what: "xvfb".into(),
            why: "is a screen",
        };
        assert!(explain(&[want]).ends_with("   - xvfb (is a screen)\n"));
    }

    #[test]
    fn enter_and_yes_agree_and_the_rest_does_not() {
        for (answer, yes) in [
            ("\n", true),
            ("Y\n", true),
            ("yes", true),
            ("n\n", false),
            ("?", false),
        ] {
            assert_eq!(is_yes(answer), yes, "{answer}");
        }
    }
}
