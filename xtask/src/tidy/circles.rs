//! No import goes in a circle: neither between the files of a folder nor between its folders.
//!
//! For every module the arrows between its children are drawn, each child with all that is under it.
//! A parent may import its child and a child its parent, for they are one thing. Names that a module
//! passes on (`pub use`) count as imports of where they come from. What is behind `#[cfg(test)]` is
//! not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Breach, read};

/// A module's path from the crate's root; empty for the root.
type Module = Vec<String>;

pub(super) fn check(files: &[PathBuf]) -> Result<Vec<Breach>> {
    let mut crates: BTreeMap<String, BTreeMap<Module, (String, String)>> = BTreeMap::new();
    for path in files {
        if let Some((root, module)) = place(path) {
            let source = product(&read(path)?);
            let file = path.display().to_string();
            crates
                .entry(root)
                .or_default()
                .insert(module, (file, source));
        }
    }
    Ok(crates.values().flat_map(breaches).collect())
}

/// The crate and the module of a source file, if it is one of a library or a program.
fn place(path: &Path) -> Option<(String, Module)> {
    let text = path.to_str()?.strip_suffix(".rs")?;
    let (root, rest) = text.split_once("/src/")?;
    let mut module: Module = rest.split('/').map(str::to_owned).collect();
    if module.first().is_some_and(|first| first == "bin") {
        return None;
    }
    let last = module.last().map(String::as_str);
    if last == Some("mod") || (module.len() == 1 && matches!(last, Some("lib" | "main"))) {
        module.pop();
    }
    Some((root.to_owned(), module))
}

/// The source without comments and without the tests at its end.
fn product(source: &str) -> String {
    let code = source
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn breaches(modules: &BTreeMap<Module, (String, String)>) -> Vec<Breach> {
    let known: BTreeSet<&Module> = modules.keys().collect();
    let mut passed_on = BTreeMap::new();
    for (module, (_, source)) in modules {
        for path in paths_after(source, &["pub use ", "pub(crate) use ", "pub(super) use "]) {
            let from = resolve(&absolute(module, &path, &known), &known, &BTreeMap::new());
            if let Some(name) = path.last() {
                passed_on.insert((module.clone(), name.clone()), from);
            }
        }
    }
    // For every parent: which child imports which other, and in which file.
    let mut arrows: BTreeMap<Module, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
    for (module, (file, source)) in modules {
        for start in ["crate::", "super::", "self::"] {
            for mut path in paths_after(source, &[start]) {
                path.insert(0, start.trim_end_matches(':').to_owned());
                let to = resolve(&absolute(module, &path, &known), &known, &passed_on);
                let shared = module.iter().zip(&to).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(into)) = (module.get(shared), to.get(shared)) {
                    let parent = module.iter().take(shared).cloned().collect::<Module>();
                    let children = arrows.entry(parent).or_default();
                    let targets = children.entry(from.clone()).or_default();
                    targets.entry(into.clone()).or_insert_with(|| file.clone());
                }
            }
        }
    }
    arrows.values().flat_map(circles).collect()
}

/// Every arrow that is part of a circle.
fn circles(arrows: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<Breach> {
    let mut found = Vec::new();
    for (from, targets) in arrows {
        for (into, file) in targets {
            if reaches(arrows, into, from) {
                found.push(Breach {
                    file: file.clone(),
                    line: 1,
                    what: format!("imports in a circle: `{from}` needs `{into}`, which needs it"),
                });
            }
        }
    }
    found
}

fn reaches(arrows: &BTreeMap<String, BTreeMap<String, String>>, from: &str, goal: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(at) = next.pop() {
        if at == goal {
            return true;
        }
        if seen.insert(at) {
            next.extend(
                arrows
                    .get(at)
                    .into_iter()
                    .flatten()
                    .map(|(into, _)| into.as_str()),
            );
        }
    }
    false
}

/// A path with its beginning (`crate`, `super`, `self`, or a child's name) made one from the root.
fn absolute(module: &Module, path: &[String], known: &BTreeSet<&Module>) -> Module {
    let mut at = module.clone();
    let mut rest = path.iter().peekable();
    match rest.peek().map(|first| first.as_str()) {
        Some("crate") => {
            at.clear();
            rest.next();
        }
        Some("self") => {
            rest.next();
        }
        Some("super") => {
            while rest.next_if(|part| *part == "super").is_some() {
                at.pop();
            }
        }
        Some(first) => {
            at.push(first.to_owned());
            if !known.contains(&at) {
                return Module::new();
            }
            rest.next();
        }
        None => {}
    }
    at.extend(rest.cloned());
    at
}

/// The module a path leads to: as far as there are modules, and on where a name is passed on.
fn resolve(
    path: &[String],
    known: &BTreeSet<&Module>,
    passed_on: &BTreeMap<(Module, String), Module>,
) -> Module {
    let mut at = Module::new();
    for part in path {
        let mut child = at.clone();
        child.push(part.clone());
        if known.contains(&child) {
            at = child;
        } else if let Some(from) = passed_on.get(&(at.clone(), part.clone())) {
            return from.clone();
        } else {
            break;
        }
    }
    at
}

/// Every path behind one of these beginnings, braces written out.
fn paths_after(source: &str, starts: &[&str]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for start in starts {
        for (at, _) in source.match_indices(start) {
            let before = source.get(..at).and_then(|text| text.chars().next_back());
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let rest = source.get(at + start.len()..).unwrap_or_default();
            write_out(&mut rest.chars().peekable(), &mut Vec::new(), &mut paths);
        }
    }
    paths
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Reads a tree of paths (`a::{b, c::D}`) and writes each path out.
fn write_out(text: &mut Letters<'_>, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let deep = before.len();
    loop {
        while text.next_if(|c| c.is_whitespace()).is_some() {}
        if text.next_if_eq(&'{').is_some() {
            loop {
                write_out(text, before, paths);
                while text.next_if(|c| *c != ',' && *c != '}').is_some() {}
                if text.next() != Some(',') {
                    break;
                }
            }
            break;
        }
        let mut word = String::new();
        while let Some(c) = text.next_if(|c| c.is_alphanumeric() || *c == '_') {
            word.push(c);
        }
        if word.is_empty() {
            break;
        }
        before.push(word);
        if text.next_if_eq(&':').is_none() || text.next_if_eq(&':').is_none() {
            paths.push(before.clone());
            break;
        }
    }
    before.truncate(deep);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let modules = files.iter().map(|(path, source)| {
            let (_, module) = place(Path::new(path)).unwrap();
            (module, ((*path).to_owned(), product(source)))
        });
        let breaches = breaches(&modules.collect());
        breaches.iter().map(|breach| breach.file.clone()).collect()
    }

    #[test]
    fn two_files_that_need_each_other_are_a_circle() {
        let a = ("c/src/a.rs", "use crate::b::{self, B};");
        assert_eq!(
            found(&[a, ("c/src/b.rs", "fn f() { super::a::g() }")]),
            ["c/src/a.rs", "c/src/b.rs"]
        );
        assert!(found(&[a, ("c/src/b.rs", "// crate::a is above")]).is_empty());
        let tests = "fn f() {}\n#[cfg(test)]\nmod tests { use crate::a::A; }";
        assert!(found(&[a, ("c/src/b.rs", tests)]).is_empty());
    }

    #[test]
    fn two_folders_are_a_circle_through_different_files() {
        let files = [
            ("c/src/a/one.rs", "use crate::b::two::Two;"),
            ("c/src/b/three.rs", "use crate::{x::Y, a::{one::One}};"),
            ("c/src/b/two.rs", ""),
            ("c/src/a/mod.rs", ""),
            ("c/src/b/mod.rs", ""),
        ];
        assert_eq!(found(&files), ["c/src/a/one.rs", "c/src/b/three.rs"]);
    }

    #[test]
    fn parent_and_child_are_one_and_a_name_passed_on_counts_where_it_is_from() {
        let parent = (
            "c/src/a/mod.rs",
            "mod b; mod d;\npub use d::D;\nuse self::b::B;",
        );
        let child = ("c/src/a/b.rs", "use super::{A, D};");
        assert!(found(&[parent, child, ("c/src/a/d.rs", "")]).is_empty());
        assert_eq!(
            found(&[parent, child, ("c/src/a/d.rs", "use super::b::B;")]),
            ["c/src/a/b.rs", "c/src/a/d.rs"]
        );
    }
}
