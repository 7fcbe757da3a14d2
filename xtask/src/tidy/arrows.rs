//! Who may import whom. The table is the one in `docs/ARCHITECTURE.md`; what is read is what
//! cargo itself resolves, so that no arrow can hide in a feature or a target.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Breach;
use crate::process::{cargo, run_quiet};

/// A package, and what of ours it may import when the product is built.
const ARROWS: &[(&str, &[&str])] = &[
    ("evertill-core", &[]),
    ("evertill-protocol", &["evertill-core"]),
    ("evertill-store", &["evertill-core", "evertill-protocol"]),
    (
        "evertill-sync",
        &["evertill-core", "evertill-protocol", "evertill-store"],
    ),
    ("evertill-receipt", &["evertill-core"]),
    ("evertill-device", &["evertill-core", "evertill-receipt"]),
    (
        "evertill-app",
        &[
            "evertill-core",
            "evertill-protocol",
            "evertill-store",
            "evertill-sync",
            "evertill-receipt",
            "evertill-device",
        ],
    ),
    ("evertill-hub", &["evertill-core", "evertill-protocol"]),
    ("evertill-tillctl", &["evertill-app", "evertill-core"]),
    ("evertill", &["evertill-app"]),
    ("xtask", &[]),
];

/// Development only: nothing of the product may import these.
const DEVELOPMENT: &[&str] = &["evertill-demo", "evertill-testkit", "evertill-tests"];

/// Breaches of the table, and packages that are not in it.
pub(super) fn check() -> Result<Vec<Breach>> {
    let answer = run_quiet(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&answer).context("cargo metadata is not JSON")?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .context("cargo metadata has no packages")?;
    let ours: Vec<&str> = packages
        .iter()
        .filter_map(|package| text(package, "name"))
        .collect();
    let mut breaches = Vec::new();
    for package in packages {
        let name = text(package, "name").unwrap_or_default();
        if DEVELOPMENT.contains(&name) {
            continue;
        }
        let allowed = ARROWS
            .iter()
            .find(|(from, _)| *from == name)
            .map(|(_, to)| *to);
        let mut breach = |what: String| {
            let file = format!("package {name}");
            breaches.push(Breach {
                file,
                line: 0,
                what,
            });
        };
        let Some(allowed) = allowed else {
            breach("is not in the table of import arrows (xtask/src/tidy/arrows.rs)".into());
            continue;
        };
        for import in package
            .get("dependencies")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let to = text(import, "name").unwrap_or_default();
            let development = text(import, "kind") == Some("dev");
            if ours.contains(&to) && !development && !allowed.contains(&to) {
                breach(format!("must not import {to}"));
            }
        }
    }
    Ok(breaches)
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}
