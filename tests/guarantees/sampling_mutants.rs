//! Bounds of row sampling that are wrong, instances that are not what they say, and where a theorem says nothing.

use nalgebra::DMatrix;
use proofsketch::guarantee::{Citation, Guarantee, Hypothesis, Outcome, Verdict, check, matrix_chernoff};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sampling::{
    Coreset, Interval, LargestSensitivity, LeverageSampleSize, LewisLowerBound, LewisUpperBound,
    LowRankPlusSparse, LowRankPlusSparseTotal, NecessaryRatio, PerturbedMatrix, PerturbedTotal,
    PolynomialTotal, RootLeverageSum, RowBasis, RowScores, SampleSize, SampledPolynomials, SampledRows,
    SamplingPlan, TotalSensitivityRange, instances,
};
use proofsketch::sketch::RowSampling;

use crate::common::{hard_instances, rank_deficient, seed};
use crate::sampling_inequalities::{lewis, sigma, verdict};

/// A theorem with its bound times a factor.
struct Sharpened<G> {
    theorem: G,
    factor: f64,
}

impl<G: Guarantee> Guarantee for Sharpened<G> {
    type Instance = G::Instance;

    const CITATION: Citation = G::CITATION;

    fn hypotheses(&self, instance: &G::Instance) -> Vec<Hypothesis> {
        self.theorem.hypotheses(instance)
    }

    fn failure_probability(&self) -> f64 {
        self.theorem.failure_probability()
    }

    fn trial(&self, instance: &G::Instance, key: StreamKey) -> Outcome {
        let Outcome { bound, observed } = self.theorem.trial(instance, key);
        Outcome { bound: self.factor * bound, observed }
    }
}

type Sensitivities = fn(&RowBasis, f64) -> Vec<Interval>;

/// Each row e_j, `copies` times: rank 0 changed in one place a row, of total sensitivity d.
fn unit_rows(ncols: usize, copies: usize) -> DMatrix<f64> {
    DMatrix::from_fn(ncols * copies, ncols, |i, j| f64::from(u8::from(i / copies == j)))
}

#[test]
fn wrong_totals_of_low_rank_plus_sparse_matrices_are_refuted() {
    let theorem = |p| LowRankPlusSparseTotal { p, sensitivities: sigma as Sensitivities };
    let instance = |a: &DMatrix<f64>, rank, nonzeros| {
        let basis = RowBasis::new(a).unwrap();
        LowRankPlusSparse { basis, rank, nonzeros }
    };
    // dˢ(k + s)^(p/2) = d is attained here: no smaller factor will do, and not the bound without dˢ.
    let units = instance(&unit_rows(6, 3), 0, 1);
    for p in [2.0, 3.0, 6.0] {
        assert_eq!(verdict(&theorem(p), &units), Verdict::Supported);
        for factor in [0.99, 1.0 / 6.0] {
            assert_eq!(verdict(&Sharpened { theorem: theorem(p), factor }, &units), Verdict::Refuted);
        }
    }
    // Changed places that the instance keeps quiet about.
    let sparse = instances::low_rank_plus_sparse((80, 8), 2, 1, seed());
    assert_eq!(verdict(&theorem(4.0), &instance(&sparse, 2, 1)), Verdict::Supported);
    assert_eq!(verdict(&theorem(4.0), &instance(&sparse, 2, 0)), Verdict::Refuted);
    // Every row as sensitive as can be.
    let mutant = LowRankPlusSparseTotal {
        p: 4.0,
        sensitivities: |basis: &RowBasis, _: f64| vec![Interval::exact(1.0); basis.nrows()],
    };
    assert_eq!(verdict(&mutant, &instance(&sparse, 2, 1)), Verdict::Refuted);
    for p in [1.0, f64::INFINITY, f64::NAN] {
        assert_eq!(verdict(&theorem(p), &units), Verdict::NotApplicable, "p = {p}");
    }
}

#[test]
fn wrong_totals_of_polynomials_are_refuted() {
    let theorem = |p| PolynomialTotal { p, sensitivities: sigma as Sensitivities };
    let instance = |a: &DMatrix<f64>, variables, degree| {
        let basis = RowBasis::new(a).unwrap();
        SampledPolynomials { basis, variables, degree }
    };
    for degree in [1, 3, 6] {
        let values = instances::chebyshev(60, degree);
        let polynomials = instance(&values, 1, degree);
        // pq/2 + 1 = q + 1 is the rank at p = 2.
        assert_eq!(verdict(&theorem(2.0), &polynomials), Verdict::Supported);
        let sharpened = Sharpened { theorem: theorem(2.0), factor: 0.99 };
        assert_eq!(verdict(&sharpened, &polynomials), Verdict::Refuted);
        // The bound of p = 2 does not serve at p = 4.
        let factor = (degree + 1) as f64 / (2 * degree + 1) as f64;
        let sharpened = Sharpened { theorem: theorem(4.0), factor };
        assert_eq!(verdict(&sharpened, &polynomials), Verdict::Refuted);
    }
    // A degree, and a number of variables, below what they are.
    let values = instances::chebyshev(60, 6);
    assert_eq!(verdict(&theorem(4.0), &instance(&values, 1, 2)), Verdict::Refuted);
    let features = instances::polynomial_features(80, 3, 2, seed());
    assert_eq!(verdict(&theorem(2.0), &instance(&features, 3, 2)), Verdict::Supported);
    assert_eq!(verdict(&theorem(2.0), &instance(&features, 1, 2)), Verdict::Refuted);
    for p in [1.0, 3.0, 2.5, 0.0, f64::NAN] {
        assert_eq!(verdict(&theorem(p), &instance(&values, 1, 6)), Verdict::NotApplicable, "p = {p}");
    }
}

#[test]
fn a_perturbation_that_raises_the_rank_raises_the_total() {
    let theorem = |p| PerturbedTotal { p, sensitivities: sigma as Sensitivities };
    let column = normal_matrix(160, 1, seed().named("column"));
    let a = DMatrix::from_fn(160, 14, |i, _| column[i]);
    let e = normal_matrix(160, 14, seed().named("raise")) * 1e-6;
    let honest = PerturbedMatrix::new(&a, &e).unwrap();
    assert_eq!(verdict(&theorem(4.0), &honest), Verdict::NotApplicable);
    // The same two matrices under a σ_min that A does not have: S(A + E) grows from 1 to that of 14 dimensions.
    let lying = PerturbedMatrix { smallest_singular_value: 1.0, ..honest };
    assert_eq!(verdict(&theorem(4.0), &lying), Verdict::Refuted);

    let a = instances::chebyshev(50, 4);
    let e = normal_matrix(50, 5, seed().named("perturbation"));
    let unit = PerturbedMatrix::new(&a, &e).unwrap();
    let within = PerturbedMatrix::new(&a, &(&e * (unit.limit(4.0) / unit.perturbation))).unwrap();
    assert_eq!(verdict(&theorem(4.0), &within), Verdict::Supported);
    // A bound of S(A)/2, without 2ᵖ.
    let total: f64 = sigma(&within.original, 4.0).iter().map(|sigma| sigma.upper).sum();
    let factor = total / 2.0 / (16.0 * (total + 1.0));
    assert_eq!(verdict(&Sharpened { theorem: theorem(4.0), factor }, &within), Verdict::Refuted);
    let below_two = PerturbedMatrix::new(&a, &(&e * (unit.limit(1.0) / unit.perturbation))).unwrap();
    assert_eq!(verdict(&theorem(1.0), &below_two), Verdict::NotApplicable);
    let deficient = PerturbedMatrix::new(&rank_deficient(50, 5), &e).unwrap();
    assert_eq!(verdict(&theorem(4.0), &deficient), Verdict::NotApplicable);
}

#[test]
fn inequalities_say_nothing_outside_their_exponents() {
    let basis = RowBasis::new(&instances::gaussian(20, 3, seed())).unwrap();
    let scores = |basis: &RowBasis, _: f64| basis.leverage_scores();
    for p in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        let above = LewisUpperBound { p, sensitivities: sigma, lewis_weights: lewis };
        let below = LewisLowerBound { p, sensitivities: sigma, lewis_weights: lewis };
        let total = TotalSensitivityRange { p, sensitivities: sigma };
        assert_eq!(verdict(&above, &basis), Verdict::NotApplicable, "p = {p}");
        assert_eq!(verdict(&below, &basis), Verdict::NotApplicable, "p = {p}");
        assert_eq!(verdict(&total, &basis), Verdict::NotApplicable, "p = {p}");
        assert_eq!(verdict(&RootLeverageSum { p, scores }, &basis), Verdict::NotApplicable, "p = {p}");
    }
    let reversed = LargestSensitivity { p: 3.0, q: 1.0, sensitivities: sigma };
    assert_eq!(verdict(&reversed, &basis), Verdict::NotApplicable);
    let necessary = NecessaryRatio {
        sensitivities: sigma,
        largest_ratio: |_: &RowBasis, _: &[f64], _: f64, _: StreamKey| 1.0,
    };
    let rows = SampledRows { basis, sampling: RowSampling::uniform(19, 5.0, 1.5).unwrap() };
    assert_eq!(verdict(&necessary, &rows), Verdict::NotApplicable);
}

const CERTAIN: f64 = 1e-6;
type Draw = fn(&RowBasis, &SampleSize, StreamKey) -> Coreset;

fn plan(basis: &RowBasis, size: &SampleSize) -> SamplingPlan {
    let scores = RowScores::leverage(&basis.leverage_scores(), 2.0).unwrap();
    SamplingPlan::theory(&scores, size).unwrap()
}

fn by_plan(basis: &RowBasis, size: &SampleSize, key: StreamKey) -> Coreset {
    plan(basis, size).sample(key)
}

/// The Chernoff bound at the size of C = 3 is δ at most, for every d, ε and δ; not so for C = 5/2.
#[test]
fn the_constant_of_a_size_at_p_2_is_that_of_the_chernoff_bound() {
    let failure = |constant: f64, d: usize, epsilon: f64, delta: f64| {
        let oversampling = constant * (2.0 * d as f64 / delta).ln() / (epsilon * epsilon);
        matrix_chernoff(d, epsilon, oversampling)
    };
    let mut short = 0;
    for d in [1, 2, 10, 300] {
        for epsilon in [1e-3, 0.1, 0.5, 0.9, 0.999] {
            for delta in [1e-12, 1e-3, 0.1, 0.9] {
                let bound = failure(SampleSize::CHERNOFF_CONSTANT, d, epsilon, delta);
                assert!(bound <= delta, "{bound} at d = {d}, ε = {epsilon}, δ = {delta}");
                short += usize::from(failure(2.5, d, epsilon, delta) > delta);
            }
        }
    }
    assert!(short > 0);
}

#[test]
fn a_size_at_p_2_is_a_guarantee() {
    let rank = 4;
    let size = SampleSize { epsilon: 0.5, delta: 0.1, constant: SampleSize::CHERNOFF_CONSTANT, rank };
    let expected = 1.0 + 3.0 * 4.0 * 80.0_f64.ln() * rank as f64;
    let verdict = |name: &str, size: SampleSize, draw: Draw, basis: &RowBasis| {
        let theorem = LeverageSampleSize { size, draw };
        let evidence = check(&theorem, basis, 60, CERTAIN, seed().named("size").named(name));
        println!("{name}: {evidence}");
        evidence.verdict
    };
    let few: Draw = |basis, size, key| by_plan(basis, &SampleSize { constant: 0.15, ..*size }, key);
    let unweighted: Draw = |basis, size, key| {
        let coreset = by_plan(basis, size, key);
        let ones = vec![1.0; coreset.len()];
        Coreset::new(coreset.nrows(), 2.0, coreset.indices().to_vec(), ones).unwrap()
    };
    let uniform: Draw = |basis, size, key| {
        let rows = plan(basis, size).expected_rows();
        SamplingPlan::budget(&RowScores::uniform(basis.nrows(), 2.0).unwrap(), rows).unwrap().sample(key)
    };
    for (name, a) in hard_instances(2048, rank) {
        let basis = RowBasis::new(&a).unwrap();
        let rows = plan(&basis, &size).expected_rows();
        assert!(rows <= expected * (1.0 + 1e-12), "{name}: {rows} of {expected}");
        assert_eq!(verdict(name, size, by_plan, &basis), Verdict::Supported, "{name}");
        if name != "identity rows" && name != "one heavy row" {
            assert_eq!(verdict(name, size, few, &basis), Verdict::Refuted, "{name}, a twentieth");
            assert_eq!(verdict(name, size, unweighted, &basis), Verdict::Refuted, "{name}, no weights");
        } else {
            assert_eq!(verdict(name, size, uniform, &basis), Verdict::Refuted, "{name}, uniform");
        }
        for outside in [
            SampleSize { constant: 2.9, ..size },
            SampleSize { rank: 3, ..size },
            SampleSize { epsilon: 1.0, ..size },
            SampleSize { delta: 0.0, ..size },
        ] {
            assert_eq!(verdict(name, outside, by_plan, &basis), Verdict::NotApplicable, "{name}");
        }
    }
}
