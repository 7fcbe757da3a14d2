//! Who may import whom. The table is the one in `docs/ARCHITECTURE.md`; what is read is what
//! cargo itself resolves, so that no arrow can hide in a feature or a target.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Breach;
use crate::process::{cargo, run_quiet};

/// A package, and what of ours it may import when the product is built.
const ARROWS: &[(&str, &[&str])] = &[
    ("evertill-coded-derive", &[]),
    ("evertill-core", &["evertill-coded-derive"]),
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

/// What a shop installs: its programs and all they do. The people of [`DEVELOPMENT`] have passwords
/// that everybody knows, so no way leads from here to there, even one that the table allows.
const SHIPPED: &[&str] = &[
    "evertill",
    "evertill-app",
    "evertill-hub",
    "evertill-tillctl",
];

/// A package of ours, and what it imports of ours when it is built, in any feature and on any target.
#[derive(Debug)]
struct Package {
    name: String,
    imports: Vec<String>,
}

/// Breaches of the table, packages that are not in it, and ways from the product to a known password.
pub(super) fn check() -> Result<Vec<Breach>> {
    let answer = run_quiet(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let packages = packages(&answer)?;
    let mut breaches = arrows(&packages);
    for shipped in SHIPPED {
        breaches.extend(known_passwords(shipped, &packages));
    }
    Ok(breaches)
}

fn packages(metadata: &str) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(metadata).context("cargo metadata is not JSON")?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .context("cargo metadata has no packages")?;
    let ours: Vec<&str> = packages
        .iter()
        .filter_map(|package| text(package, "name"))
        .collect();
    let package = |package: &Value| {
        let imports = package.get("dependencies").and_then(Value::as_array);
        let built = imports
            .into_iter()
            .flatten()
            .filter(|import| text(import, "kind") != Some("dev"));
        Package {
            name: text(package, "name").unwrap_or_default().to_owned(),
            imports: built
                .filter_map(|import| text(import, "name"))
                .filter(|name| ours.contains(name))
                .map(str::to_owned)
                .collect(),
        }
    };
    Ok(packages.iter().map(package).collect())
}

fn arrows(packages: &[Package]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for Package { name, imports } in packages {
        if DEVELOPMENT.contains(&name.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| from == name) else {
            let what = "is not in the table of import arrows (xtask/src/tidy/arrows.rs)";
            breaches.push(breach(name, what.to_owned()));
            continue;
        };
        let forbidden = imports.iter().filter(|to| !allowed.contains(&to.as_str()));
        breaches.extend(forbidden.map(|to| breach(name, format!("must not import {to}"))));
    }
    breaches
}

/// The ways from a shipped package to the packages for development, over however many others.
fn known_passwords(shipped: &str, packages: &[Package]) -> Vec<Breach> {
    let imports = |name: &str| packages.iter().find(|package| package.name == name);
    if imports(shipped).is_none() {
        return vec![breach(shipped, "is shipped, and is no package".to_owned())];
    }
    let mut breaches = Vec::new();
    let mut seen = BTreeSet::from([shipped]);
    let mut ways = vec![vec![shipped]];
    while let Some(way) = ways.pop() {
        let last = way.last().and_then(|last| imports(last));
        for to in last.iter().flat_map(|package| &package.imports) {
            if !seen.insert(to) {
                continue;
            }
            let way = [&way[..], &[to]].concat();
            if DEVELOPMENT.contains(&to.as_str()) {
                let way = way.join(" → ");
                let what = format!("is shipped and has known passwords in it: {way}");
                breaches.push(breach(shipped, what));
            } else {
                ways.push(way);
            }
        }
    }
    breaches
}

fn breach(package: &str, what: String) -> Breach {
    let file = format!("package {package}");
    Breach {
        file,
        line: 0,
        what,
    }
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cargo says of three packages, the second of which imports the third in this way.
    fn tree(kind: Option<&str>) -> Vec<Package> {
        let tree = serde_json::json!({ "packages": [
            { "name": "evertill-tillctl", "dependencies": [{ "name": "evertill-app", "kind": null }] },
            { "name": "evertill-app", "dependencies": [
                { "name": "serde", "kind": null },
                { "name": "evertill-demo", "kind": kind, "optional": true },
            ] },
            { "name": "evertill-demo", "dependencies": [] },
        ] });
        packages(&tree.to_string()).expect("cargo's answer")
    }

    #[test]
    fn a_way_to_a_known_password_is_found_over_other_packages() {
        for kind in [None, Some("build")] {
            let found = known_passwords("evertill-tillctl", &tree(kind));
            let what: Vec<&str> = found.iter().map(|breach| breach.what.as_str()).collect();
            let way = "evertill-tillctl → evertill-app → evertill-demo";
            assert!(what.len() == 1 && what[0].ends_with(way), "{what:?}");
            assert_eq!(arrows(&tree(kind))[0].what, "must not import evertill-demo");
        }
        assert!(known_passwords("evertill-tillctl", &tree(Some("dev"))).is_empty());
        assert!(arrows(&tree(Some("dev"))).is_empty());
    }

    #[test]
    fn what_ships_is_looked_at_under_its_name() {
        assert_eq!(
            known_passwords("evertill-gone", &tree(Some("dev"))).len(),
            1
        );
    }

    #[test]
    fn neither_till_nor_hub_nor_tillctl_has_a_known_password() -> Result<()> {
        let answer = run_quiet(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let packages = packages(&answer)?;
        for shipped in SHIPPED {
            assert_eq!(known_passwords(shipped, &packages).len(), 0, "{shipped}");
        }
        Ok(())
    }
}
