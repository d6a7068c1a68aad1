use nalgebra::{DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};

use super::Instance;
use crate::linalg::hadamard_entry;
use crate::random::{StreamKey, uniform_below};
use crate::sketch::ExplicitSketch;

/// ρ = α of [`coupled_sketch`].
const COUPLING: f64 = 1.0 / 20.0;

/// A sketch that embeds the subspace and every *fixed* pair of vectors well, and yet misses the first coordinate by
/// the same amount for every d: embedding properties of fixed pairs do not bound x′.
///
/// With a random flat unit vector z ∈ span(e₂, …, e_d),
/// SᵀS = I + ρ(e₁zᵀ + z e₁ᵀ) − α(z e_{d+1}ᵀ + e_{d+1} zᵀ), ρ = α = 1/20, so all singular values lie in
/// [√(1 − √2/20), √(1 + √2/20)] ⊂ \[0.96, 1.04\] and gᵀ(SᵀS − I)h = O(1/√d) for fixed g, h. On A = [I_d; 0],
/// b = e_{d+1} it gives x′₁ = αρ/(1 − ρ²) = 0.0025062656641604 with certainty, where x★ = 0.
///
/// Source: Proposition 2.2 of "Hadamard Flattening and Gaussian Pooling Sketch for Least Squares with Coordinate-wise
/// Guarantee" (manuscript dated 7 August 2026, not peer reviewed); the matrix is this library's own construction with
/// the constants stated there.
///
/// # Panics
/// If d < 2.
#[must_use]
pub fn coupled_sketch(ncols: usize, key: StreamKey) -> (ExplicitSketch, Instance) {
    assert!(ncols >= 2, "the construction needs d ≥ 2, not {ncols}");
    let mut rng = key.block(0);
    let height = 1.0 / ((ncols - 1) as f64).sqrt();
    let z = DVector::from_fn(ncols + 1, |i, _| match i {
        i if i == 0 || i == ncols => 0.0,
        _ => height * (1.0 - 2.0 * f64::from(uniform_below(&mut rng, 2))),
    });
    let basis = DMatrix::from_fn(ncols + 1, 3, |i, j| match j {
        0 => f64::from(i == 0),
        1 => z[i],
        _ => f64::from(i == ncols),
    });
    let n = nalgebra::matrix![0.0, COUPLING, 0.0; COUPLING, 0.0, -COUPLING; 0.0, -COUPLING, 0.0];
    // N has eigenvalues 0 and ±s, so √(I + N) = I + aN + bN².
    let s = COUPLING * 2.0_f64.sqrt();
    let (above, below) = ((1.0 + s).sqrt(), (1.0 - s).sqrt());
    let root = n * ((above - below) / (2.0 * s)) + n * n * ((above + below - 2.0) / (2.0 * s * s));
    let update = &basis * DMatrix::from_column_slice(3, 3, root.as_slice()) * basis.transpose();
    let sketch = ExplicitSketch::new(DMatrix::identity(ncols + 1, ncols + 1) + update);
    (sketch, Instance::adversarial_sparse(ncols + 1, ncols, 1))
}

/// x′₁ of [`coupled_sketch`]: αρ/(1 − ρ²) for every d.
pub const COUPLED_ERROR: f64 = COUPLING * COUPLING / (1.0 - COUPLING * COUPLING);

/// (1/√m) P H D with the given diagonal D: the subsampled Hadamard transform of n = 2^q columns, its m rows drawn
/// with replacement. Random signs make it the SRHT; normal entries, in the same place, do not give a sketch that
/// obeys the ℓ∞ guarantee.
///
/// # Panics
/// Unless the length of the diagonal is a power of two.
#[must_use]
pub fn hadamard_with_diagonal(sketch_rows: usize, diagonal: &DVector<f64>, key: StreamKey) -> ExplicitSketch {
    let n = diagonal.len();
    assert!(n.is_power_of_two(), "a Hadamard matrix of order {n} is not a Sylvester matrix");
    let mut rng = key.block(0);
    let rows: Vec<usize> = (0..sketch_rows).map(|_| uniform_below(&mut rng, n as u32) as usize).collect();
    let scale = 1.0 / (sketch_rows as f64).sqrt();
    ExplicitSketch::new(DMatrix::from_fn(sketch_rows, n, |t, i| {
        scale * hadamard_entry(rows[t], i) * diagonal[i]
    }))
}

/// n independent standard normal numbers, for [`hadamard_with_diagonal`].
#[must_use]
pub fn normal_diagonal(n: usize, key: StreamKey) -> DVector<f64> {
    let mut rng = key.block(0);
    DVector::from_fn(n, |_, _| StandardNormal.sample(&mut rng))
}

/// d = 1, A = e₁ + e₂, b = e₁ − e₂: x★ = 0 and ‖r‖·‖A⁺‖ = 1. For any signs on the diagonal x′ = 0 exactly, as
/// (x + y)(x − y) = x² − y²; for normal entries x′ is near (γ₁² − γ₂²)/(γ₁² + γ₂²), which is at least 3/7 in size more
/// often than not.
///
/// Source: Section 3 of the manuscript cited at [`coupled_sketch`].
///
/// # Panics
/// If n < 2.
#[must_use]
pub fn opposite_pair(nrows: usize) -> Instance {
    assert!(nrows >= 2, "the pair needs two rows, not {nrows}");
    let a = DMatrix::from_fn(nrows, 1, |i, _| f64::from(i < 2));
    let b = DVector::from_fn(nrows, |i, _| match i {
        0 => 1.0,
        1 => -1.0,
        _ => 0.0,
    });
    Instance { a, b }
}
