//! Edge lists, labels and names that cannot be read, each with the error it deserves.

use std::path::Path;

use proofsketch::io::{
    Error, NameTable, read_edge_list, read_edge_list_among, read_labels, read_names, write_names,
};

use super::io::{gzipped, place};

/// Reads a file of this content; the error says so in one line, after the file's name.
fn error_by<T>(content: impl AsRef<[u8]>, read: impl FnOnce(&Path) -> Result<T, Error>) -> Error {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("edges");
    std::fs::write(&path, content).unwrap();
    let error = read(&path).err().expect("the file is broken");
    let message = error.to_string();
    assert!(message.starts_with(path.to_str().unwrap()), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    error
}

fn error_of(content: impl AsRef<[u8]>) -> Error {
    error_by(content, |path| read_edge_list(path))
}

#[test]
fn a_file_without_edges() {
    for content in ["", "\n\n", "# nothing\n% here", "source\ttarget\tweight\n"] {
        assert!(matches!(error_of(content), Error::Nothing { what: "edges", .. }), "{content:?}");
    }
    assert!(matches!(error_of(gzipped(b"# nothing\n")), Error::Nothing { .. }));
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(read_edge_list(dir.path().join("absent")), Err(Error::Open { .. })));
    let error = error_by("u v\n", |path| read_edge_list_among(path, NameTable::numbered(2)));
    assert!(matches!(error, Error::Nothing { .. }), "{error}");
}

#[test]
fn a_line_of_another_number_of_fields() {
    for (content, line) in
        [("1\n2 3\n", 1), ("# x\n\n1 2 3 4\n", 3), ("1 2\n\n3\n", 3), ("1,2\n3,4,5,6\n", 2)]
    {
        match error_of(content) {
            Error::Malformed { line: found, expected: "u v [weight]", .. } => {
                assert_eq!(found, line, "{content:?}");
            }
            other => panic!("{content:?}: {other}"),
        }
    }
    for (content, expected, found) in
        [("1 2\n3 4 5\n", 2, 3), ("1 2 .5\n3 4\n", 3, 2), ("1\t2\n3\t4\t\n", 2, 3)]
    {
        match error_of(content) {
            Error::Ragged { line: 2, expected: width, found: fields, .. } => {
                assert_eq!((width, fields), (expected, found));
            }
            other => panic!("{content:?}: {other}"),
        }
    }
}

#[test]
fn a_weight_that_is_none() {
    for weight in ["-1", "-1e-300", "1e39", "1e-60"] {
        match error_of(format!("1 2 1\n\n2 3 {weight}\n")) {
            Error::Weight { at, found } => assert_eq!(place(&at, &found), (3, 3, None, weight)),
            other => panic!("{other}"),
        }
    }
    let at_weight = |at: &proofsketch::io::Cell| (at.line, at.column) == (2, 3);
    assert!(matches!(error_of("1,2,1\n2,3,nan\n"), Error::Missing { at, .. } if at_weight(&at)));
    assert!(matches!(error_of("1,2,1\n2,3,\n"), Error::Missing { at, .. } if at_weight(&at)));
    assert!(matches!(error_of("1,2,1\n2,3,inf\n"), Error::NotFinite { at, .. } if at_weight(&at)));
    assert!(matches!(error_of("1,2,1\n2,3,heavy\n"), Error::NotANumber { at, .. } if at_weight(&at)));
    assert!(matches!(error_of("a,2,heavy\n2,3,1\n"), Error::NotANumber { at, .. } if at.line == 1));
}

#[test]
fn a_node_without_a_name() {
    for (content, column) in [("1,2\n,3\n", 1), ("1\t2\n3\t \n", 2), ("1;2\n3;\"\"\n", 2)] {
        match error_of(content) {
            Error::Missing { at, .. } => assert_eq!((at.line, at.column), (2, column)),
            other => panic!("{content:?}: {other}"),
        }
    }
    assert!(matches!(error_of("a,b\n\"c\"d,e\n"), Error::Quote { at } if (at.line, at.column) == (2, 1)));
}

#[test]
fn a_node_that_was_not_declared() {
    let among = |content: &str| error_by(content, |path| read_edge_list_among(path, NameTable::numbered(5)));
    for (content, expected) in [
        ("0 1\n# x\n4 5\n", (3, 2, "5")),
        ("0 1\nx 2\n", (2, 1, "x")),
        ("5 1\n", (1, 1, "5")),
        ("x 1\n1 2\n", (1, 1, "x")),
    ] {
        match among(content) {
            Error::UnknownName { at, kind: "node", name } => {
                assert_eq!((at.line, at.column, name.as_str()), expected);
            }
            other => panic!("{content:?}: {other}"),
        }
    }
}

#[test]
fn a_label_of_an_unknown_node() {
    let nodes = NameTable::from_names(["1", "7"]).unwrap();
    let error = error_by("node\tlabel\n1\ta\n\n3\tb\n", |path| read_labels(path, &nodes));
    assert!(error.to_string().ends_with("line 4, column 1: `3` is not a known node"), "{error}");
    let texts = NameTable::from_names(["ada", "7"]).unwrap();
    let error = error_by("node\tlabel\nada\ta\n", |path| read_labels(path, &texts));
    assert!(matches!(error, Error::UnknownName { at, name, .. } if at.line == 1 && name == "node"));
    for content in ["", "node label\n"] {
        let error = error_by(content, |path| read_labels(path, &nodes));
        assert!(matches!(error, Error::Nothing { what: "labels", .. }), "{error}");
    }
    for content in ["1 2 3\n", "1\n", "1 2\n7 3 4 5 6\n"] {
        let error = error_by(content, |path| read_labels(path, &nodes));
        assert!(matches!(error, Error::Malformed { .. }), "{error}");
    }
    let error = error_by("1 2\n7 3 4\n", |path| read_labels(path, &nodes));
    assert!(matches!(error, Error::Malformed { line: 2, expected: "node label", .. }), "{error}");
}

#[test]
fn names_that_are_no_names() {
    let error = error_by("a\n# x\nb\n b \n", |path| read_names(path));
    assert!(matches!(error, Error::RepeatedName { at, name } if at.line == 4 && name == "b"));
    assert!(matches!(error_by("a\n\"b\n", |path| read_names(path)), Error::Quote { at } if at.line == 2));
    assert!(matches!(error_by("# a\n", |path| read_names(path)), Error::Nothing { what: "names", .. }));
    let dir = tempfile::tempdir().unwrap();
    let broken = NameTable::from_names(["a", "b\nc"]).unwrap();
    assert!(matches!(write_names(dir.path().join("names"), &broken), Err(Error::Write { .. })));
    assert!(!dir.path().join("names").exists());
}

#[test]
fn a_line_without_end() {
    let content = [&b"1 2\n".repeat(1 << 20)[..], &vec![b'1'; (1 << 26) + (1 << 22)]].concat();
    let error = error_of(gzipped(&content));
    assert!(matches!(error, Error::LineTooLong { line, .. } if line == (1 << 20) + 1), "{error}");
}
