use nalgebra::{DMatrix, DVector};

use super::Error;
use super::row_basis::{check_matrix, equilibrated};

/// Largest share of a row outside the span of the rows before it that counts as rounding.
const OUTSIDE: f64 = 1e-12;

/// The online leverage scores τᵢ = min(1, aᵢᵀ(A₍ᵢ₋₁₎ᵀA₍ᵢ₋₁₎)⁺aᵢ) of the rows of A ∈ ℝⁿˣᵈ, where A₍ᵢ₋₁₎ holds the rows before row
/// i; 1 where aᵢ lies outside their span.
///
/// Known when row i arrives and never below its leverage score in A. Their sum is O(d log κ), κ the largest condition of a
/// prefix (M. Cohen, C. Musco and J. Pachocki, "Online Row Sampling", APPROX 2016, without its ridge). A row counts as lying in
/// the span of those before it where its part outside is below 10⁻¹² of its length. One row after another, by Givens
/// rotations: cost 4nd² flops, memory d² beside A.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::online_leverage_scores;
///
/// // New direction, a quarter of all seen in it, new direction, zero.
/// let scores = online_leverage_scores(&dmatrix![2.0, 0.0; 1.0, 0.0; 1.0, 1.0; 0.0, 0.0])?;
/// assert_eq!(scores, [1.0, 0.25, 1.0, 0.0]);
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
///
/// # Errors
/// As [`RowBasis::new`](super::RowBasis::new).
pub fn online_leverage_scores(a: &DMatrix<f64>) -> Result<Vec<f64>, Error> {
    check_matrix(a)?;
    let rows = equilibrated(a).transpose();
    let mut prefix = Prefix::new(a.ncols());
    Ok(rows.column_iter().map(|row| prefix.push(row.into_owned())).collect())
}

/// The rows seen: an orthonormal basis V of their span, and R upper triangular with RᵀR = Vᵀ(Σ aaᵀ)V.
struct Prefix {
    basis: Vec<DVector<f64>>,
    /// Column j holds row j of R, so that a rotation runs along columns.
    rows_of_r: DMatrix<f64>,
}

impl Prefix {
    fn new(ncols: usize) -> Self {
        Self { basis: Vec::new(), rows_of_r: DMatrix::zeros(ncols, ncols) }
    }

    /// The score of the next row, which joins the prefix.
    fn push(&mut self, row: DVector<f64>) -> f64 {
        let length = row.amax();
        if length == 0.0 {
            return 0.0;
        }
        let (mut coordinates, outside) = self.split(row, length);
        match outside {
            Some(direction) => {
                self.basis.push(direction);
                self.rotate_in(&mut coordinates);
                1.0
            }
            None => {
                let score = self.form(&coordinates);
                self.rotate_in(&mut coordinates);
                score
            }
        }
    }

    /// Coordinates of a row in V, with one more for its part outside where there is one, and the direction of that part.
    fn split(&self, mut rest: DVector<f64>, length: f64) -> (Vec<f64>, Option<DVector<f64>>) {
        let mut coordinates = vec![0.0; self.basis.len()];
        // Orthogonalised twice, as one pass leaves rounding of the size of the row.
        for _ in 0..2 {
            for (coordinate, direction) in coordinates.iter_mut().zip(&self.basis) {
                let share = direction.dot(&rest);
                *coordinate += share;
                rest.axpy(-share, direction, 1.0);
            }
        }
        let left = (&rest / length).norm() * length;
        if self.basis.len() == rest.len() || left <= OUTSIDE * length {
            return (coordinates, None);
        }
        coordinates.push(left);
        (coordinates, Some(rest / left))
    }

    /// min(1, ‖R⁻ᵀc‖²).
    fn form(&self, coordinates: &[f64]) -> f64 {
        let mut rest = coordinates.to_vec();
        let mut form = 0.0;
        for j in 0..rest.len() {
            let row = self.rows_of_r.column(j);
            let value = rest[j] / row[j];
            form += value * value;
            rest.iter_mut().zip(row.iter()).skip(j + 1).for_each(|(rest, entry)| *rest -= value * entry);
        }
        if form.is_nan() { 1.0 } else { form.min(1.0) }
    }

    /// Rotates a row into R.
    fn rotate_in(&mut self, row: &mut [f64]) {
        for j in 0..row.len() {
            if row[j] == 0.0 {
                continue;
            }
            let mut of_r = self.rows_of_r.column_mut(j);
            let radius = of_r[j].hypot(row[j]);
            let (cosine, sine) = (of_r[j] / radius, row[j] / radius);
            for (of_r, entry) in of_r.iter_mut().zip(row.iter_mut()).skip(j) {
                (*of_r, *entry) = (cosine * *of_r + sine * *entry, cosine * *entry - sine * *of_r);
            }
        }
    }
}
