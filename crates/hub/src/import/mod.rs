//! Master data from files: read, checked as a whole, and only then published.
//!
//! [`plan`] is pure. It reads CSV (a file a kind) and JSON lines (records as the feed has them)
//! over what the hub has, and gives back either all changes or every fault with its file and line.

mod check;
mod draft;
mod json_lines;
mod rows;
mod table;

use std::fmt;

use evertill_protocol::{ChangeBody, UserRecord};

pub use crate::master_data::MasterData;
use draft::Draft;
pub use table::Kind;
use table::Table;

/// A file to import.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, by which its kind is recognised and its faults are found.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is wrong with a line, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Name of the file.
    pub file: String,
    /// Line within it, from 1; 0: the whole file.
    pub line: u64,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}, line {line}: {}", self.file, self.message),
        }
    }
}

/// What an import does, once all of it is right.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The records to publish, each once, what others point to first.
    pub changes: Vec<ChangeBody>,
    /// People who are new and need a password.
    pub people: Vec<UserRecord>,
}

/// Reads all files over what the hub has.
///
/// # Errors
/// Every fault of every file, in order. Then nothing may be published.
pub fn plan(
    sources: &[Source],
    kind: Option<Kind>,
    master: MasterData,
) -> Result<Plan, Vec<Fault>> {
    let mut draft = Draft::over(master);
    let mut tables = Vec::new();
    for source in sources {
        if json_lines::is(source, kind) {
            json_lines::read(source, &mut draft);
            continue;
        }
        match Table::read(source, kind) {
            Ok(table) => tables.push(table),
            Err(faults) => draft.faults.extend(faults),
        }
    }
    if draft.shop().is_none() {
        draft.faults.push(Fault {
            file: sources
                .first()
                .map(|source| source.name.clone())
                .unwrap_or_default(),
            line: 0,
            message: "There is no shop to import into. Make one with: evertill-hub init".to_owned(),
        });
        return Err(draft.faults);
    }
    // What others point to comes first, so that the order of the files does not matter.
    tables.sort_by_key(|table| table.kind);
    for table in &tables {
        draft.faults.extend_from_slice(&table.faults);
        rows::read(table, &mut draft);
    }
    check::all(&mut draft);
    draft.finish()
}
