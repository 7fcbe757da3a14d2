//! Installs what a machine needs beyond Rust, Node and Python. Each step looks first and does
//! nothing if the thing is there, so that it can run before every command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, command, exists, npm, run, run_quiet, text};

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

/// The program that plays the printer; it wants Python 3.13, which `uv` finds or fetches.
pub(crate) fn printer() -> Result<PathBuf> {
    let venv = crate::root().join("target/emupos-venv");
    let program = venv.join("bin/emupos");
    if !program.exists() {
        let uv = uv()?;
        run(command(&uv)
            .args(["venv", "--clear", "--python", "3.13"])
            .arg(&venv))?;
        let python = text(&venv.join("bin/python"));
        run(command(&uv).args(["pip", "install", "--python", &python, EMUPOS]))?;
    }
    Ok(program)
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
