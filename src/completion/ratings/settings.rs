use super::super::settings::in_range;
use super::super::{Error, MatrixCompletion, RowSolver};
use super::standardization::Standardization;

/// How the ridge counts the rows of a factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Penalty {
    /// λ(‖U‖_F² + ‖V‖_F²): every row alike, so that rows with few ratings are shrunk the more.
    #[default]
    PerRow,
    /// λ(Σ dᵢ‖uᵢ‖² + Σ dʲ‖vⱼ‖²), d the ratings of a row or column: the weighted ridge of Zhou et al. (2008).
    PerEntry,
}

/// Settings of [`solve`](super::solve).
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// k, the rank of U Vᵀ; 0 for biases alone.
    pub rank: usize,
    /// Whether there are μ, b and c; without them the model is M ≈ U Vᵀ.
    pub biases: bool,
    /// How the ridge counts rows.
    pub penalty: Penalty,
    /// λ ≥ 0, in units of the values; by default 10·σ ([`Penalty::PerRow`]) or 0.12·σ ([`Penalty::PerEntry`]), σ the
    /// standard deviation of the observed values (their root mean square without biases).
    pub ridge: Option<f64>,
    /// λ_b, the ridge of b and c, without unit: that many ratings, all equal to what the rest of the model says. By
    /// default 3, or 0.03 an entry; 0 where, and only where, λ = 0.
    pub bias_ridge: Option<f64>,
    /// Weight ω of the pattern of Ω, which tells of users' interests beside their ratings; none to leave it out.
    pub pattern: Option<f64>,
    /// Whether predictions are clipped to the range of the observed values.
    pub clip: bool,
    /// How the regressions of a half-step are solved; `Auto` and `Cholesky` make the objective fall at every one.
    pub solver: RowSolver,
    /// Converged when the objective falls by at most this share in an iteration.
    pub tol: f64,
    /// Iterations at most.
    pub max_iterations: usize,
}

impl Default for Settings {
    /// Rank 10, biases, the same ridge for every row, no pattern, predictions clipped, tolerance 10⁻⁴, 100 iterations.
    fn default() -> Self {
        Self {
            rank: 10,
            biases: true,
            penalty: Penalty::PerRow,
            ridge: None,
            bias_ridge: None,
            pattern: None,
            clip: true,
            solver: RowSolver::Auto,
            tol: 1e-4,
            max_iterations: 100,
        }
    }
}

impl Settings {
    /// Biases alone, μ + bᵢ + cⱼ: the baseline any factorization must beat.
    #[must_use]
    pub fn biases_alone() -> Self {
        Self { rank: 0, ..Self::default() }
    }

    /// The same settings with the ridges that they mean for this problem in place of defaults.
    #[must_use]
    pub fn resolved(&self, problem: &MatrixCompletion) -> Self {
        let sigma = Standardization::new(problem, self.biases).sigma;
        let ridge = self.ridge.unwrap_or_else(|| self.scaled_ridge(sigma) * sigma);
        let resolved = Self { ridge: Some(ridge), ..self.clone() };
        Self { bias_ridge: Some(resolved.bias_ridge()), ..resolved }
    }

    pub(super) fn check(&self, problem: &MatrixCompletion) -> Result<(), Error> {
        let (nrows, ncols) = (problem.nrows(), problem.ncols());
        if self.rank > nrows.min(ncols) || (self.rank == 0 && !self.biases) {
            return Err(Error::Rank { rank: self.rank, nrows, ncols });
        }
        let range = |name, value: Option<f64>| {
            let value = value.unwrap_or(0.0);
            in_range(name, value, value.is_finite() && value >= 0.0, "0 ≤ value < ∞")
        };
        range("ridge", self.ridge)?;
        range("bias_ridge", self.bias_ridge)?;
        let pattern = self.pattern.unwrap_or(1.0);
        in_range("pattern", pattern, pattern.is_finite() && pattern > 0.0, "0 < pattern < ∞")?;
        in_range("tol", self.tol, (0.0..1.0).contains(&self.tol), "0 ≤ tol < 1")?;
        self.solver.check()?;
        let Some(bias_ridge) = self.bias_ridge.filter(|_| self.biases && self.rank > 0) else {
            return Ok(());
        };
        let agree = (bias_ridge == 0.0) == (self.ridge == Some(0.0));
        in_range("bias_ridge", bias_ridge, agree, "bias_ridge = 0 where ridge = 0, and only there")
    }

    /// λ, in units where the standard deviation is 1.
    pub(super) fn scaled_ridge(&self, sigma: f64) -> f64 {
        let default = match self.penalty {
            Penalty::PerRow => 10.0,
            Penalty::PerEntry => 0.12,
        };
        self.ridge.map_or(default, |ridge| if sigma > 0.0 { ridge / sigma } else { ridge })
    }

    /// λ_b.
    pub(super) fn bias_ridge(&self) -> f64 {
        let default = match self.penalty {
            _ if self.ridge == Some(0.0) && self.rank > 0 => 0.0,
            Penalty::PerRow => 3.0,
            Penalty::PerEntry => 0.03,
        };
        self.bias_ridge.unwrap_or(default)
    }

    /// ω, where there are factors that the pattern could inform.
    pub(super) fn pattern_weight(&self) -> Option<f64> {
        self.pattern.filter(|_| self.rank > 0)
    }
}
