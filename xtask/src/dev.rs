//! The window with hot reload over a real till: each saved file of `ui/` shows at once.

use std::process::Child;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::{cargo, command, npm, run as run_command};
use crate::run::{HUB, folder};
use crate::setup;

/// The port of the till's development bridge; `ui/vite.config.ts` passes `/till` on to it.
const BRIDGE_PORT: &str = "5180";

/// Where Vite serves the window.
const WINDOW: &str = "http://127.0.0.1:5173";

#[derive(Args)]
pub(crate) struct DevArgs {
    /// Open the real window instead of serving a browser.
    #[arg(long)]
    window: bool,
}

/// Programs that end when this ends, however it ends.
struct Running(Vec<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already needs no end.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts the demo hub, a till and Vite, until Ctrl+C or until the window is closed.
pub(crate) fn dev(args: &DevArgs) -> Result<()> {
    setup::build()?;
    let mut build = cargo();
    build.args([
        "build",
        "-p",
        "evertill-demo",
        "-p",
        "evertill-testkit",
        "--bins",
    ]);
    run_command(&mut build)?;
    std::fs::create_dir_all(crate::root().join("target/dev"))?;
    let folder = folder(false);
    let mut running = Running(Vec::new());
    let hub = command(format!("{folder}/evertill-demo"))
        .args(["serve", "--db", "target/dev/shop.db", "--listen", HUB])
        .spawn()
        .context("the hub did not start")?;
    running.0.push(hub);
    run_command(npm().args(["run", "--silent", "messages"]))?;
    // Not by npm, which would leave Vite behind when it is ended.
    let vite = command("node")
        .arg("node_modules/vite/bin/vite.js")
        .current_dir(crate::root().join("ui"))
        .spawn()
        .context("Vite did not start")?;
    running.0.push(vite);
    let hub_url = format!("http://{HUB}");
    if args.window {
        let mut window = cargo();
        window.args(["run", "-p", "evertill", "--no-default-features", "--"]);
        window.args(["--dir", "target/dev/window", "--hub", &hub_url]);
        return run_command(&mut window);
    }
    println!("── open {WINDOW} in a browser; Ctrl+C ends it");
    let mut bridge = command(format!("{folder}/evertill-bridge"));
    bridge.args([
        "--dir",
        "target/dev/till",
        "--port",
        BRIDGE_PORT,
        "--hub",
        &hub_url,
    ]);
    run_command(&mut bridge)
}
