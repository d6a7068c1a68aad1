//! Coefficients of sketched regressions of fixed data, by family of sketches, and the two sides of the ℓ∞ guarantee in one trial.

use nalgebra::{DMatrix, DVector};
use proofsketch::guarantee::Guarantee;
use proofsketch::random::StreamKey;
use proofsketch::regression::{
    BgpLinf, GaussianLinf, Instance, LeastSquares, Refinement, Settings, SketchSize, SolvedInstance,
    SrhtLinf, solve, solve_exact, solve_kronecker,
};
use proofsketch::sketch::{Bgp, Gaussian, SketchDistribution, Srht};

fn key() -> StreamKey {
    StreamKey::from_seed(2302)
}

/// Integers, a residual of integers.
fn data() -> (DMatrix<f64>, DVector<f64>) {
    let a = DMatrix::from_fn(600, 3, |i, j| ((i * (2 * j + 1) + j) % 97) as f64 - 48.0);
    let b = DVector::from_fn(600, |i, _| a[(i, 0)] - 2.0 * a[(i, 2)] + ((i * i) % 13) as f64);
    (a, b)
}

#[track_caller]
fn assert_pins(name: &str, found: &[f64], pins: &[f64]) {
    let size = pins.iter().fold(0.0_f64, |size, pin| size.max(pin.abs()));
    let agree = |(found, pin): (&f64, &f64)| (found - pin).abs() <= 1e-12 * size;
    assert!(found.len() == pins.len() && found.iter().zip(pins).all(agree), "{name}: {found:?}");
}

#[test]
fn sketched_coefficients_of_each_family() {
    let (a, b) = data();
    let problem = LeastSquares::new(&a, &b).unwrap();
    for (family, pins) in [
        ("srht", [0.9956486523862998, -0.009745768165509388, -1.9812795787089528]),
        ("srht-with-replacement", [1.027163287245844, -0.013773522934621042, -2.0030710674233987]),
        ("bgp", [0.9847497401204471, 0.016803468258831084, -1.9669894939796055]),
        ("gaussian", [0.9962256517725275, 0.025103859408404722, -1.9824920968200639]),
        ("sign", [1.0546469813320771, -0.06260456474715678, -1.9778863319706146]),
        ("sparse-sign:4", [0.9511248574912943, 0.0729062557827028, -1.9582106273177502]),
        ("countsketch", [1.0269046629803602, -0.0025512967084768, -1.9918502187117422]),
        ("very-sparse:4", [0.999197835568791, -0.03526110411340501, -1.967794648206433]),
    ] {
        let (sketch, size) = (family.parse().unwrap(), Some(SketchSize::Explicit(64)));
        let settings = Settings { sketch, size, ..Settings::default() };
        let found = solve(&problem, &settings, key()).unwrap().solution;
        assert_pins(family, found.coefficients.as_slice(), &pins);
        // Refined, they are the exact ones whatever the sketch.
        let refined = Settings { refinement: Some(Refinement::default()), ..settings };
        let found = solve(&problem, &refined, key()).unwrap().solution.coefficients;
        let exact = solve_exact(&problem).unwrap().coefficients;
        assert!((&found - &exact).amax() <= 1e-12 * exact.amax(), "{family}: {found} for {exact}");
    }
}

#[test]
fn intervals_and_the_exact_answer() {
    let (a, b) = data();
    let problem = LeastSquares::new(&a, &b).unwrap();
    let exact = solve_exact(&problem).unwrap();
    assert_pins(
        "exact",
        exact.coefficients.as_slice(),
        &[0.9922265884147127, -0.00028660724624661596, -1.9968683388779882],
    );
    assert_pins(
        "residual",
        &[exact.residual_norm, exact.linf_bound(0.5)],
        &[179.62057894566897, 0.09785084456275205],
    );
    let settings = Settings {
        sketch: "sparse-sign:4".parse().unwrap(),
        size: Some(SketchSize::Explicit(64)),
        ..Settings::default()
    };
    let found = solve(&problem, &settings, key()).unwrap().solution;
    let half_widths = found.certificate.unwrap().half_widths;
    assert_pins(
        "half widths",
        half_widths.as_slice(),
        &[0.07788521047100226, 0.06890678380113502, 0.07067937321616923],
    );
}

#[test]
fn a_kronecker_product() {
    let a = DMatrix::from_fn(20, 2, |i, j| ((i * (j + 2) + j) % 7) as f64 - 3.0);
    let c = DMatrix::from_fn(16, 2, |i, j| ((i * (2 * j + 3) + j) % 5) as f64 - 2.0);
    let b = DMatrix::from_fn(20, 16, |i, j| ((i * j + i) % 11) as f64);
    let found = solve_kronecker(&a, &c, &b, 80, 0.95, key()).unwrap();
    assert_pins(
        "Kronecker",
        found.coefficients.as_slice(),
        &[-0.17372336356903478, -0.4607108711839267, 0.10660385318535691, 0.08969996186154508],
    );
}

/// Bound and observed error of the first trial of each theorem, on identity rows with a residual in a few.
#[test]
fn one_trial_of_the_linf_guarantee() {
    let instance = SolvedInstance::new(Instance::adversarial_sparse(256, 4, 8)).unwrap();
    let outcome = |outcome: proofsketch::guarantee::Outcome| [outcome.bound, outcome.observed];
    let gaussian = GaussianLinf {
        epsilon: 0.5,
        sketch_rows: 64,
        ncols: 4,
        distribution: Gaussian::new(64, 256).unwrap().boxed(),
    };
    assert_pins("Gaussian", &outcome(gaussian.trial(&instance, key())), &[0.25, 0.1051042674868806]);
    assert_pins("Gaussian δ", &[gaussian.failure_probability()], &[0.221857769480567]);
    let distribution = Srht::new(64, 256).unwrap().boxed();
    let srht = SrhtLinf { epsilon: 0.5, delta: 0.1, distribution };
    assert_pins("SRHT", &outcome(srht.trial(&instance, key())), &[0.25, 0.18365134455817272]);
    assert_eq!(SrhtLinf::sketch_rows(0.5, 0.1, (1 << 14, 4)).unwrap(), 277);
    let distribution = Bgp::new(64, 256).unwrap().boxed();
    let bgp = BgpLinf { epsilon: 0.5, delta: 0.1, distribution };
    assert_pins("BGP", &outcome(bgp.trial(&instance, key())), &[0.25, 0.12762935234532596]);
    assert_eq!(BgpLinf::sketch_rows(0.5, 0.1, 4), 148);
}
