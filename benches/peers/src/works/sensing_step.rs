use std::error::Error;
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use proofsketch::io::write_npy;
use proofsketch::linalg::{adjoint_multiply, multiply};
use proofsketch::random::normal_matrix;
use proofsketch::sensing::{LowRankTruth, MeasurementMap, PackedGaussian, sign};

use super::{Answer, Work, key, matrix, unknown, vector};

/// The subgradient (1/m) Σᵢ sign(⟨Aᵢ, X⟩ − yᵢ) Aᵢ of one step at X.
pub struct SensingStep {
    packed: PackedGaussian,
    /// vec(Aᵢ) in row i, double precision.
    dense: DMatrix<f64>,
    x: DMatrix<f64>,
    y: DVector<f64>,
}

impl SensingStep {
    /// The packed map is drawn again; the dense one is what was written of it.
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let (x, y) = (matrix(folder, "x.npy")?, vector(folder, "y.npy")?);
        let packed = PackedGaussian::draw(x.nrows(), y.len(), key())?;
        Ok(Self { packed, dense: matrix(folder, "a.npy")?, x, y })
    }

    /// Two products with the dense matrix.
    fn two_passes(&self) -> DMatrix<f64> {
        let point = DVector::from_column_slice(self.x.as_slice());
        let signs = (multiply(&self.dense, &point) - &self.y).map(sign);
        let sum = adjoint_multiply(&self.dense, &signs) / self.y.len() as f64;
        DMatrix::from_column_slice(self.x.nrows(), self.x.ncols(), sum.as_slice())
    }
}

impl Work for SensingStep {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        Ok(Answer::Matrix(match variant {
            "fused pass" => self.packed.fused(&self.x, &self.y, &sign).gradient,
            "two products" => self.two_passes(),
            _ => return Err(unknown(variant)),
        }))
    }
}

/// Draws a map of the shape in `shape.npy`, a point, and what the map measures of a matrix of rank 3.
pub fn make(folder: &Path) -> Result<(), Box<dyn Error>> {
    let shape = vector(folder, "shape.npy")?;
    let (dim, measurements) = (shape[0] as usize, shape[1] as usize);
    let packed = PackedGaussian::draw(dim, measurements, key())?;
    let mut dense = DMatrix::zeros(measurements, dim * dim);
    for i in 0..measurements {
        dense.row_mut(i).tr_copy_from(&DVector::from_column_slice(packed.matrix(i).as_slice()));
    }
    let y = LowRankTruth::psd(dim, &[10.0, 5.0, 1.0], key().named("truth"))?.measured_by(&packed);
    let point = normal_matrix(dim, dim, key().named("point"));
    write_npy(folder.join("a.npy"), &dense)?;
    write_npy(folder.join("x.npy"), &(&point + point.transpose()))?;
    write_npy(folder.join("y.npy"), &DMatrix::from_column_slice(measurements, 1, y.as_slice()))?;
    Ok(())
}
