//! Fast random projection of graphs.

use nalgebra::DMatrix;

use super::{ALPHA, Kind, Theorem};
use crate::embedding::{
    ExplicitForm, GramLaw, Graph, Mode, ScaleInvariance, SeedIndependence, Settings, SimilarityMatrices,
    Standardize,
};
use crate::guarantee::{check, check_moments};
use crate::random::StreamKey;
use crate::testing::embedding::mutants::{
    adds_the_node_to_the_seed, draws_another_density, normalises_before_propagating, projected,
    propagates_the_sum, scaled, scales_the_wrong_side,
};
use crate::testing::embedding::{DIM, graph, library, linear, normalised, very_sparse};

/// Draws that settle mean and variance to a tenth of a standard deviation and of the variance.
const DRAWS: u64 = 20_000;

type Embedder = fn(&Graph, &Settings, StreamKey) -> DMatrix<f32>;

pub(super) fn theorems() -> Vec<Theorem> {
    vec![explicit_form(), scale_invariance(), gram_law(), seed_independence()]
}

fn explicit_form() -> Theorem {
    let of = |settings, embedder: Embedder| ExplicitForm { settings, embedder };
    let statement = "U_k = M U_{k−1} computes Σ wₖ norm(Mᵏ L R), to the rounding of f32";
    Theorem::new("embedding", "ExplicitForm", Kind::Deterministic, statement)
        .held("a weighted ring, as the paper has it", 20, move |trials, key| {
            check(&of(normalised(), library), &graph("weighted ring"), trials, ALPHA, key)
        })
        .held("arcs into a sink, nothing normalised", 20, move |trials, key| {
            check(
                &of(linear(very_sparse(Some(3.0))), library),
                &graph("arcs into a sink"),
                trials,
                ALPHA,
                key,
            )
        })
        .mutant("normalised before propagating", 5, move |trials, key| {
            let mutant = of(normalised(), normalises_before_propagating);
            check(&mutant, &graph("weighted ring"), trials, ALPHA, key)
        })
        .mutant("the weighted sum is propagated", 5, move |trials, key| {
            check(&of(normalised(), propagates_the_sum), &graph("weighted ring"), trials, ALPHA, key)
        })
        .outside("columns standardised after the sum", move |trials, key| {
            let settings = Settings::of(Mode::Official, DIM);
            check(&of(settings, library), &graph("two cliques"), trials, ALPHA, key)
        })
}

/// A floor of 1 under the norms: most are above it by (d/2m)^β, none by d^β.
fn floored(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let mut current = scaled(&matrices, projected(graph, settings, key));
    let mut sum = &current * 0.0;
    for weight in &settings.weights {
        current *= matrices.transition().transpose();
        for (mut sum, column) in sum.column_iter_mut().zip(current.column_iter()) {
            sum.axpy(*weight / column.norm().max(1.0), &column, 1.0);
        }
    }
    sum.map(|x| x as f32)
}

fn scale_invariance() -> Theorem {
    let of = |settings, embedder: Embedder| ScaleInvariance { settings, embedder };
    let statement =
        "norm(Mᵏ(cL)R) = norm(Mᵏ L R): (d/2m)^β and d^β give one embedding, to the rounding of f32";
    Theorem::new("embedding", "ScaleInvariance", Kind::Deterministic, statement)
        .held("a hub with a tail", 20, move |trials, key| {
            check(&of(normalised(), library), &graph("hub with a tail"), trials, ALPHA, key)
        })
        .mutant("norms with a floor of 1", 10, move |trials, key| {
            check(&of(normalised(), floored), &graph("hub with a tail"), trials, ALPHA, key)
        })
        .outside("powers that are not normalised", move |trials, key| {
            let plain = Settings { normalize_powers: false, ..normalised() };
            check(&of(plain, library), &graph("hub with a tail"), trials, ALPHA, key)
        })
}

fn gram_law() -> Theorem {
    let of = |settings, pair, embedder: Embedder| GramLaw { settings, pair, embedder };
    let settings = || linear(very_sparse(None));
    let statement = "E⟨Uᵢ, Uⱼ⟩ = ⟨x, y⟩, Var = (‖x‖²‖y‖² + ⟨x, y⟩² + (s − 3)Σx²y²)/d";
    Theorem::new("embedding", "GramLaw", Kind::ExactMoments, statement)
        .held("two cliques, the norm of node 0", DRAWS, move |draws, key| {
            check_moments(&of(settings(), (0, 0), library), &graph("two cliques"), draws, ALPHA, key)
        })
        .held("two cliques, nodes 4 and 6", DRAWS, move |draws, key| {
            check_moments(&of(settings(), (4, 6), library), &graph("two cliques"), draws, ALPHA, key)
        })
        .mutant("L on the wrong side, a hub with a tail", 4000, move |draws, key| {
            let mutant = of(settings(), (0, 0), scales_the_wrong_side);
            check_moments(&mutant, &graph("hub with a tail"), draws, ALPHA, key)
        })
        .mutant("s = 3 drawn for √N", 8000, move |draws, key| {
            let mutant = of(settings(), (16, 17), draws_another_density);
            check_moments(&mutant, &graph("hub with a tail"), draws, ALPHA, key)
        })
        .outside("standardised columns", move |draws, key| {
            let standardised = Settings { standardize: Standardize::Columns, ..settings() };
            check_moments(&of(standardised, (0, 1), library), &graph("two cliques"), draws, ALPHA, key)
        })
}

type Seeded = fn(&Graph, &Settings, u64) -> DMatrix<f32>;

fn seed_independence() -> Theorem {
    let of = |pair, embedder: Seeded| SeedIndependence { settings: one_step(), pair, embedder };
    let ours: Seeded = |graph, settings, seed| library(graph, settings, StreamKey::from_seed(seed));
    let statement = "E⟨Uᵢ, U′ⱼ⟩ = 0, Var = ‖x‖²‖y‖²/d for the embeddings of seeds σ and σ + 1";
    Theorem::new("embedding", "SeedIndependence", Kind::ExactMoments, statement)
        .held("two cliques, nodes 1 and 0", DRAWS, move |draws, key| {
            check_moments(&of((1, 0), ours), &graph("two cliques"), draws, ALPHA, key)
        })
        .mutant("the row of node i from the stream seed + i", 2000, move |draws, key| {
            check_moments(&of((1, 0), adds_the_node_to_the_seed), &graph("two cliques"), draws, ALPHA, key)
        })
        .outside("powers that are normalised", move |draws, key| {
            let settings = Settings { normalize_powers: true, ..one_step() };
            let law = SeedIndependence { settings, ..of((0, 0), ours) };
            check_moments(&law, &graph("two cliques"), draws, ALPHA, key)
        })
}

fn one_step() -> Settings {
    Settings { weights: vec![1.0], self_influence: 1.0, ..linear(very_sparse(None)) }
}
