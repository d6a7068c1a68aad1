//! Matrices the factorization laws are held against.

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use rand_chacha::rand_core::Rng;

use crate::common::seed;

/// Entries uniform on [−1, 1).
pub fn uniform(nrows: usize, ncols: usize, key: StreamKey) -> DMatrix<f64> {
    let mut rng = key.block(0);
    DMatrix::from_fn(nrows, ncols, |_, _| (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0)
}

/// A matrix with singular values from 1 down to 1/condition, geometrically spaced.
pub fn conditioned(nrows: usize, ncols: usize, condition: f64, key: StreamKey) -> DMatrix<f64> {
    let size = nrows.min(ncols);
    let left = uniform(nrows, size, key.named("left")).qr().q();
    let right = uniform(ncols, size, key.named("right")).qr().q();
    let spread = |j: usize| condition.powf(-(j as f64) / (size.max(2) - 1) as f64);
    left * DMatrix::from_diagonal(&nalgebra::DVector::from_fn(size, |j, _| spread(j))) * right.transpose()
}

/// Shapes and spectra that break careless code: empty, one column, square, wide, several panels, rank-deficient,
/// ill-conditioned, repeated and graded columns, entries near the ends of the floating-point range.
pub fn hard() -> Vec<(&'static str, DMatrix<f64>)> {
    let key = seed().named("hard matrices");
    let graded = |a: DMatrix<f64>, step: f64| {
        let columns = a.ncols();
        a.map_with_location(|_, j, value| value * step.powi(j as i32 - columns as i32 / 2))
    };
    let identity_below_zeros = DMatrix::from_fn(40, 4, |i, j| f64::from(u8::from(i == 36 + j)));
    let deficient = uniform(300, 5, key.indexed(1)) * uniform(5, 12, key.indexed(2));
    let repeated =
        DMatrix::from_fn(50, 6, |i, j| (i as f64 + 1.0) * if j % 2 == 0 { 1.0 } else { (i as f64).sin() });
    vec![
        ("no columns", DMatrix::zeros(7, 0)),
        ("no rows", DMatrix::zeros(0, 3)),
        ("one entry", DMatrix::from_element(1, 1, -3.0)),
        ("one column", uniform(2500, 1, key.indexed(0))),
        ("zero", DMatrix::zeros(9, 4)),
        ("square", uniform(37, 37, key.indexed(3))),
        ("wide", uniform(5, 11, key.indexed(4))),
        ("blocks", uniform(200, 70, key.indexed(5))),
        ("panels", uniform(5003, 33, key.indexed(6))),
        ("panels of panels", uniform(30_000, 9, key.indexed(7))),
        ("condition 1e10", conditioned(3000, 20, 1e10, key.indexed(8))),
        ("condition 1e14, square", conditioned(60, 60, 1e14, key.indexed(9))),
        ("rank 5 of 12", deficient),
        ("repeated columns", repeated),
        ("identity below zeros", identity_below_zeros),
        ("graded", graded(uniform(80, 30, key.indexed(10)), 1e9)),
        ("1e150", uniform(100, 10, key.indexed(11)) * 1e150),
        ("1e-150", uniform(2200, 10, key.indexed(12)) * 1e-150),
        ("1e300", uniform(64, 6, key.indexed(13)) * 1e300),
        ("1e-300", uniform(64, 6, key.indexed(14)) * 1e-300),
    ]
}

/// ‖XᵀX − I‖_F.
pub fn departure_from_orthonormal(x: &DMatrix<f64>) -> f64 {
    (x.tr_mul(x) - DMatrix::identity(x.ncols(), x.ncols())).norm()
}

/// maxⱼ ‖xⱼ − yⱼ‖ / ‖yⱼ‖ over columns (‖xⱼ‖ where yⱼ = 0), each column scaled by its largest entry first.
pub fn columnwise_error(x: &DMatrix<f64>, y: &DMatrix<f64>) -> f64 {
    assert_eq!(x.shape(), y.shape());
    let errors = x.column_iter().zip(y.column_iter()).map(|(x, y)| {
        let scale = y.amax();
        if scale == 0.0 { x.norm() } else { (x / scale - y / scale).norm() / (y / scale).norm() }
    });
    errors.fold(0.0, f64::max)
}
