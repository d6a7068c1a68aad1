//! Files that cannot be read, each with the error it deserves.

use std::io::Write;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::io::{
    Cell, Error, Table, count_rows, open_blocks, read_matrix, read_table, write_matrix_market_array,
    write_npy, write_table,
};

/// Reads a file of this name and content as a matrix; the error says so without the folder.
fn error_of(name: &str, content: impl AsRef<[u8]>) -> Error {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    let error = read_matrix(&path).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with(path.to_str().unwrap()), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    error
}

/// (line, column, name, text) of the cell that is wrong.
type Place<'a> = (usize, usize, Option<&'a str>, &'a str);

fn place<'a>(at: &'a Cell, found: &'a str) -> Place<'a> {
    (at.line, at.column, at.name.as_deref(), found)
}

#[track_caller]
fn assert_missing(content: &str, expected: Place) {
    match error_of("t.csv", content) {
        Error::Missing { at, found } => assert_eq!(place(&at, &found), expected),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn assert_not_a_number(name: &str, content: impl AsRef<[u8]>, expected: Place) {
    match error_of(name, content) {
        Error::NotANumber { at, found } => assert_eq!(place(&at, &found), expected),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn assert_not_finite(name: &str, content: &str, expected: Place) {
    match error_of(name, content) {
        Error::NotFinite { at, found } => assert_eq!(place(&at, &found), expected),
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

#[track_caller]
fn assert_matrix_market(content: &str, line: usize, problem: &str) {
    match error_of("a.mtx", content) {
        Error::MatrixMarket { line: at, problem: found, .. } => {
            assert_eq!(at, line, "{found}");
            assert!(found.contains(problem), "{found}");
        }
        other => panic!("{other}"),
    }
}

fn npy(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY", &[version, 0][..], &length, header.as_bytes(), data].concat()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_file_that_cannot_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path().join("absent.csv"), dir.path().to_owned()] {
        assert!(matches!(read_table(&path), Err(Error::Open { .. })));
        assert!(matches!(open_blocks(&path, 1), Err(Error::Open { .. })));
        assert!(matches!(count_rows(&path), Err(Error::Open { .. })));
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
    for content in ["1,2\n3,\"4\n", "1,2\n3,\"4\"x\n", "1,2\n3,\"4\"\"\n"] {
        match error_of("t.csv", content) {
            Error::Quote { at } => assert_eq!((at.line, at.column), (2, 2)),
            other => panic!("{other}"),
        }
    }
    assert!(
        matches!(error_of("t.csv", "\"a,b\n1,2\n"), Error::Quote { at } if at.line == 1 && at.column == 1)
    );
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

#[test]
fn a_cut_or_corrupt_gzip_stream() {
    let rows: String = (0..500).map(|i| format!("{i},{}\n", i * i)).collect();
    let whole = gzipped(rows.as_bytes());
    for length in 2..whole.len() {
        let error = error_of("t.csv.gz", &whole[..length]);
        assert!(matches!(error, Error::Truncated { .. }), "{length} of {}: {error}", whole.len());
    }
    let mut corrupt = whole.clone();
    let checksum = corrupt.len() - 8;
    corrupt[checksum] ^= 1;
    assert!(matches!(error_of("t.csv.gz", corrupt), Error::Read { .. }));
    assert!(matches!(
        error_of("t.csv.gz", [&whole[..], b"1,2\n"].concat()),
        Error::Read { .. } | Error::Truncated { .. }
    ));
}

#[test]
fn a_npy_file_of_another_kind() {
    for (descr, shape) in [
        ("'<c16'", "(2, 2)"),
        ("'|O'", "(2, 2)"),
        ("'<U3'", "(2,)"),
        ("'<f2'", "(2,)"),
        ("[('x', '<f8')]", "(2,)"),
        ("'<f8'", "(2, 2, 2)"),
        ("'<f8'", "()"),
    ] {
        let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
        let error = error_of("a.npy", npy(1, &header, &[0; 64]));
        assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    }
    let error = error_of("a.npy", npy(9, "{}", &[]));
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
}

#[test]
fn a_broken_npy_header() {
    let huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }";
    for content in [
        b"1,2\n".to_vec(),
        b"\x93NUM".to_vec(),
        b"\x93NUMPY\x01\x00\xff\x00{".to_vec(),
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(),
        npy(1, "", &[]),
        npy(1, "{'descr': '<f8', 'shape': (1,)}", &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': 3, 'shape': (1,)}", &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", &[0; 8]),
        npy(1, huge, &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", &[0; 9]),
    ] {
        let error = error_of("a.npy", &content);
        assert!(matches!(error, Error::Npy { .. }), "{error}");
    }
    let none = npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 1000000000000)}", &[]);
    assert!(matches!(error_of("a.npy", none), Error::Empty { .. }));
}

#[test]
fn a_npy_file_that_goes_on_after_its_last_number() {
    let dir = tempfile::tempdir().unwrap();
    for order in ["False", "True"] {
        let header = format!("{{'descr': '|u1', 'fortran_order': {order}, 'shape': (2, 2), }}\n");
        let content = npy(1, &header, &[0; 5]);
        for (name, content) in [("a.npy", content.clone()), ("a.npy.gz", gzipped(&content))] {
            assert!(matches!(error_of(name, content), Error::Npy { .. }));
        }
        let path = dir.path().join("a.npy");
        std::fs::write(&path, content).unwrap();
        assert!(matches!(open_blocks(&path, 1), Err(Error::Npy { .. })));
    }
}

#[test]
fn a_npy_file_that_promises_more_than_it_holds() {
    for order in ["False", "True"] {
        let header =
            format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': (1000000000000, 10), }}\n");
        let promise = npy(1, &header, &[0; 800]);
        for (name, content) in [("a.npy", promise.clone()), ("a.npy.gz", gzipped(&promise))] {
            let error = error_of(name, content);
            assert!(matches!(error, Error::Truncated { .. }), "{error}");
            assert!(error.to_string().contains("800 bytes"), "{error}");
        }
    }
}

#[test]
fn rows_of_a_file_without_rows_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let unsupported = |path: &Path| matches!(open_blocks(path, 1), Err(Error::Unsupported { .. }));
    let path = dir.path().join("a.mtx");
    write_matrix_market_array(&path, &DMatrix::zeros(2, 2)).unwrap();
    assert!(unsupported(&path));
    assert!(matches!(count_rows(&path), Err(Error::Unsupported { .. })));
    let path = dir.path().join("a.npy.gz");
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}";
    std::fs::write(&path, gzipped(&npy(1, header, &[0; 4]))).unwrap();
    assert!(unsupported(&path));
}

#[test]
fn an_error_ends_the_blocks() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.csv");
    std::fs::write(&path, "1,2\n3,4\n5\n6,7\n").unwrap();
    let mut blocks = open_blocks(&path, 2).unwrap();
    assert_eq!(blocks.next().unwrap().unwrap(), nalgebra::dmatrix![1.0, 2.0; 3.0, 4.0]);
    assert!(matches!(blocks.next(), Some(Err(Error::Ragged { line: 3, .. }))));
    assert!(blocks.next().is_none());
}

#[test]
fn broken_matrix_market() {
    let real = "%%MatrixMarket matrix coordinate real general\n";
    assert_matrix_market("1 2\n", 1, "banner");
    assert_matrix_market("%%MatrixMarket matrix coordinate real\n1 1 0\n", 1, "banner");
    assert_matrix_market("%%MatrixMarket matrix array pattern general\n1 1\n", 1, "banner");
    assert_matrix_market(&format!("{real}% a\n2 2\n"), 3, "rows, columns, entries");
    assert_matrix_market(&format!("{real}2 -2 1\n"), 2, "columns `-2`");
    assert_matrix_market(&format!("{real}2 2 2\n1 1 1\n\n0 1 1\n"), 5, "row 0 is not between 1 and 2");
    assert_matrix_market(&format!("{real}2 2 1\n1 3 1\n"), 3, "column 3 is not between 1 and 2");
    assert_matrix_market(&format!("{real}2 2 1\n1 1\n"), 3, "row, column, value");
    assert_matrix_market(&format!("{real}2 2 1\n1 1 1\n1 2 1\n"), 4, "1 entries");
    let symmetric = "%%MatrixMarket matrix coordinate real symmetric\n";
    assert_matrix_market(&format!("{symmetric}2 3 0\n"), 2, "2×3");
    assert_matrix_market(&format!("{symmetric}2 2 1\n1 2 1\n"), 3, "(1, 2)");
    let skew = "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 2 1\n";
    assert_matrix_market(skew, 3, "(2, 2)");
    assert_not_a_number("a.mtx", format!("{real}2 2 1\n1 1 x\n"), (3, 3, None, "x"));
    assert_not_finite(
        "a.mtx",
        "%%MatrixMarket matrix array real general\n1 2\n1\ninf\n",
        (4, 1, None, "inf"),
    );
}

#[test]
fn matrix_market_that_promises_more_than_it_holds() {
    let huge = usize::MAX;
    for content in [
        String::from("%%MatrixMarket matrix array real general\n2 2\n1\n"),
        String::from("%%MatrixMarket matrix array real general\n"),
        format!("%%MatrixMarket matrix array real general\n{huge} {huge}\n1\n"),
        format!("%%MatrixMarket matrix array real symmetric\n{huge} {huge}\n1\n"),
        format!("%%MatrixMarket matrix coordinate real general\n{huge} {huge} {huge}\n1 1 1\n"),
    ] {
        let error = error_of("a.mtx", content);
        assert!(matches!(error, Error::Truncated { .. }), "{error}");
    }
    let hollow = format!("%%MatrixMarket matrix coordinate real general\n{huge} 1 1\n1 1 1\n");
    assert!(matches!(error_of("a.mtx", hollow), Error::Unsupported { .. }));
    let complex = "%%MatrixMarket matrix coordinate complex hermitian\n1 1 1\n1 1 1 0\n";
    assert!(matches!(error_of("a.mtx", complex), Error::Unsupported { .. }));
    assert!(matches!(
        error_of("a.mtx", "%%MatrixMarket matrix array real general\n0 5\n"),
        Error::Empty { .. }
    ));
}

#[test]
fn a_sparse_matrix_too_large_to_be_dense() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.mtx");
    let wide = usize::MAX >> 1;
    std::fs::write(&path, format!("%%MatrixMarket matrix coordinate real general\n9 {wide} 1\n1 1 1\n"))
        .unwrap();
    let matrix = read_matrix(&path).unwrap();
    assert!(matches!(matrix.into_dense(), Err(Error::TooLarge { nrows: 9, ncols }) if ncols == wide));
}

#[test]
fn a_file_that_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let values = DMatrix::zeros(1, 2);
    assert!(matches!(write_npy(dir.path().join("no/such.npy"), &values), Err(Error::Write { .. })));
    assert!(matches!(write_table(dir.path(), None, &values), Err(Error::Write { .. })));
    let path = dir.path().join("t.csv");
    for names in [&["x"][..], &["x", "1"], &["NA", ""], &["inf", "x"]] {
        let names: Vec<String> = names.iter().map(|&name| name.into()).collect();
        assert!(
            matches!(write_table(&path, Some(&names), &values), Err(Error::Header { ncols: 2, .. })),
            "{names:?}"
        );
        assert!(!path.exists());
    }
}
