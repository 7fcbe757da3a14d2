//! Installs what a machine needs beyond Rust, Node and Python. Each step looks first and does
//! nothing if the thing is there, so that it can run before every command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{cargo, command, exists, npm, run, run_quiet};

/// Debian packages the window needs to build.
const BUILD_PACKAGES: &[&str] = &[
    "build-essential",
    "pkg-config",
    "perl",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
];

/// Debian packages that drive the real window without a display: a virtual screen, the web
/// engine's WebDriver, a keyring with its bus, and fonts to look at.
const WINDOW_PACKAGES: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "gnome-keyring",
    "fonts-dejavu-core",
    "fonts-noto-core",
    "procps",
];

/// The WebDriver proxy for Tauri windows; 3.0 is an alpha.
const TAURI_DRIVER: &str = "2.1.0";
/// The ESC/POS printer that plays the shop's printer in demo and tests.
const EMUPOS: &str = "emupos==0.4.0";
/// Checks the hub against the OpenAPI document it serves.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// All of it, as `cargo xtask setup`.
pub(crate) fn everything() -> Result<()> {
    build()?;
    window()?;
    printer()?;
    schemathesis()?;
    Ok(())
}

/// What the product needs to build: Debian packages and the UI's npm packages.
pub(crate) fn build() -> Result<()> {
    debian(BUILD_PACKAGES)?;
    npm_packages()
}

/// What drives the real window without a display.
pub(crate) fn window() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    debian(WINDOW_PACKAGES)?;
    if !tauri_driver().exists() {
        let tools = tools();
        run(cargo()
            .args([
                "install",
                "tauri-driver",
                "--version",
                TAURI_DRIVER,
                "--locked",
                "--root",
            ])
            .arg(&tools))?;
    }
    Ok(())
}

/// Where `tauri-driver` is after [`window`].
pub(crate) fn tauri_driver() -> PathBuf {
    tools().join("bin").join("tauri-driver")
}

/// The program that plays the printer; it wants Python 3.13 or newer.
pub(crate) fn printer() -> Result<PathBuf> {
    let venv = crate::root().join("target/emupos-venv");
    let program = venv.join("bin/emupos");
    if program.exists() {
        return Ok(program);
    }
    match new_enough_python() {
        Some(python) => run(command(python).args(["-m", "venv", "--clear"]).arg(&venv))?,
        None => run(command(uv()?)
            .args(["venv", "--seed", "--clear", "--python", "3.13"])
            .arg(&venv))?,
    }
    run(command(venv.join("bin/python")).args(["-m", "pip", "install", "--quiet", EMUPOS]))?;
    Ok(program)
}

/// A Python 3.13 or newer that is on the machine: on the path, or kept by pyenv, whose stand-ins on
/// the path do not work for a version that is not chosen.
fn new_enough_python() -> Option<PathBuf> {
    let mut candidates: Vec<PathBuf> = ["python3.13", "python3.14", "python3"]
        .into_iter()
        .map(PathBuf::from)
        .collect();
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv"));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home);
    let versions = pyenv.and_then(|root| fs::read_dir(root.join("versions")).ok());
    let versions = versions.into_iter().flatten().flatten();
    candidates.extend(versions.map(|version| version.path().join("bin/python3")));
    candidates.into_iter().find(|python| {
        Command::new(python)
            .args([
                "-c",
                "import sys, venv; sys.exit(sys.version_info < (3, 13))",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

/// The folder with `schemathesis`, for the contract test.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let venv = crate::root().join("target/schemathesis-venv");
    let program = venv.join("bin/schemathesis");
    if !program.exists() {
        python_venv(&venv, &[SCHEMATHESIS])?;
    }
    Ok(program)
}

/// A Python virtual environment with the packages in it.
pub(crate) fn python_venv(venv: &Path, packages: &[&str]) -> Result<()> {
    if !exists("python3", "--version") {
        bail!("Python 3 is missing: install python3 and python3-venv, then try again");
    }
    if !venv.join("bin/python").exists() {
        let made = run(command("python3").args(["-m", "venv", "--clear"]).arg(venv));
        if made.is_err() {
            debian(&["python3-venv"])?;
            run(command("python3").args(["-m", "venv", "--clear"]).arg(venv))?;
        }
    }
    run(command(venv.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet"])
        .args(packages))
}

fn uv() -> Result<PathBuf> {
    let venv = crate::root().join("target/uv-venv");
    let program = venv.join("bin/uv");
    if !program.exists() {
        python_venv(&venv, &["uv"])?;
    }
    Ok(program)
}

fn tools() -> PathBuf {
    crate::root().join("target/tools")
}

/// `npm ci`, unless what is installed is what the lock file says.
fn npm_packages() -> Result<()> {
    let ui = crate::root().join("ui");
    let lock = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json is missing")?;
    let stamp = ui.join("node_modules/.evertill-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).context("could not note what npm installed")
}

/// Installs Debian packages that are missing; elsewhere than on Debian it trusts the machine.
fn debian(packages: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") || !exists("dpkg-query", "--version") {
        return Ok(());
    }
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|name| !installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("   Debian packages missing: {}", missing.join(" "));
    let mut sudo: Vec<&str> = Vec::new();
    if run_quiet(Command::new("id").arg("-u"))?.trim() != "0" {
        if !exists("sudo", "--version") {
            bail!("these need root: apt-get install {}", missing.join(" "));
        }
        sudo.push("sudo");
    }
    let apt = |args: &[&str]| {
        let mut words = sudo.clone();
        words.push("env");
        words.push("DEBIAN_FRONTEND=noninteractive");
        words.push("apt-get");
        words.extend(args);
        let mut words = words.into_iter();
        let mut apt = Command::new(words.next().unwrap_or("apt-get"));
        apt.args(words);
        run(&mut apt)
    };
    apt(&["update", "-q"])?;
    let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install)
}

fn installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${Status}", package])
        .output()
        .is_ok_and(|answer| {
            String::from_utf8_lossy(&answer.stdout).contains("install ok installed")
        })
}
