//! One file read in every way there is, and what its content must leave true whatever it is. Also run by `fuzz/`.

use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::io::{
    Matrix, NameTable, Table, count_rows, open_blocks, read_edge_list, read_edge_list_among, read_labels,
    read_matrix, read_matrix_market, read_matrix_with_missing, read_names, read_npy, read_ratings,
    read_ratings_after, read_table, write_matrix_market_coordinate, write_names, write_npy, write_table,
};

/// Readers of the same matrix agree on whether there is one, on its shape and on its bits.
pub fn read_as_matrix(path: &Path) {
    let table = read_table(path);
    if let Ok(matrix) = read_matrix(path) {
        // a table may be refused where the matrix is sparse: the zeros of a short file may not fit in memory
        let is_sparse = matches!(matrix, Matrix::Sparse(_));
        assert!(table.is_ok() || is_sparse, "{table:?}");
        if let Ok(table) = &table {
            assert_same_bits(&matrix.into_dense().unwrap(), table.values());
        }
    } else {
        assert!(table.is_err(), "{table:?}");
    }
    for rows_per_block in [2, usize::MAX] {
        if let Ok(blocks) = open_blocks(path, rows_per_block) {
            let blocks: Result<Vec<_>, _> = blocks.collect();
            assert_eq!(blocks.is_ok(), table.is_ok());
            let nrows = blocks.ok().map(|blocks| blocks.iter().map(DMatrix::nrows).sum::<usize>());
            assert_eq!(nrows, table.as_ref().ok().map(|table| table.values().nrows()));
            assert!(nrows.is_none_or(|nrows| count_rows(path).unwrap() == nrows));
        }
    }
    if let (Ok(holes), Ok(table)) = (read_matrix_with_missing(path), &table) {
        assert_same_bits(&holes, table.values());
    }
    let _ = (read_npy(path), read_matrix_market(path));
    if let Ok(table) = table {
        assert!(table.values().nrows() > 0 && table.values().ncols() > 0);
        assert_written_whole(path, &table);
    }
}

/// What was read is read again from each kind of file that holds it.
fn assert_written_whole(path: &Path, table: &Table) {
    let [text, npy] = ["again.csv", "again.npy"].map(|name| path.with_file_name(name));
    write_npy(&npy, table.values()).unwrap();
    assert_same_bits(&read_npy(&npy).unwrap(), table.values());
    if table.values().iter().all(|value| value.is_finite()) {
        write_table(&text, table.names(), table.values()).unwrap();
        let again = read_table(&text).unwrap();
        assert_same_bits(again.values(), table.values());
        let on_one_line = |names: &[String]| -> Vec<String> {
            names.iter().map(|name| name.replace(['\r', '\n'], " ").trim_ascii().to_owned()).collect()
        };
        assert_eq!(again.names().map(on_one_line), table.names().map(on_one_line));
    }
}

/// What was read as sparse is read again with the same bits.
pub fn read_as_matrix_market(path: &Path) {
    let Ok(Matrix::Sparse(sparse)) = read_matrix_market(path) else { return };
    if sparse.values().iter().all(|value| value.is_finite()) && sparse.nrows() < 1 << 12 {
        let again = path.with_file_name("again.mtx");
        write_matrix_market_coordinate(&again, &sparse).unwrap();
        assert_eq!(read_matrix_market(&again).unwrap(), Matrix::Sparse(sparse));
    }
}

/// The ends of every edge are nodes, and every weight is one.
pub fn read_as_edges(path: &Path) {
    let Ok(list) = read_edge_list(path) else { return };
    assert!(list.edges.iter().all(|&(u, v)| u.max(v) < count(&list.nodes)));
    assert!(list.weights.iter().flatten().all(|weight| weight.is_finite() && weight.is_sign_positive()));
    assert!(list.weights.is_none_or(|weights| weights.len() == list.edges.len()));
    assert!(list.edges.len() >= list.nodes.len().div_ceil(2));
    assert_eq!(read_edge_list_among(path, list.nodes).unwrap().edges, list.edges);
}

/// Users and items of every rating are known, and its value is finite.
pub fn read_as_ratings(path: &Path) {
    let Ok(ratings) = read_ratings(path) else { return };
    let is_inside = |&(user, item, value): &(u32, u32, f64)| {
        user < count(&ratings.users) && item < count(&ratings.items) && value.is_finite()
    };
    assert!(ratings.entries.iter().all(is_inside));
    assert_eq!(read_ratings_after(path, &ratings.users, &ratings.items).unwrap(), ratings);
}

/// Every label belongs to a node that there is: one of the file itself if it is a list of names, else 0, 1 and 2.
pub fn read_as_labels(path: &Path) {
    let nodes = read_names(path).unwrap_or_else(|_| NameTable::numbered(3));
    let Ok(labels) = read_labels(path, &nodes) else { return };
    assert!(labels.assignments.is_sorted_by(|a, b| a < b));
    assert!(labels.assignments.iter().all(|&(u, l)| u < count(&nodes) && l < count(&labels.names)));
}

/// Names are read again as they were written.
pub fn read_as_names(path: &Path) {
    let Ok(names) = read_names(path) else { return };
    assert!((0..count(&names)).all(|index| names.index_of(names.bytes(index)) == Some(index)));
    let again = path.with_file_name("again.txt");
    write_names(&again, &names).unwrap();
    assert_eq!(read_names(&again).unwrap(), names);
}

fn count(names: &NameTable) -> u32 {
    names.len() as u32
}

/// The same shape and the same bits, but that one NaN is as good as another.
fn assert_same_bits(a: &DMatrix<f64>, b: &DMatrix<f64>) {
    assert_eq!(a.shape(), b.shape());
    assert!(a.iter().zip(b).all(|(x, y)| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan()));
}
