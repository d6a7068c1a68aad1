//! Matrix Market files that cannot be read, each with the error it deserves.

use proofsketch::io::{Error, read_matrix, read_table};

use super::io::{assert_not_a_number, assert_not_finite, error_of};

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
fn a_short_sparse_file_makes_no_large_table() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.mtx");
    let hollow = "%%MatrixMarket matrix coordinate real general\n4000000 400 1\n1 1 1\n"; // 12.8 GB
    std::fs::write(&path, hollow).unwrap();
    let error = read_table(&path).unwrap_err();
    assert!(
        matches!(error, Error::Unsupported { .. }) && error.to_string().contains("4000000×400"),
        "{error}"
    );
}
