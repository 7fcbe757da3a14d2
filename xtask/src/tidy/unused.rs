//! Dependencies that a package names and its sources do not.

use std::path::PathBuf;

use anyhow::Result;

use super::{Breach, read};

/// Why a package may name what its sources do not: it chooses features of what others use.
const EXEMPT: &[(&str, &str)] = &[];

/// A breach for each dependency whose crate name is in no source of its package.
pub(super) fn check(files: &[PathBuf]) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for manifest in files.iter().filter(|path| path.ends_with("Cargo.toml")) {
        let Some(folder) = manifest
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        else {
            continue;
        };
        let mut sources = String::new();
        for source in files.iter().filter(|path| path.starts_with(folder)) {
            if source.extension().is_some_and(|ending| ending == "rs") {
                sources += &read(source)?;
            }
        }
        let file = manifest.to_string_lossy().replace('\\', "/");
        for (line, name) in dependencies(&read(manifest)?) {
            let exempt = EXEMPT.contains(&(file.as_str(), name.as_str()));
            if !exempt && !names(&sources, &name.replace('-', "_")) {
                let what = format!("{name} is in no source of this package");
                let file = file.clone();
                breaches.push(Breach { file, line, what });
            }
        }
    }
    Ok(breaches)
}

/// The names under every `[…dependencies]`, with their lines.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim_end().ends_with("dependencies]");
        } else if inside && line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            found.push((index + 1, name.to_owned()));
        }
    }
    found
}

fn names(sources: &str, name: &str) -> bool {
    sources
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_of_dependencies_are_read() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nanyhow.workspace = true\n\
            [target.'cfg(unix)'.dev-dependencies]\nserde = \"1\"\n[lints]\nworkspace = true\n";
        let found = dependencies(manifest);
        assert_eq!(found, [(4, "anyhow".to_owned()), (6, "serde".to_owned())]);
    }

    #[test]
    fn a_name_is_found_only_whole() {
        assert!(names("use tower_http::limit;", "tower_http"));
        assert!(!names("use tower_http::limit;", "tower"));
    }
}
