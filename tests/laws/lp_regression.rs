//! ℓp regression against enumeration, closed forms and its own certificate, taken apart.

use nalgebra::{DMatrix, DVector, dvector};
use proofsketch::linalg::adjoint_multiply;
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::solve::{LpRegression, LpRegressionSettings, LpSolution, Status, lp_regression};
use proptest::prelude::*;

fn solve(a: &DMatrix<f64>, b: &DVector<f64>, p: f64) -> LpSolution {
    let report =
        lp_regression(&LpRegression::new(a, b, p).unwrap(), &LpRegressionSettings::default()).unwrap();
    assert_eq!(report.status, Status::Converged, "p = {p}: gap {:e}", report.solution.relative_gap());
    report.solution
}

fn lp_norm(x: &DVector<f64>, p: f64) -> f64 {
    if p.is_infinite() { x.amax() } else { x.iter().map(|v| v.abs().powf(p)).sum::<f64>().powf(1.0 / p) }
}

/// Cauchy noise on a design with heavy-tailed rows.
fn heavy_tailed(n: usize, d: usize, key: StreamKey) -> (DMatrix<f64>, DVector<f64>) {
    let mut a = normal_matrix(n, d, key.named("design"));
    let scales = normal_matrix(n, 1, key.named("scales"));
    for (mut row, scale) in a.row_iter_mut().zip(scales.iter()) {
        row *= scale.exp();
    }
    let noise = normal_matrix(n, 2, key.named("noise"));
    let x = DVector::from_fn(d, |j, _| 1.0 + j as f64);
    let b = &a * x + DVector::from_fn(n, |i, _| noise[(i, 0)] / noise[(i, 1)]);
    (a, b)
}

/// What proves a solution, without the solver: feasibility of the dual, weak duality, and the gap.
fn assert_certified(a: &DMatrix<f64>, b: &DVector<f64>, p: f64, solution: &LpSolution) {
    let residual = b - a * &solution.x;
    let objective = lp_norm(&residual, p);
    assert!((objective - solution.objective).abs() <= 1e-12 * objective);
    let dual = &solution.dual;
    let conjugate = if p == 1.0 { f64::INFINITY } else { p / (p - 1.0) };
    assert!(lp_norm(dual, conjugate) <= 1.0 + 1e-12);
    let defect = adjoint_multiply(a, dual);
    assert!(defect.amax() <= 1e-10 * a.abs().tr_mul(&dual.abs()).amax(), "‖Aᵀv‖ = {:e}", defect.amax());
    assert!(b.dot(dual) >= solution.dual_bound - 1e-9 * objective);
    assert!(solution.dual_bound <= objective * (1.0 + 1e-14));
    assert!(solution.relative_gap() <= 1e-9, "p = {p}: gap {:e}", solution.relative_gap());
}

#[test]
fn certificates_prove_the_solutions_at_every_exponent() {
    let (a, b) = heavy_tailed(400, 6, StreamKey::from_seed(1));
    for p in [1.0, 1.1, 1.25, 1.5, 1.9, 2.0, 2.1, 2.5, 3.0, 4.0, 6.0, 8.0, 12.0] {
        assert_certified(&a, &b, p, &solve(&a, &b, p));
    }
}

/// Between 1 and 1.1 the conjugate exponent is large and the iteration slow: it says so, and the bound holds.
#[test]
fn near_one_the_gap_is_honest() {
    let (a, b) = heavy_tailed(400, 6, StreamKey::from_seed(1));
    for p in [1.01, 1.05] {
        let problem = LpRegression::new(&a, &b, p).unwrap();
        let report = lp_regression(&problem, &LpRegressionSettings::default()).unwrap();
        let found = report.solution;
        assert_eq!(report.status == Status::Converged, found.relative_gap() <= 1e-9);
        let nearby =
            lp_regression(&LpRegression::new(&a, &b, 1.1).unwrap(), &LpRegressionSettings::default());
        let other = problem.objective(&nearby.unwrap().solution.x);
        assert!(found.dual_bound <= other && found.relative_gap() < 0.2, "p = {p}: {found:?}");
    }
}

#[test]
fn a_part_of_many_rows_solves_all_of_them() {
    for seed in 0..3 {
        let (a, b) = heavy_tailed(30_000, 5, StreamKey::from_seed(seed).named("many"));
        for p in [1.0, 1.5, 3.0] {
            assert_certified(&a, &b, p, &solve(&a, &b, p));
        }
    }
}

/// Where a few residuals dwarf the rest the gap of the interior point rises for dozens of iterations before it falls.
#[test]
fn residuals_of_many_sizes_do_not_end_the_iteration_early() {
    for seed in 0..80 {
        let (a, b) = heavy_tailed(1600, 10, StreamKey::from_seed(seed).named("sizes"));
        assert_certified(&a, &b, 1.0, &solve(&a, &b, 1.0));
    }
}

/// Powers of Cauchy variables as residuals, on rows whose sizes are log-normal to a power.
fn heavier_tailed(
    (n, d): (usize, usize),
    noise_power: i32,
    row_power: i32,
    key: StreamKey,
) -> (DMatrix<f64>, DVector<f64>) {
    let mut a = normal_matrix(n, d, key.named("design"));
    let scales = normal_matrix(n, 1, key.named("scales"));
    for (mut row, scale) in a.row_iter_mut().zip(scales.iter()) {
        row *= scale.exp().powi(row_power);
    }
    let noise = normal_matrix(n, 2, key.named("noise"));
    let b = a.column_sum() + DVector::from_fn(n, |i, _| (noise[(i, 0)] / noise[(i, 1)]).powi(noise_power));
    (a, b)
}

/// The solution is a vertex, and its multipliers prove it: v in the box, Aᵀv = 0 to rounding, and bᵀv the objective.
#[test]
fn least_absolute_deviations_are_certified_whatever_the_tails() {
    for (shape, noise_power, row_power, draws) in [
        ((60, 5), 3, 1, 200),
        ((60, 5), 3, 3, 400),
        ((100, 3), 9, 3, 100),
        ((300, 20), 2, 1, 40),
        ((500, 40), 3, 1, 5),
        ((20_000, 5), 3, 1, 4),
        ((20_000, 10), 1, 3, 4),
    ] {
        for seed in 0..draws {
            let key = StreamKey::from_seed(seed).named("tails");
            let (a, b) = heavier_tailed(shape, noise_power, row_power, key);
            let solution = solve(&a, &b, 1.0);
            assert_certified(&a, &b, 1.0, &solution);
            let gap = 1.0 - b.dot(&solution.dual) / solution.objective;
            assert!(gap.abs() <= 1e-9, "{shape:?}, seed {seed}: {gap:e}");
            let inside = solution.dual.iter().filter(|value| value.abs() < 1.0 - 1e-10).count();
            assert!(inside <= shape.1, "{inside} multipliers inside the box");
        }
    }
}

/// The least Σ|bᵢ − aᵢᵀx| over all x that meet two of the rows: a vertex is optimal.
fn best_vertex(a: &DMatrix<f64>, b: &DVector<f64>) -> f64 {
    let mut least = f64::INFINITY;
    for i in 0..a.nrows() {
        for j in 0..i {
            let system = a.select_rows(&[i, j]);
            if let Some(x) = system.lu().solve(&dvector![b[i], b[j]]) {
                least = least.min((b - a * x).lp_norm(1));
            }
        }
    }
    least
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn least_absolute_deviations_are_those_of_the_best_vertex(
        entries in prop::collection::vec(-4_i32..=4, 36),
    ) {
        let numbers: Vec<f64> = entries.iter().map(|&entry| f64::from(entry)).collect();
        let (a, b) = (DMatrix::from_row_slice(12, 2, &numbers[..24]), DVector::from_column_slice(&numbers[24..]));
        prop_assume!(a.rank(1e-9) == 2);
        let solution = solve(&a, &b, 1.0);
        let best = best_vertex(&a, &b);
        prop_assert!((solution.objective - best).abs() <= 1e-8 * best.max(1e-6));
    }

    #[test]
    fn random_problems_are_certified(seed in 0_u64..1 << 40, n in 3_usize..60, d in 1_usize..7, p in 1.1_f64..10.0) {
        let (a, b) = heavy_tailed(n, d, StreamKey::from_seed(seed));
        if n > d {
            assert_certified(&a, &b, p, &solve(&a, &b, p));
        }
    }
}

#[test]
fn the_centre_of_numbers_is_median_mean_and_midrange() {
    let ones = DMatrix::from_element(5, 1, 1.0);
    let b = dvector![0.0, 1.0, 2.0, 10.0, 100.0];
    assert!((solve(&ones, &b, 1.0).x[0] - 2.0).abs() < 1e-6);
    assert!((solve(&ones, &b, 2.0).x[0] - 22.6).abs() < 1e-12);
    // Stationary: Σ sign(bᵢ − x)|bᵢ − x|^(p−1) = 0; for p = 3 and {0, 0, 1}: 2x² = (1 − x)².
    let x = solve(&DMatrix::from_element(3, 1, 1.0), &dvector![0.0, 0.0, 1.0], 3.0).x[0];
    assert!((x - 1.0 / (1.0 + 2.0_f64.sqrt())).abs() < 1e-5);
    // For p = 3/2: 2x^½ = (1 − x)^½.
    let x = solve(&DMatrix::from_element(3, 1, 1.0), &dvector![0.0, 0.0, 1.0], 1.5).x[0];
    assert!((x - 0.2).abs() < 1e-5);
}

#[test]
fn weights_count_as_repeated_rows() {
    let (a, b) = heavy_tailed(60, 3, StreamKey::from_seed(5));
    let weights: Vec<f64> = (0..60).map(|i| (i % 4) as f64).collect();
    let repeats: Vec<usize> = (0..60).flat_map(|i| vec![i; i % 4]).collect();
    let (repeated, entries) = (a.select_rows(&repeats), b.select_rows(&repeats));
    for p in [1.0, 1.5, 2.0, 3.0] {
        let problem = LpRegression::new(&a, &b, p).unwrap().weighted(&weights).unwrap();
        let weighted = lp_regression(&problem, &LpRegressionSettings::default()).unwrap().solution;
        let whole = solve(&repeated, &entries, p);
        assert!((weighted.objective / whole.objective - 1.0).abs() < 3e-9, "p = {p}");
        assert!((problem.objective(&weighted.x) / weighted.objective - 1.0).abs() < 1e-12);
    }
}

#[test]
fn scales_of_rows_and_columns_do_not_matter() {
    let (a, b) = heavy_tailed(100, 3, StreamKey::from_seed(6));
    for p in [1.0, 1.5, 3.0] {
        let plain = solve(&a, &b, p);
        let large = solve(&a, &(&b * 2.0_f64.powi(900)), p);
        assert_eq!(&plain.x * 2.0_f64.powi(900), large.x);
        let mut scaled = a.clone();
        scaled.column_mut(1).scale_mut(2.0_f64.powi(-700));
        let stretched = solve(&scaled, &b, p);
        assert_eq!(plain.objective, stretched.objective);
        assert_eq!(plain.x[1] * 2.0_f64.powi(700), stretched.x[1]);
    }
}

#[test]
fn exact_fits_dependent_columns_zeros_and_too_few_rows_have_solutions() {
    let (a, b) = heavy_tailed(40, 3, StreamKey::from_seed(7));
    for p in [1.0, 1.5, 2.0, 3.0] {
        let exact = solve(&a, &(&a * dvector![1.0, -2.0, 3.0]), p);
        assert!((exact.x - dvector![1.0, -2.0, 3.0]).amax() < 1e-12);
        let doubled = DMatrix::from_fn(40, 6, |i, j| a[(i, j % 3)] * (1.0 + (j / 3) as f64));
        let dependent = solve(&doubled, &b, p);
        assert_eq!(dependent.rank, 3);
        assert!((dependent.objective / solve(&a, &b, p).objective - 1.0).abs() < 1e-8);
        let zero = solve(&DMatrix::zeros(40, 2), &b, p);
        assert_eq!((zero.x, zero.rank), (DVector::zeros(2), 0));
        assert!((zero.dual_bound / lp_norm(&b, p) - 1.0).abs() < 1e-12);
        let wide = solve(&a.rows(0, 3).transpose().columns(0, 3).into_owned(), &b.rows(0, 3).into_owned(), p);
        assert!(wide.objective < 1e-10);
        assert_eq!(solve(&a, &DVector::zeros(40), p).objective, 0.0);
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let (a, b) = heavy_tailed(20_000, 4, StreamKey::from_seed(8));
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| [1.0, 1.5, 3.0].map(|p| solve(&a, &b, p)))
    };
    let one = on(1);
    for threads in [2, 3, 8] {
        assert_eq!(one, on(threads));
    }
}

#[test]
fn an_iteration_that_is_cut_short_says_so_and_keeps_a_valid_bound() {
    let (a, b) = heavy_tailed(200, 5, StreamKey::from_seed(9));
    for (p, max_iterations) in [(1.0, 1), (1.5, 2), (4.0, 2)] {
        let settings = LpRegressionSettings { max_iterations, ..LpRegressionSettings::default() };
        let cut = lp_regression(&LpRegression::new(&a, &b, p).unwrap(), &settings).unwrap();
        assert_eq!((cut.status, cut.iterations()), (Status::IterationLimit, max_iterations));
        let whole = solve(&a, &b, p);
        assert!(cut.solution.dual_bound <= whole.objective && whole.objective <= cut.solution.objective);
    }
}
