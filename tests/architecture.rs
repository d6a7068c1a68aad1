//! The layers hold: a module uses only what lies below it, and a family never uses a family.

use std::fs;
use std::path::{Path, PathBuf};

/// What each module may use of the crate, besides itself.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("registers", &[]),
    ("random", &["registers"]),
    ("linalg", &["registers"]),
    ("io", &["linalg"]),
    ("sketch", &["random", "linalg"]),
    ("solve", &["random", "linalg", "sketch"]),
    ("guarantee", &["random", "linalg", "sketch", "solve"]),
    ("completion", &["random", "linalg", "sketch", "solve", "guarantee"]),
    ("embedding", &["random", "linalg", "sketch", "solve", "guarantee"]),
    ("regression", &["random", "linalg", "sketch", "solve", "guarantee"]),
    ("sensing", &["random", "linalg", "sketch", "solve", "guarantee"]),
    ("sampling", &["random", "linalg", "sketch", "solve", "guarantee"]),
    (
        "testing",
        &[
            "random",
            "linalg",
            "sketch",
            "solve",
            "guarantee",
            "completion",
            "embedding",
            "regression",
            "sensing",
            "sampling",
        ],
    ),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The source files below src/, each with the module of the crate it belongs to.
fn modules() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .filter(|file| *file != root.join("lib.rs"))
        .map(|file| {
            let inside = file.strip_prefix(&root).expect("the file lies below the root");
            let first = inside.components().next().expect("a file has a name").as_os_str();
            (first.to_str().expect("names are plain").trim_end_matches(".rs").to_owned(), file)
        })
        .collect()
}

/// Code without comments, so that links in docs may point anywhere.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file can be read");
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Names right after `crate::`, also those in `use crate::{…}`.
fn used_modules(code: &str) -> Vec<String> {
    let identifier =
        |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut used = Vec::new();
    for (position, _) in code.match_indices("crate::") {
        let rest = code[position + "crate::".len()..].trim_start();
        let Some(list) = rest.strip_prefix('{') else {
            used.push(identifier(rest));
            continue;
        };
        let mut depth = 0;
        let mut at_name = true;
        for (index, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => at_name = true,
                c if at_name && !c.is_whitespace() => {
                    used.push(identifier(&list[index..]));
                    at_name = false;
                }
                _ => {}
            }
        }
    }
    used
}

#[test]
fn a_module_uses_only_what_lies_below_it() {
    let modules = modules();
    assert!(modules.len() > 20, "the source files were not found");
    for (module, file) in modules {
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("module {module} has no layer: give it one in MAY_USE"));
        for used in used_modules(&code(&file)) {
            let known = MAY_USE.iter().any(|(name, _)| *name == used);
            assert!(
                !known || used == module || allowed.contains(&used.as_str()),
                "{} uses crate::{used}, which is not below {module}",
                file.display()
            );
        }
    }
}

#[test]
fn the_rule_sees_every_form_of_use() {
    let used = used_modules("use crate::a::B;\nuse crate::{b::{c, d}, e};\nlet x = crate::f::g();");
    assert_eq!(used, ["a", "b", "e", "f"]);
}

#[test]
fn faer_stays_below_the_public_api() {
    for (module, file) in modules() {
        assert!(
            module == "linalg" || !code(&file).contains("faer::"),
            "{} names faer: dense kernels belong to linalg",
            file.display()
        );
    }
}
