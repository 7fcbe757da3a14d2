//! JSON with one spelling, for everything that is hashed.

use serde::Serialize;
use serde_json::Value;

/// JSON of `value` in one spelling: keys of every object in ascending byte order, no white
/// space, strings and integers as `serde_json` writes them. Our values hold no floating point,
/// so there is nothing else to agree on.
///
/// Errors as `serde_json` has them: a map with keys that are no strings.
pub fn to_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, &mut text)?;
    Ok(text)
}

// Written out rather than left to `serde_json`'s map, whose order depends on a feature that any
// other crate of the build may switch on.
fn write(value: &Value, text: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(key)?);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        plain => text.push_str(&serde_json::to_string(plain)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": [ {"z": 1, "a": "é\n"} ], "a": null, "B": true});
        assert_eq!(
            to_json(&value).unwrap(),
            r#"{"B":true,"a":null,"b":[{"a":"é\n","z":1}]}"#
        );
    }
}
