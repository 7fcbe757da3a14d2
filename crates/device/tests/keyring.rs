//! The keyring, real: a `gnome-keyring-daemon` in a session bus and a home folder of its own, and the
//! same program where there is no bus, no keyring, or one that stays locked.
//!
//! The calls run in the example `keyring-probe`, because each needs an environment of its own.

#![allow(clippy::expect_used, reason = "a test may fail loudly")]
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
const UNLOCK: &str = "printf 'secret\\n' | gnome-keyring-daemon --unlock --components=secrets";
/// The daemon without its password: the collection is there, and locked.
const LEAVE_LOCKED: &str = "gnome-keyring-daemon --start --components=secrets";

/// A home folder that keeps its keyring between two sessions.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(home.path().join("run")).expect("a run folder");
        std::fs::create_dir_all(home.path().join("data/keyrings")).expect("a keyring folder");
        Self(home)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = self.0.path();
        command
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env("HOME", path)
            .env("XDG_RUNTIME_DIR", path.join("run"))
            .env("XDG_DATA_HOME", path.join("data"))
            .env("XDG_CONFIG_HOME", path.join("config"))
            .env("XDG_CACHE_HOME", path.join("cache"));
        command
    }

    /// Runs `before` and then each of the probe's lines in one session bus.
    fn session(&self, before: &str, probes: &[&str]) -> Vec<String> {
        let probe = probe().display().to_string();
        let mut script = format!("set -e\n{before} >/dev/null\nset +e\n");
        for words in probes {
            script.push_str(&format!("'{probe}' {words}\n"));
        }
        let output = self
            .command("dbus-run-session")
            .args(["--", "sh", "-c", &script])
            .output();
        lines(&output.expect("dbus-run-session runs (Debian: dbus)"))
    }

    fn without_bus(&self, words: &str) -> Vec<String> {
        let output = self
            .command(&probe().display().to_string())
            .args(words.split(' '))
            .output();
        lines(&output.expect("the probe runs"))
    }
}

fn lines(output: &Output) -> Vec<String> {
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// The example beside this test's own binary.
fn probe() -> PathBuf {
    let here = std::env::current_exe().expect("this test's path");
    let profile = here.parent().and_then(Path::parent).expect("target/debug");
    let probe = profile.join("examples/keyring-probe");
    assert!(
        probe.exists(),
        "{} is missing: `cargo build -p evertill-device --example keyring-probe` builds it",
        probe.display()
    );
    probe
}

#[test]
fn a_secret_is_kept_replaced_found_after_a_restart_and_removed() {
    let home = Home::new();
    let first = home.session(
        UNLOCK,
        &[
            "load evertill till-a 20",
            &format!("save evertill till-a 20 {SECRET}"),
            "load evertill till-a 20",
            "load evertill till-b 20",
            &format!("save evertill till-a 20 {OTHER}"),
            "load evertill till-a 20",
        ],
    );
    assert_eq!(first, ["none", "saved", SECRET, "none", "saved", OTHER]);

    let later = home.session(
        UNLOCK,
        &[
            "load evertill till-a 20",
            "remove evertill till-a 20",
            "load evertill till-a 20",
        ],
    );
    assert_eq!(later, [OTHER, "removed", "none"]);
}

#[test]
fn a_locked_keyring_says_so_and_gives_nothing() {
    let home = Home::new();
    let save = format!("save evertill till-a 20 {SECRET}");
    assert_eq!(home.session(UNLOCK, &[&save]), ["saved"]);

    let locked = home.session(LEAVE_LOCKED, &["load evertill till-a 20", &save]);
    assert_eq!(locked, ["keyring_locked", "keyring_locked"]);

    // Nothing was changed by the attempts.
    assert_eq!(home.session(UNLOCK, &["load evertill till-a 20"]), [SECRET]);
}

#[test]
fn without_a_bus_or_without_a_keyring_it_fails_closed_and_in_time() {
    let home = Home::new();
    let started = Instant::now();
    assert_eq!(
        home.without_bus("load evertill till-a 5"),
        ["keyring_unavailable"]
    );
    let save = format!("save evertill till-a 5 {SECRET}");
    assert_eq!(home.without_bus(&save), ["keyring_unavailable"]);
    // A bus on which nobody offers the Secret Service, nor may be started to offer it.
    let bare = home.bare_bus(&["load evertill till-a 5"]);
    assert_eq!(bare, ["keyring_unavailable"]);
    assert!(
        started.elapsed() < Duration::from_secs(25),
        "bounded: {:?}",
        started.elapsed()
    );
}

#[test]
fn a_bus_that_never_answers_does_not_hang_the_till() {
    let home = Home::new();
    let socket = home.0.path().join("run/bus");
    // Bound and listening, but nobody ever accepts or answers.
    let _silent = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let started = Instant::now();
    assert_eq!(
        home.without_bus("load evertill till-a 2"),
        ["keyring_unavailable"]
    );
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(2),
        "it did wait for the bus: {took:?}"
    );
    assert!(took < Duration::from_secs(10), "bounded: {took:?}");
}

impl Home {
    /// A session bus whose configuration knows no services to start.
    fn bare_bus(&self, probes: &[&str]) -> Vec<String> {
        let config = self.0.path().join("bare.conf");
        let socket = self.0.path().join("run/bare-bus");
        std::fs::write(
            &config,
            format!(
                "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
                 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig>\
                 <type>session</type><listen>unix:path={}</listen><policy context=\"default\">\
                 <allow send_destination=\"*\"/><allow own=\"*\"/><allow receive_sender=\"*\"/>\
                 </policy></busconfig>",
                socket.display()
            ),
        )
        .expect("the bus configuration");
        let probe = probe().display().to_string();
        let script: String = probes
            .iter()
            .map(|words| format!("'{probe}' {words}\n"))
            .collect();
        let output = self
            .command("dbus-run-session")
            .arg(format!("--config-file={}", config.display()))
            .args(["--", "sh", "-c", &script])
            .output();
        lines(&output.expect("dbus-run-session runs (Debian: dbus)"))
    }
}
