//! Student's t, moments, distribution tests and exponents against values and laws known beforehand.

use proofsketch::guarantee::{
    Error, fit_exponent, kolmogorov_smirnov, kolmogorov_tail, mean_test, mean_test_estimated,
    norm_square_variance, student_t_quantile, student_t_tail, variance_test,
};
use proofsketch::random::{StreamKey, uniform_unit};
use proofsketch::sketch::{Gaussian, Rademacher, SketchDistribution, SketchOperator, VerySparse};
use proptest::prelude::*;

use crate::common::seed;

fn close(value: f64, expected: f64, relative: f64) -> bool {
    (value - expected).abs() <= relative * expected.abs()
}

fn uniforms(key: StreamKey, count: usize) -> Vec<f64> {
    let mut rng = key.block(0);
    (0..count).map(|_| uniform_unit(&mut rng)).collect()
}

/// (t, ν, Pr[|T| > t]) to 17 digits, from the incomplete beta function and from quadrature in 40-digit arithmetic.
const STUDENT_T: [(f64, f64, f64); 22] = [
    (0.001, 0.5, 0.999_460_647_668_487_6),
    (9.0, 0.5, 0.213_603_278_420_773_34),
    (0.001, 1.0, 0.999_363_380_439_838_9),
    (5.0, 1.0, 0.125_665_916_378_002_37),
    (1.0, 2.5, 0.404_061_027_278_273_5),
    (9.0, 2.5, 0.005_747_906_183_608_055_4),
    (0.001, 10.0, 0.999_221_783_374_741),
    (9.0, 10.0, 4.138_049_049_682_012e-6),
    (5.0, 100.0, 2.450_173_413_503_800_4e-6),
    (9.0, 100.0, 1.536_077_051_475_041_4e-14),
    (0.001, 1999.0, 0.999_202_215_351_447),
    (5.0, 1999.0, 6.233_156_383_431_679e-7),
    (9.0, 1999.0, 5.118_613_834_682_41e-19),
    (1.0, 2999.0, 0.317_391_184_939_422_1),
    (9.0, 2999.0, 3.914_328_694_750_722e-19),
    (1.0, 3001.0, 0.317_391_131_177_106_7),
    (9.0, 3001.0, 3.912_917_918_550_739e-19),
    (5.0, 1e4, 5.830_326_613_662_647e-7),
    (5.0, 1e6, 5.733_997_870_890_742e-7),
    (9.0, 1e6, 2.260_973_033_492_86e-19),
    (1.0, 1e9, 0.317_310_508_104_884_8),
    (9.0, 1e9, 2.257_180_605_147_113e-19),
];

#[test]
fn student_t_tails_match_the_table() {
    for (t, dof, expected) in STUDENT_T {
        let tail = student_t_tail(t, dof);
        assert!(close(tail, expected, 1e-10), "t = {t}, ν = {dof}: {tail:e}, not {expected:e}");
    }
    assert_eq!(student_t_tail(0.0, 3.0), 1.0);
    for (t, dof) in [(-1.0, 3.0), (f64::NAN, 3.0), (1.0, 0.0), (1.0, f64::NAN)] {
        assert!(student_t_tail(t, dof).is_nan());
    }
}

#[test]
fn student_t_quantiles_match_the_table() {
    for (level, dof, expected) in [
        (1e-6, 3.0, 130.154_589_558_357_95),
        (1e-10, 1.0, 6_366_197_723.675_813),
        (0.05, 50_000.5, 1.960_011_430_619_208),
        (1e-6, 1e7, 4.891_641_524_184_872),
        (1e-12, 97.0, 8.201_380_024_884_29),
    ] {
        let quantile = student_t_quantile(level, dof);
        assert!(close(quantile, expected, 1e-11), "{level:e}, ν = {dof}: {quantile}");
    }
    assert!(student_t_quantile(0.0, 3.0).is_nan() && student_t_quantile(0.1, -1.0).is_nan());
}

proptest! {
    #[test]
    fn student_t_quantile_inverts_the_tail(level in 1e-15..0.999_f64, ln_dof in -0.5..20.0_f64) {
        let quantile = student_t_quantile(level, ln_dof.exp());
        prop_assert!(close(student_t_tail(quantile, ln_dof.exp()), level, 1e-9));
    }

    #[test]
    fn exponents_of_exact_power_laws_are_exact(
        exponent in -3.0..3.0_f64,
        constant in 1e-6..1e6_f64,
        sizes in prop::collection::btree_set(1_u32..100_000, 3..12),
    ) {
        let x: Vec<f64> = sizes.into_iter().map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| constant * x.powf(exponent)).collect();
        let fit = fit_exponent(&x, &y, 0.05).unwrap();
        let spread = (x[x.len() - 1] / x[0]).ln();
        prop_assert!((fit.exponent - exponent).abs() < 1e-12 / spread);
        prop_assert!(fit.half_width < 1e-10 / spread);
        prop_assert!(close(fit.value_at(x[0]), y[0], 1e-9));
    }
}

/// Errors of ln y orthogonal to 1 and ln x leave the exponent alone, and give the interval by hand:
/// ln x = ln 2 · (1, 2, 4, 8), Σ(ln x − mean)² = 28.75 ln² 2, and t = 4.3027 at 5 % with 2 degrees of freedom.
#[test]
fn exponent_interval_is_the_textbook_one() {
    let x = [1.0, 2.0, 4.0, 8.0].map(f64::exp2);
    let errors = [-0.04, 0.04, 0.01, -0.01];
    let y: Vec<f64> = x.iter().zip(errors).map(|(x, error): (&f64, f64)| x.powf(0.7) * error.exp()).collect();
    let fit = fit_exponent(&x, &y, 0.05).unwrap();
    let half_width = 4.302_652_729_749_464 * (0.0034_f64 / 2.0 / 28.75).sqrt() / 2.0_f64.ln();
    assert!(close(fit.exponent, 0.7, 1e-12) && fit.intercept.abs() < 1e-12);
    assert!(close(fit.half_width, half_width, 1e-10), "{} is not {half_width}", fit.half_width);
    assert_eq!(fit.interval(), (fit.exponent - fit.half_width, fit.exponent + fit.half_width));
    assert!(fit.contains(0.7) && !fit.contains(0.8));
}

#[test]
fn exponents_of_what_is_no_power_law_are_refused() {
    let x = [1.0, 2.0, 3.0];
    let value = |what, wanted, index, value| Err(Error::Value { what, wanted, index, value });
    assert_eq!(fit_exponent(&x, &x[..2], 0.05), Err(Error::Unpaired { sizes: 3, values: 2 }));
    let few = Error::TooFew { what: "an exponent", needed: 3, given: 2 };
    assert_eq!(fit_exponent(&x[..2], &x[..2], 0.05), Err(few));
    assert_eq!(fit_exponent(&x, &[1.0, 0.0, 1.0], 0.05), value("a value", "positive", 1, 0.0));
    assert_eq!(
        fit_exponent(&[1.0, 2.0, f64::INFINITY], &x, 0.05),
        value("a size", "finite", 2, f64::INFINITY)
    );
    assert_eq!(fit_exponent(&[2.0; 3], &x, 0.05), Err(Error::EqualSizes(2.0)));
    assert!(matches!(fit_exponent(&x, &x, 1.0), Err(Error::Probability { .. })));
}

/// Published values: Marsaglia, Tsang and Wang (2003) for the first two, Kolmogorov–Smirnov tables for the rest.
#[test]
fn kolmogorov_distribution_matches_the_tables() {
    assert!((1.0 - kolmogorov_tail(10, 0.274) - 0.628_479_615_456_504).abs() < 1e-13);
    assert!((1.0 - kolmogorov_tail(2000, 0.04) - 0.996_769_431_917_137).abs() < 1e-6);
    for (n, d, p) in [
        (1, 0.975, 0.05),
        (2, 0.841_89, 0.05),
        (5, 0.563_28, 0.05),
        (5, 0.446_98, 0.20),
        (10, 0.409_25, 0.05),
        (10, 0.488_93, 0.01),
        (20, 0.294_08, 0.05),
        (20, 0.231_56, 0.20),
        (40, 0.252_05, 0.01),
    ] {
        let tail = kolmogorov_tail(n, d);
        assert!(close(tail, p, 1e-3), "n = {n}, d = {d}: {tail}, not {p}");
    }
    // n = 1: D = max(U, 1 − U), so Pr[D ≥ d] = 2(1 − d). n = 2, d ≤ ½: Pr[D < d] = 8(d − ¼)².
    for d in [0.6, 0.75, 0.9, 0.999] {
        assert!(close(kolmogorov_tail(1, d), 2.0 * (1.0 - d), 1e-12));
    }
    for d in [0.26, 0.3, 0.45] {
        assert!(close(1.0 - kolmogorov_tail(2, d), 8.0 * (d - 0.25) * (d - 0.25), 1e-10));
    }
    assert!(kolmogorov_tail(0, 0.5).is_nan() && kolmogorov_tail(5, f64::NAN).is_nan());
    assert_eq!((kolmogorov_tail(9, 0.01), kolmogorov_tail(9, 1.0)), (1.0, 0.0));
}

/// (n, d, Pr[D ≥ d]) from Durbin's matrix in 60-digit arithmetic.
const KOLMOGOROV: [(usize, f64, f64); 10] = [
    (20, 0.111_803_398_874_989_48, 0.940_329_543_558_708_3),
    (20, 0.268_328_157_299_974_7, 0.092_230_254_505_884_96),
    (200, 0.035_355_339_059_327_376, 0.956_360_660_704_209_7),
    (200, 0.070_710_678_118_654_75, 0.257_653_179_779_212_4),
    (200, 0.113_137_084_989_847_6, 0.010_982_276_558_376_913),
    (600, 0.018_371_173_070_873_836, 0.985_234_898_152_554_3),
    (600, 0.028_577_380_332_470_41, 0.700_107_974_981_317_6),
    (600, 0.038_783_587_594_066_984, 0.319_259_868_446_106_05),
    (600, 0.042_866_070_498_705_62, 0.214_007_715_630_514_14),
    (600, 0.053_072_277_760_302_2, 0.065_667_021_794_551_02),
];

#[test]
fn kolmogorov_distribution_is_as_accurate_as_it_says() {
    for (n, d, expected) in KOLMOGOROV {
        let accuracy = match n as f64 * d * d {
            _ if n <= 500 => 1e-10,
            square if square < 1.0 => 2e-4,
            _ => 2e-5,
        };
        let tail = kolmogorov_tail(n, d);
        assert!(close(tail, expected, accuracy), "n = {n}, d = {d}: {tail}, not {expected}");
    }
}

/// Where one formula takes over from another, the distribution neither jumps nor turns.
#[test]
fn kolmogorov_distribution_is_one_curve() {
    for (n, square, gap) in
        [(5_usize, 4.0_f64, 1e-8), (100, 4.0, 1e-8), (500, 4.0, 1e-8), (501, 1.0, 1e-4), (3000, 1.0, 2e-5)]
    {
        let seam = (square / n as f64).sqrt();
        let jump = kolmogorov_tail(n, seam * (1.0 - 1e-13)) / kolmogorov_tail(n, seam * (1.0 + 1e-13)) - 1.0;
        assert!(jump.abs() < 4.0 * gap, "n = {n}: the tail leaves the centre by {jump:e}");
        let tails: Vec<f64> = (1..200).map(|i| kolmogorov_tail(n, f64::from(i) / 200.0)).collect();
        assert!(tails.windows(2).all(|pair| pair[1] <= pair[0] + 1e-13), "n = {n}: not decreasing");
    }
}

#[test]
fn kolmogorov_smirnov_measures_the_largest_distance() {
    let test = kolmogorov_smirnov(&[0.9, 0.1, 0.2], |x| x).unwrap();
    assert_eq!(test.statistic, 2.0 / 3.0 - 0.2);
    assert_eq!(test.p_value, kolmogorov_tail(3, test.statistic));
    assert!(matches!(kolmogorov_smirnov(&[], |x| x), Err(Error::TooFew { .. })));
    assert!(matches!(kolmogorov_smirnov(&[0.1, f64::NAN], |x| x), Err(Error::Value { index: 1, .. })));
    assert!(matches!(kolmogorov_smirnov(&[0.3, 0.2], |x| 5.0 * x), Err(Error::Value { index: 1, .. })));
}

/// Under the null hypothesis a p-value is uniform; each test is tried on samples that satisfy it.
#[test]
fn p_values_are_uniform_under_the_null() {
    let key = seed().named("p-values");
    let normal = |i: u64| {
        let draw = Gaussian::new(1, 400).unwrap().sample(key.indexed(i));
        draw.columns(0..400).as_slice().to_vec()
    };
    let p_values =
        |test: &dyn Fn(&[f64]) -> f64| -> Vec<f64> { (0..1500).map(|i| test(&normal(i))).collect() };
    let uniform = |p: &[f64]| kolmogorov_smirnov(p, |p| p).unwrap().p_value;
    assert!(uniform(&p_values(&|x| mean_test(x, 0.0, 1.0).unwrap().p_value)) > 1e-6);
    assert!(uniform(&p_values(&|x| mean_test_estimated(x, 0.0).unwrap().p_value)) > 1e-6);
    assert!(uniform(&p_values(&|x| mean_test_estimated(&x[..3], 0.0).unwrap().p_value)) > 1e-6);
    assert!(uniform(&p_values(&|x| mean_test(x, 0.1, 1.0).unwrap().p_value)) < 1e-6, "a wrong mean");
    let rejected =
        p_values(&|x| variance_test(x, 1.0).unwrap().p_value).iter().filter(|&&p| p < 0.05).count();
    assert!((40..160).contains(&rejected), "the variance test rejects {rejected} of 1500 at 5 %");
}

#[test]
fn kolmogorov_smirnov_p_values_are_uniform_under_the_null() {
    let key = seed().named("uniform");
    let p_values: Vec<f64> =
        (0..800).map(|i| kolmogorov_smirnov(&uniforms(key.indexed(i), 50), |x| x).unwrap().p_value).collect();
    assert!(kolmogorov_smirnov(&p_values, |p| p).unwrap().p_value > 1e-6);
}

#[test]
fn moments_without_spread_allow_rounding_and_nothing_else() {
    let ones = [1.0, 1.0 + 2e-16, 1.0 - 1e-16, 1.0];
    assert!(mean_test(&ones, 1.0, 0.0).unwrap().p_value > 0.9);
    assert!(mean_test_estimated(&ones, 1.0).unwrap().p_value > 0.1);
    assert!(variance_test(&ones, 0.0).unwrap().p_value > 0.9);
    assert!(mean_test(&ones, 1.0 + 1e-9, 0.0).unwrap().is_refuted(1e-6));
    assert!(variance_test(&ones, 1e-9).unwrap().is_refuted(1e-6));
    assert!(matches!(mean_test(&[], 0.0, 1.0), Err(Error::TooFew { .. })));
    assert!(matches!(mean_test(&[1.0], 0.0, -1.0), Err(Error::Variance(_))));
    assert!(matches!(mean_test(&[1.0, f64::NAN], 0.0, 1.0), Err(Error::Value { index: 1, .. })));
    assert!(matches!(variance_test(&[1.0], 0.0), Err(Error::TooFew { .. })));
}

/// ‖Sx‖² has the mean and the variance of the formula, for entries of kurtosis 3, 1 and 6.
#[test]
fn norm_square_variance_is_that_of_sketches() {
    let x = nalgebra::DVector::from_fn(9, |i, _| [3.0, 1.0, -1.0][i % 3] / (1 + i) as f64);
    let m = 20;
    let test = |name: &str, kurtosis: f64, sketch: &dyn Fn(StreamKey) -> f64| {
        let sample: Vec<f64> = (0..20_000).map(|i| sketch(seed().named(name).indexed(i))).collect();
        let variance = norm_square_variance(x.as_slice(), kurtosis, m);
        let (mean, spread) =
            (mean_test(&sample, x.norm_squared(), variance), variance_test(&sample, variance));
        assert!(!mean.unwrap().is_refuted(1e-6), "{name}: mean");
        assert!(!spread.clone().unwrap().is_refuted(1e-6), "{name}: {spread:?}");
        assert!(variance_test(&sample, 1.25 * variance).unwrap().is_refuted(1e-6), "{name}: no power");
    };
    let gaussian = Gaussian::new(m, 9).unwrap();
    test("gaussian", 3.0, &|key| gaussian.sample(key).sketch_vector(&x).norm_squared());
    let signs = Rademacher::new(m, 9).unwrap();
    test("signs", 1.0, &|key| signs.sample(key).sketch_vector(&x).norm_squared());
    let sparse = VerySparse::new(m, 9, 6.0).unwrap();
    test("very sparse", 6.0, &|key| sparse.sample(key).sketch_vector(&x).norm_squared());
}
