use std::error::Error;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::sketch::{SketchDistribution, SketchFamily, SketchOperator};
use rayon::prelude::*;

use super::{Answer, Work, key, matrix, vector};

/// Entries that one task of a copy moves.
const CHUNK: usize = 1 << 16;

/// S A for a family of sketches, S drawn in the run; and a copy of A on all threads, the yardstick.
pub struct Sketching {
    a: DMatrix<f64>,
    rows: usize,
    copy: std::cell::RefCell<Vec<f64>>,
}

impl Sketching {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let a = matrix(folder, "a.npy")?;
        let rows = vector(folder, "rows.npy")?[0] as usize;
        Ok(Self { rows, copy: Vec::new().into(), a })
    }

    /// Into memory that is there already from the second time on.
    fn copy(&self) -> f64 {
        let mut copy = self.copy.borrow_mut();
        copy.resize(self.a.len(), 0.0);
        let chunks = copy.par_chunks_mut(CHUNK).zip(self.a.as_slice().par_chunks(CHUNK));
        chunks.for_each(|(to, from)| to.copy_from_slice(from));
        copy[self.a.len() - 1]
    }
}

impl Work for Sketching {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        if variant == "copy" {
            return Ok(Answer::Matrix(DMatrix::from_element(1, 1, self.copy())));
        }
        let family: SketchFamily = variant.parse()?;
        let sketch = family.distribution(self.rows, self.a.nrows())?.sample(key());
        Ok(Answer::Matrix(sketch.sketch(&self.a)))
    }
}
