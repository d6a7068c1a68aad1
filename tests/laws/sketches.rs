//! Each family of sketches: the common laws, and what its definition fixes exactly.

use nalgebra::DMatrix;
use proofsketch::linalg::LinearOperator;
use proofsketch::sketch::{
    Bgp, ExplicitSketch, Gaussian, Rademacher, Replacement, RowSampling, SketchDistribution, SketchOperator,
    SparseSign, Srht, TensorSrht, VerySparse,
};

use crate::common::{seed, with_thread_counts};
use crate::sketch_suite::{assert_close, assert_laws, integers};

/// Ambient dimensions on both sides of every block boundary in use.
const SIZES: [usize; 6] = [1, 2, 255, 257, 1025, 2500];

fn for_sizes<D: SketchDistribution>(name: &str, distribution: impl Fn(usize) -> D) {
    for n in SIZES {
        assert_laws(&distribution(n), seed().named(name).indexed(n as u64));
    }
}

#[test]
fn gaussian() {
    for_sizes("gaussian", |n| Gaussian::new(9, n).unwrap());
}

#[test]
fn rademacher() {
    for_sizes("rademacher", |n| Rademacher::new(70, n).unwrap());
    let s = Rademacher::new(70, 300).unwrap().sample(seed()).to_dense();
    assert!(s.iter().all(|entry| entry.abs() == 1.0 / 70.0_f64.sqrt()));
}

#[test]
fn sparse_sign() {
    for nonzeros in [1, 2, 8, 31, 32] {
        for_sizes("sparse sign", |n| SparseSign::new(32, n, nonzeros).unwrap());
        let s = SparseSign::new(32, 700, nonzeros).unwrap().sample(seed()).to_dense();
        for column in s.column_iter() {
            assert_eq!(column.iter().filter(|&&entry| entry != 0.0).count(), nonzeros);
            assert!(column.iter().all(|&e| e == 0.0 || e.abs() == 1.0 / (nonzeros as f64).sqrt()));
        }
    }
}

/// Columns of A in whole groups of eight and beyond, rows of S A that most columns of S miss and that many meet.
#[test]
fn sparse_sketches_of_wide_data() {
    for (m, nonzeros) in [(1500, 1), (40, 1), (1500, 8), (40, 8)] {
        let distribution = SparseSign::new(m, 1100, nonzeros).unwrap();
        let a = integers(1100, 19);
        let products = with_thread_counts(|| distribution.sample(seed()).sketch(&a));
        assert!(products.windows(2).all(|pair| pair[0] == pair[1]), "m = {m}, s = {nonzeros}: threads");
        let expected = distribution.sample(seed()).to_dense() * &a;
        assert_close(&products[0], &expected, &format!("S A, m = {m}, s = {nonzeros}"));
    }
}

/// More rows of A than one task or one transposed block holds, and more columns than are drawn at a time.
#[test]
fn rows_of_a_tall_matrix_are_embedded() {
    let a = integers(5000, 1100);
    let gaussian = Gaussian::new(7, 1100).unwrap().sample(seed());
    let embedded = with_thread_counts(|| gaussian.sketch_rows(&a));
    assert!(embedded.windows(2).all(|pair| pair[0] == pair[1]), "A Sᵀ depends on the number of threads");
    assert_close(&embedded[0], &(&a * gaussian.to_dense().transpose()), "A Sᵀ, Gaussian");
    let sparse = SparseSign::new(7, 1100, 2).unwrap().sample(seed());
    assert_close(&sparse.sketch_rows(&a), &(&a * sparse.to_dense().transpose()), "A Sᵀ, sparse signs");
}

#[test]
fn very_sparse() {
    for sparsity in [1.0, 3.0, 10.5] {
        for_sizes("very sparse", |n| VerySparse::new(40, n, sparsity).unwrap());
    }
    let dense = VerySparse::new(40, 300, 1.0).unwrap().sample(seed()).to_dense();
    assert!(dense.iter().all(|entry| entry.abs() == 1.0 / 40.0_f64.sqrt()), "s = 1 leaves no zero");
}

#[test]
fn srht() {
    for_sizes("srht", |n| Srht::new(n.min(30), n).unwrap());
    for_sizes("srht with replacement", |n| Srht::with_replacement(30, n, Replacement::With).unwrap());
    for n in [8000, 9000] {
        assert_laws(&Srht::new(21, n).unwrap(), seed().named("several blocks").indexed(n as u64));
    }
    for (m, n) in [(1, 1), (24, 100), (128, 128), (100, 1024)] {
        let s = Srht::new(m, n).unwrap().sample(seed());
        assert!(s.columns(0..n).iter().all(|entry| entry.abs() == 1.0 / (m as f64).sqrt()));
        assert!(s.sampled_rows().windows(2).all(|pair| pair[0] < pair[1]), "rows are distinct");
        if n.is_power_of_two() {
            let dense = s.to_dense();
            let expected = DMatrix::identity(m, m) * (n as f64 / m as f64);
            assert_close(&(&dense * dense.transpose()), &expected, "S Sᵀ = (N/m) I");
        }
    }
}

#[test]
fn bgp() {
    for n in [1, 100, 300, 1500] {
        assert_laws(&Bgp::with_pool(8, n, 16).unwrap(), seed().named("bgp").indexed(n as u64));
    }
    let bgp = Bgp::new(10, 5000).unwrap();
    assert_eq!((bgp.sketch_rows(), bgp.pool()), (16, 512));
}

#[test]
fn tensor_srht() {
    for (n1, n2) in [(1, 1), (3, 7), (16, 16), (20, 33)] {
        let distribution = TensorSrht::new(12, n1, n2).unwrap();
        assert_laws(&distribution, seed().named("tensor").indexed((n1 * n2) as u64));
        let s = distribution.sample(seed());
        let (a1, a2) = (integers(n1, 2), integers(n2, 3));
        assert_close(&s.sketch_kronecker(&a1, &a2), &(s.to_dense() * a1.kronecker(&a2)), "S (A₁ ⊗ A₂)");
        let b = integers(n1, n2);
        let by_rows = DMatrix::from_column_slice(n1 * n2, 1, b.transpose().as_slice());
        assert_close(&s.sketch_matrix(&b), &(s.to_dense() * by_rows), "S vec(B)");
    }
}

#[test]
fn explicit() {
    let matrix = integers(7, 300);
    let s = ExplicitSketch::new(matrix.clone());
    assert_eq!(s.columns(0..300), matrix);
    let a = integers(300, 4);
    assert_close(&s.sketch(&a), &(&matrix * &a), "S A");
    assert_close(&s.sketch(&nalgebra_sparse::CsrMatrix::from(&a)), &(&matrix * &a), "S A, A sparse");
}

#[test]
fn row_sampling() {
    for p in [1.0, 2.0, 3.5] {
        for n in [40, 257, 2500] {
            let scores: Vec<f64> = (0..n).map(|i| (i % 5) as f64).collect();
            assert_laws(&RowSampling::from_scores(&scores, n as f64 / 4.0, p).unwrap(), seed());
        }
        let sampling = RowSampling::uniform(900, 90.0, p).unwrap();
        let s = sampling.sample(seed());
        assert!(s.weights().iter().all(|&weight| weight == 0.1_f64.powf(-1.0 / p)));
        assert_eq!(s.columns(0..900).iter().filter(|&&entry| entry != 0.0).count(), s.kept().len());
    }
}

#[test]
fn row_sampling_keeps_sure_rows_and_meets_the_expectation() {
    let scores = [0.0, 1e-300, 5.0, 1e300, 3.0, 3.0];
    for rows in [0.5, 1.0, 2.0, 4.9, 5.0] {
        let sampling = RowSampling::from_scores(&scores, rows, 2.0).unwrap();
        assert!((sampling.expected_rows() - rows).abs() < 1e-12, "{rows} rows wanted");
        assert_eq!(sampling.probabilities()[0], 0.0);
    }
}

#[test]
fn a_longer_sketch_begins_with_the_shorter() {
    let (short, long) = (300, 1300);
    let key = seed().named("prefix");
    let gaussian = |n| Gaussian::new(8, n).unwrap().sample(key).columns(0..short);
    assert_eq!(gaussian(short), gaussian(long));
    let sparse = |n| SparseSign::new(8, n, 3).unwrap().sample(key).columns(0..short);
    assert_eq!(sparse(short), sparse(long));
}
