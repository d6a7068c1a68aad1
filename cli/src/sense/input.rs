use nalgebra::DMatrix;
use proofsketch::io::read_matrix;
use proofsketch::linalg::{SymmetricEigen, first_non_finite};

use super::{MethodName, Sense};
use crate::failure::Failure;
use crate::output::significant;

/// Asymmetry and negative eigenvalues up to this share of the largest are rounding of the file.
const ROUNDING: f64 = 1e-6;

/// The matrix to be sensed.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) matrix: DMatrix<f64>,
    /// Why a symmetric method cannot reach it, unless one can.
    obstacle: Option<String>,
}

impl Sense {
    /// The matrix of the file, its Gram matrix or its covariance.
    pub(super) fn target(&self) -> Result<Target, Failure> {
        let matrix = read_matrix(&self.matrix)?.into_dense()?;
        if matrix.is_empty() {
            return Err(self.failure(&format!("the matrix is empty: {}×{}", matrix.nrows(), matrix.ncols())));
        }
        if let Some((row, column, value)) = first_non_finite(&matrix) {
            let place = format!("row {row}, column {column} (counted from 0)");
            return Err(self.failure(&format!("{value} at {place}: every entry must be finite")));
        }
        let matrix = self.second_moments(matrix)?;
        if let Some((row, column, _)) = first_non_finite(&matrix) {
            return Err(
                self.failure(&format!("the products of columns {row} and {column} overflow: scale them"))
            );
        }
        let obstacle = obstacle(&matrix).map_err(|error| self.failure(&error.to_string()))?;
        Ok(Target { matrix, obstacle })
    }

    fn second_moments(&self, mut matrix: DMatrix<f64>) -> Result<DMatrix<f64>, Failure> {
        if !self.gram && !self.covariance {
            return Ok(matrix);
        }
        let samples = matrix.nrows();
        if self.covariance {
            if samples < 2 {
                return Err(self.failure("--covariance needs two rows at least"));
            }
            for mut column in matrix.column_iter_mut() {
                let mean = column.mean();
                column.add_scalar_mut(-mean);
            }
        }
        let freedom = if self.covariance { samples - 1 } else { samples };
        Ok(proofsketch::linalg::gram(&matrix) / freedom as f64)
    }

    /// The method asked for, if it can reach the matrix, or the one that fits.
    pub(super) fn method_for(&self, target: &Target) -> Result<MethodName, Failure> {
        match (self.method, &target.obstacle) {
            (Some(method), Some(obstacle)) if method.is_symmetric() => Err(self.failure(&format!(
                "{obstacle}, so it is no U Uᵀ: take --method one-step or gd-asymmetric, or --gram or --covariance"
            ))),
            (Some(method), _) => Ok(method),
            (None, Some(_)) => Ok(MethodName::OneStep),
            (None, None) => Ok(MethodName::Subgradient),
        }
    }
}

/// Why X is not U Uᵀ, unless it is.
fn obstacle(x: &DMatrix<f64>) -> Result<Option<String>, proofsketch::linalg::Error> {
    if !x.is_square() {
        return Ok(Some(format!("the matrix is {}×{}, not square", x.nrows(), x.ncols())));
    }
    let asymmetry = (x - x.transpose()).amax();
    if asymmetry > ROUNDING * x.amax() {
        let size = significant(asymmetry, 2);
        return Ok(Some(format!("the matrix is not symmetric: entries mirrored differ by up to {size}")));
    }
    let eigenvalues = SymmetricEigen::new(x)?.eigenvalues;
    let (least, largest) = (eigenvalues.min(), eigenvalues.amax());
    let negative = least < -ROUNDING * largest;
    let size = significant(least, 3);
    Ok(negative.then(|| format!("the matrix is not positive semidefinite: its least eigenvalue is {size}")))
}
