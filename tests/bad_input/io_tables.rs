//! Tables that cannot be read, each with the error it deserves.

use nalgebra::DMatrix;
use proofsketch::io::{Error, Table};

use super::io::{Place, assert_not_a_number, assert_not_finite, error_of, gzipped, place};

#[track_caller]
fn assert_missing(content: &str, expected: Place) {
    match error_of("t.csv", content) {
        Error::Missing { at, found } => assert_eq!(place(&at, &found), expected),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn assert_ragged(content: &str, expected: (usize, usize, usize)) {
    match error_of("t.csv", content) {
        Error::Ragged { line, expected: wanted, found, .. } => assert_eq!((line, wanted, found), expected),
        other => panic!("{other}"),
    }
}

#[test]
fn an_empty_table() {
    for content in ["", "\n\n", " \r\n\t\r\n", "\u{feff}", "a,b,c\n", "a,b,c"] {
        assert!(matches!(error_of("t.csv", content), Error::Empty { .. }), "{content:?}");
    }
    assert!(matches!(error_of("t.csv.gz", gzipped(b"")), Error::Empty { .. }));
}

#[test]
fn a_ragged_row() {
    assert_ragged("1,2\n3,4,5\n", (2, 2, 3));
    assert_ragged("a,b,c\n\n1,2,3\n\n\n4,5\n", (6, 3, 2));
    assert_ragged("a,b,c\r\n\r\n1,2,3\r\n4,5", (4, 3, 2));
    assert_ragged("1 2  3\n4\n", (2, 3, 1));
    assert_ragged("1,2\n3,4,\n", (2, 2, 3));
}

#[test]
fn a_cell_that_is_not_a_number() {
    assert_not_a_number("t.csv", "1,2\n\n3,abc\n", (3, 2, None, "abc"));
    assert_not_a_number("t.tsv", "hour\tdelay\n1\t2\n1,5\t3\n", (3, 1, Some("hour"), "1,5"));
    assert_not_a_number("t.csv", "5.1,x,3\n1,2,3\n", (1, 2, None, "x"));
    assert_not_a_number("t.csv", "a,b\n1,\"2 cm\"\n", (2, 2, Some("b"), "2 cm"));
    assert_not_a_number("t.csv", b"1,2\n3,\xff\xfe\n", (2, 2, None, "\u{fffd}\u{fffd}"));
    assert_not_a_number("t.csv", "1\n0x10", (2, 1, None, "0x10"));
    let long = format!("1\n{}\n", "y".repeat(1000));
    assert_not_a_number("t.csv", long, (2, 1, None, &("y".repeat(40) + "…")));
}

#[test]
fn a_missing_value() {
    assert_missing("a,b\n1,2\n3,\n", (3, 2, Some("b"), ""));
    assert_missing("a,b\n,2\n", (2, 1, Some("a"), ""));
    for word in ["NA", "n/a", "NaN", "nan", "-nan", "null", "None", "?"] {
        assert_missing(&format!("1,2\r\n3,{word}\r\n"), (2, 2, None, word));
    }
    assert_missing("1,NA\n", (1, 2, None, "NA"));
    assert_missing("1;2\n\"\";3\n", (2, 1, None, ""));
}

#[test]
fn a_value_that_is_not_finite() {
    for word in ["inf", "-Infinity", "1e999", "-1e309"] {
        assert_not_finite("t.csv", &format!("a,b\n1,{word}\n"), (2, 2, Some("b"), word));
    }
}

#[test]
fn a_broken_quote() {
    for content in ["1,2\n3,\"4\n", "1,2\n3,\"4\"\"\n5,6\n", "1 2\n3 \"4\n\n5 6"] {
        match error_of("t.csv", content) {
            Error::Quote { at } => assert_eq!((at.line, at.column), (2, 2)),
            other => panic!("{other}"),
        }
    }
    assert!(
        matches!(error_of("t.csv", "\"a,b\n1,2\n"), Error::Quote { at } if at.line == 1 && at.column == 1)
    );
    assert_not_a_number("t.csv", "1,2\n3,\"4\"x\n", (2, 2, None, "4x"));
}

#[test]
fn an_open_quote_does_not_fill_the_memory() {
    let text = [b"1,2\n3,\"4\n".to_vec(), b"5,6\n".repeat((1 << 24) + 1), b"5\"\n".to_vec()].concat();
    assert!(matches!(error_of("t.csv", gzipped(&text)), Error::Quote { at } if at.line == 2));
}

#[test]
fn a_line_is_counted_as_an_editor_does() {
    assert_ragged("\"a\nb\",c\r\n\r\n1,2\r\n \r\n3\r\n", (6, 2, 1));
    assert_not_a_number("t.csv", "a,b\n1,\"2\n3\"\n", (2, 2, Some("b"), "2\u{fffd}3"));
    assert_not_a_number("t.csv", "a,\"b\n\"\n\n\n1,x", (5, 2, Some("b"), "x"));
    assert_missing("\"a\n\",b\n1,\"\n\"\n", (3, 2, Some("b"), ""));
}

#[test]
fn a_line_without_end() {
    let error = error_of("t.csv", gzipped(&vec![b'1'; (1 << 26) + 1]));
    assert!(matches!(error, Error::LineTooLong { line: 1, .. }), "{error}");
}

#[test]
fn a_column_that_is_not_there() {
    let names = Some(["x", "y", "y"].map(String::from).to_vec());
    let table = Table::new(names, DMatrix::zeros(1, 3)).unwrap();
    for column in ["z", "0", "4", "-1", "", "X"] {
        match table.column_index(column) {
            Err(Error::NoSuchColumn { wanted, available }) => {
                assert_eq!(
                    (wanted.as_str(), &available[..]),
                    (column, &["x", "y", "y"].map(String::from)[..])
                );
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(
        matches!(table.column_index("y"), Err(Error::AmbiguousColumn { columns, .. }) if columns == [2, 3])
    );
    assert!(matches!(table.split_target(Some("z")), Err(Error::NoSuchColumn { .. })));
    let nothing = Table::new(None, DMatrix::zeros(1, 0)).unwrap();
    assert!(matches!(nothing.split_target(None), Err(Error::NoSuchColumn { .. })));
    assert!(matches!(Table::new(Some(vec![]), DMatrix::zeros(1, 1)), Err(Error::Header { ncols: 1, .. })));
}
