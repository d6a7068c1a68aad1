//! The ℓ∞ guarantee of sketched regression: held against sketches that obey it, and against those that do not.

use nalgebra::DVector;
use proofsketch::guarantee::{
    Verdict, check, kolmogorov_smirnov, lower_limit, mean_test_estimated, student_t_tail, upper_limit,
};
use proofsketch::linalg::{LinearOperator, Svd};
use proofsketch::random::StreamKey;
use proofsketch::regression::{
    BgpLinf, COUPLED_ERROR, GaussianLinf, Instance, SketchSize, SolvedInstance, SrhtLinf, coupled_sketch,
    hadamard_with_diagonal, normal_diagonal, opposite_pair, sketch_and_solve, solve_exact, student_statistic,
};
use proofsketch::sketch::{
    Bgp, DynDistribution, Gaussian, Replacement, RowSampling, SketchDistribution, SketchFamily,
    SketchOperator, SparseSign, Srht,
};

use crate::common::seed;

const ALPHA: f64 = 1e-6;
const EPSILON: f64 = 0.5;
const DELTA: f64 = 0.1;

fn solved(instance: Instance) -> SolvedInstance {
    SolvedInstance::new(instance).unwrap()
}

/// The guarantee of the Gaussian sketch at the m of its exact rule, with another implementation put in its place.
fn at_exact_rows(n: usize, d: usize, family: impl Fn(usize, usize) -> Box<DynDistribution>) -> GaussianLinf {
    let sketch_rows = SketchSize::GaussianExact { epsilon: EPSILON, delta: DELTA }.rows(n, d).unwrap();
    GaussianLinf { epsilon: EPSILON, sketch_rows, ncols: d, distribution: family(sketch_rows, n) }
}

fn verdict(guarantee: &GaussianLinf, instance: &SolvedInstance, trials: u64, name: &str) -> Verdict {
    let evidence = check(guarantee, instance, trials, ALPHA, seed().named(name));
    println!("{name}: {evidence}");
    evidence.verdict
}

#[test]
fn dense_sketches_obey_it() {
    let (n, d) = (1024, 16);
    for name in ["gaussian", "sign", "srht-with-replacement", "bgp"] {
        let family: SketchFamily = name.parse().unwrap();
        let guarantee = at_exact_rows(n, d, |m, n| family.distribution(m, n).unwrap());
        for residual_rows in [1, 8, 31] {
            let instance = solved(Instance::adversarial_sparse(n, d, residual_rows));
            assert_ne!(
                verdict(&guarantee, &instance, 300, name),
                Verdict::Refuted,
                "{name}, K = {residual_rows}"
            );
        }
        let benign = solved(Instance::gaussian(n, d, seed().named("benign")));
        assert_ne!(verdict(&guarantee, &benign, 300, name), Verdict::Refuted, "{name}, benign");
    }
}

/// The claims with hidden constants: calibrated on d = 32, held on other d and other instances.
#[test]
fn claims_with_calibrated_constants_hold_elsewhere() {
    let n = 2048;
    for d in [4, 8, 16] {
        let key = seed().named("calibrated").indexed(d as u64);
        let instances =
            [Instance::adversarial_sparse(n, d, 1), Instance::gaussian(n, d, key.named("benign"))];
        for instance in instances.map(solved) {
            let rows = SrhtLinf::sketch_rows(EPSILON, DELTA, (n, d)).unwrap();
            let distribution = Srht::with_replacement(rows, n, Replacement::With).unwrap().boxed();
            let claim = SrhtLinf { epsilon: EPSILON, delta: DELTA, distribution };
            let evidence = check(&claim, &instance, 200, ALPHA, key);
            assert!(
                matches!(evidence.verdict, Verdict::Supported | Verdict::Undecided),
                "d = {d}: {evidence}"
            );
            let distribution = Srht::with_replacement(d + 2, n, Replacement::With).unwrap().boxed();
            let mutant = SrhtLinf { epsilon: EPSILON, delta: DELTA, distribution };
            assert_eq!(check(&mutant, &instance, 200, ALPHA, key).verdict, Verdict::Refuted, "d + 2 rows");
            let rows = BgpLinf::sketch_rows(EPSILON, DELTA, d);
            let distribution = Bgp::new(rows, n).unwrap().boxed();
            let theorem = BgpLinf { epsilon: EPSILON, delta: DELTA, distribution };
            let evidence = check(&theorem, &instance, 200, ALPHA, key);
            assert!(
                matches!(evidence.verdict, Verdict::Supported | Verdict::Undecided),
                "d = {d}: {evidence}"
            );
            let distribution = Bgp::new(2 * d, n).unwrap().boxed();
            let mutant = BgpLinf { epsilon: EPSILON, delta: DELTA, distribution };
            assert_eq!(check(&mutant, &instance, 200, ALPHA, key).verdict, Verdict::Refuted, "2d rows");
        }
    }
}

/// With σ and Π fixed the rows of S are independent Gaussian vectors whose covariances are known.
#[test]
fn bgp_is_gaussian_given_its_rotation() {
    let (n, trials) = (20, 4000);
    let bgp = Bgp::with_pool(4, n, 8).unwrap();
    let x = DVector::from_fn(n, |i, _| 1.0 / (1.0 + i as f64));
    let draw = |i| bgp.sample_conditional(seed().named("rotation"), seed().named("pooling").indexed(i));
    let rows: Vec<DVector<f64>> = (0..trials).map(|i| draw(i).sketch_vector(&x)).collect();
    let covariances = draw(0).conditional_covariances(&x);
    assert!((covariances.sum() - x.norm_squared()).abs() < 1e-12, "the covariances add up to ‖x‖²");
    for k in 0..4 {
        let deviation = covariances[k].sqrt();
        let values: Vec<f64> = rows.iter().map(|row| row[k] / deviation).collect();
        let normal = |z: f64| 0.5 + z.signum() * 0.5 * (1.0 - student_t_tail(z.abs(), f64::INFINITY));
        let test = kolmogorov_smirnov(&values, normal).unwrap();
        assert!(test.p_value > ALPHA, "row {k}: {test:?}");
        let products: Vec<f64> = rows.iter().map(|row| row[k] * row[(k + 1) % 4]).collect();
        assert!(
            !mean_test_estimated(&products, 0.0).unwrap().is_refuted(ALPHA),
            "rows {k} and next are dependent"
        );
    }
}

#[test]
fn sparse_sketches_are_refuted_on_the_adversarial_instance() {
    let (n, d) = (4096, 32);
    for (nonzeros, residual_rows) in [(8, 1), (1, 36)] {
        let guarantee = at_exact_rows(n, d, |m, n| SparseSign::new(m, n, nonzeros).unwrap().boxed());
        let instance = solved(Instance::adversarial_sparse(n, d, residual_rows));
        assert_eq!(verdict(&guarantee, &instance, 300, "sparse"), Verdict::Refuted, "s = {nonzeros}");
    }
}

#[test]
fn uniform_row_sampling_is_refuted_where_leverage_is_uniform() {
    let (n, d, m, epsilon) = (4096, 32, 512, 0.75);
    let instance = solved(Instance::adversarial_sampling(n, d, m));
    let guarantee = |distribution| GaussianLinf { epsilon, sketch_rows: m, ncols: d, distribution };
    let sampling = guarantee(RowSampling::uniform(n, m as f64, 2.0).unwrap().boxed());
    assert_eq!(verdict(&sampling, &instance, 300, "row sampling"), Verdict::Refuted);
    let gaussian = guarantee(Gaussian::new(m, n).unwrap().boxed());
    assert_ne!(verdict(&gaussian, &instance, 100, "gaussian"), Verdict::Refuted);
}

/// Every coordinate is Student's t, whatever A: the whole law, not a bound.
#[test]
fn coordinates_of_the_gaussian_sketch_follow_the_student_law() {
    let (n, d) = (512, 6);
    let instance = Instance::conditioned((n, d), 1e6, 0.1, seed().named("ill-conditioned")).unwrap();
    let problem = instance.problem().unwrap();
    let exact = solve_exact(&problem).unwrap();
    let inverse_gram = Svd::new(&instance.a).map(|svd| {
        let scaled =
            svd.v.column_iter().zip(svd.singular_values.iter()).map(|(v, sigma)| (v[2] / sigma).powi(2));
        scaled.sum::<f64>()
    });
    let inverse_gram = inverse_gram.unwrap();
    for m in [48, 128] {
        let distribution = Gaussian::new(m, n).unwrap();
        let draws: Vec<f64> = (0..2000)
            .map(|i| {
                let s = distribution.sample(seed().named("law").indexed(m as u64).indexed(i));
                let error =
                    sketch_and_solve(&problem, &s, 0.95).unwrap().coefficients[2] - exact.coefficients[2];
                student_statistic(error, exact.residual_norm, inverse_gram, m, d)
            })
            .collect();
        let freedom = (m - d + 1) as f64;
        let cdf = |x: f64| 0.5 + x.signum() * 0.5 * (1.0 - student_t_tail(x.abs(), freedom));
        let test = kolmogorov_smirnov(&draws, cdf).unwrap();
        println!("m = {m}: {test:?}");
        assert!(test.p_value > ALPHA, "m = {m}: {test:?}");
        let wrong = kolmogorov_smirnov(&draws, |x| cdf(1.5 * x)).unwrap();
        assert!(wrong.p_value < ALPHA, "a scale off by half must show: {wrong:?}");
    }
}

#[test]
fn intervals_of_the_gaussian_sketch_cover_at_their_level() {
    let (n, d, m, trials) = (512, 4, 40, 4000);
    let instance = Instance::conditioned((n, d), 1e6, 0.1, seed().named("coverage")).unwrap();
    let problem = instance.problem().unwrap();
    let exact = solve_exact(&problem).unwrap().coefficients;
    let distribution = Gaussian::new(m, n).unwrap();
    let covered = (0..trials)
        .filter(|&i| {
            let s = distribution.sample(seed().named("interval").indexed(i));
            let answer = sketch_and_solve(&problem, &s, 0.95).unwrap();
            (answer.coefficients[1] - exact[1]).abs() <= answer.certificate.unwrap().half_widths[1]
        })
        .count() as u64;
    println!("coverage {}", covered as f64 / trials as f64);
    assert!((0.93..=0.97).contains(&(covered as f64 / trials as f64)), "{covered} of {trials} covered");
    let missed = trials - covered;
    assert!(lower_limit(missed, trials, ALPHA) <= 0.05 && 0.05 <= upper_limit(missed, trials, ALPHA));
}

/// A good subspace embedding that embeds fixed pairs well, and is off by the same amount for every d.
#[test]
fn embedding_fixed_pairs_does_not_suffice() {
    assert!((COUPLED_ERROR - 0.002_506_265_664_160_4).abs() < 1e-17);
    for d in [2, 3, 16, 100, 512] {
        let (sketch, instance) = coupled_sketch(d, seed().named("coupled").indexed(d as u64));
        let values = Svd::new(&sketch.to_dense()).unwrap().singular_values;
        let spread = 2.0_f64.sqrt() / 20.0;
        assert!((values.min() - (1.0 - spread).sqrt()).abs() < 1e-12, "d = {d}: {}", values.min());
        assert!((values.max() - (1.0 + spread).sqrt()).abs() < 1e-12, "d = {d}: {}", values.max());
        let answer = sketch_and_solve(&instance.problem().unwrap(), &sketch, 0.95).unwrap();
        assert!((answer.coefficients[0].abs() - COUPLED_ERROR).abs() < 1e-14, "d = {d}");
    }
}

#[test]
fn normal_entries_in_place_of_the_signs_do_not_work() {
    let (n, m, trials) = (256, 128, 2000);
    let instance = opposite_pair(n);
    let problem = instance.problem().unwrap();
    let error = |diagonal: DVector<f64>, key: StreamKey| {
        let s = hadamard_with_diagonal(m, &diagonal, key.named("rows"));
        sketch_and_solve(&problem, &s, 0.95).unwrap().coefficients[0].abs()
    };
    let keys = || (0..trials).map(|i| seed().named("diagonal").indexed(i));
    let large =
        keys().filter(|&key| error(normal_diagonal(n, key.named("normal")), key) >= 3.0 / 7.0).count() as u64;
    println!("{large} of {trials} errors are 3/7 or more");
    assert!(lower_limit(large, trials, ALPHA) > 0.59, "{large} of {trials}");
    let signs = |key: StreamKey| normal_diagonal(n, key.named("normal")).map(f64::signum);
    assert!(keys().all(|key| error(signs(key), key) < 1e-14), "signs give no error at all");
}
