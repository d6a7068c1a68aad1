//! Sensing from arbitrary measurements of arbitrary matrices: a typed error or finite factors.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AsymmetricSettings, AsymmetricStart, ExplicitMeasurements, GradientSettings, MatrixSensing,
    MeasurementMap, PreconditionedSettings, ScaledSubgradientSettings, SubgradientSettings,
    asymmetric_gradient_descent, gradient_descent, polish, preconditioned_gradient_descent,
    scaled_subgradient_method, spectral_initialization, subgradient_method,
};
use proptest::prelude::*;

use crate::hard_numbers::{all_finite, cases, entry, matrix};

const ITERATIONS: usize = 30;

/// Up to 8 measurements of matrices of up to 6 × 6, square if asked for.
fn measured(is_square: bool) -> impl Strategy<Value = (ExplicitMeasurements, DVector<f64>)> {
    let values = prop::collection::vec(entry(), 8);
    (prop::collection::vec(matrix(), 1..=8), values).prop_filter_map("a map", move |(matrices, values)| {
        let (nrows, ncols) = matrices[0].shape();
        let shape = if is_square { (nrows, nrows) } else { (nrows, ncols) };
        let matrices: Vec<DMatrix<f64>> = matrices
            .into_iter()
            .map(|matrix| {
                let matrix = matrix.resize(shape.0, shape.1, 1.0);
                if is_square { matrix.lower_triangle() + matrix.lower_triangle().transpose() } else { matrix }
            })
            .collect();
        let map = ExplicitMeasurements::new(&matrices).ok()?;
        let y = DVector::from_column_slice(&values[..map.measurements()]);
        Some((map, y))
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn symmetric((map, y) in measured(true), rank in 1..4_usize, seed: u64) {
        let Ok(problem) = MatrixSensing::new(&map, &y) else { return Ok(()) };
        let key = StreamKey::from_seed(seed);
        let plain = GradientSettings { rank, max_iterations: ITERATIONS, ..GradientSettings::default() };
        let robust = SubgradientSettings { max_iterations: ITERATIONS, ..SubgradientSettings::for_problem(&problem, rank) };
        let scaled = ScaledSubgradientSettings { rank, max_iterations: ITERATIONS, ..ScaledSubgradientSettings::default() };
        let preconditioned = PreconditionedSettings { rank, max_iterations: ITERATIONS, ..PreconditionedSettings::default() };
        let found = [
            gradient_descent(&problem, &plain, key).map(|report| report.solution),
            preconditioned_gradient_descent(&problem, &preconditioned, key).map(|report| report.solution),
            scaled_subgradient_method(&problem, &scaled, key).map(|report| report.solution),
            subgradient_method(&problem, &robust, key).map(|report| report.solution),
        ];
        for factor in found.into_iter().flatten() {
            prop_assert!(all_finite(&factor.u), "{:?}", factor);
            if let Ok(report) = polish(&problem, &factor, &scaled) {
                prop_assert!(all_finite(&report.solution.u), "{:?}", report);
            }
        }
        let _ = (robust.warnings(&problem), spectral_initialization(&problem, rank, 0.5));
    }

    #[test]
    fn rectangular((map, y) in measured(false), rank in 1..4_usize, seed: u64) {
        let Ok(problem) = MatrixSensing::new(&map, &y) else { return Ok(()) };
        let start = AsymmetricStart::Imbalanced { alpha: 0.1, ratio: 0.5 };
        let settings = AsymmetricSettings { rank, start, max_iterations: ITERATIONS, ..AsymmetricSettings::default() };
        let key = StreamKey::from_seed(seed);
        if let Ok(report) = asymmetric_gradient_descent(&problem, &settings, key) {
            prop_assert!(all_finite(report.solution.f.iter().chain(&report.solution.g)), "{:?}", report);
        }
        let _ = settings.warnings(&problem, key);
    }
}
