use nalgebra::{DMatrix, DVector};
use proofsketch::sampling::{Coreset, DistortionSettings, RowBasis};
use proofsketch::solve::{LpRegression, LpRegressionError, LpRegressionSettings, Status, lp_regression};

use crate::output::significant;

/// Entries of a basis above which fewer directions are followed.
const LARGE: usize = 1 << 18;
/// Objective beside ‖b‖ₚ below which the table is fitted exactly and a ratio means nothing.
const EXACT_FIT: f64 = 1e-12;
/// Relative duality gap above which the objective reached is not taken for the least.
const OPEN_GAP: f64 = 1e-3;

/// How far directions of large distortion are followed: less far on large tables.
pub fn directions(basis: &RowBasis) -> DistortionSettings {
    if basis.q().len() <= LARGE {
        return DistortionSettings::default();
    }
    DistortionSettings {
        gaussian_starts: 4,
        heavy_starts: 4,
        screening: 8,
        refined: 2,
        max_iterations: 30,
        tol: 1e-4,
        exchanges: 10,
        random_directions: 0,
    }
}

/// ‖Ax − b‖ₚ over all rows.
#[derive(Clone, Copy, Debug)]
pub struct Objectives {
    /// At the solution of the regression on the coreset.
    pub of_coreset: f64,
    /// Of the regression on the table, where the table was held.
    pub optimum: Option<Optimum>,
}

/// The regression on the whole table.
#[derive(Clone, Copy, Debug)]
pub struct Optimum {
    /// ‖Ax − b‖ₚ where it ended.
    pub objective: f64,
    /// A lower bound on the least.
    pub dual_bound: f64,
    /// How it ended.
    pub status: Status,
    /// ‖b‖ₚ.
    target: f64,
}

impl Optimum {
    /// Whether the table is fitted exactly.
    pub fn is_zero(&self) -> bool {
        self.objective <= EXACT_FIT * self.target
    }

    /// Whether the objective may be far above the least.
    pub fn is_open(&self) -> bool {
        !self.is_zero() && self.objective - self.dual_bound > OPEN_GAP * self.objective
    }
}

impl Objectives {
    /// The one over the other; nothing where the table is fitted exactly, was not held, or the least is not known.
    pub fn ratio(&self) -> Option<f64> {
        let optimum = self.optimum.filter(|it| !it.is_zero() && !it.is_open())?;
        Some(self.of_coreset / optimum.objective)
    }

    /// What to know before trusting them.
    pub fn warning(&self) -> Option<String> {
        let Optimum { objective, dual_bound, status, .. } = self.optimum.filter(Optimum::is_open)?;
        let [at, least] = [objective, dual_bound].map(|value| significant(value, 6));
        Some(format!(
            "the regression on the table ended before it converged ({status}) at {at}: the least is known to be {least} or more"
        ))
    }
}

/// Solves min ‖Ax − b‖ₚ on all rows and on those of the coreset.
pub fn objectives(
    a: &DMatrix<f64>,
    b: &DVector<f64>,
    coreset: &Coreset,
) -> Result<Objectives, LpRegressionError> {
    let p = coreset.norm_exponent();
    let problem = LpRegression::new(a, b, p)?;
    let full = lp_regression(&problem, &settings())?;
    let x = on_coreset(&coreset.rows(a), &coreset.entries(b), coreset)?;
    let optimum = Optimum {
        objective: full.solution.objective,
        dual_bound: full.solution.dual_bound,
        status: full.status,
        target: problem.objective(&DVector::zeros(a.ncols())),
    };
    Ok(Objectives { of_coreset: problem.objective(&x), optimum: Some(optimum) })
}

/// The solution of the regression on the rows of a coreset.
pub fn on_coreset(
    rows: &DMatrix<f64>,
    entries: &DVector<f64>,
    coreset: &Coreset,
) -> Result<DVector<f64>, LpRegressionError> {
    let problem = LpRegression::new(rows, entries, coreset.norm_exponent())?.weighted(coreset.weights())?;
    Ok(lp_regression(&problem, &settings())?.solution.x)
}

fn settings() -> LpRegressionSettings {
    LpRegressionSettings { relative_gap: 1e-8, ..LpRegressionSettings::default() }
}
