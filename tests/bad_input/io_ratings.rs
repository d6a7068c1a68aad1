//! Ratings that cannot be read, each with the error it deserves.

use proofsketch::io::{Error, read_ratings};

use super::io::{gzipped, place};

/// Reads a file of this content as ratings; the error says so in one line, after the file's name.
fn error_of(content: impl AsRef<[u8]>) -> Error {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ratings");
    std::fs::write(&path, content).unwrap();
    let error = read_ratings(&path).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with(path.to_str().unwrap()), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    error
}

#[test]
fn a_file_without_ratings() {
    for content in ["", "\n \r\n", "# none\n% yet\n", "user,item,rating\n", "user,item,rating\n# none\n"] {
        assert!(matches!(error_of(content), Error::Nothing { what: "ratings", .. }), "{content:?}");
    }
    assert!(matches!(error_of(gzipped(b"")), Error::Nothing { .. }));
}

#[test]
fn a_line_of_another_number_of_fields() {
    match error_of("# comment\n\n1,2\n") {
        Error::Malformed { line: 3, found, .. } => assert_eq!(found, "1,2"),
        other => panic!("{other}"),
    }
    match error_of("1 2 3\n\n1 2 3 4 5\n") {
        Error::Malformed { line: 3, found, expected, .. } => {
            assert_eq!((found.as_str(), expected), ("1 2 3 4 5", "user item value [time]"));
        }
        other => panic!("{other}"),
    }
    assert!(matches!(error_of("1\t2\t3\n1\t2\n"), Error::Malformed { line: 2, .. }));
    for content in ["1::2::3\n1::2::3::4\n", "1,2,3\n1,2,3,\n", "1 2 3 4\n1 2 3\n"] {
        assert!(matches!(error_of(content), Error::Ragged { line: 2, .. }), "{content:?}");
    }
}

#[test]
fn a_value_that_is_no_number() {
    for (content, expected) in [
        ("1,2,3\n1,2,x\n", (2, 3, None, "x")),
        ("user,item,rating\n\n1,2,\"3 stars\"\n", (3, 3, None, "3 stars")),
        ("1,2,x\n1,2,3\n", (1, 3, None, "x")), // holds a number: no header
    ] {
        match error_of(content) {
            Error::NotANumber { at, found } => assert_eq!(place(&at, &found), expected),
            other => panic!("{other}"),
        }
    }
    assert!(
        matches!(error_of("1::2::3\n1::2::NaN\n"), Error::Missing { at, .. } if (at.line, at.column) == (2, 3))
    );
    assert!(
        matches!(error_of("1::2::3\n1::2::\n"), Error::Missing { at, .. } if (at.line, at.column) == (2, 3))
    );
    assert!(
        matches!(error_of("1 2 3\n1 2 1e999\n"), Error::NotFinite { at, .. } if (at.line, at.column) == (2, 3))
    );
}

#[test]
fn a_user_or_item_without_a_name() {
    for (content, column) in [("1,2,3\n,2,3\n", 1), ("1\t2\t3\n1\t \t3\n", 2), ("1;2;3\n\"\";2;3\n", 1)] {
        match error_of(content) {
            Error::Missing { at, .. } => assert_eq!((at.line, at.column), (2, column)),
            other => panic!("{content:?}: {other}"),
        }
    }
    for content in ["1,2,3\n\"1,2,3\n", "1,2,3\n\"1\"x,2,3\n"] {
        assert!(matches!(
            error_of(content),
            Error::Ragged { line: 2, .. } | Error::Malformed { line: 2, .. } | Error::Quote { .. }
        ));
    }
    assert!(matches!(error_of("1,2,3\n\"1\"x,2,3\n"), Error::Quote { at } if (at.line, at.column) == (2, 1)));
}

#[test]
fn the_first_error_of_many_pieces_with_its_line() {
    let mut lines: Vec<String> =
        (0..600_000).map(|i| format!("{}\t{}\t{}\n", i % 977, i % 1013, i % 5)).collect();
    for (at, broken) in [(599_998, "1\t2\tlate\n"), (412_345, "1\t2\tearly\n"), (412_399, "1\t2\n")] {
        lines[at] = broken.into();
    }
    lines[3] = "\n".into();
    for content in [lines.concat().into_bytes(), gzipped(lines.concat().as_bytes())] {
        match error_of(content) {
            Error::NotANumber { at, found } => assert_eq!(place(&at, &found), (412_346, 3, None, "early")),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_cut_gzip_stream() {
    let whole = gzipped("1\t2\t3\n".repeat(5000).as_bytes());
    assert!(matches!(error_of(&whole[..whole.len() - 9]), Error::Truncated { .. }));
}

#[test]
fn a_matrix_market_file() {
    let content = "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 3\n";
    assert!(matches!(error_of(content), Error::Unsupported { .. }));
}
