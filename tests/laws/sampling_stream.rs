use nalgebra::DMatrix;
use proofsketch::linalg::DataMatrix;
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sampling::{
    ApproximateScores, Error, LeverageSketch, StreamedLeverage, approximate_leverage_scores, instances,
    leverage_scores,
};
use proofsketch::sketch::{SketchDistribution, SparseSign, StreamingSketch};

use crate::common::{seed, with_thread_counts};

fn sketched(a: &DMatrix<f64>, key: StreamKey) -> DMatrix<f64> {
    let sketch = SparseSign::new(32 * a.ncols(), a.nrows(), 2).unwrap().sample(key);
    let mut stream = StreamingSketch::new(&sketch, a.ncols());
    stream.push(&a.row_block(0..a.nrows()));
    stream.finish()
}

fn streamed(a: &DMatrix<f64>, block: usize, key: StreamKey) -> Result<ApproximateScores, Error> {
    let mut pass = StreamedLeverage::new(&sketched(a, key))?;
    for start in (0..a.nrows()).step_by(block) {
        pass.push(&a.rows(start, block.min(a.nrows() - start)).into_owned())?;
    }
    pass.finish()
}

fn assert_certified(found: &ApproximateScores, exact: &[f64]) {
    assert_eq!(found.scores.len(), exact.len());
    for (score, exact) in found.scores.iter().zip(exact) {
        let factor = found.distortion * (1.0 + 1e-10);
        assert!(*score <= factor * exact && *exact <= factor * score, "{score} {exact} {factor}");
    }
}

#[test]
fn streamed_scores_are_within_their_factor() {
    let key = seed().named("stream");
    let a = instances::heavy_tails(3000, 8, 2.0, key);
    let mut badly_scaled = a.clone();
    (0..8).for_each(|j| badly_scaled.column_mut(j).scale_mut(10_f64.powi(40 * j as i32 - 150)));
    for a in [a, badly_scaled] {
        let found = streamed(&a, 700, key).unwrap();
        assert!(found.distortion < 1.6, "{}", found.distortion);
        assert_certified(&found, &leverage_scores(&a).unwrap());
    }
}

/// A column of zeros, one that is the sum of two others, and rows of zeros.
#[test]
fn dependent_columns_score_as_without_them() {
    let key = seed().named("dependent");
    let mut a = instances::heavy_tails(2000, 6, 1.0, key);
    let sum = a.column(1) + a.column(3);
    a.set_column(4, &sum);
    a.column_mut(0).fill(0.0);
    a.row_mut(17).fill(0.0);
    let found = streamed(&a, 333, key).unwrap();
    assert!(found.distortion < 1.6, "{}", found.distortion);
    assert_eq!(found.scores[17], 0.0);
    assert_certified(&found, &leverage_scores(&a).unwrap());
}

/// With the sketch of the whole in one block, the scores of the method that holds the matrix.
#[test]
fn one_block_is_the_method_in_memory() {
    let key = seed().named("one block");
    let a = normal_matrix(2000, 5, key);
    let whole = approximate_leverage_scores(&a, &LeverageSketch::default(), key).unwrap();
    let found = streamed(&a, 2000, key.named("leverage sketch")).unwrap();
    assert!((found.distortion / whole.distortion - 1.0).abs() < 1e-12);
    assert!(found.scores.iter().zip(&whole.scores).all(|(a, b)| (a / b - 1.0).abs() < 1e-12));
}

#[test]
fn bits_do_not_depend_on_threads() {
    let key = seed().named("stream threads");
    let a = instances::heavy_tails(5000, 7, 1.0, key);
    let answers = with_thread_counts(|| streamed(&a, 1500, key).unwrap());
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[test]
fn a_sketch_of_other_rows_is_refused() {
    let key = seed().named("other rows");
    let a = normal_matrix(1000, 4, key);
    // The sketch is of a matrix whose last column is the first.
    let mut other = a.clone();
    let first = a.column(0).into_owned();
    other.set_column(3, &first);
    let mut pass = StreamedLeverage::new(&sketched(&other, key)).unwrap();
    assert_eq!(pass.rank(), 3);
    pass.push(&a).unwrap();
    assert_eq!(pass.finish(), Err(Error::LostBySketch));
    // And the other way round: a direction of the sketch that no row has.
    let mut pass = StreamedLeverage::new(&sketched(&a, key)).unwrap();
    pass.push(&other).unwrap();
    assert!(pass.finish().map_or_else(|error| error == Error::LostBySketch, |found| found.distortion > 1e6));
    let pass = StreamedLeverage::new(&sketched(&a, key)).unwrap();
    assert_eq!(pass.finish(), Err(Error::LostBySketch));
}

#[test]
fn entries_that_are_not_finite_are_placed_in_the_whole() {
    let key = seed().named("not finite");
    let mut a = normal_matrix(1000, 3, key);
    let mut pass = StreamedLeverage::new(&sketched(&a, key)).unwrap();
    a[(700, 2)] = f64::INFINITY;
    pass.push(&a.rows(0, 600).into_owned()).unwrap();
    let refused = pass.push(&a.rows(600, 400).into_owned());
    assert_eq!(refused, Err(Error::NotFinite { row: 700, column: 2, value: f64::INFINITY }));
}
