//! A small completion from a key: its truth, its observed entries, and where the solver ends.

use proofsketch::completion::{
    Instance, LowRankMatrix, ObservationModel, Ridge, RowSolver, Settings, Spectrum, solve,
};
use proofsketch::random::StreamKey;
use proofsketch::solve::Status;

fn instance() -> Instance {
    let key = StreamKey::from_seed(2302);
    let spectrum = Spectrum::Geometric { condition: 4.0 };
    let truth = LowRankMatrix::incoherent((30, 20), 2, spectrum, key.named("truth")).unwrap();
    Instance::draw_determined(truth, ObservationModel::oversampled(3.5, (30, 20), 2), key).unwrap()
}

#[test]
fn observed_entries() {
    let key = StreamKey::from_seed(2302);
    let first = |model: ObservationModel| model.draw((30, 20), key).unwrap()[..6].to_vec();
    let bernoulli = first(ObservationModel::Bernoulli { probability: 0.2 });
    let uniform = first(ObservationModel::Uniform { count: 120 });
    let power_law = first(ObservationModel::PowerLaw { probability: 0.2, exponent: 0.5 });
    assert_eq!(bernoulli, [(0, 0), (0, 1), (0, 10), (0, 14), (1, 1), (1, 5)]);
    assert_eq!(uniform, [(0, 0), (0, 2), (0, 8), (0, 15), (1, 0), (1, 6)]);
    assert_eq!(power_law, [(0, 11), (0, 19), (1, 16), (2, 10), (2, 11), (2, 16)]);
}

#[test]
fn a_small_completion() {
    let Instance { truth, problem } = instance();
    assert_eq!((problem.observed(), problem.row_degree(0), problem.column_degree(0)), (336, 11, 15));
    let pins = [(0, 0, 0.00885062784242453), (7, 11, -0.05454083306170385), (29, 19, -0.017791338180052407)];
    for (i, j, value) in pins {
        assert!((truth.entry(i, j) - value).abs() < 1e-14, "M[{i}, {j}] = {}", truth.entry(i, j));
    }
    let exact =
        Settings { solver: RowSolver::Cholesky, ridge: Ridge::None, validation: 0.0, ..Settings::of_rank(2) };
    for settings in [exact, Settings::of_rank(2)] {
        let report = solve(&problem, &settings, StreamKey::from_seed(1)).unwrap();
        assert_eq!(report.status, Status::Converged);
        for (i, j, value) in pins {
            assert!((report.solution.entry(i, j) - value).abs() < 1e-10, "{}", report.solution.entry(i, j));
        }
    }
}

/// Exact regressions on fixed data: the error of the first iterations, and how many it takes.
#[test]
fn the_first_iterations() {
    let Instance { problem, .. } = instance();
    let settings =
        Settings { solver: RowSolver::Cholesky, ridge: Ridge::None, validation: 0.0, ..Settings::of_rank(2) };
    let report = solve(&problem, &settings, StreamKey::from_seed(1)).unwrap();
    let residuals: Vec<f64> = report.history.iter().take(4).map(|record| record.relative_residual).collect();
    let pins = [0.22112643911123653, 0.1661810959386719, 0.13265191254947314, 0.08324289640745179];
    assert!(residuals.iter().zip(pins).all(|(found, pin)| (found / pin - 1.0).abs() < 1e-6), "{residuals:?}");
    assert_eq!(report.iterations(), 44);
}
