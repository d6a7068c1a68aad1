use std::error::Error;
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use proofsketch::sampling::{LeverageSketch, RowScores, SamplingPlan, approximate_leverage_scores};
use proofsketch::solve::{LpRegression, LpRegressionSettings, lp_regression};

use super::{Answer, Work, key, matrix, unknown, vector};

/// Rows of the coreset.
const CORESET: f64 = 3000.0;

/// argmin ‖A x − b‖₁, of all rows or of a coreset.
pub struct L1Regression {
    a: DMatrix<f64>,
    b: DVector<f64>,
}

impl L1Regression {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self { a: matrix(folder, "a.npy")?, b: vector(folder, "b.npy")? })
    }

    fn all_rows(&self) -> Result<DVector<f64>, Box<dyn Error>> {
        let problem = LpRegression::new(&self.a, &self.b, 1.0)?;
        Ok(lp_regression(&problem, &LpRegressionSettings::default())?.solution.x)
    }

    /// By root leverage scores, which are computed here too.
    fn coreset(&self) -> Result<DVector<f64>, Box<dyn Error>> {
        let settings = LeverageSketch { rows_per_column: 8.0, nonzeros: 2 };
        let leverage = approximate_leverage_scores(&self.a, &settings, key())?.scores;
        let coreset =
            SamplingPlan::budget(&RowScores::root_leverage(&leverage, 1.0)?, CORESET)?.sample(key());
        let (rows, entries) = (coreset.rows(&self.a), coreset.entries(&self.b));
        let problem = LpRegression::new(&rows, &entries, 1.0)?.weighted(coreset.weights())?;
        let settings = LpRegressionSettings { relative_gap: 1e-3, ..LpRegressionSettings::default() };
        Ok(lp_regression(&problem, &settings)?.solution.x)
    }
}

impl Work for L1Regression {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        Ok(match variant {
            "all rows" => self.all_rows()?.into(),
            "coreset" => self.coreset()?.into(),
            _ => return Err(unknown(variant)),
        })
    }
}
