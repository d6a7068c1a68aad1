use std::fs;
use std::time::{Duration, Instant};

use nalgebra::{DMatrix, DVector};
use proofsketch::io::{Blocks, Table, count_rows, open_blocks};
use proofsketch::linalg::{DataMatrix, column_norms, first_non_finite};
use proofsketch::random::StreamKey;
use proofsketch::regression::{self, Settings, SketchedSolution, Solution, solve_from_sketch};
use proofsketch::sketch::{SketchDistribution, SketchOperator, StreamingSketch};
use proofsketch::solve::{Report, Status};
use proofsketch_experiments::Progress;

use super::{Answer, Layout, Regress, Seconds};
use crate::failure::Failure;
use crate::screen::Screen;

/// Numbers of the table that are held at a time.
const BLOCK_ENTRIES: usize = 1 << 18;

/// What one pass over the table leaves.
struct Pass {
    /// S [A b].
    sketched: DMatrix<f64>,
    /// Norms of the columns of [A b].
    norms: DVector<f64>,
    /// Time spent in reading.
    read: Duration,
}

impl Regress {
    /// The answer of [`solve`](Regress::solve), to rounding, from two passes over the file: one counts, one sketches.
    pub(super) fn solve_stream(&self, seed: u64, screen: Screen) -> Result<Answer, Failure> {
        let start = Instant::now();
        let layout = self.stream_layout()?;
        let (rows, d) = (count_rows(&self.table)?, layout.ncols());
        let counted = start.elapsed();
        let sketch_rows = self.stream_sketch_rows(rows, d).map_err(|error| self.failure(&error))?;
        if sketch_rows >= rows {
            return self.solve(seed); // the table is no larger than the sketch that was to be held
        }
        let distribution =
            self.sketch.distribution(sketch_rows, rows).map_err(|error| self.failure(&error.into()))?;
        let sketch = distribution.sample(StreamKey::from_seed(seed).named("sketch"));
        let shows_bar = !screen.quiet && !screen.json;
        let progress = if shows_bar { Progress::on_terminal("regress") } else { Progress::hidden() };
        let pass = self.sketch_pass(&*sketch, &layout, &progress);
        progress.finish();
        let Pass { mut sketched, norms, read } = pass?;
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
        let seconds = Seconds { read: counted + read, total: start.elapsed() };
        Ok(Answer { layout, rows, sketch: self.sketch, seed, report: report(solution), seconds })
    }

    fn stream_layout(&self) -> Result<Layout, Failure> {
        if fs::metadata(&self.table).is_ok_and(|file| !file.is_file()) {
            let path = self.table.display();
            return Err(Failure::input(format!(
                "{path}: --stream reads the table twice: need a regular file"
            )));
        }
        let header = open_blocks(&self.table, 1)?;
        let names = header.names().map(<[String]>::to_vec);
        self.layout(&Table::new(names, DMatrix::zeros(0, header.ncols()))?)
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

    fn sketch_pass(
        &self,
        sketch: &dyn SketchOperator,
        layout: &Layout,
        progress: &Progress,
    ) -> Result<Pass, Failure> {
        let width = layout.ncols() + 1;
        let rows_per_block = match ((BLOCK_ENTRIES / width).max(1), sketch.block_rows()) {
            (rows, unit) if rows > unit => rows - rows % unit,
            (rows, _) => rows,
        };
        progress.expect(sketch.ncols().div_ceil(rows_per_block));
        let mut stream = StreamingSketch::new(sketch, width);
        let mut norms = DVector::zeros(width);
        let mut blocks = open_blocks(&self.table, rows_per_block)?;
        let mut read = Duration::ZERO;
        while let Some(block) = timed(&mut blocks, &mut read) {
            let block = block?;
            if block.ncols() != table_columns(layout) || stream.rows_seen() + block.nrows() > sketch.ncols() {
                return Err(self.changed());
            }
            if let Some((row, column, value)) = first_non_finite(&block) {
                return Err(self.not_finite((stream.rows_seen() + row, column, value)));
            }
            let augmented = layout.augmented(block);
            stream.push(&augmented.row_block(0..augmented.nrows()));
            norms.zip_apply(&column_norms(&augmented), |norm: &mut f64, part: f64| *norm = norm.hypot(part));
            progress.tick();
        }
        if stream.rows_seen() < sketch.ncols() {
            return Err(self.changed());
        }
        Ok(Pass { sketched: stream.finish(), norms, read })
    }

    fn changed(&self) -> Failure {
        Failure::input(format!("{}: changed while it was being read", self.table.display()))
    }
}

/// Columns of the table that a layout was made for.
fn table_columns(layout: &Layout) -> usize {
    layout.ncols() + usize::from(!layout.has_intercept)
}

/// The next block, and the time it took.
fn timed(blocks: &mut Blocks, time: &mut Duration) -> Option<<Blocks as Iterator>::Item> {
    let start = Instant::now();
    let block = blocks.next();
    *time += start.elapsed();
    block
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
