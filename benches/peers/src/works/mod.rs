//! The works, one a file: input from a folder, an answer for the judge.

mod completion;
mod fastrp;
mod l1_regression;
mod least_squares;
mod leverage;
mod randomized_svd;
mod sensing_step;
mod sketching;

use std::error::Error;
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use proofsketch::io::{read_npy, write_npy, write_npy_transposed};
use proofsketch::random::StreamKey;

/// A work with its input in memory.
pub trait Work {
    /// Does the work once, in one of its variants.
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>>;
}

/// What a work gives, as it lies in memory.
pub enum Answer {
    /// A matrix; vectors are matrices of one column.
    Matrix(DMatrix<f64>),
    /// The transpose of an embedding.
    Vectors(DMatrix<f32>),
}

impl Answer {
    /// Writes it as `.npy`.
    pub fn save(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Matrix(matrix) => write_npy(path, matrix)?,
            Self::Vectors(vectors) => write_npy_transposed(path, vectors)?,
        }
        Ok(())
    }
}

impl From<DVector<f64>> for Answer {
    fn from(vector: DVector<f64>) -> Self {
        Self::Matrix(DMatrix::from_column_slice(vector.len(), 1, vector.as_slice()))
    }
}

/// The randomness of every run.
fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

/// What a work says of a variant that it does not have.
fn unknown(variant: &str) -> Box<dyn Error> {
    format!("no variant {variant}").into()
}

fn matrix(folder: &Path, name: &str) -> Result<DMatrix<f64>, Box<dyn Error>> {
    Ok(read_npy(folder.join(name))?)
}

fn vector(folder: &Path, name: &str) -> Result<DVector<f64>, Box<dyn Error>> {
    Ok(matrix(folder, name)?.column(0).into_owned())
}

/// Reads the input of the work of that name.
pub fn load(work: &str, folder: &Path) -> Result<Box<dyn Work>, Box<dyn Error>> {
    Ok(match work {
        "sketching" => Box::new(sketching::Sketching::load(folder)?),
        "least_squares" => Box::new(least_squares::LeastSquares::load(folder)?),
        "leverage" => Box::new(leverage::Leverage::load(folder)?),
        "l1_regression" => Box::new(l1_regression::L1Regression::load(folder)?),
        "completion" => Box::new(completion::Completion::load(folder)?),
        "fastrp" => Box::new(fastrp::FastRp::load(folder)?),
        "randomized_svd" => Box::new(randomized_svd::RandomizedSvd::load(folder)?),
        "sensing_step" => Box::new(sensing_step::SensingStep::load(folder)?),
        _ => return Err(format!("no work {work}").into()),
    })
}

/// Writes the input of a work that is drawn on this side.
pub fn make(work: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    match work {
        "sensing_step" => sensing_step::make(folder),
        _ => Err(format!("the input of {work} is not drawn here").into()),
    }
}
