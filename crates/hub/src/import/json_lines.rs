//! Records as the feed has them, one a line.

use evertill_protocol::{ChangeBody, Record};

use super::draft::{Draft, Place};
use super::{Kind, Source};

/// Whether a file is JSON lines: by its name, or because it begins like one.
pub(super) fn is(source: &Source, kind: Option<Kind>) -> bool {
    let first = source.bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    kind.is_none() && first == Some(&b'{')
}

/// Reads a file into the draft.
pub(super) fn read(source: &Source, draft: &mut Draft) {
    let text = String::from_utf8_lossy(&source.bytes);
    for (line, text) in (1_u64..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let place = Place {
            file: source.name.clone(),
            line,
        };
        match change(text) {
            Ok(change) => draft.put(place, change),
            Err(error) => draft.fault(&place, format!("this is no record: {error}")),
        }
    }
}

/// A record as it is, or `{"delete":{"kind":…,"id":…}}`.
fn change(line: &str) -> Result<ChangeBody, serde_json::Error> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    if value.get("delete").is_some() || value.get("upsert").is_some() {
        return serde_json::from_value(value);
    }
    serde_json::from_value::<Record>(value).map(ChangeBody::Upsert)
}
