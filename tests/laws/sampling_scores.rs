//! Bases, leverage scores and Lewis weights against their definitions.

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{PivotedQr, Svd};
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    LeverageSketch, LewisSettings, LewisStep, LewisWeights, RowBasis, approximate_leverage_scores, instances,
    leverage_scores, lewis_weights, online_leverage_scores,
};
use proofsketch::solve::Status;

use crate::common::{hard_instances, rank_deficient, seed, with_thread_counts};
use crate::matrices::{conditioned, departure_from_orthonormal, hard, uniform};

/// aᵢᵀ(AᵀA)⁺aᵢ from the left singular vectors, row by row.
/// Leverage scores, and σ₁/σᵣ.
fn leverage_by_svd(a: &DMatrix<f64>) -> (Vec<f64>, f64) {
    let svd = Svd::new(a).unwrap();
    let kept = svd.singular_values.iter().filter(|&&s| s > 1e-12 * svd.singular_values.max()).count();
    let scores = svd.u.row_iter().map(|row| row.columns(0, kept).norm_squared()).collect();
    (scores, svd.singular_values[0] / svd.singular_values[kept - 1])
}

fn largest_gap(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f64::max)
}

fn largest_relative_gap(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let gaps = found.iter().zip(expected).filter(|(_, expected)| **expected > 0.0);
    gaps.map(|(found, expected)| (found / expected - 1.0).abs()).fold(0.0, f64::max)
}

/// Hard matrices that have scores.
fn scored() -> Vec<(&'static str, DMatrix<f64>)> {
    hard().into_iter().filter(|(_, a)| !a.is_empty() && a.amax() > 0.0).collect()
}

fn lewis(a: &DMatrix<f64>, p: f64) -> LewisWeights {
    let report = lewis_weights(&RowBasis::new(a).unwrap(), p, &LewisSettings::default()).unwrap();
    assert_eq!(report.status, Status::Converged, "p = {p}, residual {:e}", report.solution.residual);
    report.solution
}

/// τᵢ(W^(1/2−1/p)Q) as ‖R⁻ᵀ(row i)‖², R by reflections: to relative accuracy even of the smallest, given Q.
fn reweighted_leverage(q: &DMatrix<f64>, weights: &[f64], p: f64) -> Vec<f64> {
    let scales: Vec<f64> =
        weights.iter().map(|&w| if w == 0.0 { 0.0 } else { w.powf(0.5 - 1.0 / p) }).collect();
    let scaled = DMatrix::from_fn(q.nrows(), q.ncols(), |i, j| scales[i] * q[(i, j)]);
    let r = scaled.clone().qr().r();
    let rows = scaled.row_iter().map(|row| row.transpose());
    rows.map(|row| r.tr_solve_upper_triangular(&row).unwrap().norm_squared()).collect()
}

#[test]
fn the_basis_is_orthonormal_and_spans_the_columns() {
    for (name, a) in scored() {
        let basis = RowBasis::new(&a).unwrap();
        let q = basis.q();
        assert!(departure_from_orthonormal(q) < 1e-12, "{name}");
        for column in a.column_iter().filter(|column| column.amax() > 0.0) {
            let column: DVector<f64> = column / column.amax();
            let outside = &column - q * (q.transpose() * &column);
            assert!(outside.norm() < 1e-11 * column.norm(), "{name}: {:e}", outside.norm());
        }
        let total: f64 = basis.leverage_scores().iter().sum();
        assert!((total - basis.rank() as f64).abs() < 1e-11 * basis.rank() as f64, "{name}");
    }
}

#[test]
fn rank_and_zero_rows_are_found() {
    let rank = |a: &DMatrix<f64>| RowBasis::new(a).unwrap().rank();
    assert_eq!(rank(&rank_deficient(300, 6)), 5);
    assert_eq!(rank(&uniform(4, 9, seed())), 4);
    let mut scaled = uniform(50, 3, seed());
    scaled.column_mut(1).scale_mut(1e-290);
    scaled.column_mut(2).scale_mut(1e290);
    assert_eq!(rank(&scaled), 3, "scales of columns are no matter");
    let mut gaps = uniform(20, 3, seed());
    [0, 7, 19].iter().for_each(|&i| gaps.row_mut(i).fill(0.0));
    let basis = RowBasis::new(&gaps).unwrap();
    assert_eq!(basis.zero_rows(), [0, 7, 19]);
    assert!(basis.zero_rows().iter().all(|&i| basis.row(i).norm() == 0.0));
}

#[test]
fn leverage_scores_are_those_of_the_basis_and_of_the_singular_vectors() {
    for (name, a) in scored().into_iter().chain(hard_instances(2048, 16)) {
        let scores = leverage_scores(&a).unwrap();
        let basis = RowBasis::new(&a).unwrap();
        // Two backward stable factorizations differ by rounding times condition: 10⁶ with a heavy row, 10⁸ and more else.
        let ill = name.contains("condition")
            || name == "one heavy row"
            || name == "repeated columns"
            || name == "repeated rows";
        let tolerance = if ill { 1e-6 } else { 1e-12 };
        let gap = largest_gap(&scores, &basis.leverage_scores());
        assert!(gap < tolerance, "{name}: {gap:e}");
        assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)), "{name}");
        let total: f64 = scores.iter().sum();
        assert!((total - basis.rank() as f64).abs() < tolerance * total.max(1.0), "{name}: {total}");
        if a.amax() < 1e140 && a.amax() > 1e-140 && name != "graded" && a.nrows() < 6000 && !ill {
            let (expected, condition) = leverage_by_svd(&a);
            let gap = largest_gap(&scores, &expected);
            assert!(gap < 1e-14 * condition.max(100.0), "{name}, condition {condition:e}: {gap:e}");
        }
    }
}

/// Up to the condition of QR itself: the two factorizations differ by rounding times condition.
#[test]
fn leverage_scores_keep_the_accuracy_of_qr_at_every_condition() {
    for exponent in 0..=12 {
        let condition = 10.0_f64.powi(exponent);
        let a = conditioned(3000, 12, condition, seed().indexed(exponent as u64));
        let reference = RowBasis::new(&a).unwrap().leverage_scores();
        let gap = largest_gap(&leverage_scores(&a).unwrap(), &reference);
        assert!(gap < 2e-15 * condition.max(5.0), "condition {condition:e}: {gap:e}");
    }
}

#[test]
fn scores_do_not_depend_on_the_basis_of_the_columns() {
    let key = seed().named("invariance");
    let a = instances::heavy_tails(200, 5, 1.0, key);
    let mixed = &a * uniform(5, 5, key.named("mixing")) * 1e40;
    assert!(largest_relative_gap(&leverage_scores(&mixed).unwrap(), &leverage_scores(&a).unwrap()) < 1e-10);
    for p in [0.7, 1.0, 3.0, 6.0] {
        assert!(largest_relative_gap(&lewis(&mixed, p).weights, &lewis(&a, p).weights) < 1e-8, "p = {p}");
    }
}

/// A row replaced by k copies of a/k^(1/p): the same norm ‖Ax‖ₚ, and each copy takes the k-th part of the Lewis weight.
#[test]
fn copies_of_a_row_share_its_score() {
    let key = seed().named("copies");
    let a = instances::heavy_tails(60, 4, 0.7, key);
    let copies = 5;
    for p in [0.5_f64, 1.0, 1.5, 2.0, 3.0, 5.0] {
        let part = a.row(3) * (copies as f64).powf(-1.0 / p);
        let mut split = a.clone().remove_row(3).insert_rows(0, copies, 0.0);
        (0..copies).for_each(|i| split.row_mut(i).copy_from(&part));
        let (whole, parts) = (lewis(&a, p).weights, lewis(&split, p).weights);
        assert!(parts[..copies].iter().all(|w| (w * copies as f64 / whole[3] - 1.0).abs() < 1e-8), "p = {p}");
        let rest: Vec<f64> = whole.iter().enumerate().filter(|(i, _)| *i != 3).map(|(_, &w)| w).collect();
        assert!(largest_relative_gap(&parts[copies..], &rest) < 1e-8, "p = {p}");
    }
}

#[test]
fn approximate_scores_keep_their_certificate() {
    let ill = ("condition 1e6", conditioned(4000, 10, 1e6, seed()));
    let tails = ("heavy tails", instances::heavy_tails(6000, 12, 2.0, seed()));
    for (name, a) in hard_instances(4096, 16).into_iter().chain(scored()).chain([ill, tails]) {
        if a.nrows() <= 2 * a.ncols() {
            continue;
        }
        let settings = LeverageSketch { rows_per_column: 6.0, nonzeros: 2 };
        for trial in 0..3 {
            let found = approximate_leverage_scores(&a, &settings, seed().indexed(trial)).unwrap();
            let exact = leverage_scores(&a).unwrap();
            let limit = found.distortion * (1.0 + 1e-9);
            assert!(found.distortion >= 1.0, "{name}");
            for (i, (&found, &exact)) in found.scores.iter().zip(&exact).enumerate() {
                // What rounding leaves of a score of zero has no relative accuracy.
                let floor = if name.contains("condition") { 1e-8 } else { 1e-13 };
                let holds = found <= exact * limit + floor && exact <= found * limit + floor;
                assert!(holds, "{name}, row {i}: {found:e} and {exact:e}, factor {limit}");
            }
        }
    }
}

#[test]
fn a_larger_sketch_has_a_smaller_distortion() {
    let a = instances::heavy_tails(20_000, 8, 1.0, seed());
    let distortion = |rows_per_column| {
        let settings = LeverageSketch { rows_per_column, nonzeros: 4 };
        approximate_leverage_scores(&a, &settings, seed()).unwrap().distortion - 1.0
    };
    let ratio = distortion(20.0) / distortion(500.0);
    assert!((3.0..9.0).contains(&ratio), "its excess falls as the inverse root of the size: {ratio}");
    assert!(distortion(32.0) < 0.5);
}

/// min(1, aᵀ(PᵀP)⁺a) for the rows P before a, 1 outside their span.
fn online_by_definition(a: &DMatrix<f64>) -> Vec<f64> {
    let of_row = |i: usize| {
        let row = a.row(i).transpose();
        if row.amax() == 0.0 {
            return 0.0;
        }
        if i == 0 {
            return 1.0;
        }
        // z of least length with Pᵀz = a has ‖z‖² = aᵀ(PᵀP)⁺a.
        let transposed = a.rows(0, i).transpose();
        let pivoted = PivotedQr::new(&transposed).unwrap();
        let z = pivoted.minimum_norm_solution_vector(&row, pivoted.default_tolerance()).unwrap();
        if (&transposed * &z - &row).norm() > 1e-9 * row.norm() { 1.0 } else { z.norm_squared().min(1.0) }
    };
    (0..a.nrows()).map(of_row).collect()
}

#[test]
fn online_scores_follow_their_definition_and_dominate_leverage() {
    let key = seed().named("online");
    let low_rank = uniform(40, 3, key.indexed(0)) * uniform(3, 6, key.indexed(1));
    let mut late = uniform(50, 5, key.indexed(2));
    late.view_mut((0, 3), (30, 2)).fill(0.0);
    late.row_mut(11).fill(0.0);
    for (name, a) in [("tall", uniform(60, 5, key)), ("rank 3", low_rank), ("late directions", late)] {
        let found = online_leverage_scores(&a).unwrap();
        assert!(largest_gap(&found, &online_by_definition(&a)) < 1e-9, "{name}");
        let leverage = leverage_scores(&a).unwrap();
        assert!(found.iter().zip(&leverage).all(|(online, offline)| *online > offline - 1e-10), "{name}");
    }
}

#[test]
fn lewis_weights_solve_their_equation() {
    let key = seed().named("lewis");
    let mut gaps = instances::heavy_tails(90, 4, 1.0, key);
    [0, 8, 40].iter().for_each(|&i| gaps.row_mut(i).fill(0.0));
    for (name, a) in [
        ("heavy tails", instances::heavy_tails(400, 6, 1.5, key.indexed(1))),
        ("rank 4 of 5", rank_deficient(120, 5)),
        ("zero rows", gaps),
        ("wide", uniform(4, 7, key.indexed(2))),
        ("Chebyshev", instances::chebyshev(300, 7)),
        ("entries of 1e-200", instances::heavy_tails(80, 3, 1.0, key) * 1e-200),
    ] {
        let basis = RowBasis::new(&a).unwrap();
        let rank = basis.rank() as f64;
        for p in [0.2, 0.5, 1.0, 1.3, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 25.0] {
            let found = lewis(&a, p);
            let leverage = reweighted_leverage(basis.q(), &found.weights, p);
            let gap = largest_relative_gap(&leverage, &found.weights);
            assert!(gap < 1e-7, "{name}, p = {p}: {gap:e}, {:?}", (found.residual, found.gamma));
            assert!((found.total() / rank - 1.0).abs() < 1e-8, "{name}, p = {p}: {}", found.total());
            assert!((1.0 - found.gamma).abs() < 1e-8, "{name}, p = {p}");
        }
        assert!(largest_gap(&lewis(&a, 2.0).weights, &leverage_scores(&a).unwrap()) < 1e-12, "{name}");
    }
}

#[test]
fn lewis_weights_of_one_column_are_shares_of_the_norm() {
    let a = DMatrix::<f64>::from_column_slice(5, 1, &[1e-3, -2.0, 0.0, 5.0, 1.0]);
    for p in [0.3, 1.0, 3.0, 7.0] {
        let total: f64 = a.iter().map(|entry| entry.abs().powf(p)).sum();
        let exact: Vec<f64> = a.iter().map(|entry| entry.abs().powf(p) / total).collect();
        assert!(largest_relative_gap(&lewis(&a, p).weights, &exact) < 1e-8, "p = {p}");
    }
}

#[test]
fn rows_alike_have_equal_lewis_weights() {
    let graph = instances::complete_graph(9);
    let flat = instances::flat(64, 5);
    for p in [0.4, 1.0, 3.0, 8.0] {
        assert!(lewis(&graph, p).weights.iter().all(|w| (w - 2.0 / 9.0).abs() < 1e-9), "p = {p}");
        assert!(lewis(&flat, p).weights.iter().all(|w| (w - 5.0 / 64.0).abs() < 1e-9), "p = {p}");
    }
}

/// The certificate of weights that have not converged: wᵢ ≥ γ τᵢ(W^(1/2−1/p)A), and no larger γ ≤ 1 would do.
#[test]
fn the_one_sided_certificate_is_exact_after_any_number_of_steps() {
    let a = instances::heavy_tails(300, 5, 1.5, seed());
    let basis = RowBasis::new(&a).unwrap();
    for (p, max_iterations) in [(0.5, 2), (1.0, 1), (1.5, 2), (3.0, 1), (3.0, 3), (6.0, 4)] {
        let settings = LewisSettings { max_iterations, ..LewisSettings::default() };
        let report = lewis_weights(&basis, p, &settings).unwrap();
        assert_eq!((report.status, report.iterations()), (Status::IterationLimit, max_iterations));
        let found = report.solution;
        let leverage = reweighted_leverage(basis.q(), &found.weights, p);
        let ratios = found.weights.iter().zip(&leverage).map(|(weight, leverage)| weight / leverage);
        let gamma = ratios.fold(1.0, f64::min);
        assert!((found.gamma / gamma - 1.0).abs() < 1e-9, "p = {p}: {} and {gamma}", found.gamma);
    }
}

/// Factor by which the residual falls, from the last iterations above rounding.
fn rate(basis: &RowBasis, p: f64, theta: f64) -> f64 {
    let settings = LewisSettings { tolerance: 1e-10, max_iterations: 400, step: LewisStep::Damped(theta) };
    let history = lewis_weights(basis, p, &settings).unwrap().history;
    let residuals: Vec<f64> = history.iter().map(|record| record.residual).collect();
    let last = residuals.len() - 1;
    let first = residuals.iter().position(|&residual| residual < 1e-5).expect("it converges");
    (residuals[last] / residuals[first]).powf(1.0 / (last - first) as f64)
}

#[test]
fn the_iteration_converges_at_its_predicted_rates() {
    let basis = RowBasis::new(&instances::heavy_tails(2000, 20, 1.0, seed())).unwrap();
    for (p, theta, predicted) in [
        (1.0, 1.0, 0.5),
        (1.5, 1.0, 0.25),
        (3.0, 1.0, 0.5),
        (3.5, 1.0, 0.75),
        (3.0, 2.0 / 3.0, 1.0 / 3.0),
        (6.0, 2.0 / 6.0, 2.0 / 3.0),
        (10.0, 2.0 / 10.0, 0.8),
        (1.0, 4.0 / 3.0, 1.0 / 3.0),
        (6.0, 4.0 / 8.0, 0.5),
        (10.0, 4.0 / 12.0, 2.0 / 3.0),
    ] {
        let found = rate(&basis, p, theta);
        assert!((found - predicted).abs() < 0.03, "p = {p}, θ = {theta}: {found} for {predicted}");
    }
}

#[test]
fn it_converges_where_the_undamped_iteration_runs_off() {
    let basis = RowBasis::new(&instances::heavy_tails(500, 10, 1.0, seed())).unwrap();
    for p in [8.0, 10.0, 40.0] {
        let undamped = LewisSettings { step: LewisStep::Damped(1.0), ..LewisSettings::default() };
        let report = lewis_weights(&basis, p, &undamped).unwrap();
        assert_eq!(report.status, Status::Stagnated, "p = {p}");
        assert!(report.history.last().unwrap().residual > 1e3, "p = {p}");
        let report = lewis_weights(&basis, p, &LewisSettings::default()).unwrap();
        assert_eq!(report.status, Status::Converged, "p = {p}");
    }
}

#[test]
fn scores_do_not_depend_on_threads() {
    let a = instances::heavy_tails(9000, 11, 1.0, StreamKey::from_seed(3));
    let runs = with_thread_counts(|| {
        let basis = RowBasis::new(&a).unwrap();
        let settings = LewisSettings { max_iterations: 12, ..LewisSettings::default() };
        (
            leverage_scores(&a).unwrap(),
            approximate_leverage_scores(&a, &LeverageSketch::default(), seed()).unwrap(),
            lewis_weights(&basis, 1.0, &settings).unwrap().solution,
            lewis_weights(&basis, 5.0, &settings).unwrap().solution,
        )
    });
    assert!(runs.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn instances_are_what_they_say() {
    let graph = instances::complete_graph(5);
    assert_eq!(graph.shape(), (10, 4));
    assert!(graph.row_iter().all(|row| row.iter().filter(|entry| **entry != 0.0).count() <= 2));
    let separating = instances::separating(7, 3, 4, seed());
    assert_eq!(separating.shape(), (19, 6));
    assert_eq!(separating.view((7, 3), (12, 3)).row_sum(), DMatrix::from_element(1, 3, 4.0));
    assert_eq!(separating.view((0, 3), (7, 3)).amax() + separating.view((7, 0), (12, 3)).amax(), 0.0);
    let chebyshev = instances::chebyshev(11, 6);
    for (i, j) in (0..11).flat_map(|i| (0..7).map(move |j| (i, j))) {
        let x: f64 = 2.0 * i as f64 / 10.0 - 1.0;
        assert!((chebyshev[(i, j)] - (j as f64 * x.acos()).cos()).abs() < 1e-14);
    }
    let features = instances::polynomial_features(40, 3, 2, seed());
    assert_eq!(features.shape(), (40, 7));
    // T₂ = 2T₁² − 1 of each variable.
    let doubled = |i: usize, l: usize| 2.0 * features[(i, 2 * l + 1)].powi(2) - 1.0;
    assert!((0..40).all(|i| (0..3).all(|l| (features[(i, 2 * l + 2)] - doubled(i, l)).abs() < 1e-14)));
    let sum = instances::low_rank_plus_sparse((50, 8), 2, 1, seed());
    assert_eq!(RowBasis::new(&sum).unwrap().rank(), 8);
    assert_eq!(RowBasis::new(&instances::low_rank_plus_sparse((50, 8), 2, 0, seed())).unwrap().rank(), 2);
}
