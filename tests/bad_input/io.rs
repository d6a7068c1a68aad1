//! Files that cannot be opened, decompressed, read by rows or written, each with the error it deserves.

use std::io::Write;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::io::{
    Cell, Error, NameTable, count_rows, open_blocks, read_matrix, read_names, read_table,
    write_matrix_market_array, write_names, write_npy, write_table,
};

use super::io_npy::npy;

/// Reads a file of this name and content as a matrix; the error says so without the folder.
pub fn error_of(name: &str, content: impl AsRef<[u8]>) -> Error {
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
pub type Place<'a> = (usize, usize, Option<&'a str>, &'a str);

pub fn place<'a>(at: &'a Cell, found: &'a str) -> Place<'a> {
    (at.line, at.column, at.name.as_deref(), found)
}

#[track_caller]
pub fn assert_not_a_number(name: &str, content: impl AsRef<[u8]>, expected: Place) {
    match error_of(name, content) {
        Error::NotANumber { at, found } => assert_eq!(place(&at, &found), expected),
        other => panic!("{other}"),
    }
}

#[track_caller]
pub fn assert_not_finite(name: &str, content: &str, expected: Place) {
    match error_of(name, content) {
        Error::NotFinite { at, found } => assert_eq!(place(&at, &found), expected),
        other => panic!("{other}"),
    }
}

pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
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

#[test]
fn a_name_like_the_mark_of_a_format_stays_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let (list, table) = (dir.path().join("names.txt"), dir.path().join("table.csv"));
    for name in [&b"\xef\xbb\xbf"[..], b"\xef\xbb\xbfx", b"\x1f\x8b", b"\x1f\x8bx", b"#x", b"%x", b"\"x"] {
        let names = NameTable::from_names([name, b"y"]).unwrap();
        write_names(&list, &names).unwrap();
        assert_eq!(read_names(&list).unwrap(), names);
    }
    let names = ["\u{feff}x".to_owned(), "y".to_owned()];
    write_table(&table, Some(&names), &nalgebra::dmatrix![1.0, 2.0]).unwrap();
    assert_eq!(read_table(&table).unwrap().names(), Some(&names[..]));
}
