//! Every theorem of the library with its mutants and with what lies outside it, from the one list there is of them.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use proofsketch::testing::{Kind, Role, Theorem, theorems};

use crate::common::seed;

/// Runs all cases of the theorems of a family; the message of a failure names every case that disagrees.
fn hold(family: &str) {
    let of_family: Vec<Theorem> = theorems().into_iter().filter(|theorem| theorem.family == family).collect();
    assert!(!of_family.is_empty(), "no theorem of {family}");
    let mut disagreeing = Vec::new();
    for theorem in &of_family {
        for (role, case) in theorem.cases() {
            let finding = case.run(case.trials, theorem.key(seed(), role));
            let line = format!("{} {role:?}, {}: {finding}", theorem.name, case.instance);
            println!("{line}");
            if !role.agrees(&finding) {
                disagreeing.push(line);
            }
        }
    }
    assert!(disagreeing.is_empty(), "\n{}", disagreeing.join("\n"));
}

#[test]
fn theorems_of_embeddings_of_spaces_and_distances() {
    hold("guarantee");
}

#[test]
fn theorems_of_regression() {
    hold("regression");
}

#[test]
fn theorems_of_graph_embedding() {
    hold("embedding");
}

#[test]
fn theorems_of_completion() {
    hold("completion");
}

#[test]
fn theorems_of_sensing() {
    hold("sensing");
}

#[test]
fn theorems_of_sampling() {
    hold("sampling");
}

#[test]
fn every_theorem_has_a_mutant_and_an_outside() {
    let mut names = HashSet::new();
    for theorem in theorems() {
        assert!(names.insert(theorem.name), "{} twice", theorem.name);
        for (role, cases) in
            [("held", &theorem.held), ("mutant", &theorem.mutants), ("outside", &theorem.outside)]
        {
            assert!(!cases.is_empty(), "{}: no {role} case", theorem.name);
        }
        assert!(!theorem.statement.is_empty());
        if theorem.kind == Kind::Deterministic {
            let finding = theorem.held[0].run(1, theorem.key(seed(), Role::Held));
            assert!(finding.is_without_exception(), "{}: {finding}", theorem.name);
        }
    }
}

/// The types below `folder` that implement one of the two traits.
fn implementing(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            implementing(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| line.starts_with("impl")) {
            let after = ["Guarantee for ", "MomentLaw for "]
                .iter()
                .find_map(|form| line.split_once(form).map(|(_, after)| after));
            found.extend(
                after.map(|name| name.chars().take_while(|c| c.is_alphanumeric()).collect::<String>()),
            );
        }
    }
}

#[test]
fn no_theorem_is_left_out() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut stated = Vec::new();
    for module in ["guarantee", "regression", "embedding", "completion", "sensing", "sampling"] {
        implementing(&source.join(module), &mut stated);
    }
    let listed: HashSet<&str> = theorems().iter().map(|theorem| theorem.name).collect();
    assert!(stated.len() > 40, "the source files were not found");
    let missing: Vec<&String> = stated.iter().filter(|name| !listed.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "add these to src/testing/theorems: {missing:?}");
    assert_eq!(stated.len(), listed.len(), "a theorem is listed that no type states");
}
