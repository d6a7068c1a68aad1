//! Least squares of arbitrary numbers: a typed error or finite coefficients.

use nalgebra::DVector;
use proofsketch::linalg::column_norms;
use proofsketch::random::StreamKey;
use proofsketch::regression::{
    LeastSquares, Refinement, Settings, SketchSize, solve, solve_exact, solve_from_sketch, solve_kronecker,
};
use proofsketch::sketch::SketchFamily;
use proptest::prelude::*;

use crate::hard_numbers::{all_finite, cases, matrix, system};

fn families() -> impl Strategy<Value = SketchFamily> {
    prop::sample::select(
        SketchFamily::KNOWN.split(", ").map(|name| name.split('[').next().unwrap()).collect::<Vec<_>>(),
    )
    .prop_map(|name| name.parse().unwrap())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn exact((a, b) in system()) {
        let Ok(problem) = LeastSquares::new(&a, &b) else { return Ok(()) };
        if let Ok(exact) = solve_exact(&problem) {
            prop_assert!(all_finite(&exact.coefficients), "{:?}", exact);
            prop_assert!(exact.residual_norm.is_finite() && exact.rank <= a.ncols(), "{:?}", exact);
        }
    }

    #[test]
    fn sketched(
        (a, b) in system(),
        repeated in 1..6_usize,
        sketch in families(),
        rows in 1..12_usize,
        refine: bool,
        seed: u64,
    ) {
        // rows over and over, so that a sketch is shorter than the data
        let a = a.select_rows(&(0..repeated * a.nrows()).map(|i| i % a.nrows()).collect::<Vec<_>>());
        let b = DVector::from_fn(a.nrows(), |i, _| b[i % b.len()]);
        let Ok(problem) = LeastSquares::new(&a, &b) else { return Ok(()) };
        let refinement = refine.then(Refinement::default);
        let size = Some(SketchSize::Explicit(rows));
        let settings = Settings { sketch, size, refinement, ..Settings::default() };
        if let Ok(report) = solve(&problem, &settings, StreamKey::from_seed(seed)) {
            let found = &report.solution;
            prop_assert!(all_finite(&found.coefficients), "{:?}", found);
            let sizes = [found.residual, found.sketched_residual, found.backward_error];
            prop_assert!(all_finite(sizes.iter().flatten()), "{:?}", found);
            let widths = found.certificate.iter().flat_map(|certificate| certificate.half_widths.iter());
            prop_assert!(widths.into_iter().all(|width| *width >= 0.0), "{:?}", found);
        }
    }

    #[test]
    fn from_a_sketch((a, b) in system(), level in prop::sample::select(vec![0.5, 0.95, 1.0 - 1e-12, 1e-300])) {
        if let Ok(found) = solve_from_sketch(&a, &b, &column_norms(&a), level) {
            prop_assert!(all_finite(&found.coefficients), "{:?}", found);
            prop_assert!(found.sketched_residual.is_finite(), "{:?}", found);
        }
    }

    #[test]
    fn kronecker(a in matrix(), c in matrix(), b in matrix(), rows in 1..40_usize, seed: u64) {
        let b = b.resize(a.nrows(), c.nrows(), 1.0);
        if let Ok(found) = solve_kronecker(&a, &c, &b, rows, 0.95, StreamKey::from_seed(seed)) {
            prop_assert!(all_finite(&found.coefficients), "{:?}", found);
        }
    }
}
