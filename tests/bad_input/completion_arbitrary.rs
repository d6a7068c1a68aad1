//! Completion of arbitrary entries: a typed error or finite factors.

use nalgebra::DMatrix;
use proofsketch::completion::{
    Duplicates, MatrixCompletion, Ridge, RowSolver, Sampling, Settings, Side, multiple_response_regression,
    ratings, solve,
};
use proofsketch::random::StreamKey;
use proofsketch::sketch::SketchFamily;
use proptest::prelude::*;

use crate::hard_numbers::{all_finite, cases, entry, matrix};

/// Some entries of a matrix, each with a weight or none with one.
fn problem() -> impl Strategy<Value = MatrixCompletion> {
    let weights = prop::option::of(prop::collection::vec(entry(), 36));
    (matrix(), prop::collection::vec(any::<bool>(), 36), weights).prop_filter_map(
        "nothing observed",
        |(m, mask, weights)| {
            let places = (0..m.nrows()).flat_map(|i| (0..m.ncols()).map(move |j| (i, j)));
            let seen = places.zip(mask).filter(|(_, seen)| *seen).map(|(place, _)| place);
            let (nrows, ncols) = m.shape();
            let rows: Vec<_> = seen.map(|(i, j)| (i as u32, j as u32, m[(i, j)])).collect();
            match weights {
                None => MatrixCompletion::from_triplets(nrows, ncols, &rows, Duplicates::Refuse).ok(),
                Some(weights) => {
                    let rows: Vec<_> =
                        rows.iter().zip(weights).map(|(&(i, j, x), w)| (i, j, x, w.abs())).collect();
                    MatrixCompletion::from_weighted_triplets(nrows, ncols, &rows, Duplicates::Refuse).ok()
                }
            }
        },
    )
}

fn solver() -> impl Strategy<Value = RowSolver> {
    prop::sample::select(vec![
        RowSolver::Auto,
        RowSolver::Cholesky,
        RowSolver::Qr,
        RowSolver::Cg { steps: 3, tol: 1e-10 },
        RowSolver::SketchPcg { c: 2, kind: SketchFamily::Srht },
    ])
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn alternating_minimization(
        problem in problem(),
        rank in 1..4_usize,
        solver in solver(),
        ridge in prop::sample::select(vec![Ridge::None, Ridge::Vanishing, Ridge::Fixed(0.1), Ridge::Fixed(1e300), Ridge::Fixed(5e-324)]),
        is_split: bool,
        seed: u64,
    ) {
        let sampling = if is_split { Sampling::Split { iterations: Some(1), incoherence: None } } else { Sampling::Reuse };
        let settings = Settings { sampling, solver, ridge, max_iterations: 40, ..Settings::of_rank(rank) };
        if let Ok(report) = solve(&problem, &settings, StreamKey::from_seed(seed)) {
            let found = &report.solution;
            prop_assert!(all_finite(found.u.iter().chain(&found.v)), "{:?}", report);
            prop_assert!(found.relative_residual.is_finite(), "{:?}", report);
        }
    }

    #[test]
    fn alternating_least_squares(
        problem in problem(),
        rank in 0..4_usize,
        solver in solver(),
        biases: bool,
        is_per_entry: bool,
        pattern in prop::option::of(prop::sample::select(vec![1.0, 1e-300, 1e300])),
        ridge in prop::option::of(entry().prop_map(f64::abs)),
        seed: u64,
    ) {
        let penalty = if is_per_entry { ratings::Penalty::PerEntry } else { ratings::Penalty::PerRow };
        let settings = ratings::Settings {
            rank, solver, biases, pattern, ridge, penalty, max_iterations: 20, ..ratings::Settings::default()
        };
        if let Ok(report) = ratings::solve(&problem, &settings, StreamKey::from_seed(seed)) {
            let model = &report.solution;
            let factors = model.u.iter().chain(&model.v).chain(&model.row_biases).chain(&model.column_biases);
            prop_assert!(all_finite(factors) && model.mean.is_finite(), "{:?}", report);
        }
    }

    #[test]
    fn one_half_step(problem in problem(), rank in 1..4_usize, basis in matrix(), solver in solver(), ridge in entry()) {
        let basis = DMatrix::from_fn(problem.nrows(), rank, |i, j| basis[(i % basis.nrows(), j % basis.ncols())]);
        let key = StreamKey::from_seed(1);
        if let Ok(factor) =
            multiple_response_regression(&problem, Side::Columns, &basis, &solver, ridge.abs(), None, key)
        {
            prop_assert!(all_finite(&factor), "{:?}", factor);
        }
    }
}
