//! Scaled gradient descent, a competitor: for figures, not part of the library.

use nalgebra::{DMatrix, DVector};
use nalgebra_sparse::{CooMatrix, CsrMatrix};
use proofsketch::completion::{Instance, MatrixCompletion};
use proofsketch::linalg::{Cholesky, gram};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{RandomizedSvd, randomized_svd};

use crate::error::Fault;

/// Scaled gradient descent (Tong, Ma and Chi, JMLR 2021) on f(L, R) = ‖P_Ω(L Rᵀ − M)‖_F²/(2p̂):
///
/// L ← L − η ∇_L f (RᵀR)⁻¹, R ← R − η ∇_R f (LᵀL)⁻¹, both from the old factors; spectral start, no projection.
pub struct ScaledGd {
    /// k.
    pub rank: usize,
    /// η.
    pub step_size: f64,
    /// Iterations at most.
    pub iterations: usize,
    /// Ends when the relative residual on Ω is this small.
    pub tolerance: f64,
}

/// What a run did, the errors to the truth of `instance` taken outside the method.
pub struct ScaledGdRun {
    /// Relative Frobenius error over all entries after each iteration.
    pub errors: Vec<f64>,
    /// Multiply-adds of one iteration: the residual on Ω, its products with L and R, the factors of size k.
    pub multiply_adds: f64,
}

impl ScaledGd {
    /// Runs it.
    pub fn run(&self, instance: &Instance, key: StreamKey) -> Result<ScaledGdRun, Fault> {
        let problem = &instance.problem;
        let (mut left, mut right) = self.spectral_start(problem, key)?;
        let norm = problem.triplets().map(|(_, _, value)| value * value).sum::<f64>().sqrt();
        let scale = self.step_size / problem.sampling_rate();
        let mut errors = Vec::new();
        for _ in 0..self.iterations {
            let step = gradient(problem, &left, &right);
            if step.residual <= self.tolerance * norm || !step.residual.is_finite() {
                break;
            }
            let (grams_left, grams_right) = (Cholesky::new(&gram(&left)), Cholesky::new(&gram(&right)));
            let (Ok(gram_left), Ok(gram_right)) = (grams_left, grams_right) else { break };
            left -= gram_right.solve(&step.left.transpose()).transpose() * scale;
            right -= gram_left.solve(&step.right.transpose()).transpose() * scale;
            errors.push(instance.relative_error(&left, &right).unwrap_or(f64::INFINITY));
        }
        let (m, n, k) = (problem.nrows() as f64, problem.ncols() as f64, self.rank as f64);
        let multiply_adds = 3.0 * problem.observed() as f64 * k + (m + n) * k * (k + 1.0) * 1.5;
        Ok(ScaledGdRun { errors, multiply_adds })
    }

    /// U√Σ and V√Σ of the leading singular triplets of P_Ω(M)/p̂.
    fn spectral_start(
        &self,
        problem: &MatrixCompletion,
        key: StreamKey,
    ) -> Result<(DMatrix<f64>, DMatrix<f64>), Fault> {
        let mut coo = CooMatrix::new(problem.nrows(), problem.ncols());
        for (i, j, value) in problem.triplets() {
            coo.push(i as usize, j as usize, value / problem.sampling_rate());
        }
        let svd = randomized_svd(&CsrMatrix::from(&coo), &RandomizedSvd::of_rank(self.rank), key)?;
        let roots = DMatrix::from_diagonal(&svd.singular_values.map(f64::sqrt));
        Ok((svd.u * &roots, svd.v * roots))
    }
}

/// P_Ω(L Rᵀ − M) R, its adjoint times L, and the norm of P_Ω(L Rᵀ − M).
struct Gradient {
    left: DMatrix<f64>,
    right: DMatrix<f64>,
    residual: f64,
}

fn gradient(problem: &MatrixCompletion, left: &DMatrix<f64>, right: &DMatrix<f64>) -> Gradient {
    // Rows of the factors as columns, which lie together.
    let (rows, columns) = (left.transpose(), right.transpose());
    let (mut for_left, mut for_right) = (DMatrix::zeros(rows.nrows(), rows.ncols()), columns.clone() * 0.0);
    let mut square = 0.0;
    for i in 0..problem.nrows() {
        let (indices, values) = problem.row(i);
        let mut sum = DVector::zeros(rows.nrows());
        for (&j, value) in indices.iter().zip(values) {
            let residual = rows.column(i).dot(&columns.column(j as usize)) - value;
            square += residual * residual;
            sum.axpy(residual, &columns.column(j as usize), 1.0);
            for_right.column_mut(j as usize).axpy(residual, &rows.column(i), 1.0);
        }
        for_left.set_column(i, &sum);
    }
    Gradient { left: for_left.transpose(), right: for_right.transpose(), residual: square.sqrt() }
}
