use std::error::Error;
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use proofsketch::sampling::{LeverageSketch, approximate_leverage_scores, leverage_scores};

use super::{Answer, Work, key, matrix, unknown};

/// The leverage scores of the rows of A.
pub struct Leverage {
    a: DMatrix<f64>,
}

impl Leverage {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self { a: matrix(folder, "a.npy")? })
    }
}

impl Work for Leverage {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        let scores = match variant {
            "exact" => leverage_scores(&self.a)?,
            "approximate" => approximate_leverage_scores(&self.a, &LeverageSketch::default(), key())?.scores,
            _ => return Err(unknown(variant)),
        };
        Ok(DVector::from_vec(scores).into())
    }
}
