//! TypeScript from the table of commands.
//!
//! The window's types are these and nothing else: `cargo xtask codegen` writes the files, its check
//! fails when they are not what this module makes.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use ts_rs::{Config, TS, TypeVisitor};

use crate::catalogue::SEARCH_LIMIT;
use crate::fault_codes::fault_codes;
use crate::till::{COMMANDS, command_types, visit_types};

const NOTE: &str = "// Generated from crates/app by `cargo xtask codegen`. Do not edit.\n";

/// The generated files: name and content.
#[must_use]
pub fn files() -> BTreeMap<&'static str, String> {
    // Amounts stay below 2^53, see `types`; a `bigint` would not survive JSON.
    let config = Config::new().with_large_int("number");
    BTreeMap::from([
        ("types.ts", types(&config)),
        ("commands.ts", commands(&config)),
        ("faults.ts", faults()),
    ])
}

struct Collect<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Collect<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(self.config));
            let text = if text.contains("} | {") {
                union(&text)
            } else {
                tidy(&text)
            };
            self.found.insert(T::ident(self.config), text);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// One line a comment, two blanks inside braces: what ts-rs writes is right but hard to read.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut comment: Option<Vec<&str>> = None;
    for line in text.lines().map(str::trim_end) {
        match (&mut comment, line.trim_start()) {
            (None, "/**") => comment = Some(Vec::new()),
            (Some(lines), "*/") => {
                let indent = if inside { "  " } else { "" };
                let said = lines.join(&format!("\n{indent} * "));
                let _ = writeln!(out, "{indent}/** {said} */");
                comment = None;
            }
            (Some(lines), more) => lines.push(more.trim_start_matches('*').trim_start()),
            (None, code) => {
                let (code, closes) = match code.strip_suffix(", };") {
                    Some(code) => (code, true),
                    None => (code.trim_end_matches(','), false),
                };
                let (indent, end) = if inside { ("  ", ";") } else { ("", "") };
                let _ = writeln!(out, "{indent}{code}{end}");
                inside = (inside || code.ends_with('{')) && !closes;
                if closes {
                    out.push_str("};\n");
                }
            }
        }
    }
    out
}

/// A union of objects, one variant a line; what its fields mean stands at the Rust declaration.
fn union(text: &str) -> String {
    let (docs, code) = text.split_at(text.find("export type").unwrap_or_default());
    let mut fields = String::new();
    let mut comment = false;
    for line in code.lines().map(str::trim) {
        comment |= line == "/**";
        if !comment {
            fields.push_str(line);
            fields.push(' ');
        }
        comment &= line != "*/";
    }
    let code = fields
        .replace(", }", " }")
        .replace(" = {", " =\n  | {")
        .replace("} | {", "}\n  | {");
    format!("{}{}\n", tidy(docs), code.trim_end())
}

fn types(config: &Config) -> String {
    let mut collect = Collect {
        config,
        seen: HashSet::new(),
        found: BTreeMap::new(),
    };
    visit_types(&mut collect);
    let mut out = String::from(NOTE);
    let _ = write!(
        out,
        "\n/** Most rows one search answers. */\nexport const SEARCH_LIMIT = {SEARCH_LIMIT};\n"
    );
    for text in collect.found.values() {
        out.push('\n');
        out.push_str(text);
    }
    out
}

fn commands(config: &Config) -> String {
    let rows = command_types(config);
    let names: std::collections::BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| [row.request.as_str(), row.response.as_str()])
        .collect();
    let mut out = String::from(NOTE);
    out.push_str("import type {\n");
    for name in names {
        let _ = writeln!(out, "  {name},");
    }
    out.push_str("} from './types';\n\n");
    out.push_str("/** Every command of the till: what it takes and what it answers. */\n");
    out.push_str("export interface Commands {\n");
    for row in &rows {
        let _ = writeln!(
            out,
            "  '{}': {{ request: {}; response: {} }};",
            row.name, row.request, row.response
        );
    }
    out.push_str("}\n\nexport type CommandName = keyof Commands;\n\n");
    out.push_str("/** The commands by name, in the order the till declares them. */\n");
    out.push_str("export const COMMAND_NAMES: readonly CommandName[] = [\n");
    for command in COMMANDS.iter() {
        let _ = writeln!(out, "  '{}',", command.name);
    }
    out.push_str("];\n");
    out
}

fn faults() -> String {
    let mut out = String::from(NOTE);
    out.push_str("\n/** Codes of refusals, each with the names of its parameters. */\n");
    out.push_str("export const FAULT_CODES = {\n");
    for (code, params) in fault_codes() {
        let params: Vec<String> = params.iter().map(|param| format!("'{param}'")).collect();
        let _ = writeln!(out, "  {code}: [{}],", params.join(", "));
    }
    out.push_str("} as const;\n\nexport type FaultCode = keyof typeof FAULT_CODES;\n");
    out
}
