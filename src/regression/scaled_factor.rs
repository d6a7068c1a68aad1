use nalgebra::{DMatrix, DVector};

use crate::linalg::{Error, PivotedQr, Qr, solve_upper_triangular, solve_upper_triangular_transpose};

/// The factor of a tall matrix with unit columns that sketch-and-solve and its refinement share:
/// M D⁻¹ Π = Q R with D = diag of the column norms, its numerical rank ρ, and the maps that R gives.
///
/// Only the first ρ pivots take part: P = D⁻¹ Π [R₁₁⁻¹; 0] ∈ ℝᵈˣᵖ maps coordinates in which M is near orthonormal to
/// coefficients. The other directions, on which M vanishes to rounding, are kept as a basis of the null space.
#[derive(Clone, Debug)]
pub(super) struct ScaledFactor {
    factor: PivotedQr,
    /// R₁₁.
    triangle: DMatrix<f64>,
    norms: DVector<f64>,
    /// Orthonormal basis of the numerical null space of M, empty at full rank.
    null_space: DMatrix<f64>,
}

impl ScaledFactor {
    /// Factors M with the column norms D; a column of norm zero is taken out as null.
    pub(super) fn new(m: &DMatrix<f64>, norms: &DVector<f64>) -> Result<Self, Error> {
        let norms = norms.map(|norm| if norm > 0.0 { norm } else { 1.0 });
        let mut scaled = m.clone();
        for (mut column, norm) in scaled.column_iter_mut().zip(&norms) {
            column /= *norm;
        }
        let factor = PivotedQr::new(&scaled)?;
        let rank = factor.rank(factor.default_tolerance());
        let r = factor.r();
        let triangle = r.view((0, 0), (rank, rank)).into_owned();
        let mut this = Self { factor, triangle, norms, null_space: DMatrix::zeros(m.ncols(), 0) };
        if rank < m.ncols() {
            this.null_space = this.null_basis(&r)?;
        }
        Ok(this)
    }

    /// ρ, the numerical rank.
    pub(super) fn rank(&self) -> usize {
        self.triangle.nrows()
    }

    /// The shortest x that minimises ‖M x − c‖₂.
    pub(super) fn solve(&self, c: &DMatrix<f64>) -> Result<DVector<f64>, Error> {
        let head = self.factor.apply_q_transpose(c).rows(0, self.rank()).column(0).into_owned();
        Ok(self.shortest(self.to_coefficients(&head)?))
    }

    /// P y.
    pub(super) fn to_coefficients(&self, y: &DVector<f64>) -> Result<DVector<f64>, Error> {
        let z = solve_upper_triangular(&self.triangle, &as_column(y))?;
        Ok(self.unpermute(&z))
    }

    /// Pᵀ g.
    pub(super) fn adjoint_coefficients(&self, g: &DVector<f64>) -> Result<DVector<f64>, Error> {
        let pivots = &self.factor.permutation()[..self.rank()];
        let head = DMatrix::from_iterator(self.rank(), 1, pivots.iter().map(|&j| g[j] / self.norms[j]));
        Ok(solve_upper_triangular_transpose(&self.triangle, &head)?.column(0).into_owned())
    }

    /// x without its part in the null space.
    pub(super) fn shortest(&self, mut x: DVector<f64>) -> DVector<f64> {
        if self.null_space.ncols() > 0 {
            x -= &self.null_space * self.null_space.tr_mul(&x);
        }
        x
    }

    /// [(MᵀM)⁻¹]ᵢᵢ for every i, at full rank: the squared row lengths of D⁻¹ Π R⁻¹.
    pub(super) fn inverse_gram_diagonal(&self) -> Result<DVector<f64>, Error> {
        let inverse = solve_upper_triangular(&self.triangle, &DMatrix::identity(self.rank(), self.rank()))?;
        let mut diagonal = DVector::zeros(self.norms.len());
        for (row, &j) in inverse.row_iter().zip(self.factor.permutation()) {
            diagonal[j] = (row.norm() / self.norms[j]).powi(2);
        }
        Ok(diagonal)
    }

    /// R₁₁.
    pub(super) fn triangle(&self) -> &DMatrix<f64> {
        &self.triangle
    }

    /// D.
    pub(super) fn norms(&self) -> &DVector<f64> {
        &self.norms
    }

    /// [R₁₁ R₁₂] Πᵀ D ∈ ℝᵖˣᵈ, which has the nonzero singular values of M.
    pub(super) fn unscaled_triangle(&self) -> DMatrix<f64> {
        let r = self.factor.r();
        let mut unscaled = DMatrix::zeros(self.rank(), r.ncols());
        for (column, &j) in r.column_iter().zip(self.factor.permutation()) {
            unscaled.set_column(j, &(column.rows(0, self.rank()) * self.norms[j]));
        }
        unscaled
    }

    /// Orthonormal columns spanning D⁻¹ Π [−R₁₁⁻¹R₁₂; I].
    fn null_basis(&self, r: &DMatrix<f64>) -> Result<DMatrix<f64>, Error> {
        let (rank, d) = (self.rank(), r.ncols());
        let above =
            solve_upper_triangular(&self.triangle, &r.view((0, rank), (rank, d - rank)).into_owned())?;
        let mut basis = DMatrix::zeros(d, d - rank);
        for (position, &j) in self.factor.permutation().iter().enumerate() {
            for k in 0..d - rank {
                let entry =
                    if position < rank { -above[(position, k)] } else { f64::from(position - rank == k) };
                basis[(j, k)] = entry / self.norms[j];
            }
        }
        Ok(Qr::new(&basis)?.q())
    }

    /// D⁻¹ Π [z; 0].
    fn unpermute(&self, z: &DMatrix<f64>) -> DVector<f64> {
        let mut x = DVector::zeros(self.norms.len());
        for (value, &j) in z.iter().zip(self.factor.permutation()) {
            x[j] = value / self.norms[j];
        }
        x
    }
}

/// A vector as a matrix of one column.
pub(super) fn as_column(x: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_column_slice(x.len(), 1, x.as_slice())
}
