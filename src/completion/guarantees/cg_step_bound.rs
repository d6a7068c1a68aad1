use nalgebra::{DMatrix, DVector};

use super::GramConcentration;
use super::gram_concentration::{basis_hypotheses, observed_rows};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::Qr;
use crate::random::{StreamKey, normal_matrix};

/// No sketch is needed: under the hypotheses of [`GramConcentration`] at δ = 1/2, *unpreconditioned* conjugate gradients
/// from 0 solve every regression of a half-step to relative energy error ‖A_j(x − x★)‖/‖A_j x★‖ ≤ tol within
/// [`cg_steps`]\(tol\) steps, all n columns at once with the probability given there.
///
/// Proof. cond(A_jᵀA_j) ≤ 3, and N steps leave at most 2((√3 − 1)/(√3 + 1))^N of the energy error.
///
/// A step costs 4·d_j·k flops, so that a half-step costs O(|Ω|k·ln(1/tol)): the running time that Gu, Song, Yin and
/// Zhang (2024) reach by a sketch-preconditioned solver. That no sketch is needed for it is a remark of this library.
#[derive(Clone, Debug)]
pub struct CgStepBound<D, F> {
    /// m and n.
    pub shape: (usize, usize),
    /// k.
    pub rank: usize,
    /// p.
    pub probability: f64,
    /// μ.
    pub incoherence: f64,
    /// tol.
    pub tolerance: f64,
    /// Draws Ω by a key.
    pub observe: D,
    /// The implementation: `steps` steps for min ‖A x − b‖ from x = 0.
    pub solver: F,
}

/// N = ⌈ln(2/tol)/ln((√3 + 1)/(√3 − 1))⌉, the denominator 1.317.
///
/// ```
/// use proofsketch::completion::cg_steps;
///
/// assert_eq!(cg_steps(1e-10), 19);
/// ```
#[must_use]
pub fn cg_steps(tolerance: f64) -> usize {
    let root = 3.0_f64.sqrt();
    ((2.0 / tolerance).ln() / ((root + 1.0) / (root - 1.0)).ln()).ceil() as usize
}

impl<D, F> Guarantee for CgStepBound<D, F>
where
    D: Fn(StreamKey) -> Vec<(u32, u32)> + Sync,
    F: Fn(&DMatrix<f64>, &DVector<f64>, usize) -> DVector<f64> + Sync,
{
    type Instance = DMatrix<f64>;

    const CITATION: Citation = Citation {
        key: "CgStepBound",
        authors: "proofsketch",
        title: "Unpreconditioned conjugate gradients solve the regressions of a half-step",
        venue: "documentation of this type",
        year: 2026,
        locator: "proof given there",
    };

    fn hypotheses(&self, basis: &DMatrix<f64>) -> Vec<Hypothesis> {
        let tolerance = self.tolerance;
        let mut hypotheses = basis_hypotheses(basis, self.shape, self.rank, self.incoherence);
        hypotheses.push(Hypothesis::require(
            "10⁻¹² ≤ tol < 1",
            (1e-12..1.0).contains(&tolerance),
            || format!("tol = {tolerance:e}; below, rounding is what is seen"),
        ));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        GramConcentration::<F>::chernoff(self.shape, self.rank, self.probability, self.incoherence, 0.5)
    }

    /// The largest relative energy error over the columns, each with a right-hand side of normal entries.
    fn trial(&self, basis: &DMatrix<f64>, key: StreamKey) -> Outcome {
        let steps = cg_steps(self.tolerance);
        let entries = (self.observe)(key.named("entries"));
        let columns = observed_rows(&entries, self.shape.1);
        let observed = columns.iter().enumerate().map(|(j, rows)| {
            let a = basis.select_rows(rows);
            let b = normal_matrix(a.nrows(), 1, key.named("b").indexed(j as u64)).column(0).into_owned();
            let exact = Qr::new(&a).and_then(|qr| qr.solve_least_squares_vector(&b));
            exact.map_or(f64::NAN, |exact| {
                (&a * ((self.solver)(&a, &b, steps) - &exact)).norm() / (&a * &exact).norm()
            })
        });
        let observed = observed
            .fold(0.0, |most: f64, error| if error.is_nan() { f64::INFINITY } else { most.max(error) });
        Outcome { bound: self.tolerance, observed }
    }
}
