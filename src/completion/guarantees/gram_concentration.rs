use nalgebra::DMatrix;

use super::super::incoherence;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome, matrix_chernoff};
use crate::linalg::{SymmetricEigen, gram};
use crate::random::StreamKey;

/// The Gram matrices of a half-step concentrate. Let U ∈ ℝᵐˣᵏ be orthonormal with rows ‖uᵢ‖² ≤ μ²k/m, and let each of n
/// columns observe each row independently with probability p, independently of U. With A_j the observed rows of
/// column j,
///
/// Pr\[max_j ‖(1/p)A_jᵀA_j − I‖₂ > δ\] ≤ n·Chernoff(k, δ, pm/(μ²k)) ≤ 2nk·exp(−δ²pm/(3μ²k)) for δ ≤ 1.
///
/// Proof. (1/p)A_jᵀA_j = Σ(bᵢ/p)uᵢuᵢᵀ has mean I and terms of norm at most μ²k/(pm): [`matrix_chernoff`], and a union
/// over the columns. The independence of U is what splitting Ω buys; where Ω is reused it is not given.
///
/// At δ = 1/2, where [`gram_sample_size`] says how many rows suffice, every A_jᵀA_j has condition number at most 3.
#[derive(Clone, Debug)]
pub struct GramConcentration<F> {
    /// m and n.
    pub shape: (usize, usize),
    /// k.
    pub rank: usize,
    /// p.
    pub probability: f64,
    /// μ.
    pub incoherence: f64,
    /// 0 < δ ≤ 1.
    pub distortion: f64,
    /// The implementation: draws Ω by a key and gives (1/p)A_jᵀA_j for the n columns; [`sampled_grams`] is ours.
    pub grams: F,
}

/// The expected number pm of observed rows a column that makes 2nk·exp(−δ²pm/(3μ²k)) at most η.
///
/// ```
/// use proofsketch::completion::gram_sample_size;
///
/// // 12 μ²k ln(2nk/η) at δ = 1/2.
/// let rows = gram_sample_size((5, 1000), 2.0, 0.5, 0.01);
/// assert!((rows - 12.0 * 4.0 * 5.0 * 1e6_f64.ln()).abs() < 1e-9);
/// ```
#[must_use]
pub fn gram_sample_size(
    (rank, ncols): (usize, usize),
    incoherence: f64,
    distortion: f64,
    failure_probability: f64,
) -> f64 {
    let k = rank as f64;
    let factor = 3.0 * incoherence * incoherence * k / (distortion * distortion);
    factor * (2.0 * ncols as f64 * k / failure_probability).ln()
}

/// (1/p)A_jᵀA_j for n columns, where A_j holds the rows i of U with (i, j) among `entries`.
///
/// # Panics
/// If an entry lies outside m×n.
#[must_use]
pub fn sampled_grams(
    basis: &DMatrix<f64>,
    entries: &[(u32, u32)],
    ncols: usize,
    probability: f64,
) -> Vec<DMatrix<f64>> {
    let rows = observed_rows(entries, ncols);
    rows.iter().map(|rows| gram(&basis.select_rows(rows)) / probability).collect()
}

/// The observed rows of each column, in the order of the entries.
pub(super) fn observed_rows(entries: &[(u32, u32)], ncols: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); ncols];
    for &(i, j) in entries {
        rows[j as usize].push(i as usize);
    }
    rows
}

/// What both theorems about observed rows ask of the basis.
pub(super) fn basis_hypotheses(
    basis: &DMatrix<f64>,
    shape: (usize, usize),
    rank: usize,
    bound: f64,
) -> Vec<Hypothesis> {
    let (found, mu) = (basis.shape(), incoherence(basis));
    let deviation = (basis.tr_mul(basis) - DMatrix::identity(found.1, found.1)).amax();
    vec![
        Hypothesis::require("U is m×k", found == (shape.0, rank), || format!("it is {found:?}")),
        Hypothesis::require("U is orthonormal", deviation <= 1e-12, || {
            format!("UᵀU is off by {deviation:e}")
        }),
        Hypothesis::require("‖uᵢ‖² ≤ μ²k/m", mu <= bound * (1.0 + 1e-12), || {
            format!("μ = {mu}, beyond {bound}")
        }),
        Hypothesis::assumed("each entry is observed independently with probability p, independently of U"),
    ]
}

impl<F> GramConcentration<F> {
    /// The theorem with ncols·Chernoff(k, δ, pm/(μ²k)) for its failure probability.
    pub(super) fn chernoff(
        shape: (usize, usize),
        rank: usize,
        probability: f64,
        mu: f64,
        distortion: f64,
    ) -> f64 {
        let repetitions = probability * shape.0 as f64 / (mu * mu * rank as f64);
        shape.1 as f64 * matrix_chernoff(rank, distortion, repetitions)
    }
}

impl<F: Fn(&DMatrix<f64>, StreamKey) -> Vec<DMatrix<f64>> + Sync> Guarantee for GramConcentration<F> {
    type Instance = DMatrix<f64>;

    const CITATION: Citation = Citation {
        key: "GramConcentration",
        authors: "proofsketch",
        title: "The Gram matrices of observed rows concentrate, by the matrix Chernoff bound",
        venue: "documentation of this type",
        year: 2026,
        locator: "proof given there",
    };

    fn hypotheses(&self, basis: &DMatrix<f64>) -> Vec<Hypothesis> {
        let delta = self.distortion;
        let mut hypotheses = basis_hypotheses(basis, self.shape, self.rank, self.incoherence);
        hypotheses.push(Hypothesis::require("0 < δ ≤ 1", delta > 0.0 && delta <= 1.0, || {
            format!("δ = {delta}")
        }));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        Self::chernoff(self.shape, self.rank, self.probability, self.incoherence, self.distortion)
    }

    fn trial(&self, basis: &DMatrix<f64>, key: StreamKey) -> Outcome {
        let identity = DMatrix::identity(self.rank, self.rank);
        let deviations = (self.grams)(basis, key).into_iter().map(|gram| {
            SymmetricEigen::new(&(gram - &identity)).map_or(f64::NAN, |eigen| eigen.eigenvalues.amax())
        });
        let observed = deviations.fold(0.0, |most: f64, deviation| {
            if most.is_nan() || deviation.is_nan() { f64::NAN } else { most.max(deviation) }
        });
        Outcome { bound: self.distortion, observed }
    }
}
