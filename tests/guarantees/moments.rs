//! Mean and variance of ‖Sx‖², against their exact values, for structured x; and a scale error that must show.

use nalgebra::DVector;
use proofsketch::guarantee::{mean_test, mean_test_estimated, norm_square_variance, variance_test};
use proofsketch::sketch::{
    Bgp, DynDistribution, Gaussian, Rademacher, Replacement, RowSampling, SketchDistribution, SketchOperator,
    SparseSign, Srht, TensorSrht, VerySparse,
};

use crate::common::seed;

const ALPHA: f64 = 1e-6;
const TRIALS: u64 = 4000;
const M: usize = 16;
const N: usize = 100;

/// One entry; all entries alike; one heavy entry among light ones; decreasing and of both signs.
fn vectors() -> Vec<(&'static str, DVector<f64>)> {
    vec![
        ("one entry", DVector::from_fn(N, |i, _| f64::from(i == 37))),
        ("flat", DVector::from_element(N, 0.1)),
        ("heavy", DVector::from_fn(N, |i, _| if i == 5 { 3.0 } else { 0.1 })),
        ("decreasing", DVector::from_fn(N, |i, _| (-1.0_f64).powi(i as i32) / (1.0 + i as f64))),
    ]
}

fn squares(distribution: &DynDistribution, x: &DVector<f64>, name: &str) -> Vec<f64> {
    let key = seed().named("moments").named(name);
    (0..TRIALS).map(|i| distribution.sample(key.indexed(i)).sketch_vector(x).norm_squared()).collect()
}

/// Holds mean and variance against `variance(x)`, and demands that a scale error of a tenth is seen.
fn assert_moments(name: &str, distribution: &DynDistribution, variance: impl Fn(&DVector<f64>) -> f64) {
    for (kind, x) in vectors() {
        let sample = squares(distribution, &x, name);
        let (mean, variance) = (x.norm_squared(), variance(&x));
        if variance < 1e-14 * mean * mean {
            assert!(
                sample.iter().all(|square| (square - mean).abs() < 1e-12 * mean),
                "{name}, {kind}: not isometric"
            );
            continue;
        }
        let test = mean_test(&sample, mean, variance).unwrap();
        assert!(!test.is_refuted(ALPHA), "{name}, {kind}, mean: {test:?}");
        let test = variance_test(&sample, variance).unwrap();
        assert!(!test.is_refuted(ALPHA), "{name}, {kind}, variance: {test:?}");
        let scaled: Vec<f64> = sample.iter().map(|square| 1.1 * 1.1 * square).collect();
        assert!(
            mean_test(&scaled, mean, variance).unwrap().is_refuted(ALPHA),
            "{name}, {kind}: scale 1.1 unseen"
        );
    }
}

/// Σ_{i≠j} 2x_i²x_j²·E⟨S_i, S_j⟩² for columns of length one: every family with random column signs.
fn signed_columns(x: &DVector<f64>, inner_product_square: f64) -> f64 {
    let fourth: f64 = x.iter().map(|entry| entry.powi(4)).sum();
    2.0 * (x.norm_squared().powi(2) - fourth) * inner_product_square
}

#[test]
fn families_of_independent_entries() {
    assert_moments("gaussian", &*Gaussian::new(M, N).unwrap().boxed(), |x| {
        norm_square_variance(x.as_slice(), 3.0, M)
    });
    assert_moments("sign", &*Rademacher::new(M, N).unwrap().boxed(), |x| {
        norm_square_variance(x.as_slice(), 1.0, M)
    });
    for s in [3.0, 8.0] {
        let distribution = VerySparse::new(M, N, s).unwrap().boxed();
        assert_moments("very sparse", &*distribution, |x| norm_square_variance(x.as_slice(), s, M));
    }
}

#[test]
fn families_with_signed_columns_of_length_one() {
    for s in [1, 4, 16] {
        let distribution = SparseSign::new(M, N, s).unwrap().boxed();
        assert_moments("sparse sign", &*distribution, |x| signed_columns(x, 1.0 / M as f64));
    }
    let with = Srht::with_replacement(M, N, Replacement::With).unwrap().boxed();
    assert_moments("srht with", &*with, |x| signed_columns(x, 1.0 / M as f64));
    let padded = 128.0;
    let correction = (padded - M as f64) / (padded - 1.0);
    let without = Srht::new(M, N).unwrap().boxed();
    assert_moments("srht without", &*without, |x| signed_columns(x, correction / M as f64));
}

#[test]
fn families_whose_variance_has_no_short_formula() {
    let families: [(&str, Box<DynDistribution>); 2] = [
        ("bgp", Bgp::new(M, N).unwrap().boxed()),
        ("tensor srht", TensorSrht::new(M, 10, N / 10).unwrap().boxed()),
    ];
    for (name, distribution) in &families {
        for (kind, x) in vectors() {
            let sample = squares(&**distribution, &x, name);
            let mean = x.norm_squared();
            if sample.iter().all(|square| (square - mean).abs() < 1e-12 * mean) {
                continue; // a column of length one, exactly
            }
            let test = mean_test_estimated(&sample, mean).unwrap();
            assert!(!test.is_refuted(ALPHA), "{name}, {kind}: {test:?}");
            let scaled: Vec<f64> = sample.iter().map(|square| 1.1 * 1.1 * square).collect();
            assert!(
                mean_test_estimated(&scaled, mean).unwrap().is_refuted(ALPHA),
                "{name}, {kind}: scale 1.1 unseen"
            );
        }
    }
}

/// E‖Sx‖ₚᵖ = ‖x‖ₚᵖ and Var = Σ|xᵢ|²ᵖ(1/qᵢ − 1); without the weights, or with 1/qᵢ for every p, it fails.
#[test]
fn row_sampling_in_its_own_norm() {
    let scores: Vec<f64> = (0..N).map(|i| 1.0 + (i % 7) as f64).collect();
    let x = DVector::from_fn(N, |i, _| 1.0 + (i % 3) as f64);
    for p in [1.0, 2.0, 3.0] {
        let sampling = RowSampling::from_scores(&scores, 30.0, p).unwrap();
        let power = |value: f64| value.abs().powf(p);
        let mean: f64 = x.iter().map(|&entry| power(entry)).sum();
        let terms = x.iter().zip(sampling.probabilities());
        let variance = terms.map(|(&entry, q)| power(entry).powi(2) * (1.0 / q - 1.0)).sum();
        let draws: Vec<_> =
            (0..TRIALS).map(|i| sampling.sample(seed().named("row sampling").indexed(i))).collect();
        let norms: Vec<f64> =
            draws.iter().map(|s| s.sketch_vector(&x).iter().map(|&y| power(y)).sum()).collect();
        let test = mean_test(&norms, mean, variance).unwrap();
        assert!(!test.is_refuted(ALPHA), "p = {p}: {test:?}");
        let unweighted: Vec<f64> =
            draws.iter().map(|s| s.kept().iter().map(|&i| power(x[i])).sum()).collect();
        assert!(
            mean_test_estimated(&unweighted, mean).unwrap().is_refuted(ALPHA),
            "p = {p}: no weights unseen"
        );
        if p != 1.0 {
            let weigh = |i: usize| power(x[i] / sampling.probabilities()[i]);
            let wrong: Vec<f64> = draws.iter().map(|s| s.kept().iter().map(|&i| weigh(i)).sum()).collect();
            assert!(
                mean_test_estimated(&wrong, mean).unwrap().is_refuted(ALPHA),
                "p = {p}: weights 1/q unseen"
            );
        }
    }
}
