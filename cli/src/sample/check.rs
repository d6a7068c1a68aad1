use nalgebra::{DMatrix, DVector};
use proofsketch::sampling::{Coreset, DistortionSettings, RowBasis};
use proofsketch::solve::{LpRegression, LpRegressionError, LpRegressionSettings, Status, lp_regression};

/// Entries of a basis above which fewer directions are followed.
const LARGE: usize = 1 << 18;
/// Objective beside ‖b‖ₚ below which the table is fitted exactly and a ratio means nothing.
const EXACT_FIT: f64 = 1e-12;

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
    /// At the solution of the regression on the table.
    pub optimum: f64,
    /// A lower bound on the optimum.
    pub dual_bound: f64,
    /// How the regression on the table ended.
    pub status: Status,
    /// ‖b‖ₚ.
    target: f64,
}

impl Objectives {
    /// The one over the other; nothing where the table is fitted exactly.
    pub fn ratio(&self) -> Option<f64> {
        (self.optimum > EXACT_FIT * self.target).then(|| self.of_coreset / self.optimum)
    }
}

/// Solves min ‖Ax − b‖ₚ on all rows and on those of the coreset.
pub fn objectives(
    a: &DMatrix<f64>,
    b: &DVector<f64>,
    coreset: &Coreset,
) -> Result<Objectives, LpRegressionError> {
    let p = coreset.norm_exponent();
    let settings = LpRegressionSettings { relative_gap: 1e-8, ..LpRegressionSettings::default() };
    let problem = LpRegression::new(a, b, p)?;
    let full = lp_regression(&problem, &settings)?;
    let (rows, entries) = (coreset.rows(a), coreset.entries(b));
    let small = LpRegression::new(&rows, &entries, p)?.weighted(coreset.weights())?;
    let x = lp_regression(&small, &settings)?.solution.x;
    Ok(Objectives {
        of_coreset: problem.objective(&x),
        optimum: full.solution.objective,
        dual_bound: full.solution.dual_bound,
        status: full.status,
        target: problem.objective(&DVector::zeros(a.ncols())),
    })
}
