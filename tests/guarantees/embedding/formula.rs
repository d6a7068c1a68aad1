//! The iteration is its formula.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    Direction, ExplicitForm, Graph, Matrix, Mode, ScaleInvariance, Settings, Standardize,
};
use proofsketch::guarantee::{Guarantee, Verdict, check};
use proofsketch::random::StreamKey;

use super::ALPHA;
use crate::common::seed;
use proofsketch::testing::embedding::mutants::{
    divides_by_counts, draws_another_density, faithful, normalises_before_propagating, propagates_the_sum,
    scales_the_wrong_side, shifts_the_weights,
};
use proofsketch::testing::embedding::{DIM, graph, graphs, library, linear, normalised, very_sparse};

fn explicit_verdict(
    name: &str,
    instance: &str,
    settings: Settings,
    trials: u64,
    embedder: impl Fn(&Graph, &Settings, StreamKey) -> DMatrix<f32> + Sync,
) -> Verdict {
    let theorem = ExplicitForm { settings, embedder };
    let evidence = check(&theorem, &graph(instance), trials, ALPHA, seed().named(name).named(instance));
    println!("{name}, {instance}: {evidence}");
    evidence.verdict
}

/// δ = 0: no number of trials supports it, and one failure refutes it.
#[test]
fn the_iteration_is_the_formula() {
    for (name, _) in graphs() {
        for settings in [
            normalised(),
            linear(very_sparse(Some(3.0))),
            Settings::of(Mode::Paper, DIM),
            Settings::of(Mode::Gds, DIM),
            Settings { standardize: Standardize::None, ..Settings::of(Mode::Official, DIM) },
            Settings { dim: 8, ..Settings::of(Mode::RandNe, DIM) },
            Settings { direction: Direction::In, matrix: Matrix::Adjacency, ..normalised() },
        ] {
            let verdict = explicit_verdict("explicit", name, settings.clone(), 20, library);
            assert_eq!(verdict, Verdict::Undecided, "{name}, {settings:?}");
        }
    }
}

#[test]
fn mutants_of_the_iteration_are_refuted() {
    type Embedder = fn(&Graph, &Settings, StreamKey) -> DMatrix<f32>;
    let mutants: [(&str, Embedder); 6] = [
        ("normalised before propagating", normalises_before_propagating),
        ("beta on the wrong side", scales_the_wrong_side),
        ("weights shifted by one power", shifts_the_weights),
        ("neighbour counts for weights", divides_by_counts),
        ("the sum is propagated", propagates_the_sum),
        ("another density", draws_another_density),
    ];
    for (name, mutant) in mutants {
        let verdict = explicit_verdict(name, "weighted ring", normalised(), 5, mutant);
        assert_eq!(verdict, Verdict::Refuted, "{name}");
    }
    assert_ne!(explicit_verdict("no mistake", "weighted ring", normalised(), 5, faithful), Verdict::Refuted);
}

#[test]
fn the_formula_ends_before_the_columns_are_standardised() {
    let settings = Settings::of(Mode::Official, DIM);
    assert_eq!(explicit_verdict("outside", "two cliques", settings, 5, library), Verdict::NotApplicable);
    let settings = Settings { direction: Direction::Both, ..normalised() };
    assert_eq!(explicit_verdict("outside", "two cliques", settings, 5, library), Verdict::NotApplicable);
}

#[test]
fn a_constant_factor_of_beta_is_of_no_effect() {
    for (name, instance) in graphs() {
        let theorem = ScaleInvariance { settings: normalised(), embedder: library };
        let evidence = check(&theorem, &instance, 20, ALPHA, seed().named("invariance").named(name));
        println!("invariance, {name}: {evidence}");
        assert_eq!(evidence.verdict, Verdict::Undecided, "δ = 0 and no failure: {evidence}");
    }
}

/// Held so that a statement of a theorem cannot be dropped unseen.
#[test]
fn deterministic_theorems_allow_no_failure() {
    let explicit = ExplicitForm { settings: normalised(), embedder: library };
    let invariance = ScaleInvariance { settings: normalised(), embedder: library };
    assert_eq!((explicit.failure_probability(), invariance.failure_probability()), (0.0, 0.0));
}
