//! Running other programs: what is run is shown, how it ended is checked.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, bail};

/// A command that runs at the top of the repository.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::root());
    command
}

/// Cargo, as the one that runs this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm in the `ui` folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(crate::root().join("ui"));
    command
}

/// Shows the command, runs it and fails with its words if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = words(command);
    println!("   $ {words}");
    let status = command
        .status()
        .with_context(|| format!("could not start `{words}`"))?;
    if !status.success() {
        bail!("`{words}` ended with {status}");
    }
    Ok(())
}

/// Like [`run`], and gives each line of the output to `read` as it is shown.
pub(crate) fn run_shown(command: &mut Command, mut read: impl FnMut(&str)) -> Result<()> {
    let words = words(command);
    println!("   $ {words}");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{words}`"))?;
    let (sender, lines) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        follow(output, sender.clone());
    }
    if let Some(errors) = child.stderr.take() {
        follow(errors, sender);
    }
    for line in lines {
        println!("{line}");
        read(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{words}` ended with {status}");
    }
    Ok(())
}

fn follow(output: impl Read + Send + 'static, lines: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(output)
            .split(b'\n')
            .map_while(|line| line.ok())
        {
            // The reader is gone only when the whole command is.
            let _ = lines.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
}

/// Runs a command silently; what it printed is shown only if it fails.
pub(crate) fn run_quiet(command: &mut Command) -> Result<String> {
    let words = words(command);
    let output = command
        .output()
        .with_context(|| format!("could not start `{words}`"))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        eprintln!("{printed}{}", String::from_utf8_lossy(&output.stderr));
        bail!("`{words}` ended with {}", output.status);
    }
    Ok(printed)
}

/// True if the program can be started at all.
pub(crate) fn exists(program: &str, version_flag: &str) -> bool {
    Command::new(program)
        .arg(version_flag)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// A path as text for an argument or an environment variable.
pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn words(command: &Command) -> String {
    let program = command.get_program();
    // Cargo is known by its whole path, which says nothing.
    let cargo = Path::new(program).file_stem() == Some(OsStr::new("cargo"));
    std::iter::once(if cargo { OsStr::new("cargo") } else { program })
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
