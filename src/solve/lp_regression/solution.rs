use nalgebra::DVector;

/// A near minimiser of an ℓp regression and what proves how near it is.
///
/// For every v with Aᵀv = 0, ‖W^(−1/p)v‖_q ≤ 1 and 1/p + 1/q = 1, the minimum is at least bᵀv.
#[derive(Clone, Debug, PartialEq)]
pub struct LpSolution {
    /// x; zero outside the pivot columns where A is not of full column rank, of which `rank` count.
    pub x: DVector<f64>,
    /// (Σ wᵢ|aᵢᵀx − bᵢ|ᵖ)^(1/p).
    pub objective: f64,
    /// A lower bound on the minimum of the objective: bᵀv less what Aᵀv ≠ 0 can make of it.
    pub dual_bound: f64,
    /// v, with Aᵀv = 0 to rounding.
    pub dual: DVector<f64>,
    /// The numerical rank of W^(1/p)A.
    pub rank: usize,
}

impl LpSolution {
    /// (objective − dual bound)/objective ∈ [0, 1]: the objective is at most 1/(1 − this) of its minimum. 0 where the
    /// objective is 0.
    #[must_use]
    pub fn relative_gap(&self) -> f64 {
        if self.objective == 0.0 {
            return 0.0;
        }
        ((self.objective - self.dual_bound) / self.objective).clamp(0.0, 1.0)
    }
}
