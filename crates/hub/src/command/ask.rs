//! Asking a person at a terminal.

use std::io::BufRead;
use std::path::Path;

use anyhow::{Context, bail};
use console::Term;

/// Fewest characters of a password.
const MIN_PASSWORD: usize = 8;

/// What a person signs in with.
pub(crate) struct Secrets {
    /// For the first sign-in at a till.
    pub(crate) password: String,
    /// For every further one, if they want one.
    pub(crate) pin: Option<String>,
}

/// The terminal, if a person sits at it.
pub(crate) fn terminal() -> Option<Term> {
    use std::io::IsTerminal;
    let term = Term::stderr();
    (term.is_term() && std::io::stdin().is_terminal()).then_some(term)
}

/// Asks until the answer is one; an empty answer is `default`.
pub(crate) fn ask<T>(
    term: &Term,
    question: &str,
    default: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> anyhow::Result<T> {
    loop {
        let hint = if default.is_empty() {
            String::new()
        } else {
            format!(" [{default}]")
        };
        term.write_str(&format!("{question}{hint}: "))?;
        let typed = term.read_line()?;
        let answer = if typed.trim().is_empty() {
            default
        } else {
            typed.trim()
        };
        match read(answer) {
            Ok(value) => return Ok(value),
            Err(why) => term.write_line(&format!("  {why}"))?,
        }
    }
}

/// Asks for a list, a line each, until an empty line.
pub(crate) fn ask_list<T>(
    term: &Term,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> anyhow::Result<Vec<T>> {
    let mut list = Vec::new();
    loop {
        let next = ask(term, question, "", |typed| {
            if typed.is_empty() {
                return Ok(None);
            }
            read(typed).map(Some)
        })?;
        match next {
            Some(value) => list.push(value),
            None => return Ok(list),
        }
    }
}

/// Asks for a new password twice and for a PIN, neither of which is shown.
pub(crate) fn ask_secrets(term: &Term) -> anyhow::Result<Secrets> {
    loop {
        let password = secret(term, "Password (at least 8 characters): ")?;
        if let Err(why) = checked(password.clone(), String::new()) {
            term.write_line(&format!("  {why}"))?;
            continue;
        }
        let again = secret(term, "The same password again: ")?;
        let pin = secret(term, "PIN of 4 digits or more (empty: none): ")?;
        let checked = if password == again {
            checked(password, pin)
        } else {
            Err("the two passwords differ".to_owned())
        };
        match checked {
            Ok(secrets) => return Ok(secrets),
            Err(why) => term.write_line(&format!("  {why}: once more"))?,
        }
    }
}

fn secret(term: &Term, question: &str) -> anyhow::Result<String> {
    term.write_str(question)?;
    Ok(term.read_secure_line()?)
}

/// A password and, on a second line, a PIN: from a file, or `-` for the standard input.
pub(crate) fn read_secrets(file: &Path) -> anyhow::Result<Secrets> {
    let text = if file == Path::new("-") {
        let lines = std::io::stdin().lock().lines().take(2);
        lines.collect::<Result<Vec<_>, _>>()?.join("\n")
    } else {
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    let mut lines = text.lines();
    let password = lines.next().unwrap_or_default().to_owned();
    let pin = lines.next().unwrap_or_default().trim().to_owned();
    match checked(password, pin) {
        Ok(secrets) => Ok(secrets),
        Err(why) => bail!("{why}"),
    }
}

/// The secrets, if they are fit to keep.
pub(crate) fn checked(password: String, pin: String) -> Result<Secrets, String> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(format!(
            "the password must have at least {MIN_PASSWORD} characters"
        ));
    }
    if !pin.is_empty() && (pin.len() < 4 || pin.bytes().any(|byte| !byte.is_ascii_digit())) {
        return Err("a PIN has at least 4 digits, and nothing but digits".to_owned());
    }
    Ok(Secrets {
        password,
        pin: Some(pin).filter(|pin| !pin.is_empty()),
    })
}
