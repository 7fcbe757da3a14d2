//! Installs what a machine needs beyond Rust, Node and Python. Each step looks first and does
//! nothing if the thing is there, so that it can run before every command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::agree::{Want, agree};
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

const EMUPOS_VENV: &str = "target/emupos-venv";
const SCHEMATHESIS_VENV: &str = "target/schemathesis-venv";
/// The lock file by which npm installed, beside what it installed.
const NPM_STAMP: &str = "ui/node_modules/.evertill-lock";

/// All of it, as `cargo xtask setup`.
pub(crate) fn everything() -> Result<()> {
    let mut wants = missing_debian(BUILD_PACKAGES, "builds the window");
    wants.extend(missing_npm()?);
    wants.extend(missing_window());
    wants.extend(missing_printer());
    wants.extend(missing_schemathesis());
    agree(&wants)?;
    build()?;
    window()?;
    printer()?;
    schemathesis()?;
    Ok(())
}

/// What the product needs to build: Debian packages and the UI's npm packages.
pub(crate) fn build() -> Result<()> {
    let mut wants = missing_debian(BUILD_PACKAGES, "builds the window");
    wants.extend(missing_npm()?);
    agree(&wants)?;
    debian(BUILD_PACKAGES)?;
    npm_packages()
}

/// What drives the real window without a display.
pub(crate) fn window() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    agree(&missing_window())?;
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
    let venv = crate::root().join(EMUPOS_VENV);
    let program = venv.join("bin/emupos");
    if program.exists() {
        return Ok(program);
    }
    agree(missing_printer().as_slice())?;
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
    let venv = crate::root().join(SCHEMATHESIS_VENV);
    let program = venv.join("bin/schemathesis");
    if !program.exists() {
        agree(missing_schemathesis().as_slice())?;
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
    if missing_npm()?.is_none() {
        return Ok(());
    }
    run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(crate::root().join(NPM_STAMP), npm_lock()?)
        .context("could not note what npm installed")
}

/// Installs Debian packages that are missing; elsewhere than on Debian it trusts the machine.
fn debian(packages: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") || !exists("dpkg-query", "--version") {
        return Ok(());
    }
    let missing = not_installed(packages);
    if missing.is_empty() {
        return Ok(());
    }
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

fn not_installed<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let missing = packages.iter().copied().filter(|name| !installed(name));
    missing.collect()
}

fn missing_debian(packages: &[&str], why: &'static str) -> Vec<Want> {
    if !cfg!(target_os = "linux") || !exists("dpkg-query", "--version") {
        return Vec::new();
    }
    let missing = not_installed(packages);
    if missing.is_empty() {
        return Vec::new();
    }
    let what = format!("Debian packages, as root: {}", missing.join(" "));
    vec![Want { what, why }]
}

fn missing_npm() -> Result<Option<Want>> {
    let installed = fs::read(crate::root().join(NPM_STAMP)).ok();
    let want = Want {
        what: "npm packages of ui/package-lock.json, into ui/node_modules".into(),
        why: "builds and checks the window",
    };
    Ok((installed != Some(npm_lock()?)).then_some(want))
}

fn npm_lock() -> Result<Vec<u8>> {
    fs::read(crate::root().join("ui/package-lock.json")).context("ui/package-lock.json is missing")
}

fn missing_window() -> Vec<Want> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let mut wants = missing_debian(WINDOW_PACKAGES, "drives the real window without a display");
    if !tauri_driver().exists() {
        wants.push(Want {
            what: format!("tauri-driver {TAURI_DRIVER}, into target/tools"),
            why: "drives the real window",
        });
    }
    wants
}

fn missing_printer() -> Option<Want> {
    let there = crate::root().join(EMUPOS_VENV).join("bin/emupos").exists();
    (!there).then(|| Want {
        what: format!("{EMUPOS} with Python 3.13 or newer, into {EMUPOS_VENV}"),
        why: "plays the receipt printer",
    })
}

fn missing_schemathesis() -> Option<Want> {
    let program = crate::root()
        .join(SCHEMATHESIS_VENV)
        .join("bin/schemathesis");
    (!program.exists()).then(|| Want {
        what: format!("{SCHEMATHESIS}, into {SCHEMATHESIS_VENV}"),
        why: "checks the hub against its OpenAPI document",
    })
}

fn installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${Status}", package])
        .output()
        .is_ok_and(|answer| {
            String::from_utf8_lossy(&answer.stdout).contains("install ok installed")
        })
}
