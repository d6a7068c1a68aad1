//! Hard instances, the same for everyone.

use nalgebra::DMatrix;

use crate::guarantee::Subspace;

/// Fixed tall n × d matrices of full column rank, each hard for some sketch, by name. d ≥ 2 is a power of two, d ≤ n.
///
/// | name | hard because |
/// | --- | --- |
/// | identity rows | d rows carry everything: leverage scores of 1 and 0 |
/// | one heavy row | a row of 10⁶ times the size of the others |
/// | repeated rows | d different rows in all |
/// | condition 1e8 | singular values from 1 to 10⁻⁸ |
/// | equal leverage | signs: every row alike, and a mean where the first column is |
///
/// ```
/// use proofsketch::testing::hard_instances;
///
/// let instances = hard_instances(64, 4);
/// assert!(instances.iter().all(|(name, a)| a.shape() == (64, 4) && !name.is_empty()));
/// ```
#[must_use]
pub fn hard_instances(n: usize, d: usize) -> Vec<(&'static str, DMatrix<f64>)> {
    let power = |base: f64, j: usize| base.powi(j as i32);
    let hadamard = |i: usize, j: usize| if (i & j).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
    // Columns that are sums of cosines: dense, of moderate condition, unequal leverage.
    let smooth =
        |i: usize, j: usize| (j as f64 * i as f64 / n as f64).cos() + 0.3 * ((i * (j + 2)) as f64).sin();
    vec![
        ("identity rows", DMatrix::from_fn(n, d, |i, j| f64::from(u8::from(i == j)))),
        ("one heavy row", DMatrix::from_fn(n, d, |i, j| smooth(i, j) * if i == n / 3 { 1e6 } else { 1.0 })),
        ("repeated rows", DMatrix::from_fn(n, d, |i, j| power(1.0 + (i % d) as f64 / d as f64, j))),
        ("condition 1e8", {
            let scales = |j: usize| 10.0_f64.powf(-8.0 * j as f64 / (d - 1) as f64);
            let left = DMatrix::from_fn(n, d, |i, j| smooth(i, j) * scales(j));
            left * DMatrix::from_fn(d, d, |i, j| hadamard(i, j) / (d as f64).sqrt())
        }),
        ("equal leverage", DMatrix::from_fn(n, d, hadamard)),
    ]
}

/// A tall n × d matrix whose last column is the sum of the others, d ≥ 1.
#[must_use]
pub fn rank_deficient(n: usize, d: usize) -> DMatrix<f64> {
    let mut a = DMatrix::from_fn(n, d, |i, j| ((i * (2 * j + 1)) as f64).sin());
    let sum = a.columns(0, d - 1).column_sum();
    a.set_column(d - 1, &sum);
    a
}

/// Integers in −5..=5, a third of them zero, the same for the same shape: products of few of them are exact.
#[must_use]
pub fn integers(nrows: usize, ncols: usize) -> DMatrix<f64> {
    DMatrix::from_fn(nrows, ncols, |i, j| {
        let mixed = (i * 7919 + j * 104_729 + i * j * 31) % 33;
        if mixed % 3 == 0 { 0.0 } else { (mixed % 11) as f64 - 5.0 }
    })
}

/// Symmetric d × d matrices that differ in rank and size: one entry of 2, a diagonal block (10, 5, 1), a diagonal of signs, and
/// a spread-out one of norm 1/100. d ≥ 3.
#[must_use]
pub fn symmetric_points(dim: usize) -> Vec<DMatrix<f64>> {
    let mut corner = DMatrix::zeros(dim, dim);
    corner[(0, 0)] = 2.0;
    let block = DMatrix::from_fn(dim, dim, |i, j| if i == j && i < 3 { [10.0, 5.0, 1.0][i] } else { 0.0 });
    let signed =
        DMatrix::from_fn(dim, dim, |i, j| if i < dim / 2 { 1.0 } else { -1.0 } * f64::from(u8::from(i == j)));
    vec![corner, block, signed, DMatrix::from_element(dim, dim, 0.01 / dim as f64)]
}

/// The column spaces of [`hard_instances`], by name.
///
/// # Panics
/// If d < 2, or d > n.
#[must_use]
pub fn hard_subspaces(n: usize, d: usize) -> Vec<(&'static str, Subspace)> {
    let space = |a: &DMatrix<f64>| Subspace::of(a).expect("finite numbers");
    hard_instances(n, d).iter().map(|(name, a)| (*name, space(a))).collect()
}

/// The column space of the hard instance of this name.
///
/// # Panics
/// If none has it.
#[must_use]
pub fn hard_subspace(n: usize, d: usize, name: &str) -> Subspace {
    let wanted = hard_subspaces(n, d).into_iter().find(|(other, _)| *other == name);
    wanted.unwrap_or_else(|| panic!("no hard instance is named {name:?}")).1
}
