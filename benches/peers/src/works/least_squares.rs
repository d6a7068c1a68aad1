use std::error::Error;
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use proofsketch::regression::{LeastSquares as Problem, Refinement, Settings, solve};

use super::{Answer, Work, key, matrix, unknown, vector};

/// argmin ‖A x − b‖₂, checks of the input included.
pub struct LeastSquares {
    a: DMatrix<f64>,
    b: DVector<f64>,
}

impl LeastSquares {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self { a: matrix(folder, "a.npy")?, b: vector(folder, "b.npy")? })
    }
}

impl Work for LeastSquares {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        let problem = Problem::new(&self.a, &self.b)?;
        match variant {
            "refined" => {
                let settings = Settings { refinement: Some(Refinement::default()), ..Settings::default() };
                Ok(solve(&problem, &settings, key())?.solution.coefficients.into())
            }
            _ => Err(unknown(variant)),
        }
    }
}
