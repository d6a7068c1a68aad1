//! Sketched regression: what its answer satisfies whatever the sketch, and how it changes with the problem.

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{DataMatrix, Qr, Svd};
use proofsketch::regression::{
    Instance, LeastSquares, Refinement, Settings, SketchSize, Warning, gaussian_failure_bound, refine,
    sketch_and_solve, solve, solve_exact, solve_from_sketch, solve_kronecker,
};
use proofsketch::sketch::{
    Gaussian, SketchDistribution, SketchFamily, SketchOperator, SparseSign, StreamingSketch, TensorSrht,
};
use proofsketch::solve::Status;

use crate::common::{seed, with_thread_counts};
use crate::sketch_suite::integers;

const FAMILIES: [&str; 8] = [
    "srht",
    "srht-with-replacement",
    "bgp",
    "gaussian",
    "sign",
    "sparse-sign:8",
    "countsketch",
    "very-sparse:3",
];

fn families() -> impl Iterator<Item = SketchFamily> {
    FAMILIES.into_iter().map(|name| name.parse().unwrap())
}

fn relative(x: &DVector<f64>, y: &DVector<f64>) -> f64 {
    (x - y).norm() / y.norm()
}

/// The least m of the exact rule, as computed elsewhere from Student's law.
#[test]
fn rows_of_the_exact_gaussian_rule() {
    let table = [
        (8, 1.0, 61),
        (8, 0.5, 211),
        (16, 0.5, 498),
        (32, 1.0, 316),
        (32, 0.5, 1154),
        (32, 0.25, 4508),
        (64, 0.5, 2630),
        (128, 0.5, 5912),
    ];
    for (d, epsilon, rows) in table {
        let size = SketchSize::GaussianExact { epsilon, delta: 0.1 };
        assert_eq!(size.rows(1 << 30, d).unwrap(), rows, "d = {d}, ε = {epsilon}");
        assert!(gaussian_failure_bound(rows, d, epsilon) <= 0.1);
        assert!(gaussian_failure_bound(rows - 1, d, epsilon) > 0.1);
    }
    let paper = SketchSize::Paper { epsilon: 0.5, delta: 0.1, constant: 1.0 };
    assert_eq!(paper.rows(4096, 32).unwrap(), 153_330);
}

#[test]
fn the_residual_is_orthogonal_to_the_sketched_columns() {
    let instance = Instance::gaussian(700, 5, seed().named("orthogonal"));
    let problem = instance.problem().unwrap();
    for family in families() {
        let s = family.distribution(64, 700).unwrap().sample(seed());
        let answer = sketch_and_solve(&problem, &s, 0.95).unwrap();
        let sa = s.sketch(&instance.a);
        let residual = s.sketch_vector(&instance.b) - &sa * &answer.coefficients;
        assert!(sa.tr_mul(&residual).norm() < 1e-12 * sa.norm() * residual.norm(), "{family}");
        assert!((residual.norm() - answer.sketched_residual).abs() < 1e-12 * residual.norm(), "{family}");
    }
}

#[test]
fn consistent_systems_are_solved_to_rounding() {
    let mut instance = Instance::conditioned((600, 6), 1e3, 0.0, seed().named("consistent")).unwrap();
    let x = DVector::from_fn(6, |i, _| i as f64 - 2.5);
    instance.b = &instance.a * &x;
    for family in families() {
        let s = family.distribution(60, 600).unwrap().sample(seed().named("consistent sketch"));
        let answer = sketch_and_solve(&instance.problem().unwrap(), &s, 0.95).unwrap();
        assert!(relative(&answer.coefficients, &x) < 1e-12 * 1e3, "{family}: {}", answer.coefficients);
    }
}

/// Powers of two commute with rounding, so scaling by them must show in no other bit.
#[test]
fn scaling_and_permuting_columns_carry_over_to_the_answer() {
    let instance = Instance::gaussian(500, 4, seed().named("equivariance"));
    let s = SparseSign::new(50, 500, 4).unwrap().sample(seed());
    let answer = sketch_and_solve(&instance.problem().unwrap(), &s, 0.95).unwrap();
    let factors = [8.0, 0.25, 1024.0, 2.0_f64.powi(-30)];
    let mut scaled = instance.clone();
    scaled.a.column_iter_mut().zip(factors).for_each(|(mut column, factor)| column *= factor);
    let of_scaled = sketch_and_solve(&scaled.problem().unwrap(), &s, 0.95).unwrap();
    let (widths, scaled_widths) =
        (answer.certificate.unwrap().half_widths, of_scaled.certificate.unwrap().half_widths);
    for (j, factor) in factors.into_iter().enumerate() {
        assert_eq!(of_scaled.coefficients[j] * factor, answer.coefficients[j]);
        assert_eq!(scaled_widths[j] * factor, widths[j]);
    }
    let order = [2, 0, 3, 1];
    let permuted = Instance { a: instance.a.select_columns(&order), b: instance.b.clone() };
    let of_permuted = sketch_and_solve(&permuted.problem().unwrap(), &s, 0.95).unwrap();
    for (position, &j) in order.iter().enumerate() {
        assert!((of_permuted.coefficients[position] - answer.coefficients[j]).abs() < 1e-13);
    }
}

/// V Σ⁺ Uᵀ b, singular values below 10⁻⁹ of the first counted as zero.
fn shortest_minimiser(a: &DMatrix<f64>, b: &DVector<f64>) -> DVector<f64> {
    let svd = Svd::new(a).unwrap();
    let threshold = 1e-9 * svd.singular_values.max();
    let mut coordinates = svd.u.tr_mul(b);
    for (coordinate, &sigma) in coordinates.iter_mut().zip(&svd.singular_values) {
        *coordinate = if sigma > threshold { *coordinate / sigma } else { 0.0 };
    }
    svd.v * coordinates
}

#[test]
fn below_full_rank_the_answer_is_the_shortest_minimiser() {
    let mut instance = Instance::gaussian(400, 5, seed().named("rank"));
    let combination = instance.a.column(0) * 300.0 - instance.a.column(3) * 2.0;
    instance.a.set_column(4, &combination);
    let problem = instance.problem().unwrap();
    let s = Gaussian::new(50, 400).unwrap().sample(seed());
    let answer = sketch_and_solve(&problem, &s, 0.95).unwrap();
    assert_eq!(answer.rank, 4);
    assert!(answer.certificate.is_none());
    assert_eq!(answer.warnings, [Warning::RankDeficient { rank: 4, ncols: 5 }]);
    let shortest = shortest_minimiser(&s.sketch(&instance.a), &s.sketch_vector(&instance.b));
    assert!(relative(&answer.coefficients, &shortest) < 1e-9, "{} {shortest}", answer.coefficients);
    let shortest = shortest_minimiser(&instance.a, &instance.b);
    assert!(relative(&solve_exact(&problem).unwrap().coefficients, &shortest) < 1e-9);
    let refined = refine(&problem, &s, &Refinement::default()).unwrap();
    assert!(relative(&refined.solution.coefficients, &shortest) < 1e-9);
}

#[test]
fn zero_columns_get_zero_coefficients() {
    let mut instance = Instance::gaussian(300, 3, seed().named("zero"));
    instance.a.column_mut(1).fill(0.0);
    let s = Gaussian::new(30, 300).unwrap().sample(seed());
    let answer = sketch_and_solve(&instance.problem().unwrap(), &s, 0.95).unwrap();
    assert_eq!(answer.coefficients[1], 0.0);
    assert_eq!(
        answer.warnings,
        [Warning::ZeroColumns { columns: vec![1] }, Warning::RankDeficient { rank: 2, ncols: 3 }]
    );
}

#[test]
fn refinement_reaches_the_accuracy_of_a_factorization() {
    for (condition, residual) in [(1e2, 1e-1), (1e4, 1e-2), (1e10, 1e-6)] {
        // Wedin: what a backward error of a few roundings does to x.
        let tolerance = 10.0 * f64::EPSILON * condition * (1.0 + condition * residual);
        let instance =
            Instance::conditioned((4000, 20), condition, residual, seed().named("refined")).unwrap();
        let problem = instance.problem().unwrap();
        let by_qr = Qr::new(&instance.a).unwrap().solve_least_squares_vector(&instance.b).unwrap();
        for family in families() {
            let s = family.distribution(400, 4000).unwrap().sample(seed().named("preconditioner"));
            let report = refine(&problem, &s, &Refinement::default()).unwrap();
            assert_eq!(report.status, Status::Converged, "{family}, κ = {condition:e}: {:?}", report.history);
            let refined = report.solution;
            assert!(refined.backward_error <= 2.0 * f64::EPSILON, "{family}: {:e}", refined.backward_error);
            let gap = relative(&refined.coefficients, &by_qr);
            assert!(gap < tolerance, "{family}, κ = {condition:e}: {gap:e}");
            let gradient = instance.a.tr_mul(&(&instance.b - &instance.a * &refined.coefficients));
            let qr_gradient = instance.a.tr_mul(&(&instance.b - &instance.a * &by_qr));
            assert!(gradient.norm() <= 100.0 * qr_gradient.norm() + 1e-15 * instance.b.norm(), "{family}");
        }
    }
}

#[test]
fn the_answer_does_not_depend_on_threads() {
    let instance = Instance::conditioned((20_000, 30), 1e5, 0.1, seed().named("threads")).unwrap();
    for family in families() {
        for refinement in [None, Some(Refinement::default())] {
            let size = Some(SketchSize::Explicit(300));
            let settings = Settings { sketch: family, size, refinement, level: 0.9 };
            let answers = with_thread_counts(|| {
                let problem = instance.problem().unwrap();
                solve(&problem, &settings, seed()).unwrap()
            });
            assert!(
                answers.windows(2).all(|pair| pair[0] == pair[1]),
                "{family}, refined: {}",
                refinement.is_some()
            );
        }
    }
}

#[test]
fn a_sketch_no_smaller_than_the_data_is_not_taken() {
    let instance = Instance::gaussian(50, 4, seed().named("small"));
    let problem = instance.problem().unwrap();
    let settings = Settings { size: Some(SketchSize::Explicit(50)), ..Settings::default() };
    let report = solve(&problem, &settings, seed()).unwrap();
    assert_eq!(report.solution.warnings, [Warning::NotSketched { sketch_rows: 50, nrows: 50 }]);
    assert_eq!(report.solution.coefficients, solve_exact(&problem).unwrap().coefficients);
}

#[test]
fn a_stream_gives_the_answer_of_the_whole() {
    let instance = Instance::gaussian(5000, 6, seed().named("stream"));
    let s = Gaussian::new(100, 5000).unwrap().sample(seed());
    let mut joined = instance.a.clone().insert_column(6, 0.0);
    joined.set_column(6, &instance.b);
    let mut stream = StreamingSketch::new(&s, 7);
    for start in (0..5000).step_by(333) {
        stream.push(&joined.row_block(start..5000.min(start + 333)));
    }
    let sketched = stream.finish();
    let norms = DVector::from_iterator(6, instance.a.column_iter().map(|column| column.norm()));
    let sa = sketched.columns(0, 6).into_owned();
    let streamed = solve_from_sketch(&sa, &sketched.column(6).into_owned(), &norms, 0.95).unwrap();
    let whole = sketch_and_solve(&instance.problem().unwrap(), &s, 0.95).unwrap();
    assert!(relative(&streamed.coefficients, &whole.coefficients) < 1e-12);
}

#[test]
fn kronecker_regression_is_that_of_the_product() {
    let (a1, a2) = (integers(20, 2), integers(13, 3));
    let b = integers(20, 13);
    let key = seed().named("kronecker");
    let answer = solve_kronecker(&a1, &a2, &b, 60, 0.95, key).unwrap();
    let product = a1.kronecker(&a2);
    let by_rows = DVector::from_column_slice(b.transpose().as_slice());
    let sketch = TensorSrht::new(60, 20, 13).unwrap().sample(key);
    let explicit = sketch_and_solve(&LeastSquares::new(&product, &by_rows).unwrap(), &sketch, 0.95).unwrap();
    assert!(relative(&answer.coefficients, &explicit.coefficients) < 1e-11);
    let widths = (answer.certificate.unwrap().half_widths, explicit.certificate.unwrap().half_widths);
    assert!(relative(&widths.0, &widths.1) < 1e-10);
}

#[test]
fn columns_near_the_limits_of_the_numbers() {
    let base = Instance::gaussian(300, 3, seed().named("limits"));
    let exact = solve_exact(&base.problem().unwrap()).unwrap().coefficients;
    for scale in [1e-150, 1e150] {
        let instance = Instance { a: &base.a * scale, b: base.b.clone() };
        let problem = instance.problem().unwrap();
        let s = SparseSign::new(60, 300, 8).unwrap().sample(seed());
        let refined = refine(&problem, &s, &Refinement::default()).unwrap().solution.coefficients * scale;
        assert!(relative(&refined, &exact) < 1e-12, "scale {scale:e}");
    }
    let tiny = Instance { a: DMatrix::from_element(4, 1, 1e-300), b: DVector::from_element(4, 1e-300) };
    let one = solve_exact(&tiny.problem().unwrap()).unwrap().coefficients[0];
    assert!((one - 1.0).abs() < 1e-14);
}
