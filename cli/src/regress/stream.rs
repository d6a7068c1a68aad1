use std::time::Instant;

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{DataMatrix, column_norms};
use proofsketch::random::StreamKey;
use proofsketch::regression::{self, Settings, SketchedSolution, Solution, solve_from_sketch};
use proofsketch::sketch::{SketchDistribution, SketchOperator, StreamingSketch};
use proofsketch::solve::{Report, Status};

use super::{Answer, Layout, Regress, Seconds};
use crate::failure::Failure;
use crate::passes::{Passes, header};
use crate::screen::Screen;

impl Regress {
    /// The answer of [`solve`](Regress::solve), to rounding, from two passes over the file: one counts, one sketches.
    pub(super) fn solve_stream(&self, seed: u64, screen: Screen) -> Result<Answer, Failure> {
        let start = Instant::now();
        let header = header(&self.table)?;
        let layout = self.layout(&header)?;
        let mut passes = Passes::new(&self.table, &header, "regress", screen)?;
        let (rows, d) = (passes.nrows, layout.ncols());
        let sketch_rows = self.stream_sketch_rows(rows, d).map_err(|error| self.failure(&error))?;
        if sketch_rows >= rows {
            return self.solve(seed); // the table is no larger than the sketch that was to be held
        }
        let distribution =
            self.sketch.distribution(sketch_rows, rows).map_err(|error| self.failure(&error.into()))?;
        let sketch = distribution.sample(StreamKey::from_seed(seed).named("sketch"));
        passes = passes.in_units_of(sketch.block_rows());
        let (mut sketched, norms) = sketch_pass(&*sketch, &layout, &mut passes)?;
        if !sketched.iter().all(|entry| entry.is_finite()) {
            return Err(self.failure(&regression::Error::Overflow { what: "the sketch of the table" }));
        }
        let sb = sketched.column(d).into_owned();
        sketched.resize_horizontally_mut(d, 0.0);
        let level = Settings::default().level;
        let mut solution = solve_from_sketch(&sketched, &sb, &norms.rows(0, d).into_owned(), level)
            .map_err(|error| self.failure(&error))?;
        let factor = sketch.variance_factor();
        solution.certificate = solution.certificate.map(|it| it.with_variance_factor(factor));
        let seconds = Seconds { read: passes.read, total: start.elapsed() };
        Ok(Answer { layout, rows, sketch: self.sketch, seed, report: report(solution), seconds })
    }

    fn stream_sketch_rows(&self, nrows: usize, ncols: usize) -> Result<usize, regression::Error> {
        if ncols == 0 {
            return Err(regression::Error::Empty { nrows, ncols });
        }
        if nrows < ncols {
            return Err(regression::Error::TooFewRows { nrows, ncols });
        }
        self.settings().rule((nrows, ncols)).rows(nrows, ncols)
    }
}

/// S [A b] and the norms of the columns of [A b].
fn sketch_pass(
    sketch: &dyn SketchOperator,
    layout: &Layout,
    passes: &mut Passes<'_>,
) -> Result<(DMatrix<f64>, DVector<f64>), Failure> {
    let width = layout.ncols() + 1;
    let mut stream = StreamingSketch::new(sketch, width);
    let mut norms = DVector::zeros(width);
    passes.each(|_, block| {
        let augmented = layout.augmented(block);
        stream.push(&augmented.row_block(0..augmented.nrows()));
        norms.zip_apply(&column_norms(&augmented), |norm: &mut f64, part: f64| *norm = norm.hypot(part));
        Ok(())
    })?;
    Ok((stream.finish(), norms))
}

/// The answer in the form of [`solve`](regression::solve), of which it is a case.
fn report(sketched: SketchedSolution) -> Report<Solution, regression::RefinementRecord> {
    let solution = Solution {
        coefficients: sketched.coefficients,
        rank: sketched.rank,
        sketch_rows: sketched.sketch_rows,
        sketched_residual: Some(sketched.sketched_residual),
        residual: None,
        backward_error: None,
        certificate: sketched.certificate,
        warnings: sketched.warnings,
    };
    Report { solution, status: Status::Converged, history: Vec::new() }
}
