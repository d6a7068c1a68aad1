use nalgebra::DVector;

use super::LpRegressionError as Error;
use super::interior_point::{BoundedDual, SaddlePoint};
use super::norm::sum;
use super::whitened::Whitened;
use super::{LpRegressionRecord as Record, LpRegressionSettings as Settings};
use crate::linalg::{adjoint_multiply, multiply};
use crate::random::StreamKey;
use crate::sketch::{RowSampling, SketchDistribution};

/// Rows from which signs are guessed before the problem is solved.
const BANDED_ROWS: usize = 8192;
/// Gap to which the sample is solved.
const SAMPLE_GAP: f64 = 1e-3;
/// Share of the gap asked for that the interior point is left.
const GAP_SHARE: f64 = 0.1;

/// min ‖b − Yx‖₁.
///
/// Where there are many rows, most residuals keep the sign they have at a near solution, and a row of known sign enters
/// the dual as a constant: x from a sample of rows by ℓ₂ norms (the root leverage scores of p = 1), then the problem of
/// the rows whose residuals are small beside their norms, the rest with fixed signs; rows that prove to have the other
/// sign join them until there are none. The solution is that of the whole problem. Source: S. Portnoy and R. Koenker, "The
/// Gaussian hare and the Laplacian tortoise", Statist. Sci. 12 (1997), §4.
pub(super) fn least_absolute_deviations(
    whitened: &Whitened,
    b: &DVector<f64>,
    start: DVector<f64>,
    settings: &Settings,
    history: &mut Vec<Record>,
) -> Result<SaddlePoint, Error> {
    let (nrows, rank) = whitened.rows.shape();
    let size = sample_rows(nrows, rank);
    let tolerance = GAP_SHARE * settings.relative_gap;
    if nrows < BANDED_ROWS || 2 * size >= nrows {
        let zero = DVector::zeros(rank);
        let problem = BoundedDual { rows: &whitened.rows, b, c: &zero, outside: 0.0 };
        return problem.solve(&start, tolerance, settings.max_iterations, history);
    }
    let norms = whitened.row_norms();
    let near = solve_sample(whitened, b, &norms, size, settings, history)?;
    Band::around(whitened, b, &norms, near, size).solve(tolerance, settings, history)
}

/// (nr)^(2/3)·½ + 20r: the sizes of sample and band that balance one against the other.
fn sample_rows(nrows: usize, rank: usize) -> usize {
    (0.5 * (nrows as f64 * rank as f64).powf(2.0 / 3.0)) as usize + 20 * rank
}

/// A near solution, from about `size` rows.
fn solve_sample(
    whitened: &Whitened,
    b: &DVector<f64>,
    norms: &[f64],
    size: usize,
    settings: &Settings,
    history: &mut Vec<Record>,
) -> Result<DVector<f64>, Error> {
    let share = size as f64 / norms.iter().sum::<f64>();
    let probabilities: Vec<f64> = norms.iter().map(|norm| (share * norm).min(1.0)).collect();
    let sampling = RowSampling::new(probabilities, 1.0)?;
    let sample = sampling.sample(StreamKey::from_seed(1).named("lp regression"));
    let weights = DVector::from_column_slice(sample.weights());
    let mut rows = whitened.rows.select_rows(sample.kept());
    rows.column_iter_mut().for_each(|mut column| column.component_mul_assign(&weights));
    let kept = sample.kept().iter().zip(sample.weights());
    let b = DVector::from_iterator(sample.kept().len(), kept.map(|(&i, weight)| weight * b[i]));
    let zero = DVector::zeros(rows.ncols());
    let problem = BoundedDual { rows: &rows, b: &b, c: &zero, outside: 0.0 };
    Ok(problem.solve(&zero, SAMPLE_GAP, settings.max_iterations, history)?.x)
}

/// The rows whose signs are open, and those of the others.
struct Band<'a> {
    whitened: &'a Whitened,
    b: &'a DVector<f64>,
    norms: &'a [f64],
    x: DVector<f64>,
    /// sign(bᵢ − yᵢᵀx) where it is fixed, 0 in the band.
    signs: DVector<f64>,
    /// b − Yx.
    residual: DVector<f64>,
    /// Rows of the band, ascending.
    rows: Vec<usize>,
}

impl<'a> Band<'a> {
    /// The `size` rows with the least residuals beside their norms at x.
    fn around(
        whitened: &'a Whitened,
        b: &'a DVector<f64>,
        norms: &'a [f64],
        x: DVector<f64>,
        size: usize,
    ) -> Self {
        let signs = DVector::zeros(b.len());
        let residual = b - multiply(&whitened.rows, &x);
        let mut this = Self { whitened, b, norms, x, signs, residual, rows: Vec::new() };
        this.choose(size);
        this
    }

    fn choose(&mut self, size: usize) {
        let n = self.b.len();
        // A row of zeros has a residual of its own, whatever x is.
        let ratio = |i: usize| match self.norms[i] {
            0.0 => f64::INFINITY,
            norm => self.residual[i].abs() / norm,
        };
        let ratios: Vec<f64> = (0..n).map(ratio).collect();
        let mut order = ratios.clone();
        let threshold = *order.select_nth_unstable_by(size.min(n) - 1, f64::total_cmp).1;
        self.rows = (0..n).filter(|&i| ratios[i] <= threshold && self.norms[i] > 0.0).collect();
        self.signs = self.residual.map(sign);
        self.rows.iter().for_each(|&i| self.signs[i] = 0.0);
    }

    fn solve(
        mut self,
        tolerance: f64,
        settings: &Settings,
        history: &mut Vec<Record>,
    ) -> Result<SaddlePoint, Error> {
        loop {
            let inner = self.solve_band(tolerance, settings, history)?;
            self.x.copy_from(&inner.x);
            self.residual = self.b - multiply(&self.whitened.rows, &self.x);
            let n = self.b.len();
            let wrong: Vec<usize> = (0..n).filter(|&i| self.signs[i] * self.residual[i] < 0.0).collect();
            if wrong.is_empty() {
                let mut u = self.signs;
                self.rows.iter().zip(inner.u.iter()).for_each(|(&i, &value)| u[i] = value);
                return Ok(SaddlePoint { x: self.x, u });
            }
            if 4 * wrong.len() > self.rows.len() {
                self.choose((2 * self.rows.len()).min(n));
            } else {
                wrong.iter().for_each(|&i| self.signs[i] = 0.0);
                self.rows.extend(wrong);
                self.rows.sort_unstable();
            }
        }
    }

    /// The problem of the band, Yᵀu = −Σ signᵢyᵢ over the other rows.
    fn solve_band(
        &self,
        tolerance: f64,
        settings: &Settings,
        history: &mut Vec<Record>,
    ) -> Result<SaddlePoint, Error> {
        let rows = self.whitened.rows.select_rows(&self.rows);
        let b = DVector::from_iterator(self.rows.len(), self.rows.iter().map(|&i| self.b[i]));
        let c = -adjoint_multiply(&self.whitened.rows, &self.signs);
        let outside = sum(self.b.len(), |i| self.signs[i] * self.residual[i]);
        let problem = BoundedDual { rows: &rows, b: &b, c: &c, outside };
        problem.solve(&self.x, tolerance, settings.max_iterations, history)
    }
}

/// −1, 0 or 1.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}
