//! Each family of sketches against a subspace-embedding theorem, on fixed hard instances; then its mutants.

use nalgebra::DMatrix;
use proofsketch::guarantee::{
    Evidence, GaussianEmbedding, Guarantee, MomentEmbedding, Subspace, Verdict, check, matrix_chernoff,
    mean_test_estimated, moment_embedding_rows,
};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{
    Bgp, DynDistribution, ExplicitSketch, Gaussian, Rademacher, Replacement, SketchDistribution, SparseSign,
    Srht, TensorSrht, VerySparse,
};
use proofsketch::testing::Altered;
pub use proofsketch::testing::{hard_subspace as instance, hard_subspaces as instances};
use rayon::prelude::*;

use crate::common::{hard_instances, rank_deficient, seed};

pub const ALPHA: f64 = 1e-6;
const TRIALS: u64 = 300;
/// Enough to refute δ = 0.25 at α = 10⁻⁶ for mutants that fail four times in five, but for one case in 10⁵.
const MUTANT_TRIALS: u64 = 60;
const N: usize = 256;
const D: usize = 4;
const M: usize = 200;

/// Sketches with their kurtosis.
fn families(m: usize, n: usize) -> Vec<(&'static str, f64, Box<DynDistribution>)> {
    vec![
        ("gaussian", 3.0, Gaussian::new(m, n).unwrap().boxed()),
        ("sign", 1.0, Rademacher::new(m, n).unwrap().boxed()),
        ("countsketch", 1.0, SparseSign::new(m, n, 1).unwrap().boxed()),
        ("sparse sign", 1.0, SparseSign::new(m, n, m.min(8)).unwrap().boxed()),
        ("very sparse", 3.0, VerySparse::new(m, n, 3.0).unwrap().boxed()),
        ("sparser still", 8.0, VerySparse::new(m, n, 8.0).unwrap().boxed()),
        ("srht", 1.0, Srht::with_replacement(m, n, Replacement::With).unwrap().boxed()),
    ]
}

/// OSE(0.9, δ, 4) by the second moment: δ = 0.123 for 200 rows, 0.247 for kurtosis 8.
fn moment<S: SketchDistribution>(distribution: S, kurtosis: f64) -> MomentEmbedding<S> {
    MomentEmbedding { distribution, sketch_rows: M, kurtosis, ncols: D, epsilon: 0.9 }
}

fn gaussian<S: SketchDistribution>(distribution: S) -> GaussianEmbedding<S> {
    GaussianEmbedding { distribution, sketch_rows: M, ncols: D, t: 3.0 }
}

/// What a theorem that should hold comes to.
pub fn evidence<G: Guarantee<Instance = Subspace>>(theorem: &G, space: &Subspace, name: &str) -> Evidence {
    check(theorem, space, TRIALS, ALPHA, seed().named("embedding").named(name))
}

/// What a theorem comes to that a mutant should break.
pub fn mutant_evidence<G: Guarantee<Instance = Subspace>>(
    mutant: &G,
    space: &Subspace,
    name: &str,
) -> Evidence {
    check(mutant, space, MUTANT_TRIALS, ALPHA, seed().named("mutant").named(name))
}

#[test]
fn the_instances_are_as_hard_as_they_say() {
    let scores = |name: &str| instance(N, D, name).leverage_scores();
    assert!(scores("identity rows")[..D].iter().all(|&score| (score - 1.0).abs() < 1e-12));
    assert!(scores("one heavy row")[N / 3] > 1.0 - 1e-6);
    assert!(scores("equal leverage").iter().all(|&score| (score - D as f64 / N as f64).abs() < 1e-12));
    let (_, ill) = hard_instances(N, D).into_iter().find(|(name, _)| *name == "condition 1e8").unwrap();
    let values = ill.singular_values();
    assert!((1e7..1e9).contains(&(values[0] / values[D - 1])), "condition {:e}", values[0] / values[D - 1]);
    for (name, space) in instances(N, D) {
        assert_eq!(space.dimension(), D, "{name}");
        let gap = space.basis().tr_mul(space.basis()) - DMatrix::identity(D, D);
        assert!(gap.norm() < 1e-13, "{name}: the basis is not orthonormal by {:e}", gap.norm());
    }
}

#[test]
fn distortion_is_that_of_the_singular_values() {
    for (name, space) in instances(N, D) {
        let scaled = |factor: f64| ExplicitSketch::new(factor * DMatrix::identity(N, N));
        for factor in [0.0_f64, 0.5, 1.0, 3.0] {
            let (smallest, largest) = space.extreme_singular_values(&scaled(factor));
            assert!(
                (smallest - factor).abs() < 1e-13 && (largest - factor).abs() < 1e-12,
                "{name}, {factor}"
            );
            let expected = (factor * factor - 1.0).abs();
            assert!((space.distortion(&scaled(factor)) - expected).abs() < 1e-12, "{name}, {factor}");
            let square = space.square_deviation(&scaled(factor));
            assert!((square - D as f64 * expected * expected).abs() < 1e-11, "{name}, {factor}: {square}");
        }
        assert!(space.distortion(&scaled(f64::NAN)).is_nan());
        let few_rows = ExplicitSketch::new(DMatrix::zeros(D - 1, N));
        assert_eq!(space.extreme_singular_values(&few_rows), (0.0, 0.0));
        assert_eq!(space.distortion(&ExplicitSketch::new(DMatrix::zeros(0, N))), 1.0);
    }
}

#[test]
fn the_rows_asked_for_reach_the_failure_probability() {
    for (d, kurtosis, epsilon, delta) in [(4, 1.0, 0.9, 0.1), (8, 3.0, 0.5, 0.01), (3, 9.0, 0.3, 0.2)] {
        let m = moment_embedding_rows(d, kurtosis, epsilon, delta);
        let theorem = |sketch_rows| {
            let distribution = Gaussian::new(sketch_rows, N).unwrap();
            MomentEmbedding { distribution, sketch_rows, kurtosis, ncols: d, epsilon }.failure_probability()
        };
        assert!(theorem(m) <= delta && theorem(m - 1) > delta);
    }
    for d in [1, 5] {
        let bounds: Vec<f64> = (1..60).map(|i| matrix_chernoff(d, f64::from(i) / 20.0, 9.0)).collect();
        assert!(bounds.windows(2).all(|pair| pair[1] < pair[0]), "a larger ε is safer");
        assert!(matrix_chernoff(d, 0.5, 10.0) < matrix_chernoff(d, 0.5, 9.0), "so are more repetitions");
        assert_eq!(matrix_chernoff(d, 0.0, 9.0), 2.0 * d as f64);
    }
}

#[test]
fn every_family_embeds_every_hard_instance() {
    for (name, space) in instances(N, D) {
        for (family, kurtosis, distribution) in families(M, N) {
            let evidence = evidence(&moment(distribution, kurtosis), &space, family);
            assert_eq!(evidence.verdict, Verdict::Supported, "{family} on {name}: {evidence}");
        }
        let evidence = evidence(&moment(Srht::new(M, N).unwrap(), 1.0), &space, "distinct rows");
        assert_eq!(evidence.verdict, Verdict::Supported, "srht without replacement on {name}: {evidence}");
    }
}

/// Sketches whose second moment is bounded: the tensor SRHT by κ = 8d + 1, pools of 64 Gaussians by κ = 3 + (d + 3)/64.
#[test]
fn sketches_with_a_bounded_moment_embed_every_hard_instance() {
    for (name, space) in instances(N, D) {
        let rows = moment_embedding_rows(D, 33.0, 0.9, 0.1);
        let tensor = TensorSrht::new(rows, 16, N / 16).unwrap();
        let tensor = MomentEmbedding { sketch_rows: rows, ..moment(tensor, 33.0) };
        let evidence = evidence(&tensor, &space, "tensor srht");
        assert_eq!(evidence.verdict, Verdict::Supported, "tensor srht on {name}: {evidence}");
        let pooled = Bgp::with_pool(M, N, 64).unwrap();
        let evidence = self::evidence(&moment(pooled, 3.0 + 7.0 / 64.0), &space, "bgp");
        assert_eq!(evidence.verdict, Verdict::Supported, "bgp on {name}: {evidence}");
    }
}

#[test]
fn gaussian_singular_values_concentrate() {
    for (name, space) in instances(N, D) {
        let evidence = evidence(&gaussian(Gaussian::new(M, N).unwrap()), &space, name);
        assert_eq!(evidence.verdict, Verdict::Supported, "{name}: {evidence}");
    }
}

/// E‖(SU)ᵀSU − I‖_F² is known exactly: a sharper test than any embedding theorem, here with power to see a scale that
/// is 3 % off.
#[test]
fn the_second_moment_is_exact() {
    let (n, m) = (64, 24);
    let off = Altered { of: Gaussian::new(m, n).unwrap(), change: |s| 1.03 * s };
    for (name, space) in instances(n, D) {
        let expected = |kurtosis| space.expected_square_deviation(kurtosis, m);
        let test = |draw: &(dyn Fn(StreamKey) -> f64 + Sync), family: &str, expected: f64| {
            let key = seed().named("second moment").named(name).named(family);
            let sample: Vec<f64> = (0..5000).into_par_iter().map(|i| draw(key.indexed(i))).collect();
            mean_test_estimated(&sample, expected).unwrap()
        };
        for (family, kurtosis, distribution) in families(m, n) {
            let test =
                test(&|key| space.square_deviation(&*distribution.sample(key)), family, expected(kurtosis));
            assert!(!test.is_refuted(ALPHA), "{family} on {name}: {test:?}");
        }
        let distinct = |key| space.square_deviation(&Srht::new(m, n).unwrap().sample(key));
        let correction = (n - m) as f64 / (n - 1) as f64;
        let distinct = test(&distinct, "distinct rows", correction * expected(1.0));
        assert!(!distinct.is_refuted(ALPHA), "srht without replacement on {name}: {distinct:?}");
        let test = test(&|key| space.square_deviation(&off.sample(key)), "off", expected(3.0));
        assert!(test.is_refuted(ALPHA), "a scale 3 % off on {name}: {test:?}");
    }
}

#[test]
fn a_wrong_scale_is_refuted() {
    let unscaled = |s: DMatrix<f64>| (s.nrows() as f64).sqrt() * s;
    let shrunk = |s: DMatrix<f64>| 0.25 * s;
    for (name, space) in instances(N, D) {
        for change in [unscaled as fn(DMatrix<f64>) -> DMatrix<f64>, shrunk] {
            let evidence =
                evidence(&gaussian(Altered { of: Gaussian::new(M, N).unwrap(), change }), &space, name);
            assert_eq!(evidence.verdict, Verdict::Refuted, "{name}: {evidence}");
            for (family, kurtosis, of) in families(M, N) {
                let evidence = mutant_evidence(&moment(Altered { of, change }, kurtosis), &space, family);
                assert_eq!(evidence.verdict, Verdict::Refuted, "{family} on {name}: {evidence}");
            }
        }
    }
}

#[test]
fn far_too_few_rows_are_refuted() {
    for (name, space) in instances(N, D) {
        let evidence = mutant_evidence(&gaussian(Gaussian::new(M / 50, N).unwrap()), &space, name);
        assert_eq!(evidence.verdict, Verdict::Refuted, "{name}: {evidence}");
        for (family, kurtosis, distribution) in families(M / 50, N) {
            let evidence = mutant_evidence(&moment(distribution, kurtosis), &space, family);
            assert_eq!(evidence.verdict, Verdict::Refuted, "{family} on {name}: {evidence}");
        }
    }
}

/// Without its signs a sketch has a mean; it shows wherever a vector of the space does.
#[test]
fn dropped_signs_are_refuted() {
    for name in ["repeated rows", "equal leverage", "condition 1e8"] {
        for (family, kurtosis, of) in families(M, N) {
            let unsigned = Altered { of, change: |s| s.abs() };
            let evidence = mutant_evidence(&moment(unsigned, kurtosis), &instance(N, D, name), family);
            assert_eq!(evidence.verdict, Verdict::Refuted, "{family} on {name}: {evidence}");
        }
    }
}

#[test]
fn a_rank_deficient_matrix_is_outside_the_theorems() {
    let space = Subspace::of(&rank_deficient(N, D)).unwrap();
    let evidence = evidence(&gaussian(Gaussian::new(M, N).unwrap()), &space, "rank");
    assert_eq!(evidence.verdict, Verdict::NotApplicable);
    assert_eq!(
        evidence.to_string(),
        "DavidsonSzarek2001 not applicable: A has full column rank: fails, rank 3 of 4"
    );
    let few = GaussianEmbedding { sketch_rows: 3, ..gaussian(Gaussian::new(3, N).unwrap()) };
    assert_eq!(
        self::evidence(&few, &instance(N, D, "identity rows"), "m < d").verdict,
        Verdict::NotApplicable
    );
    let short = moment(SparseSign::new(M, N - 1, 1).unwrap(), 1.0);
    assert_eq!(self::evidence(&short, &instance(N, D, "identity rows"), "n").verdict, Verdict::NotApplicable);
    let vacuous = MomentEmbedding { epsilon: 0.1, ..moment(SparseSign::new(M, N, 1).unwrap(), 1.0) };
    assert_eq!(
        self::evidence(&vacuous, &instance(N, D, "identity rows"), "δ").verdict,
        Verdict::NotApplicable
    );
}
