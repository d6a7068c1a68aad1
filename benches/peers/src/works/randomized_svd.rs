use std::error::Error;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::sketch::{RandomizedSvd as Settings, randomized_svd};

use super::{Answer, Work, key, matrix, vector};

/// The leading singular triplets, of which the values are the answer.
pub struct RandomizedSvd {
    a: DMatrix<f64>,
    rank: usize,
}

impl RandomizedSvd {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self { a: matrix(folder, "a.npy")?, rank: vector(folder, "rank.npy")?[0] as usize })
    }
}

impl Work for RandomizedSvd {
    /// A variant is two numbers: power iterations, and columns beyond the rank.
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        let (power_iterations, oversampling) = variant.split_once(' ').ok_or("two numbers")?;
        let settings = Settings {
            power_iterations: power_iterations.parse()?,
            oversampling: oversampling.parse()?,
            ..Settings::of_rank(self.rank)
        };
        Ok(randomized_svd(&self.a, &settings, key())?.singular_values.into())
    }
}
