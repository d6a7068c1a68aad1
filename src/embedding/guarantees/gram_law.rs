use nalgebra::DMatrix;

use super::SimilarityMatrices;
use crate::embedding::{Direction, Graph, Projection, Settings, Standardize};
use crate::guarantee::{Citation, Hypothesis, MomentLaw, Moments};
use crate::random::StreamKey;

/// The inner products of a linear embedding are unbiased, and their variance is known: with U = K R, K = Σ w_k Mᵏ L, and
/// x, y rows i and j of K,
///
/// E⟨Uᵢ, Uⱼ⟩ = ⟨x, y⟩,  Var⟨Uᵢ, Uⱼ⟩ = (‖x‖²‖y‖² + ⟨x, y⟩² + (κ − 3)Σ x_l²y_l²)/d.
///
/// Proof. The d columns r of √d·R are independent, each of independent entries with mean 0, variance 1 and fourth moment
/// κ, and ⟨Uᵢ, Uⱼ⟩ is the mean of their ⟨x, r⟩⟨y, r⟩. Of E r_a r_b r_c r_d there remain the three pairings of equal indices,
/// each 1, and κ where all four agree, which the pairings count three times: E⟨x, r⟩²⟨y, r⟩² =
/// ‖x‖²‖y‖² + 2⟨x, y⟩² + (κ − 3)Σ x_l²y_l². Subtract ⟨x, y⟩² and divide by d.
///
/// κ = s for very sparse entries and 3 for normal ones. i = j is the variance (2‖x‖₂⁴ + (s − 3)‖x‖₄⁴)/d of a squared
/// norm ([`norm_square_variance`](crate::guarantee::norm_square_variance)).
#[derive(Clone, Debug)]
pub struct GramLaw<F> {
    /// Settings that normalise nothing.
    pub settings: Settings,
    /// i and j.
    pub pair: (usize, usize),
    /// The embedding held against the law: d × N vectors of the graph under the draw that a key names.
    pub embedder: F,
}

impl<F: Fn(&Graph, &Settings, StreamKey) -> DMatrix<f32> + Sync> MomentLaw for GramLaw<F> {
    type Instance = Graph;

    const CITATION: Citation = Citation {
        key: "FastRpGram",
        authors: "proofsketch",
        title: "Exact moments of the Gram matrix of a very sparse projection",
        venue: "documentation of this type, after Li, Hastie and Church, KDD 2006",
        year: 2026,
        locator: "proof given there",
    };

    fn hypotheses(&self, graph: &Graph) -> Vec<Hypothesis> {
        linear_hypotheses(graph, &self.settings, self.pair)
    }

    fn moments(&self, graph: &Graph) -> Moments {
        let kernel = SimilarityMatrices::of(graph, &self.settings).linear_kernel(&self.settings);
        let (x, y) = (kernel.row(self.pair.0), kernel.row(self.pair.1));
        let kurtosis = kurtosis(&self.settings, graph);
        let mean = x.dot(&y);
        let fourth = x.component_mul(&y).norm_squared();
        let square = x.norm_squared() * y.norm_squared() + mean * mean + (kurtosis - 3.0) * fourth;
        Moments { mean, variance: square / self.settings.dim as f64 }
    }

    fn draw(&self, graph: &Graph, key: StreamKey) -> f64 {
        let vectors = (self.embedder)(graph, &self.settings, key);
        inner_product((&vectors, self.pair.0), (&vectors, self.pair.1))
    }
}

/// Seeds σ and σ + 1 give independent embeddings: with rows x = Kᵢ and y = Kⱼ, vector i of one and vector j of the other
/// have E⟨Uᵢ, U′ⱼ⟩ = 0 and Var⟨Uᵢ, U′ⱼ⟩ = ‖x‖²‖y‖²/d, for linear settings.
///
/// An average over seeds says nothing if they share rows: streams named seed + node give row i of seed σ to node i − 1 of
/// seed σ + 1.
#[derive(Clone, Debug)]
pub struct SeedIndependence<F> {
    /// Settings that normalise nothing.
    pub settings: Settings,
    /// i and j.
    pub pair: (usize, usize),
    /// The embedding held against the law: d × N vectors of the graph under a seed.
    pub embedder: F,
}

impl<F: Fn(&Graph, &Settings, u64) -> DMatrix<f32> + Sync> MomentLaw for SeedIndependence<F> {
    type Instance = Graph;

    const CITATION: Citation = Citation {
        key: "FastRpSeeds",
        authors: "proofsketch",
        title: "Independence of embeddings under neighbouring seeds",
        venue: "documentation of this type",
        year: 2026,
        locator: "E⟨x, r⟩²⟨y, r′⟩² = ‖x‖²‖y‖² for independent r and r′",
    };

    fn hypotheses(&self, graph: &Graph) -> Vec<Hypothesis> {
        linear_hypotheses(graph, &self.settings, self.pair)
    }

    fn moments(&self, graph: &Graph) -> Moments {
        let kernel = SimilarityMatrices::of(graph, &self.settings).linear_kernel(&self.settings);
        let (x, y) = (kernel.row(self.pair.0), kernel.row(self.pair.1));
        Moments { mean: 0.0, variance: x.norm_squared() * y.norm_squared() / self.settings.dim as f64 }
    }

    fn draw(&self, graph: &Graph, key: StreamKey) -> f64 {
        let [a, b, c, d, e, f, g, h, ..] = key.to_bytes();
        let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let first = (self.embedder)(graph, &self.settings, seed);
        let second = (self.embedder)(graph, &self.settings, seed.wrapping_add(1));
        inner_product((&first, self.pair.0), (&second, self.pair.1))
    }
}

/// ⟨uᵢ, vⱼ⟩ in f64; NaN where a vector is missing.
fn inner_product((u, i): (&DMatrix<f32>, usize), (v, j): (&DMatrix<f32>, usize)) -> f64 {
    if i >= u.ncols() || j >= v.ncols() {
        return f64::NAN;
    }
    u.column(i).iter().zip(v.column(j)).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// κ of the entries of R.
fn kurtosis(settings: &Settings, graph: &Graph) -> f64 {
    match settings.projection {
        Projection::VerySparse { sparsity } => sparsity.unwrap_or((graph.node_count() as f64).sqrt()),
        Projection::Gaussian { .. } => 3.0,
    }
}

/// U = K R with independent entries, and rows i and j that there are.
fn linear_hypotheses(graph: &Graph, settings: &Settings, (i, j): (usize, usize)) -> Vec<Hypothesis> {
    let nodes = graph.node_count();
    let independent = settings.projection != Projection::Gaussian { orthogonal: true };
    vec![
        Hypothesis::require("U is linear in R: no power is normalised", !settings.normalize_powers, || {
            "normalize_powers".into()
        }),
        Hypothesis::require(
            "U is linear in R: nothing is standardised",
            settings.standardize == Standardize::None,
            || format!("standardize: {:?}", settings.standardize),
        ),
        Hypothesis::require("one direction", settings.direction != Direction::Both, || "both".into()),
        Hypothesis::require("the entries of R are independent", independent, || "orthogonal columns".into()),
        Hypothesis::require("i, j < N", i.max(j) < nodes, || format!("N = {nodes}")),
    ]
}
