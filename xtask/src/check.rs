//! The loop of seconds: the checks of what is being changed, without network and set-up.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use clap::Args;

use crate::plan::{self, Step};
use crate::process::{cargo, command, npm, run, run_quiet};
use crate::{codegen, test, tidy};

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Crates by folder or package, like `core` or `evertill-core`, and `ui`; none for what differs from HEAD.
    crates: Vec<String>,
}

/// What is to be checked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Scope {
    packages: BTreeSet<String>,
    ui: bool,
    types: bool,
}

/// What the window's types are made from.
const TYPED: &[&str] = &[
    "core", "protocol", "store", "sync", "receipt", "device", "app",
];

/// Checks the named crates, or those that changed.
pub(crate) fn check(args: &CheckArgs) -> Result<()> {
    let places = if args.crates.is_empty() {
        changed()?
    } else {
        args.crates.iter().map(|name| folder(name)).collect()
    };
    let scope = scope(&places, &folders()?);
    if !args.crates.is_empty() && scope == Scope::default() {
        bail!("no crate has such a name");
    }
    let names: Vec<&str> = scope.packages.iter().map(String::as_str).collect();
    println!("   crates: {}", names.join(" "));
    plan::run(&steps(&scope), None)
}

fn steps(scope: &Scope) -> Vec<Step<'_>> {
    let mut steps = vec![
        Step::new("format", &[], test::format),
        Step::new("tidy", &[], || tidy::tidy(false)),
    ];
    if scope.ui {
        steps.push(Step::new("ui check", &[], || {
            run(npm().args(["run", "check"]))
        }));
    }
    if scope.types {
        steps.push(Step::new("generated types", &[], codegen::compare_one));
    }
    if !scope.packages.is_empty() {
        steps.push(Step::new("clippy", &[], || {
            run(cargo().args(clippy(&scope.packages)))
        }));
        steps.push(Step::new("rust test", &[], || {
            run(cargo().args(unit_tests(&scope.packages)))
        }));
    }
    steps
}

fn clippy(packages: &BTreeSet<String>) -> Vec<String> {
    let mut words = vec!["clippy".to_owned()];
    words.extend(chosen(packages));
    words.extend(["--all-targets", "--quiet", "--", "-D", "warnings"].map(str::to_owned));
    words
}

fn unit_tests(packages: &BTreeSet<String>) -> Vec<String> {
    let mut words = vec!["test".to_owned()];
    words.extend(chosen(packages));
    words.extend(["--bins", "--quiet", "--no-fail-fast"].map(str::to_owned));
    // Cargo refuses `--lib` if none of the packages has a library.
    if packages.iter().any(|package| package != "xtask") {
        words.push("--lib".to_owned());
    }
    words
}

fn chosen(packages: &BTreeSet<String>) -> impl Iterator<Item = String> {
    packages
        .iter()
        .flat_map(|package| ["-p".to_owned(), package.clone()])
}

/// A file in the folder of what a person names.
fn folder(name: &str) -> String {
    match name.strip_prefix("evertill-").unwrap_or(name) {
        "evertill" | "src-tauri" => "src-tauri/".into(),
        top @ ("xtask" | "tests" | "ui" | "demo") => format!("{top}/"),
        inner => format!("crates/{}/", inner.trim_start_matches("crates/")),
    }
}

/// The files that differ from HEAD, new ones too.
fn changed() -> Result<Vec<String>> {
    let mut files = run_quiet(command("git").args(["diff", "--name-only", "HEAD"]))?;
    files += &run_quiet(command("git").args(["ls-files", "--others", "--exclude-standard"]))?;
    Ok(files.lines().map(str::to_owned).collect())
}

/// The folders in `crates/`.
fn folders() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(crate::root().join("crates"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn scope(files: &[String], crates: &[String]) -> Scope {
    let mut scope = Scope::default();
    let package = |name: &str| format!("evertill-{name}");
    for file in files {
        let mut parts = file.split('/');
        match (parts.next().unwrap_or_default(), parts.next()) {
            ("crates", Some(name)) if crates.iter().any(|known| known == name) => {
                scope.types |= TYPED.contains(&name);
                scope.packages.insert(package(name));
            }
            ("migrations", _) => {
                scope.packages.extend([package("store"), package("hub")]);
            }
            ("src-tauri", _) => {
                scope.packages.insert("evertill".into());
            }
            (name @ ("tests" | "demo"), _) => {
                scope.packages.insert(package(name));
            }
            ("xtask", _) => {
                scope.packages.insert("xtask".into());
            }
            ("ui", _) => scope.ui = true,
            ("Cargo.toml" | "clippy.toml", None) => {
                scope
                    .packages
                    .extend(crates.iter().map(|name| package(name)));
            }
            _ => {}
        }
    }
    scope
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[&str]) -> Scope {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let files: Vec<String> = owned(files);
        scope(&files, &owned(&["core", "hub", "store"]))
    }

    #[test]
    fn a_file_chooses_its_crate() {
        let scope = of(&["crates/core/src/tax.rs", "xtask/src/main.rs", "README.md"]);
        assert!(scope.packages.iter().eq(["evertill-core", "xtask"]));
        assert!(scope.types && !scope.ui);
        assert!(
            of(&["crates/hub/src/lib.rs"])
                .packages
                .contains("evertill-hub")
        );
        assert!(!of(&["crates/hub/src/lib.rs"]).types);
        assert_eq!(of(&["crates/gone/src/lib.rs"]), Scope::default());
    }

    #[test]
    fn migrations_the_window_and_the_workspace_choose_what_depends_on_them() {
        let both = of(&["migrations/till/0001.sql"]);
        assert!(both.packages.iter().eq(["evertill-hub", "evertill-store"]));
        assert!(of(&["ui/src/main.ts"]).ui);
        assert!(of(&["demo/src/lib.rs"]).packages.contains("evertill-demo"));
        assert_eq!(of(&["Cargo.toml"]).packages.len(), 3);
    }

    #[test]
    fn a_crate_is_named_by_folder_or_package() {
        for name in ["core", "evertill-core", "crates/core"] {
            assert_eq!(folder(name), "crates/core/");
        }
        assert_eq!(folder("evertill-tests"), "tests/");
        assert_eq!(folder("evertill-demo"), "demo/");
        assert_eq!(folder("evertill"), "src-tauri/");
    }

    #[test]
    fn a_program_alone_is_not_asked_for_its_library() {
        assert!(!unit_tests(&BTreeSet::from(["xtask".to_owned()])).contains(&"--lib".into()));
        assert!(unit_tests(&of(&["crates/core/a"]).packages).contains(&"--lib".into()));
    }
}
