//! The keys of answers in JSON as docs/json.md has them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// One row of a table of keys.
pub struct Key {
    pub path: String,
    pub kind: String,
    /// The actions that it is of, for the answers of `reproduce`.
    pub actions: Vec<String>,
}

/// The table below a heading.
pub fn keys(heading: &str) -> Vec<Key> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/json.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).expect("the command has a section");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let keys: Vec<Key> = rows
        .map(|row| {
            let row = row.replace("\\|", "");
            let cells: Vec<&str> = row.split('|').skip(1).map(|cell| cell.trim_matches([' ', '`'])).collect();
            let actions = cells.get(3).unwrap_or(&"").split_whitespace().map(str::to_owned).collect();
            Key { path: cells[0].to_owned(), kind: cells[1].to_owned(), actions }
        })
        .collect();
    assert!(keys.len() > 5, "{heading}");
    keys
}

/// Asserts that every value is of the type that is documented for its key, and returns the keys that occur.
pub fn assert_documented<'a>(
    answer: &Value,
    documented: impl IntoIterator<Item = &'a Key>,
) -> BTreeSet<String> {
    let mut found = Vec::new();
    collect("", answer, &mut found);
    let documented: Vec<&Key> = documented.into_iter().collect();
    for (path, value) in &found {
        let key = documented.iter().find(|key| key.path == *path);
        let key = key.unwrap_or_else(|| panic!("`{path}` is not documented"));
        assert!(key.kind.split(" or ").any(|kind| is(value, kind)), "`{path}` is no {}: {value}", key.kind);
    }
    found.into_iter().map(|(path, _)| path).collect()
}

fn collect<'a>(path: &str, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            found.push((below(key), value));
            collect(&below(key), value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| collect(&format!("{path}[]"), value, found)),
        _ => {}
    }
}

fn is(value: &Value, kind: &str) -> bool {
    let all = |is_one: fn(&Value) -> bool| value.as_array().is_some_and(|list| list.iter().all(is_one));
    match kind {
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "text" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "object" => value.is_object(),
        "list" => all(Value::is_object),
        "list of numbers" => all(Value::is_number),
        "list of texts" => all(Value::is_string),
        _ => panic!("no type `{kind}`"),
    }
}
