//! The leak test: a completion depends on observed entries alone.

use nalgebra::DMatrix;
use proofsketch::completion::{
    Duplicates, LowRankMatrix, MatrixCompletion, NoLeak, ObservationModel, PartlyObserved, Ridge, RowSolver,
    Sampling, Settings, Spectrum, solve,
};
use proofsketch::guarantee::check;
use proofsketch::sketch::SketchFamily;

use crate::common::seed;
use crate::completion_iteration::told;

const ALPHA: f64 = 1e-6;

fn partly_observed(shape: (usize, usize), probability: f64) -> PartlyObserved {
    let key = seed().named("leak");
    let truth = LowRankMatrix::incoherent(shape, 2, Spectrum::Flat, key).unwrap();
    let entries = ObservationModel::Bernoulli { probability }.draw(shape, key).unwrap();
    PartlyObserved { matrix: truth.to_dense(), entries }
}

fn seen(given: &PartlyObserved) -> MatrixCompletion {
    let (m, n) = given.matrix.shape();
    let value = |&(i, j): &(u32, u32)| (i, j, given.matrix[(i as usize, j as usize)]);
    let triplets: Vec<_> = given.entries.iter().map(value).collect();
    MatrixCompletion::from_triplets(m, n, &triplets, Duplicates::Refuse).unwrap()
}

fn completed(problem: &MatrixCompletion, settings: &Settings) -> DMatrix<f64> {
    let solution = solve(problem, settings, seed().named("leak").named("solver")).unwrap().solution;
    &solution.u * solution.v.transpose()
}

#[test]
fn the_solver_sees_observed_entries_alone() {
    let given = partly_observed((60, 50), 0.4);
    let split = Sampling::Split { iterations: Some(1), incoherence: None };
    let kind = SketchFamily::SparseSign { nonzeros: 4 };
    for settings in [
        Settings::of_rank(2),
        Settings { sampling: split, ..Settings::of_rank(2) },
        Settings { solver: RowSolver::SketchPcg { c: 2, kind }, ..Settings::of_rank(2) },
        Settings { ridge: Ridge::Fixed(0.1), ..Settings::of_rank(2) },
    ] {
        let ours = NoLeak { solver: |given: &PartlyObserved| completed(&seen(given), &settings) };
        let evidence = check(&ours, &given, 10, ALPHA, seed());
        told("triplets", &evidence);
        assert_eq!(evidence.failures, 0);
        let with_nan = NoLeak {
            solver: |given: &PartlyObserved| {
                let mut matrix = DMatrix::from_element(60, 50, f64::NAN);
                for &(i, j) in &given.entries {
                    matrix[(i as usize, j as usize)] = given.matrix[(i as usize, j as usize)];
                }
                completed(&MatrixCompletion::from_dense_with_nan(&matrix).unwrap(), &settings)
            },
        };
        assert_eq!(check(&with_nan, &given, 5, ALPHA, seed()).failures, 0);
    }
}
