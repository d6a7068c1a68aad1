//! ℓp regression and row scores at condition 10¹⁵, held against the same column space in a basis that is well conditioned.

use nalgebra::{DMatrix, DVector, dvector};
use proofsketch::sampling::{
    LewisSettings, RowBasis, SensitivitySettings, leverage_scores, lewis_weights, sensitivities,
};
use proofsketch::solve::{LpRegression, LpRegressionSettings, LpSolution, Status, lp_regression};

const EXPONENTS: [f64; 4] = [1.0, 1.5, 2.0, 4.0];

fn tall() -> DMatrix<f64> {
    DMatrix::from_fn(12, 3, |i, j| ((i * (j + 2) + j * j) % 7) as f64 - 2.5)
}

fn target() -> DVector<f64> {
    DVector::from_fn(12, |i, _| ((i * i) % 5) as f64 - 1.0)
}

/// Columns of sizes 1, 10⁻¹⁵ and 10⁸.
fn graded() -> (DMatrix<f64>, DMatrix<f64>) {
    (tall() * DMatrix::from_diagonal(&dvector![1.0, 1e-15, 1e8]), tall())
}

/// A column, and the same column but for its last digits; beside it the column and the difference, which is exact.
fn near_copy() -> (DMatrix<f64>, DMatrix<f64>) {
    let mut a = DMatrix::from_fn(12, 2, |i, _| i as f64 + 1.0);
    (0..12).for_each(|i| a[(i, 1)] += if i % 2 == 0 { 1e-14 } else { -1e-14 } * (i as f64 + 1.0));
    let mut well = a.clone();
    well.set_column(1, &((a.column(1) - a.column(0)) * 1e14));
    (a, well)
}

fn condition(a: &DMatrix<f64>) -> f64 {
    let values = a.clone().svd(false, false).singular_values;
    values.max() / values.min()
}

fn solved(a: &DMatrix<f64>, p: f64) -> (Status, LpSolution) {
    let b = target();
    let problem = LpRegression::new(a, &b, p).unwrap();
    let report = lp_regression(&problem, &LpRegressionSettings::default()).unwrap();
    let objective = problem.objective(&report.solution.x);
    assert!((objective - report.solution.objective).abs() <= 1e-12 * objective);
    (report.status, report.solution)
}

/// Sizes of columns are no condition: the optimum is that of columns of size one.
#[test]
fn regressions_on_graded_columns_are_right() {
    let (a, well) = graded();
    assert!(condition(&a) > 1e15);
    for p in EXPONENTS {
        let ((status, found), (_, wanted)) = (solved(&a, p), solved(&well, p));
        assert_eq!(status, Status::Converged, "p = {p}");
        assert!((found.objective / wanted.objective - 1.0).abs() < 1e-6, "p = {p}: {found:?} for {wanted:?}");
    }
}

/// Of columns that differ in their last digits the coefficients are lost and the gap stays open; it holds the optimum all the same,
/// to the rounding of a residual of coefficients of 10¹¹.
#[test]
fn regressions_on_a_column_and_its_near_copy_bracket_the_optimum() {
    let (a, well) = near_copy();
    assert!(condition(&a) > 1e14 && condition(&well) < 1e2);
    for p in EXPONENTS {
        let ((status, found), (certain, wanted)) = (solved(&a, p), solved(&well, p));
        assert_eq!(certain, Status::Converged, "p = {p}");
        println!(
            "p = {p}: {status}, {:e} to {:e} for {:e}",
            found.dual_bound, found.objective, wanted.objective
        );
        let rounding = f64::EPSILON * 12.0_f64.powf(1.0 / p) * 4.0 * a.amax() * found.x.amax();
        assert!(found.dual_bound <= wanted.objective + rounding && rounding < 0.1, "p = {p}: {rounding:e}");
        assert!(found.objective >= wanted.dual_bound - rounding, "p = {p}: {rounding:e}");
        let allowed = LpRegressionSettings::default().relative_gap;
        let gap = 1.0 - found.dual_bound / found.objective;
        assert!(
            gap < 0.1 && (status == Status::Converged) == (gap <= allowed),
            "p = {p}: {status} at {gap:e}"
        );
    }
}

#[track_caller]
fn assert_near(what: &str, found: &[f64], wanted: &[f64], tolerance: f64) {
    let gap = found.iter().zip(wanted).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
    assert!(gap <= tolerance, "{what}: {gap:e} above {tolerance:e}");
}

/// Scores belong to the column space: to rounding where only columns are of different sizes, to rounding times condition where
/// the space itself hangs on last digits.
#[test]
fn scores_at_condition_1e15() {
    for (name, (a, well), tolerance) in [
        ("graded", graded(), 1e-12),
        ("near copy", near_copy(), 4.0 * f64::EPSILON * condition(&near_copy().0)),
    ] {
        let (basis, reference) = (RowBasis::new(&a).unwrap(), RowBasis::new(&well).unwrap());
        assert_eq!(basis.rank(), reference.rank(), "{name}");
        assert_near(name, &leverage_scores(&a).unwrap(), &leverage_scores(&well).unwrap(), tolerance);
        assert_near(name, &basis.leverage_scores(), &reference.leverage_scores(), tolerance);
        for p in EXPONENTS {
            let settings = LewisSettings { tolerance: 1e-13, ..LewisSettings::default() };
            let weights = |basis: &RowBasis| lewis_weights(basis, p, &settings).unwrap();
            let (found, wanted) = (weights(&basis), weights(&reference));
            assert_eq!(found.status, Status::Converged, "{name}, p = {p}");
            let what = format!("{name}, Lewis weights, p = {p}");
            assert_near(&what, &found.solution.weights, &wanted.solution.weights, 4.0 * tolerance);
            assert!((found.solution.total() - basis.rank() as f64).abs() < 1e-9, "{what}");
            let settings = SensitivitySettings { relative_gap: 1e-10, ..SensitivitySettings::default() };
            let upper = |basis: &RowBasis| -> Vec<f64> {
                sensitivities(basis, p, &settings).unwrap().iter().map(|sigma| sigma.upper).collect()
            };
            let what = format!("{name}, sensitivities, p = {p}");
            assert_near(&what, &upper(&basis), &upper(&reference), 4.0 * tolerance + 1e-9);
        }
    }
}

/// One row, one column, equal rows, a constant column: the answers are known.
#[test]
fn scores_and_medians_of_the_smallest_matrices() {
    for p in EXPONENTS {
        let one = RowBasis::new(&DMatrix::from_element(1, 1, -3.0)).unwrap();
        let constant = RowBasis::new(&DMatrix::from_element(5, 1, 1e-300)).unwrap();
        let settings = SensitivitySettings { relative_gap: 1e-10, ..SensitivitySettings::default() };
        for (basis, share) in [(&one, 1.0), (&constant, 0.2)] {
            for sigma in sensitivities(basis, p, &settings).unwrap() {
                assert!(
                    (sigma.lower - share).abs() < 1e-9 && (sigma.upper - share).abs() < 1e-9,
                    "{sigma:?}"
                );
            }
            let lewis = lewis_weights(basis, p, &LewisSettings::default()).unwrap().solution;
            assert!(lewis.weights.iter().all(|weight| (weight - share).abs() < 1e-9), "{lewis:?}");
        }
        // argmin Σ|x − bᵢ|ᵖ of 0, 0, 0, 1: the median at p = 1, else 1/(1 + 3^(1/(p−1))).
        let (a, b) = (DMatrix::from_element(4, 1, 1.0), dvector![0.0, 0.0, 0.0, 1.0]);
        let report = lp_regression(&LpRegression::new(&a, &b, p).unwrap(), &Default::default()).unwrap();
        let wanted = if p == 1.0 { 0.0 } else { 1.0 / (1.0 + 3.0_f64.powf(1.0 / (p - 1.0))) };
        assert!(
            (report.solution.x[0] - wanted).abs() < 1e-5,
            "p = {p}: {} for {wanted}",
            report.solution.x[0]
        );
        let (a, b) = (DMatrix::from_element(1, 1, 4.0), dvector![-2.0]);
        let report = lp_regression(&LpRegression::new(&a, &b, p).unwrap(), &Default::default()).unwrap();
        assert!((report.solution.x[0] + 0.5).abs() < 1e-15 && report.solution.objective < 1e-15);
    }
}
