//! The product, as a newcomer meets it: a shop's hub, a printer and a till.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process::{cargo, command, npm, run as run_command, text};
use crate::setup;

/// Where the demo's hub listens, and the port of the demo's printer.
pub(crate) const HUB: &str = "127.0.0.1:8787";
const PRINTER_PORT: &str = "9100";

#[derive(Args)]
pub(crate) struct RunArgs {
    /// Play the scripted shift even if there is a display.
    #[arg(long)]
    shift: bool,
    /// Build with optimisation, as shops get it.
    #[arg(long)]
    release: bool,
}

/// Sets up, builds, and opens the till, or plays a shift on it where nobody can see a window.
pub(crate) fn run(args: &RunArgs) -> Result<()> {
    println!("── set-up");
    setup::build()?;
    println!("── build");
    build(args.release)?;
    let display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    if args.shift || (cfg!(target_os = "linux") && !display) {
        return scripted_shift("target/demo", args.release);
    }
    open(args.release)
}

/// The scripted shift in the real window; screenshots and receipts stay in `out`.
pub(crate) fn scripted_shift(out: &str, release: bool) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("the scripted shift drives WebKitGTK and needs Linux");
    }
    setup::window()?;
    let printer = setup::printer()?;
    let folder = folder(release);
    let shift = format!("{folder}/shift");
    let mut shift = on_a_desktop(&[&shift, "--out", out, "--bin", &folder])?;
    shift
        .env("EVERTILL_EMUPOS", text(&printer))
        .env("EVERTILL_TAURI_DRIVER", setup::tauri_driver());
    run_command(&mut shift)
}

/// A command that will run with a bus, a keyring and a screen of its own where there is Linux.
pub(crate) fn on_a_desktop(words: &[&str]) -> Result<Command> {
    let mut words = words.iter();
    if cfg!(target_os = "linux") {
        setup::window()?;
        let mut desktop = command("tests/window/desktop.sh");
        desktop.args(words);
        return Ok(desktop);
    }
    let Some(program) = words.next() else {
        bail!("nothing to run")
    };
    let mut plain = command(program);
    plain.args(words);
    Ok(plain)
}

/// The benches, in a release build; they write `docs/BENCHMARKS.md`.
pub(crate) fn bench(words: &[String]) -> Result<()> {
    setup::build()?;
    setup::window()?;
    build(true)?;
    let program = format!("{}/bench", folder(true));
    let mut bench = vec![program.as_str()];
    bench.extend(words.iter().map(String::as_str));
    let mut bench = on_a_desktop(&bench)?;
    bench.env("EVERTILL_TAURI_DRIVER", setup::tauri_driver());
    run_command(&mut bench)
}

/// Builds the window's UI, then every program. All of them at once, examples too: cargo picks the
/// features of a dependency by what is built together, and another choice would compile it again.
pub(crate) fn build(release: bool) -> Result<()> {
    run_command(npm().args(["run", "build"]))?;
    let mut build = cargo();
    build.args(["build", "--workspace", "--bins", "--examples"]);
    if release {
        build.arg("--release");
    }
    run_command(&mut build)
}

/// Like [`build`], and the tests with it: they use the same libraries, so one call compiles all.
pub(crate) fn build_with_tests() -> Result<()> {
    run_command(npm().args(["run", "build"]))?;
    run_command(cargo().args(["build", "--workspace", "--bins", "--examples", "--tests"]))
}

/// Where cargo puts the programs.
pub(crate) fn folder(release: bool) -> String {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".into());
    format!("{target}/{}", if release { "release" } else { "debug" })
}

/// Starts hub, printer and till side by side; hub and printer end when the till's window closes.
fn open(release: bool) -> Result<()> {
    let folder = folder(release);
    std::fs::create_dir_all(crate::root().join("target/demo"))?;
    println!("── hub");
    let mut hub = command(format!("{folder}/evertill-demo"))
        .args(["serve", "--db", "target/demo/shop.db", "--listen", HUB])
        .spawn()
        .context("the hub did not start")?;
    let mut till = command(format!("{folder}/evertill"));
    till.args(["--hub", &format!("http://{HUB}")]);
    // Without Python 3.13 there is no printer, and the till says so; everything else works.
    let printer = setup::printer().and_then(|emupos| start_printer(&emupos));
    match &printer {
        Ok(_) => drop(till.args(["--printer", &format!("tcp://127.0.0.1:{PRINTER_PORT}")])),
        Err(why) => println!("   no printer: {why:#}"),
    }
    println!("── till");
    let closed = run_command(&mut till);
    hub.kill()?;
    if let Ok(mut printer) = printer {
        printer.kill()?;
    }
    closed
}

/// The printer that plays the shop's; its receipts lie in `target/demo/printer/receipts`.
fn start_printer(emupos: &Path) -> Result<Child> {
    command("python3")
        .args([
            "tests/printer/printer.py",
            "--dir",
            "target/demo/printer",
            "--port",
            PRINTER_PORT,
        ])
        .env("EVERTILL_EMUPOS", emupos)
        // It lives as long as its standard input is open.
        .stdin(Stdio::piped())
        .spawn()
        .context("the printer did not start")
}
