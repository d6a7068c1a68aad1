//! Files: one matrix, written in all the ways that mean the same.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use nalgebra::{DMatrix, dmatrix};
use proofsketch::io::{Error, Matrix, Table, read_matrix, read_table, write_atomically, write_table};
use proptest::prelude::*;

use super::io::{finite, fresh};

fn table_of(bytes: &[u8]) -> Table {
    let (_dir, path) = fresh("table.txt");
    std::fs::write(&path, bytes).unwrap();
    read_table(&path).unwrap()
}

fn matrix_of(text: &str) -> Matrix {
    let (_dir, path) = fresh("matrix");
    std::fs::write(&path, text).unwrap();
    read_matrix(&path).unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn layout_does_not_change_a_table(
        values in prop::collection::vec(finite(), 12),
        delimiter in prop::sample::select(vec![",", "\t", ";", " ", "   ", " , ", ";\t"]),
        has_header: bool,
        has_mark: bool,
        is_quoted: bool,
        line_end in prop::sample::select(vec!["\n", "\r\n", "\n\n", "\r\n \t\r\n", "  \n"]),
        ends_in_newline: bool,
        cut in prop::option::of(0.0..1.0),
    ) {
        prop_assume!(delimiter != ";\t" || !is_quoted);
        let delimiter = delimiter.strip_suffix('\t').filter(|rest| !rest.is_empty()).unwrap_or(delimiter);
        let matrix = DMatrix::from_row_slice(4, 3, &values);
        let quoted = |field: String| if is_quoted { format!("\"{field}\"") } else { field };
        let mut lines: Vec<String> = matrix
            .row_iter()
            .map(|row| row.iter().map(|x| quoted(format!("{x:e}"))).collect::<Vec<_>>().join(delimiter))
            .collect();
        if has_header {
            lines.insert(0, ["x", "y", "NA"].map(|name| quoted(name.into())).join(delimiter));
        }
        let mut text = if has_mark { "\u{feff}".to_owned() } else { String::new() } + &lines.join(line_end);
        if ends_in_newline {
            text += line_end;
        }
        let bytes = match cut {
            None => text.into_bytes(),
            Some(cut) => { // two gzip members, cut anywhere
                let (head, tail) = text.as_bytes().split_at((cut * text.len() as f64) as usize);
                [gzipped(head), gzipped(tail)].concat()
            }
        };
        let table = table_of(&bytes);
        let names = has_header.then(|| ["x", "y", "NA"].map(String::from).to_vec());
        prop_assert_eq!(table, Table::new(names, matrix).unwrap());
    }

    #[test]
    fn cells_are_rounded_as_the_standard_library_does(
        cells in prop::collection::vec("[+-]?[0-9]{0,3}[0-9]{0,18}\\.?[0-9]{0,3}[0-9]{0,18}(e-?[0-9]{1,2})?", 1..30),
        delimiter in prop::sample::select(vec!["\t", ";", ",", " "]),
    ) {
        let numbers: Vec<(&str, f64)> =
            cells.iter().filter_map(|cell| Some((cell.as_str(), cell.parse().ok()?))).collect();
        prop_assume!(!numbers.is_empty());
        let (cells, expected): (Vec<&str>, Vec<f64>) = numbers.into_iter().unzip();
        let table = table_of(cells.join(delimiter).as_bytes());
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(table.values().as_slice()), bits(&expected));
    }

    #[test]
    fn quoted_names_are_read_without_the_blanks_around_them(
        names in prop::collection::vec("[a-z][ -~é\t]{0,8}", 1..5),
        delimiter in prop::sample::select(vec![b',', b'\t', b';']),
    ) {
        let quoting = csv::QuoteStyle::Always;
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(quoting).from_writer(Vec::new());
        let ones = vec!["1"; names.len()];
        writer.write_record(&names).unwrap();
        writer.write_record(&ones).unwrap();
        let table = table_of(&writer.into_inner().unwrap());
        let trimmed: Vec<&str> = names.iter().map(|name| name.trim_ascii()).collect();
        prop_assert_eq!(table.names().unwrap(), &trimmed[..]);
        prop_assert_eq!(table.values(), &DMatrix::from_element(1, names.len(), 1.0));
    }
}

#[test]
fn the_first_row_is_a_header_if_it_holds_a_word_and_no_number() {
    assert_eq!(table_of(b"Na,Mg\n1,2\n").names().unwrap(), ["Na", "Mg"]);
    assert_eq!(table_of(b"1,2\n3,4\n").names(), None);
    assert_eq!(table_of(b"x\n7").values(), &dmatrix![7.0]);
    assert_eq!(table_of(b"7\n8").values(), &dmatrix![7.0; 8.0]);
}

#[test]
fn a_quoted_name_may_hold_delimiters_and_go_on_over_lines() {
    let table = table_of(b"\"delay\n\n(min)\",\"x, y\"\n1,2\n");
    assert_eq!(table.names().unwrap(), ["delay\n\n(min)", "x, y"]);
    assert_eq!(table_of(b" \"x\", \"y\" \n 1, \"2\" ").names().unwrap(), ["x", "y"]);
    assert_eq!(table_of(b"\"a \"\"b  c\" d \n 1 \t 2").names().unwrap(), ["a \"b  c", "d"]);
}

#[test]
fn numbers_are_read_in_every_decimal_notation() {
    let table = table_of(b"1 -1 +1 1. .5 1e3 1E-3 -0 00012 1e-400");
    assert_eq!(table.values(), &dmatrix![1.0, -1.0, 1.0, 1.0, 0.5, 1e3, 1e-3, -0.0, 12.0, 0.0]);
}

#[test]
fn columns_are_found_by_name_then_by_number_from_1() {
    let table = table_of(b"a;b;b\n1;2;3\n4;5;6\n");
    assert_eq!(table.column_index("a").unwrap(), 0);
    assert_eq!(table.column_index("3").unwrap(), 2);
    let (rest, target) = table.clone().split_target(Some("a")).unwrap();
    assert_eq!((rest.values(), target.as_slice()), (&dmatrix![2.0, 3.0; 5.0, 6.0], &[1.0, 4.0][..]));
    assert_eq!(rest.names().unwrap(), ["b", "b"]);
    let (rest, target) = table.split_target(None).unwrap();
    assert_eq!((rest.values(), target.as_slice()), (&dmatrix![1.0, 2.0; 4.0, 5.0], &[3.0, 6.0][..]));
}

#[test]
fn matrix_market_symmetries_are_expanded() {
    let symmetric = dmatrix![1.0, 2.0, 0.0; 2.0, 0.0, 4.0; 0.0, 4.0, 5.0];
    let skew = dmatrix![0.0, -2.0, 0.0; 2.0, 0.0, -4.0; 0.0, 4.0, 0.0];
    let dense = |text: &str| matrix_of(text).into_dense().unwrap();
    let coordinate = "%%MatrixMarket matrix coordinate real symmetric\n% three nodes\n\n3 3 4\n1 1 1\n2 1 2\n3 2 4\n3 3 5\n";
    assert_eq!(dense(coordinate), symmetric);
    assert_eq!(dense("%%matrixmarket MATRIX Array Integer Symmetric\n3 3\n1\n2\n0\n0\n4\n5\n"), symmetric);
    assert_eq!(
        dense("%%MatrixMarket matrix coordinate real skew-symmetric\r\n3 3 2\r\n2 1 2\r\n3 2 4\r\n"),
        skew
    );
    assert_eq!(dense("%%MatrixMarket matrix array real skew-symmetric\n3 3\n2\n0\n4\n"), skew);
    let pattern = "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 1\n2 1";
    assert_eq!(dense(pattern), dmatrix![1.0, 1.0; 1.0, 0.0]);
    let twice = "%%MatrixMarket matrix coordinate real general\n2 1 2\n2 1 1.5\n2 1 2\n";
    assert_eq!(dense(twice), dmatrix![0.0; 3.5]);
}

#[test]
fn a_failed_write_keeps_what_was_there() {
    let (dir, path) = fresh("table.csv");
    write_table(&path, None, &dmatrix![1.0]).unwrap();
    let result = write_atomically(&path, |out| {
        out.write_all(b"half")?;
        Err(std::io::Error::other("the disk is full"))
    });
    assert!(matches!(result, Err(Error::Write { .. })));
    assert_eq!(read_table(&path).unwrap().values(), &dmatrix![1.0]);
    assert_eq!(dir.path().read_dir().unwrap().count(), 1, "the temporary file is gone");
}

#[cfg(unix)]
#[test]
fn a_written_file_has_the_permissions_of_any_other() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let (dir, path) = fresh("new.csv");
    write_table(&path, None, &dmatrix![1.0]).unwrap();
    let plain = dir.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    assert_eq!(mode(&path), mode(&plain));

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = dir.path().join("link.csv");
    symlink(&path, &link).unwrap();
    write_table(&link, None, &dmatrix![2.0]).unwrap();
    assert_eq!(mode(&path), 0o640);
    assert_eq!(
        read_table(&path).unwrap().values(),
        &dmatrix![2.0],
        "the link's target was replaced, not the link"
    );
}
