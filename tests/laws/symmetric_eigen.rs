use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{Error, SymmetricEigen};

use crate::common::{seed, with_thread_counts};
use crate::matrices::{departure_from_orthonormal, uniform};

fn symmetric(order: usize) -> DMatrix<f64> {
    let a = uniform(order, order, seed().named("symmetric").indexed(order as u64));
    &a + a.transpose()
}

#[test]
fn eigenpairs_give_a_back() {
    for (order, scale) in
        [(0, 1.0), (1, 1.0), (2, 1e150), (17, 1e-150), (60, 1.0), (150, 1e300), (30, 1e-300)]
    {
        let a = symmetric(order);
        let eigen = SymmetricEigen::new(&(&a * scale)).unwrap();
        assert!(departure_from_orthonormal(&eigen.eigenvectors) < 1e-12);
        assert!(eigen.eigenvalues.as_slice().windows(2).all(|pair| pair[0] <= pair[1]));
        let values = DMatrix::from_diagonal(&(&eigen.eigenvalues / scale));
        let back = &eigen.eigenvectors * values * eigen.eigenvectors.transpose();
        assert!((back - &a).norm() <= 1e-13 * a.norm(), "order {order}, scale {scale}");
    }
}

#[test]
fn agrees_with_nalgebra_and_reads_only_the_lower_triangle() {
    let a = symmetric(9);
    let mut theirs: Vec<f64> = a.symmetric_eigenvalues().iter().copied().collect();
    theirs.sort_by(f64::total_cmp);
    let ours = SymmetricEigen::new(&a.lower_triangle()).unwrap().eigenvalues;
    assert!((ours - DVector::from_vec(theirs)).norm() < 1e-13);
}

#[test]
fn the_zero_matrix_has_zero_eigenvalues() {
    assert_eq!(SymmetricEigen::new(&DMatrix::zeros(4, 4)).unwrap().eigenvalues, DVector::zeros(4));
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let a = symmetric(120);
    let runs = with_thread_counts(|| SymmetricEigen::new(&a).unwrap());
    assert!(runs.iter().all(|run| *run == runs[0]));
}

#[test]
fn rejects_other_shapes() {
    let error = SymmetricEigen::new(&DMatrix::zeros(2, 1)).unwrap_err();
    assert_eq!(error, Error::NotSquare { nrows: 2, ncols: 1 });
}
