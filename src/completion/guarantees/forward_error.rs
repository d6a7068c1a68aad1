use nalgebra::{DMatrix, DVector};

use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::{Error, Qr, Svd};
use crate::random::StreamKey;

/// One regression min ‖Ax − b‖₂ of a half-step with its exact answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RowRegression {
    /// A ∈ ℝᵈˣᵏ of full column rank.
    pub a: DMatrix<f64>,
    /// b ∈ ℝᵈ.
    pub b: DVector<f64>,
    /// x★.
    pub minimizer: DVector<f64>,
    /// OPT = ‖Ax★ − b‖₂.
    pub optimum: f64,
    /// σ_min(A).
    pub smallest_singular_value: f64,
}

impl RowRegression {
    /// Solves by QR.
    ///
    /// # Errors
    /// Those of the factorizations: NaN or ∞, more columns than rows, deficient rank.
    pub fn new(a: DMatrix<f64>, b: DVector<f64>) -> Result<Self, Error> {
        let minimizer = Qr::new(&a)?.solve_least_squares_vector(&b)?;
        let optimum = (&a * &minimizer - &b).norm();
        let smallest_singular_value = Svd::new(&a)?.singular_values.min();
        Ok(Self { a, b, minimizer, optimum, smallest_singular_value })
    }

    /// √(2ε + ε²)·OPT/σ_min(A).
    ///
    /// ```
    /// use nalgebra::{dmatrix, dvector};
    /// use proofsketch::completion::RowRegression;
    ///
    /// let regression = RowRegression::new(dmatrix![2.0; 0.0], dvector![6.0, 3.0])?;
    /// // ‖Ax − b‖ = 5 = (1 + 2/3)·3 at x = 5 and x = 1, a distance 2 from x★ = 3: the bound is attained.
    /// assert!((regression.forward_error_bound(2.0 / 3.0) - 2.0).abs() < 1e-14);
    /// # Ok::<(), proofsketch::linalg::Error>(())
    /// ```
    #[must_use]
    pub fn forward_error_bound(&self, epsilon: f64) -> f64 {
        (2.0 * epsilon + epsilon * epsilon).sqrt() * self.optimum / self.smallest_singular_value
    }

    /// ε with ‖Ax − b‖ = (1 + ε)·OPT.
    #[must_use]
    pub fn objective_excess(&self, x: &DVector<f64>) -> f64 {
        (&self.a * x - &self.b).norm() / self.optimum - 1.0
    }
}

/// A solver that reaches ‖Ax′ − b‖ ≤ (1 + ε)·OPT is near the minimiser: ‖x′ − x★‖ ≤ √(2ε + ε²)·OPT/σ_min(A), always.
///
/// Proof. A(x′ − x★) lies in range A and Ax★ − b is orthogonal to it, so ‖A(x′ − x★)‖² = ‖Ax′ − b‖² − OPT². To be
/// accurate to ε_f in x thus takes ε = ε_f²/2 in the objective: twice the digits. A deterministic statement (δ = 0); one
/// failure refutes the solver's claim of accuracy ε, and no number of trials supports it with certainty.
#[derive(Clone, Debug)]
pub struct ForwardError<F> {
    /// ε that the solver claims.
    pub epsilon: f64,
    /// The implementation: x′ from A, b and the key of its randomness.
    pub solver: F,
}

impl<F> Guarantee for ForwardError<F>
where
    F: Fn(&DMatrix<f64>, &DVector<f64>, StreamKey) -> DVector<f64> + Sync,
{
    type Instance = RowRegression;

    const CITATION: Citation = Citation {
        key: "ForwardError",
        authors: "proofsketch",
        title: "From an objective to a forward error, by Pythagoras",
        venue: "documentation of this type",
        year: 2026,
        locator: "proof given there",
    };

    fn hypotheses(&self, regression: &RowRegression) -> Vec<Hypothesis> {
        let (smallest, opt) = (regression.smallest_singular_value, regression.optimum);
        let scale = regression.b.norm();
        vec![
            Hypothesis::require("A has full column rank", smallest > 1e-12 * regression.a.norm(), || {
                format!("σ_min = {smallest:e}")
            }),
            Hypothesis::require("OPT > 0, beyond rounding", opt > 1e-12 * scale, || format!("OPT = {opt:e}")),
            Hypothesis::require("ε ≥ 10⁻¹⁴, beyond rounding", self.epsilon >= 1e-14, || {
                format!("ε = {:e}", self.epsilon)
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    fn trial(&self, regression: &RowRegression, key: StreamKey) -> Outcome {
        let x = (self.solver)(&regression.a, &regression.b, key);
        Outcome {
            bound: regression.forward_error_bound(self.epsilon),
            observed: (x - &regression.minimizer).norm(),
        }
    }
}
