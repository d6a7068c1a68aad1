use std::time::Instant;

use nalgebra::DMatrix;
use proofsketch::io::Table;
use proofsketch::linalg::DataMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    Coreset, Error, LeverageSketch, RowScores, SamplingPlan, ScoreKind, StreamedLeverage,
};
use proofsketch::sketch::{SketchDistribution, SketchOperator, SparseSign, StreamingSketch};
use proofsketch::solve::LpRegression;

use super::answer::{Answer, Seconds};
use super::check::{Objectives, on_coreset};
use super::stream_check::Checked;
use super::{Sample, Scores, rank_warnings};
use crate::failure::Failure;
use crate::passes::{Passes, header};
use crate::regress::Layout;
use crate::screen::Screen;

/// The columns of A, or of [A b].
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) layout: Option<Layout>,
}

impl Columns {
    pub(super) fn of(&self, block: DMatrix<f64>) -> DMatrix<f64> {
        match &self.layout {
            Some(layout) => layout.augmented(block),
            None => block,
        }
    }
}

impl Sample {
    /// The answer of [`sample`](Sample::sample) for a table read in blocks: leverage scores up to a certified factor.
    pub(super) fn sample_stream(&self, seed: u64, screen: Screen) -> Result<Answer, Failure> {
        let start = Instant::now();
        if !matches!(self.scores, Scores::Leverage | Scores::RootLeverage) {
            let why = "--stream holds no table in memory: choose --scores leverage or root-leverage";
            return Err(Failure::input(why));
        }
        let header = header(&self.table)?;
        let columns = self.columns(&header)?;
        let mut passes = Passes::new(&self.table, &header, "sample", screen)?;
        self.assert_rows(passes.nrows)?;
        let settings = LeverageSketch::default();
        let sketch_rows = (settings.rows_per_column * columns.names.len() as f64).ceil() as usize;
        if sketch_rows >= passes.nrows {
            return self.sample(seed); // the table is no larger than the sketch that was to be held
        }
        let key = StreamKey::from_seed(seed);
        let sketch = SparseSign::new(sketch_rows, passes.nrows, settings.nonzeros)
            .map_err(|error| self.refusal(&error))?
            .sample(key.named("leverage sketch"));
        let leverage = leverage_passes(&sketch, &columns, &mut passes, self)?;
        let found = leverage.finish().map_err(|error| self.refusal(&error))?;
        let scores = self.stream_scores(&found.scores).map_err(|error| self.refusal(&error))?;
        let plan = SamplingPlan::budget(&scores, self.rows as f64).map_err(|error| self.refusal(&error))?;
        let coreset = plan.sample(key.named("coreset"));
        let (read, drawn) = (passes.read, start.elapsed());
        self.assert_drawn(&coreset)?;
        let seen = Checked::pass(&coreset, &leverage, &columns, &mut passes, key)?;
        let objectives = match &columns.layout {
            Some(layout) => Some(self.stream_objectives(&coreset, &seen.rows, layout, &mut passes)?),
            None => None,
        };
        let (rank, p, factor) = (leverage.rank(), self.p, found.distortion);
        let seen = seen.distortion(leverage.gram(), p).map_err(|error| self.refusal(&error))?;
        let bound = (rank as f64).powf((p / 2.0).max(1.0));
        let seconds = Seconds { read, score: drawn - read, total: start.elapsed() };
        Ok(Answer {
            p,
            rank,
            columns: columns.names.len(),
            target: columns.layout.map(|layout| layout.target),
            scores: self.scores,
            method: format!("from a stream, leverage scores certified to a factor of {factor:.3}"),
            expected_rows: plan.expected_rows(),
            total_upper: bound.min(scores_bound(&scores, factor)),
            warnings: rank_warnings((rank, columns.names.len()), coreset.len()),
            coreset,
            seen,
            objectives,
            seed,
            seconds,
        })
    }

    fn columns(&self, table: &Table) -> Result<Columns, Failure> {
        if self.target.is_none() {
            let names = (0..table.values().ncols()).map(|j| table.column_name(j)).collect();
            return Ok(Columns { names, layout: None });
        }
        let layout = self.layout(table)?;
        let mut names = layout.names.clone();
        names.push(layout.target.clone());
        Ok(Columns { names, layout: Some(layout) })
    }

    fn stream_scores(&self, leverage: &[f64]) -> Result<RowScores, Error> {
        match self.scores {
            Scores::Leverage => RowScores::leverage(leverage, self.p),
            _ => RowScores::root_leverage(leverage, self.p),
        }
    }

    /// ‖Ax − b‖ₚ over the table at the solution on the kept rows.
    fn stream_objectives(
        &self,
        coreset: &Coreset,
        rows: &DMatrix<f64>,
        layout: &Layout,
        passes: &mut Passes<'_>,
    ) -> Result<Objectives, Failure> {
        let d = layout.ncols();
        let (a, b) = (rows.columns(0, d).into_owned(), rows.column(d).into_owned());
        let x = on_coreset(&a, &b, coreset).map_err(|error| self.refusal(&error))?;
        let mut norms = Vec::new();
        passes.each(|_, block| {
            let (a, b) = layout.split(block);
            let problem = LpRegression::new(&a, &b, self.p).map_err(|error| self.refusal(&error))?;
            norms.push(problem.objective(&x));
            Ok(())
        })?;
        let largest = norms.iter().copied().fold(0.0, f64::max);
        let sum: f64 = norms.iter().map(|norm| (norm / largest).powf(self.p)).sum();
        let of_coreset = if largest > 0.0 { largest * sum.powf(1.0 / self.p) } else { 0.0 };
        Ok(Objectives { of_coreset, optimum: None })
    }
}

/// Two passes: a sketch, and the leverage scores that it gives.
fn leverage_passes(
    sketch: &dyn SketchOperator,
    columns: &Columns,
    passes: &mut Passes<'_>,
    sample: &Sample,
) -> Result<StreamedLeverage, Failure> {
    let mut first = StreamingSketch::new(sketch, columns.names.len());
    passes.each(|_, block| {
        let rows = columns.of(block);
        first.push(&rows.row_block(0..rows.nrows()));
        Ok(())
    })?;
    let mut second = StreamedLeverage::new(&first.finish()).map_err(|error| match error {
        Error::NotFinite { .. } => {
            sample.refusal(&"its numbers are so large that sums overflow: scale the columns")
        }
        error => sample.refusal(&error),
    })?;
    passes.each(|_, block| second.push(&columns.of(block)).map_err(|error| sample.refusal(&error)))?;
    Ok(second)
}

/// Σ of upper bounds on the sensitivities: the scores are low by the factor at most.
fn scores_bound(scores: &RowScores, factor: f64) -> f64 {
    match scores.kind() {
        ScoreKind::RootLeverage => scores.total() * factor.powf(scores.norm_exponent() / 2.0),
        _ => f64::INFINITY,
    }
}
