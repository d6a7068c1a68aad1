//! Factors of U Vᵀ as the row solvers read them: row by row.

use nalgebra::DMatrix;

use super::spectral_initialization::gaussian;
use crate::linalg::{Error, Qr, Svd};
use crate::random::StreamKey;

/// Entries to a multiple of which a row is padded with zeros: one vector register of 512 bits.
pub(crate) const LANES: usize = 8;

/// A matrix with k columns, stored by rows; each row is padded with zeros to a multiple of [`LANES`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Factor {
    rank: usize,
    stride: usize,
    data: Vec<f64>,
}

impl Factor {
    pub(crate) fn zeros(nrows: usize, rank: usize) -> Self {
        let stride = rank.max(1).next_multiple_of(LANES);
        Self { rank, stride, data: vec![0.0; nrows * stride] }
    }

    pub(crate) fn from_matrix(matrix: &DMatrix<f64>) -> Self {
        let mut factor = Self::zeros(matrix.nrows(), matrix.ncols());
        for (j, column) in matrix.column_iter().enumerate() {
            for (row, &value) in factor.data.chunks_exact_mut(factor.stride).zip(&column) {
                row[j] = value;
            }
        }
        factor
    }

    pub(crate) fn to_matrix(&self) -> DMatrix<f64> {
        DMatrix::from_fn(self.nrows(), self.rank, |i, j| self.data[i * self.stride + j])
    }

    pub(crate) fn nrows(&self) -> usize {
        self.data.len() / self.stride
    }

    /// k.
    pub(crate) fn rank(&self) -> usize {
        self.rank
    }

    /// k, padded.
    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// Row `i` without its padding.
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.data[i * self.stride..][..self.rank]
    }

    pub(crate) fn data_mut(&mut self) -> &mut [f64] {
        &mut self.data
    }

    /// The QR factorization: this factor becomes Q, with orthonormal columns, and R is returned.
    pub(crate) fn orthonormalise(&mut self) -> Result<DMatrix<f64>, Error> {
        let qr = Qr::new(&self.to_matrix())?;
        *self = Self::from_matrix(&qr.q());
        Ok(qr.r())
    }

    /// This factor times B.
    pub(crate) fn times(&self, b: &DMatrix<f64>) -> Self {
        Self::from_matrix(&(self.to_matrix() * b))
    }

    /// ‖(F − this) Bᵀ‖_F/‖F Bᵀ‖_F for the factor F that takes this one's place beside `basis` = B; 0 for F Bᵀ = 0.
    pub(crate) fn relative_change(&self, next: &Self, basis: &Self) -> f64 {
        let difference: Vec<f64> = self.data.iter().zip(&next.data).map(|(old, new)| new - old).collect();
        let difference = Self { data: difference, ..*self };
        let gram = basis.gram();
        let square = |factor: &Self| factor.gram().dot(&gram).max(0.0);
        let total = square(next);
        if total > 0.0 { (square(&difference) / total).sqrt() } else { 0.0 }
    }

    /// Adds a Gaussian matrix of spectral norm `relative` times that of this factor.
    pub(crate) fn perturb(&mut self, relative: f64, key: StreamKey) -> Result<(), Error> {
        let noise = gaussian(self.nrows(), self.rank, key);
        let largest = |a: &DMatrix<f64>| Svd::new(a).map(|svd| svd.singular_values[0]);
        let matrix = self.to_matrix();
        let size = relative * largest(&matrix)? / largest(&noise)?;
        *self = Self::from_matrix(&(matrix + noise * size));
        Ok(())
    }

    /// The Gram matrix.
    pub(crate) fn gram(&self) -> DMatrix<f64> {
        crate::linalg::gram(&self.to_matrix())
    }
}
