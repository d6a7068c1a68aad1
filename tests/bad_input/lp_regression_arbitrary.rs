//! Least p-th powers of arbitrary numbers: a typed error or finite coefficients with a bound below the objective.

use proofsketch::solve::{LpRegression, LpRegressionSettings, lp_regression};
use proptest::prelude::*;

use crate::hard_numbers::{all_finite, cases, entry, system};

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_problem(
        (a, b) in system(),
        p in prop::sample::select(vec![1.0, 1.0 + 1e-12, 1.5, 2.0, 3.0, 10.0, 1e3, 1e300]),
        weights in prop::option::of(prop::collection::vec(entry(), 6)),
    ) {
        let weights: Option<Vec<f64>> = weights.map(|weights| weights[..a.nrows()].iter().map(|w| w.abs()).collect());
        let problem = LpRegression::new(&a, &b, p).and_then(|problem| match &weights {
            Some(weights) => problem.weighted(weights),
            None => Ok(problem),
        });
        let Ok(problem) = problem else { return Ok(()) };
        let settings = LpRegressionSettings { max_iterations: 60, ..LpRegressionSettings::default() };
        if let Ok(report) = lp_regression(&problem, &settings) {
            let found = &report.solution;
            prop_assert!(all_finite(&found.x), "{:?}", found);
            prop_assert!(found.objective.is_finite() && found.objective >= 0.0, "{:?}", found);
            prop_assert!(found.dual_bound >= 0.0 && found.dual_bound <= found.objective * (1.0 + 1e-9), "{:?}", found);
        }
    }
}
