use std::error::Error;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::completion::{Duplicates, MatrixCompletion, Settings, solve};

use super::{Answer, Work, key, matrix, unknown, vector};

/// Observed residual, relative, at which the error over all entries is below 10⁻¹⁰.
const TOLERANCE: f64 = 3e-11;

/// A matrix of known rank from triplets: the factors U above V.
pub struct Completion {
    shape: (usize, usize),
    rank: usize,
    triplets: Vec<(u32, u32, f64)>,
}

impl Completion {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let triplets = matrix(folder, "triplets.npy")?;
        let shape = vector(folder, "shape.npy")?;
        let triplet = |i: usize| (triplets[(i, 0)] as u32, triplets[(i, 1)] as u32, triplets[(i, 2)]);
        Ok(Self {
            shape: (shape[0] as usize, shape[1] as usize),
            rank: shape[2] as usize,
            triplets: (0..triplets.nrows()).map(triplet).collect(),
        })
    }
}

impl Work for Completion {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        if variant != "alternating minimization" {
            return Err(unknown(variant));
        }
        let settings = Settings { tol: TOLERANCE, ..Settings::of_rank(self.rank) };
        let (nrows, ncols) = self.shape;
        let problem = MatrixCompletion::from_triplets(nrows, ncols, &self.triplets, Duplicates::Refuse)?;
        let solution = solve(&problem, &settings, key())?.solution;
        let mut factors = DMatrix::zeros(nrows + ncols, self.rank);
        factors.rows_mut(0, nrows).copy_from(&solution.u);
        factors.rows_mut(nrows, ncols).copy_from(&solution.v);
        Ok(Answer::Matrix(factors))
    }
}
