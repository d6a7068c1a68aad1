//! C = √m ‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂), the error that the ℓ∞ guarantee bounds, of one draw of a sketch.

use nalgebra::{DMatrix, DVector};
use proofsketch::guarantee::ExponentFit;
use proofsketch::linalg::{PivotedQr, column_norms};
use proofsketch::regression::{ExactSolution, Instance, SolvedInstance, solve_from_sketch};
use proofsketch::sketch::SketchOperator;

use crate::Verdict;
use crate::error::Fault;

/// Coverage of the intervals that come with every answer; the figures do not look at them.
const LEVEL: f64 = 0.95;

/// Half the exponent of √d.
const LOGARITHMIC: f64 = 0.25;

/// An instance with its exact answer, A and b joined so that one product gives S A and S b.
#[derive(Debug)]
pub(super) struct Benchmark {
    joined: DMatrix<f64>,
    norms: DVector<f64>,
    pub exact: ExactSolution,
}

impl Benchmark {
    pub fn new(instance: Instance) -> Result<Self, Fault> {
        let SolvedInstance { instance, exact } = SolvedInstance::new(instance)?;
        let norms = column_norms(&instance.a);
        let d = instance.a.ncols();
        let mut joined = instance.a.insert_column(d, 0.0);
        joined.set_column(d, &instance.b);
        Ok(Self { joined, norms, exact })
    }

    /// C of one draw.
    pub fn normalized_error(&self, sketch: &dyn SketchOperator) -> Result<f64, Fault> {
        let d = self.norms.len();
        let sketched = sketch.sketch(&self.joined);
        let sb = sketched.column(d).into_owned();
        let answer = solve_from_sketch(&sketched.columns(0, d).into_owned(), &sb, &self.norms, LEVEL)?;
        Ok(self.exact.normalized_error(&answer.coefficients, sb.len()))
    }
}

/// One draw on A = [I_d; 0]: S A is the first d columns of S, and the residual columns follow.
#[derive(Debug)]
pub(super) struct IdentityRows {
    /// S A, m × d.
    pub sketched: DMatrix<f64>,
    /// C on [`Instance::adversarial_sparse`] for each K asked for.
    pub errors: Vec<f64>,
}

impl IdentityRows {
    /// Of all of S only the d + max K columns are drawn that meet a nonzero row, and one factorization of S A serves all
    /// K: x★ = 0 and ‖r‖ = ‖A⁺‖ = 1.
    pub fn draw(sketch: &dyn SketchOperator, d: usize, residual_rows: &[usize]) -> Result<Self, Fault> {
        let most = residual_rows.iter().copied().max().unwrap_or(0);
        let columns = sketch.columns(0..d + most);
        let sketched = columns.columns(0, d).into_owned();
        let m = columns.nrows();
        let targets = DMatrix::from_fn(m, residual_rows.len(), |t, k| {
            let residual = columns.view((t, d), (1, residual_rows[k]));
            residual.sum() / (residual_rows[k] as f64).sqrt()
        });
        let factor = PivotedQr::new(&sketched)?;
        let answers = factor.minimum_norm_solution(&targets, factor.default_tolerance())?;
        let errors = answers.column_iter().map(|x| (m as f64).sqrt() * x.amax()).collect();
        Ok(Self { sketched, errors })
    }
}

/// 1, 2, 4, … below `most`, and `most`.
pub(super) fn doubling_up_to(most: usize) -> Vec<usize> {
    let mut list: Vec<usize> =
        std::iter::successors(Some(1), |k| Some(2 * k)).take_while(|&k| k < most).collect();
    list.push(most);
    list
}

/// Whether powers of d fitted to C are those of logarithms. √(2 ln 2d) itself has exponent 0.13 from d = 8 to 256 and √d has
/// 0.5, so that 0.25 is the border: a 95 % interval below it holds, one above it does not, any other cannot tell.
pub(super) fn grows_like_logarithms(fits: &[ExponentFit]) -> Verdict {
    let below = fits.iter().filter(|fit| fit.interval().1 < LOGARITHMIC).count();
    let above = fits.iter().filter(|fit| fit.interval().0 >= LOGARITHMIC).count();
    if above == 0 && below < fits.len() {
        Verdict::NotTestable
    } else {
        Verdict::from_cases(below, fits.len())
    }
}

/// √(2 ln 2d), about the greatest of d standard normal numbers in absolute value.
pub(super) fn normal_maximum(d: f64) -> f64 {
    (2.0 * (2.0 * d).ln()).sqrt()
}
