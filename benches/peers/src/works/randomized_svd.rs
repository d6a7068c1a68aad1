use std::error::Error;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::sketch::{RandomizedSvd as Settings, randomized_svd};

use super::{Answer, Work, key, matrix, vector};

/// The leading singular triplets: U, then V, above the singular values.
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
        let svd = randomized_svd(&self.a, &settings, key())?;
        let (m, n) = self.a.shape();
        let mut triplets = DMatrix::zeros(m + n + 1, self.rank);
        triplets.rows_mut(0, m).copy_from(&svd.u);
        triplets.rows_mut(m, n).copy_from(&svd.v);
        triplets.row_mut(m + n).tr_copy_from(&svd.singular_values);
        Ok(Answer::Matrix(triplets))
    }
}
