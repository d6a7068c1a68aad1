//! Files: what is written reads back to the same bits, in every format, whole or by blocks.

use std::fs::File;
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use nalgebra_sparse::CsrMatrix;
use npyz::WriterBuilder;
use proofsketch::io::{
    Matrix, count_rows, open_blocks, read_matrix, read_matrix_market, read_npy, read_table,
    write_matrix_market_array, write_matrix_market_coordinate, write_npy, write_table,
};
use proofsketch::testing::strategies;
pub use proofsketch::testing::strategies::finite;
use proptest::prelude::*;
use tempfile::TempDir;

/// A folder of its own, and a file in it that does not exist yet.
pub fn fresh(name: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    (dir, path)
}

pub fn matrices() -> impl Strategy<Value = DMatrix<f64>> {
    strategies::matrices(1..20, 1..7, finite())
}

fn bits(matrix: &DMatrix<f64>) -> (usize, usize, Vec<u64>) {
    (matrix.nrows(), matrix.ncols(), matrix.iter().map(|value| value.to_bits()).collect())
}

fn write_npyz<T: npyz::AutoSerialize + Copy>(path: &Path, order: npyz::Order, shape: &[u64], values: &[T]) {
    let writer = npyz::WriteOptions::new().default_dtype().order(order).shape(shape);
    let mut writer = writer.writer(File::create(path).unwrap()).begin_nd().unwrap();
    writer.extend(values.iter().copied()).unwrap();
    writer.finish().unwrap();
}

/// Reads by blocks of `k` rows, holding each block's size against what it should be.
fn read_by_blocks(path: &Path, k: usize) -> DMatrix<f64> {
    let nrows = count_rows(path).unwrap();
    let blocks = open_blocks(path, k).unwrap();
    let ncols = blocks.ncols();
    assert!(blocks.nrows().is_none_or(|stated| stated == nrows));
    let mut rows = Vec::new();
    for (b, block) in blocks.enumerate() {
        let block = block.unwrap();
        assert_eq!(block.shape(), (k.min(nrows - b * k), ncols));
        rows.extend(block.transpose().iter());
    }
    DMatrix::from_row_slice(nrows, ncols, &rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_table_reads_back_to_the_same_bits(
        matrix in matrices(),
        names in prop::option::of(prop::collection::vec("[a-zA-Z][ -~é]{0,6}x", 6)),
        extension in prop::sample::select(vec!["csv", "tsv", "txt", "csv.gz", "tsv.gz"]),
    ) {
        let (_dir, path) = fresh(&format!("table.{extension}"));
        let names = names.map(|names| names[..matrix.ncols()].to_vec());
        write_table(&path, names.as_deref(), &matrix).unwrap();
        let table = read_table(&path).unwrap();
        prop_assert_eq!(table.names(), names.as_deref());
        prop_assert_eq!(bits(table.values()), bits(&matrix));
    }

    #[test]
    fn npy_reads_back_to_the_same_bits(matrix in matrices(), name in prop::sample::select(vec!["a.npy", "a.npy.gz"])) {
        let (_dir, path) = fresh(name);
        write_npy(&path, &matrix).unwrap();
        prop_assert_eq!(bits(&read_npy(&path).unwrap()), bits(&matrix));
        let single = matrix.map(|value| value as f32);
        write_npy(&path, &single).unwrap();
        prop_assert_eq!(bits(&read_npy(&path).unwrap()), bits(&single.map(f64::from)));
    }

    #[test]
    fn npy_holds_the_rows_behind_its_header(matrix in matrices()) {
        let (_dir, path) = fresh("a.npy");
        write_npy(&path, &matrix).unwrap();
        let content = std::fs::read(&path).unwrap();
        let (header, rows) = content.split_at(content.len() - 8 * matrix.len());
        let shape = format!("'fortran_order': False, 'shape': ({}, {}", matrix.nrows(), matrix.ncols());
        prop_assert!(header.starts_with(b"\x93NUMPY\x01\x00"));
        prop_assert!(String::from_utf8_lossy(header).contains(&shape));
        prop_assert_eq!(header.len() % 16, 0);
        let expected: Vec<u8> = matrix.transpose().iter().flat_map(|value| value.to_ne_bytes()).collect();
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn c_and_fortran_order_are_the_same_matrix(matrix in matrices(), k in 1..25_usize) {
        let (_dir, path) = fresh("a.npy");
        let shape = [matrix.nrows() as u64, matrix.ncols() as u64];
        for (order, values) in [(npyz::Order::C, matrix.transpose()), (npyz::Order::Fortran, matrix.clone())] {
            write_npyz(&path, order, &shape, values.as_slice());
            prop_assert_eq!(bits(&read_npy(&path).unwrap()), bits(&matrix));
            prop_assert_eq!(bits(&read_by_blocks(&path, k)), bits(&matrix));
        }
    }

    #[test]
    fn blocks_of_any_size_make_up_the_whole(
        matrix in matrices(),
        k in 1..25_usize,
        name in prop::sample::select(vec!["a.csv", "a.tsv.gz", "a.npy", "a.npy.gz"]),
    ) {
        let (_dir, path) = fresh(name);
        write_table(&path, None, &matrix).unwrap();
        prop_assert_eq!(bits(&read_by_blocks(&path, k)), bits(&matrix));
    }

    #[test]
    fn matrix_market_reads_back_to_the_same_bits(
        matrix in matrices(),
        name in prop::sample::select(vec!["a.mtx", "a.mtx.gz"]),
    ) {
        let (_dir, path) = fresh(name);
        write_matrix_market_array(&path, &matrix).unwrap();
        let Matrix::Dense(read) = read_matrix_market(&path).unwrap() else { panic!("an array is dense") };
        prop_assert_eq!(bits(&read), bits(&matrix));

        let sparse = CsrMatrix::from(&matrix.map(|value| if value.abs() < 5.0 { 0.0 } else { value }));
        write_matrix_market_coordinate(&path, &sparse).unwrap();
        prop_assert_eq!(read_matrix(&path).unwrap(), Matrix::Sparse(sparse));
    }
}

#[test]
fn integers_of_every_width_are_read() {
    let (_dir, path) = fresh("a.npy");
    macro_rules! check {
        ($($t:ty),*) => {$(
            let values = [<$t>::MIN, 0 as $t, 1 as $t, 100 as $t, <$t>::MAX, 7 as $t];
            write_npyz(&path, npyz::Order::C, &[3, 2], &values);
            let expected = DMatrix::from_row_slice(3, 2, &values.map(|value| value as f64));
            assert_eq!(read_npy(&path).unwrap(), expected, stringify!($t));
        )*};
    }
    check!(u8, u16, u32, u64, i8, i16, i32, i64, f32, f64);
}

#[test]
fn big_endian_numbers_and_vectors_are_read() {
    let (_dir, path) = fresh("a.npy");
    let text = format!("{:<117}\n", "{'descr': '>i2', 'fortran_order': True, 'shape': (3,), }");
    let header = [b"\x93NUMPY\x01\x00\x76\x00", text.as_bytes()].concat();
    std::fs::write(&path, [&header[..], &[0, 1, 1, 0, 0xff, 0xff]].concat()).unwrap();
    assert_eq!(read_npy(&path).unwrap(), DMatrix::from_column_slice(3, 1, &[1.0, 256.0, -1.0]));
    assert_eq!(read_by_blocks(&path, 2), DMatrix::from_column_slice(3, 1, &[1.0, 256.0, -1.0]));
}

#[test]
fn a_long_table_is_read_across_its_inner_blocks() {
    let (_dir, path) = fresh("long.csv.gz");
    let matrix = DMatrix::from_fn(70_001, 3, |i, j| (3 * i + j) as f64);
    write_table(&path, None, &matrix).unwrap();
    assert_eq!(read_table(&path).unwrap().into_values(), matrix);
    let (_dir, path) = fresh("long.npy");
    write_npy(&path, &matrix).unwrap();
    assert_eq!(read_npy(&path).unwrap(), matrix);
}
