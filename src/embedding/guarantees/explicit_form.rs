use nalgebra::{DMatrix, DVector};

use super::SimilarityMatrices;
use crate::embedding::{Direction, Graph, RandomProjection, Settings, Standardize};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// Unit roundoff of f32.
const ROUNDOFF: f64 = 5.960_464_477_539_063e-8;

/// The embedding as the formula reads, U = Σ_k w_k norm(Mᵏ L R) with dense powers in f64, and how far rounding to f32 may
/// take an algorithm from it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplicitEmbedding {
    /// d × N: column i is Uᵢ.
    pub vectors: DMatrix<f64>,
    /// For each node, a bound of ‖Ûᵢ − Uᵢ‖₂ for any algorithm that iterates U_k = M U_{k−1} in f32, whatever the order of its
    /// sums; ∞ where the constants are void.
    pub rounding: DVector<f64>,
}

impl ExplicitEmbedding {
    /// The formula for the rows R ∈ ℝᵈˣᴺ (column i for node i).
    ///
    /// Rounding. With γ_n = nu/(1 − nu), u = 2⁻²⁴, an entry of U_k carries at most c_k = 8 + k(Δ + 4) roundings, Δ the largest
    /// number of arcs in a row, and all factors but R are nonnegative: |Û_k − U_k| ≤ γ_{c_k}·Mᵏ L|R|. Row norms
    /// therefore move by at most γ_{c_k}‖(Mᵏ L|R|)ᵢ‖, normalised rows by twice that over ‖U_{k,i}‖ (and never by more than 2),
    /// and dividing, weighting and adding costs γ_{d+q+8} more (Higham, Accuracy and Stability of Numerical Algorithms,
    /// 2nd edition, Lemma 3.1). Underflow is left out.
    #[must_use]
    pub fn of(matrices: &SimilarityMatrices, settings: &Settings, projection: &DMatrix<f64>) -> Self {
        let (dim, nodes) = projection.shape();
        let mut current = projection.clone();
        for (mut column, scale) in current.column_iter_mut().zip(matrices.scale()) {
            column *= *scale;
        }
        let mut absolute = current.abs();
        let transposed = matrices.transition().transpose();
        let (mut vectors, mut rounding) = (DMatrix::zeros(dim, nodes), DVector::zeros(nodes));
        let weights = std::iter::once(settings.self_influence).chain(settings.weights.iter().copied());
        let last = gamma(dim + settings.weights.len() + 8);
        for (power, weight) in weights.enumerate() {
            if power > 0 {
                (current, absolute) = (&current * &transposed, &absolute * &transposed);
            }
            let drift = gamma(8 + power * (matrices.most_arcs() + 4));
            for i in 0..nodes {
                let (norm, size) = (current.column(i).norm(), absolute.column(i).norm());
                let (term, error) = match settings.normalize_powers {
                    false => (1.0, drift * size + last * norm),
                    true if size == 0.0 => (0.0, 0.0),
                    true if norm == 0.0 => (0.0, 1.0 + last),
                    true => (1.0 / norm, (2.0 * drift * size / norm).min(2.0) + last),
                };
                vectors.column_mut(i).axpy(weight * term, &current.column(i), 1.0);
                rounding[i] += weight.abs() * error;
            }
        }
        Self { vectors, rounding }
    }

    /// The largest ‖Ûᵢ − Uᵢ‖/bound over all nodes; NaN for vectors of another shape or not finite.
    #[must_use]
    pub fn largest_error(&self, vectors: &DMatrix<f32>) -> f64 {
        if vectors.shape() != self.vectors.shape() {
            return f64::NAN;
        }
        let errors: Vec<f64> =
            (vectors.map(f64::from) - &self.vectors).column_iter().map(|c| c.norm()).collect();
        largest_ratio(&errors, &self.rounding)
    }
}

/// The largest error/bound, where 0/0 = 0.
fn largest_ratio(errors: &[f64], bounds: &DVector<f64>) -> f64 {
    let ratio = |(error, bound): (&f64, &f64)| if *error == 0.0 { 0.0 } else { error / bound };
    let larger =
        |largest: f64, x: f64| if x.is_nan() || largest.is_nan() { f64::NAN } else { largest.max(x) };
    errors.iter().zip(bounds).map(ratio).fold(0.0, larger)
}

/// γ_n = nu/(1 − nu); ∞ where nu ≥ 1.
fn gamma(n: usize) -> f64 {
    let nu = n as f64 * ROUNDOFF;
    if nu < 1.0 { nu / (1.0 - nu) } else { f64::INFINITY }
}

/// The iteration is the formula: an embedding computed by U_k = M U_{k−1} is Σ_k w_k norm(Mᵏ L R) to the rounding of f32,
/// for every graph and every key.
///
/// Deterministic: δ = 0, one failure refutes. The bound of a trial is 1, the observation the largest
/// ‖Ûᵢ − Uᵢ‖₂/[`rounding`](ExplicitEmbedding::rounding)ᵢ.
#[derive(Clone, Debug)]
pub struct ExplicitForm<F> {
    /// The settings.
    pub settings: Settings,
    /// The embedding held against the formula: d × N vectors of the graph under the draw that a key names.
    pub embedder: F,
}

impl<F: Fn(&Graph, &Settings, StreamKey) -> DMatrix<f32> + Sync> Guarantee for ExplicitForm<F> {
    type Instance = Graph;

    const CITATION: Citation = Citation {
        key: "ChenEtAl2019",
        authors: "H. Chen, S. F. Sultan, Y. Tian, M. Chen and S. Skiena",
        title: "Fast and Accurate Network Embeddings via Very Sparse Random Projection",
        venue: "28th ACM International Conference on Information and Knowledge Management (CIKM)",
        year: 2019,
        locator: "the iteration of the algorithm against the sum of powers it stands for",
    };

    fn hypotheses(&self, _: &Graph) -> Vec<Hypothesis> {
        explicit_hypotheses(&self.settings)
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    fn trial(&self, graph: &Graph, key: StreamKey) -> Outcome {
        let observed = match explicit(graph, &self.settings, key) {
            Some(explicit) => explicit.largest_error(&(self.embedder)(graph, &self.settings, key)),
            None => f64::NAN,
        };
        Outcome { bound: 1.0, observed }
    }
}

/// A constant factor in L is of no effect where powers are normalised: (d_j/2m)^β and d_j^β give one embedding, to the
/// rounding of f32.
///
/// norm(Mᵏ(cL)R) = norm(Mᵏ L R) for c > 0. Deterministic: δ = 0. The bound of a trial is 1, the observation the largest
/// distance of the two vectors of a node over twice its [`rounding`](ExplicitEmbedding::rounding).
#[derive(Clone, Debug)]
pub struct ScaleInvariance<F> {
    /// The settings; `beta_relative` is set both ways.
    pub settings: Settings,
    /// The embedding held against the statement: d × N vectors of the graph under the draw that a key names.
    pub embedder: F,
}

impl<F: Fn(&Graph, &Settings, StreamKey) -> DMatrix<f32> + Sync> Guarantee for ScaleInvariance<F> {
    type Instance = Graph;

    const CITATION: Citation = Citation {
        key: "FastRpScale",
        authors: "proofsketch",
        title: "Invariance of FastRP under a constant factor in L",
        venue: "documentation of this type",
        year: 2026,
        locator: "norm(cx) = norm(x)",
    };

    fn hypotheses(&self, _: &Graph) -> Vec<Hypothesis> {
        let mut hypotheses = explicit_hypotheses(&self.settings);
        let normalized = self.settings.normalize_powers;
        hypotheses.push(Hypothesis::require("powers are normalised", normalized, || "they are not".into()));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    fn trial(&self, graph: &Graph, key: StreamKey) -> Outcome {
        let vectors = |beta_relative| {
            let settings = Settings { beta_relative, ..self.settings.clone() };
            (self.embedder)(graph, &settings, key).map(f64::from)
        };
        let (relative, absolute) = (vectors(true), vectors(false));
        let observed = match explicit(graph, &self.settings, key) {
            Some(explicit)
                if relative.shape() == absolute.shape() && absolute.ncols() == graph.node_count() =>
            {
                let distances: Vec<f64> = (relative - absolute).column_iter().map(|c| c.norm()).collect();
                largest_ratio(&distances, &(2.0 * explicit.rounding))
            }
            _ => f64::NAN,
        };
        Outcome { bound: 1.0, observed }
    }
}

fn explicit(graph: &Graph, settings: &Settings, key: StreamKey) -> Option<ExplicitEmbedding> {
    let rows = RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key).ok()?;
    let projection = rows.matrix(graph).ok()?;
    Some(ExplicitEmbedding::of(&SimilarityMatrices::of(graph, settings), settings, &projection))
}

/// Where the formula is the whole embedding.
fn explicit_hypotheses(settings: &Settings) -> Vec<Hypothesis> {
    vec![
        Hypothesis::require("nothing is standardised", settings.standardize == Standardize::None, || {
            format!("standardize: {:?}", settings.standardize)
        }),
        Hypothesis::require("one direction", settings.direction != Direction::Both, || "both".into()),
        Hypothesis::assumed("no number underflows"),
    ]
}
