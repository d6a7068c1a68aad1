use nalgebra::{DMatrix, DVector, dmatrix, dvector};
use proofsketch::solve::{LpRegression, LpRegressionSettings, Status, lp_regression};

fn refusal(a: &DMatrix<f64>, b: &DVector<f64>, p: f64) -> String {
    LpRegression::new(a, b, p).unwrap_err().to_string()
}

#[test]
fn problems_without_a_meaning_are_refused_with_the_place() {
    let (a, b) = (dmatrix![1.0, 2.0; 3.0, 4.0; 5.0, 7.0], dvector![1.0, 2.0, 3.0]);
    let mut holes = a.clone();
    holes[(2, 0)] = f64::NAN;
    holes[(1, 1)] = f64::INFINITY;
    for (found, message) in [
        (refusal(&DMatrix::zeros(0, 2), &DVector::zeros(0), 1.0), "the data matrix is empty: 0×2"),
        (refusal(&DMatrix::zeros(3, 0), &b, 1.0), "the data matrix is empty: 3×0"),
        (refusal(&a, &dvector![1.0], 1.0), "A has 3 rows and b has 1 entries: they must agree"),
        (refusal(&holes, &b, 1.0), "entry (1, 1) of A is inf: every entry must be finite (counted from 0)"),
        (
            refusal(&a, &dvector![1.0, f64::NAN, 2.0], 1.0),
            "entry 1 of b is NaN: every entry must be finite (counted from 0)",
        ),
    ] {
        assert_eq!(found, message);
    }
    for p in [0.0, 0.99, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refusal(&a, &b, p), format!("p = {p} is out of range: need 1 ≤ p < ∞"));
    }
}

#[test]
fn weights_and_settings_out_of_range_are_refused() {
    let (a, b) = (dmatrix![1.0; 3.0; 5.0], dvector![1.0, 2.0, 3.0]);
    let problem = LpRegression::new(&a, &b, 1.0).unwrap();
    for (weights, message) in [
        (&[1.0, 1.0][..], "A has 3 rows and the list of weights has 2 entries: they must agree"),
        (
            &[1.0, -1.0, f64::NAN],
            "weight 1 is -1: every weight must be finite and at least 0 (counted from 0)",
        ),
        (
            &[1.0, 1.0, f64::NAN],
            "weight 2 is NaN: every weight must be finite and at least 0 (counted from 0)",
        ),
    ] {
        assert_eq!(problem.clone().weighted(weights).unwrap_err().to_string(), message);
    }
    for relative_gap in [0.0, 1.0, -1.0, f64::NAN] {
        let settings = LpRegressionSettings { relative_gap, ..LpRegressionSettings::default() };
        let message = lp_regression(&problem, &settings).unwrap_err().to_string();
        let expected = "is out of range: need between 0 and 1, both excluded";
        assert_eq!(message, format!("relative_gap = {relative_gap} {expected}"));
    }
}

/// Zero columns, zero rows, zero weights, repeated columns, fewer rows than columns, tiny and huge numbers.
#[test]
fn degenerate_problems_have_finite_answers() {
    let b = dvector![1.0, 2.0, -3.0];
    let tall = dmatrix![1.0, 2.0; 3.0, 6.0; 0.0, 0.0];
    let matrices = [
        DMatrix::zeros(3, 2),
        tall.clone(),
        DMatrix::from_fn(3, 5, |i, j| (i * j) as f64),
        &tall * 1e-160,
        &tall * 1e150,
    ];
    for a in &matrices {
        for p in [1.0, 1.5, 2.0, 4.0] {
            for weights in [[1.0, 1.0, 1.0], [0.0, 2.0, 0.0], [0.0; 3]] {
                let problem = LpRegression::new(a, &b, p).unwrap().weighted(&weights).unwrap();
                let report = lp_regression(&problem, &LpRegressionSettings::default()).unwrap();
                let found = &report.solution;
                assert!(found.x.iter().all(|entry| entry.is_finite()), "p = {p}: {found:?}");
                assert!(found.objective.is_finite() && found.dual_bound <= found.objective * (1.0 + 1e-12));
                assert!((problem.objective(&found.x) - found.objective).abs() <= 1e-12 * b.norm());
            }
        }
    }
    let zero = DVector::zeros(3);
    let nothing = LpRegression::new(&tall, &zero, 1.0).unwrap();
    let report = lp_regression(&nothing, &LpRegressionSettings::default()).unwrap();
    assert_eq!((report.status, report.solution.objective), (Status::Converged, 0.0));
}

#[test]
fn answers_beyond_the_largest_number_are_refused() {
    let (a, b) = (dmatrix![1e-200; 1e-200], dvector![1e200, 2e200]);
    let problem = LpRegression::new(&a, &b, 1.0).unwrap();
    let refused = lp_regression(&problem, &LpRegressionSettings::default()).unwrap_err().to_string();
    assert_eq!(refused, "a coefficient overflows: scale the data");
}
