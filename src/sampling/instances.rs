//! Matrices on which row sampling is measured, from a key where they are random.

use nalgebra::DMatrix;

use crate::linalg::hadamard_entry;
use crate::random::{StreamKey, normal_matrix, uniform_below, uniform_unit};

/// Independent N(0, 1) entries: S_p → d^(p/2)/E|g|^p as n/d grows.
#[must_use]
pub fn gaussian(nrows: usize, ncols: usize, key: StreamKey) -> DMatrix<f64> {
    normal_matrix(nrows, ncols, key)
}

/// A Gaussian matrix whose rows are scaled by exp(`spread`·gᵢ), gᵢ ~ N(0, 1): log-normal row norms.
#[must_use]
pub fn heavy_tails(nrows: usize, ncols: usize, spread: f64, key: StreamKey) -> DMatrix<f64> {
    let mut a = normal_matrix(nrows, ncols, key.named("entries"));
    let logs = normal_matrix(nrows, 1, key.named("scales"));
    a.row_iter_mut().zip(logs.iter()).for_each(|(mut row, log)| row *= (spread * log).exp());
    a
}

/// The first d columns of the n × n Hadamard matrix, entries ±1: for n a power of two each row has leverage d/n, and
/// every score of a row is the same for all rows.
#[must_use]
pub fn flat(nrows: usize, ncols: usize) -> DMatrix<f64> {
    DMatrix::from_fn(nrows, ncols, hadamard_entry)
}

/// diag(G, I_d ⊗ 1_N) ∈ ℝ^((n + dN) × 2d), G an n × d Gaussian matrix, 1_N a column of N ones.
///
/// For p < 2 sensitivities give G only the share S_p(G)/(S_p(G) + d) ≈ d^(p/2−1) of the sample, where it needs half.
#[must_use]
pub fn separating(nrows: usize, ncols: usize, copies: usize, key: StreamKey) -> DMatrix<f64> {
    let g = normal_matrix(nrows, ncols, key);
    let mut a = DMatrix::zeros(nrows + ncols * copies, 2 * ncols);
    a.view_mut((0, 0), g.shape()).copy_from(&g);
    (0..ncols * copies).for_each(|i| a[(nrows + i, ncols + i / copies)] = 1.0);
    a
}

/// The edge-vertex incidence matrix of the complete graph K_v without the column of vertex v − 1: v(v − 1)/2 rows
/// e_i − e_j, i < j, of rank v − 1.
///
/// Every row has sensitivity σ = 1/(1 + (v − 2)2^(1−p)), p ≥ 1, and leverage 2/v.
#[must_use]
pub fn complete_graph(vertices: usize) -> DMatrix<f64> {
    let columns = vertices.saturating_sub(1);
    let edges: Vec<_> = (0..vertices).flat_map(|i| (i + 1..vertices).map(move |j| (i, j))).collect();
    let mut a = DMatrix::zeros(edges.len(), columns);
    for (row, &(i, j)) in edges.iter().enumerate() {
        a[(row, i)] = 1.0;
        if j < columns {
            a[(row, j)] = -1.0;
        }
    }
    a
}

/// Chebyshev polynomials T₀ … T_q at n equally spaced points of [−1, 1], n × (q + 1).
///
/// For even p the total sensitivity of polynomials of degree q is at most pq + 1.
#[must_use]
pub fn chebyshev(nrows: usize, degree: usize) -> DMatrix<f64> {
    let point = |i: usize| if nrows < 2 { 0.0 } else { 2.0 * i as f64 / (nrows - 1) as f64 - 1.0 };
    DMatrix::from_fn(nrows, degree + 1, |i, j| chebyshev_value(j, point(i)))
}

/// T₀ and Tⱼ(x_l), 1 ≤ j ≤ q, of k variables at n uniform points of [−1, 1]ᵏ, n × (kq + 1): a polynomial feature map
/// without cross terms.
#[must_use]
pub fn polynomial_features(nrows: usize, variables: usize, degree: usize, key: StreamKey) -> DMatrix<f64> {
    let mut rng = key.block(0);
    let points = DMatrix::from_fn(nrows, variables, |_, _| 2.0 * uniform_unit(&mut rng) - 1.0);
    DMatrix::from_fn(nrows, variables * degree + 1, |i, column| match column.checked_sub(1) {
        None => 1.0,
        Some(index) => chebyshev_value(index % degree + 1, points[(i, index / degree)]),
    })
}

/// U V of rank k, U ∈ ℝⁿˣᵏ and V ∈ ℝᵏˣᵈ Gaussian, plus s Gaussian entries at random places of each row.
#[must_use]
pub fn low_rank_plus_sparse(
    (nrows, ncols): (usize, usize),
    rank: usize,
    nonzeros: usize,
    key: StreamKey,
) -> DMatrix<f64> {
    let mut a =
        normal_matrix(nrows, rank, key.named("left")) * normal_matrix(rank, ncols, key.named("right"));
    let values = normal_matrix(nrows, nonzeros, key.named("values"));
    let mut rng = key.named("places").block(0);
    for (i, s) in (0..nrows).flat_map(|i| (0..nonzeros).map(move |s| (i, s))) {
        a[(i, uniform_below(&mut rng, ncols as u32) as usize)] += values[(i, s)];
    }
    a
}

/// Tⱼ(x) by the recurrence Tⱼ₊₁ = 2x Tⱼ − Tⱼ₋₁.
fn chebyshev_value(degree: usize, x: f64) -> f64 {
    let (mut before, mut value) = (x, 1.0);
    for _ in 0..degree {
        (before, value) = (value, 2.0 * x * value - before);
    }
    value
}
