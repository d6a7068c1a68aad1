//! `.npy` of d × N matrices as N × d arrays: in C order as they lie in memory, in Fortran order from blocks.

use std::io::ErrorKind;

use nalgebra::DMatrix;
use proofsketch::io::{Error, read_npy, write_npy_columns, write_npy_transposed};
use proptest::prelude::*;

use super::io::{fresh, matrices};

proptest! {
    #[test]
    fn both_orders_read_back_as_the_transpose(matrix in matrices(), cuts in prop::collection::vec(1..4_usize, 0..20)) {
        let (d, n) = matrix.shape();
        let transposed = matrix.transpose();
        for name in ["a.npy", "a.npy.gz"] {
            let (_dir, path) = fresh(name);
            write_npy_transposed(&path, &matrix).unwrap();
            prop_assert_eq!(&read_npy(&path).unwrap(), &transposed);
            write_npy_columns(&path, n, d, |columns| {
                let mut start = 0;
                for size in cuts.iter().copied().chain(std::iter::repeat(d)) {
                    let size = size.min(d - start);
                    columns.append(&matrix.rows(start, size).into_owned())?;
                    start += size;
                    if start == d {
                        return Ok(());
                    }
                }
                unreachable!("the last block is as large as can be")
            })
            .unwrap();
            prop_assert_eq!(&read_npy(&path).unwrap(), &transposed);
        }
    }
}

#[test]
fn single_precision_is_kept_bit_for_bit() {
    let vectors = DMatrix::from_fn(3, 40_000, |j, i| ((i * 7 + j) as f32).sqrt());
    let (_dir, path) = fresh("a.npy");
    write_npy_transposed(&path, &vectors).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let data: Vec<u8> = vectors.iter().flat_map(|number| number.to_le_bytes()).collect();
    assert!(bytes.ends_with(&data) && (bytes.len() - data.len()).is_multiple_of(64));
    let header = String::from_utf8_lossy(&bytes[10..bytes.len() - data.len()]).into_owned();
    assert!(header.contains("'<f4'") && header.contains("False") && header.contains("(40000, 3"), "{header}");

    write_npy_columns(&path, 40_000, 3, |columns| columns.append(&vectors)).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let data: Vec<u8> = vectors.transpose().iter().flat_map(|number| number.to_le_bytes()).collect();
    assert!(bytes.ends_with(&data) && (bytes.len() - data.len()).is_multiple_of(64));
    assert!(String::from_utf8_lossy(&bytes[10..128]).contains("True"));
}

#[test]
fn an_array_that_is_not_filled_as_promised_leaves_the_file_alone() {
    let (dir, path) = fresh("a.npy");
    std::fs::write(&path, "dear").unwrap();
    let block = DMatrix::from_element(2, 5, 1.0_f32);
    let failed = |result: Result<(), Error>, kind: ErrorKind| match result {
        Err(Error::Write { source, .. }) => assert_eq!(source.kind(), kind),
        other => panic!("{other:?}"),
    };
    failed(write_npy_columns(&path, 5, 3, |columns| columns.append(&block)), ErrorKind::Other);
    let twice = write_npy_columns(&path, 5, 3, |columns| {
        columns.append(&block).and_then(|()| columns.append(&block))
    });
    failed(twice, ErrorKind::InvalidInput);
    failed(write_npy_columns(&path, 4, 2, |columns| columns.append(&block)), ErrorKind::InvalidInput);
    let full = write_npy_columns::<f32>(&path, 5, 2, |_| Err(ErrorKind::StorageFull.into()));
    failed(full, ErrorKind::StorageFull);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}
