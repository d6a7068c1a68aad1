use nalgebra::DMatrix;

use super::distances::concentration;
use super::{Citation, Distances, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// The distances between finitely many points survive a projection with entries of kurtosis at most 3:
/// (1 − ε)‖u − v‖² ≤ ‖f(u) − f(v)‖² ≤ (1 + ε)‖u − v‖² for all P pairs, but with probability
/// 2P·exp(−(d/2)(ε²/2 − ε³/3)).
///
/// f(x) = Sx with S ∈ ℝᵈˣⁿ of independent entries ±√(s/d) with probability 1/(2s) each, else 0. The theorem states s = 1
/// and s = 3, as n points and d ≥ (4 + 2γ)/(ε²/2 − ε³/3)·ln n with probability 1 − n^(−γ). Its proof compares the moments
/// s^(k−1) of an entry with those of a normal number, (2k − 1)!!, and so holds for all 1 ≤ s ≤ 3; Gaussian entries obey it
/// as well. For s > 3 the fourth moment is larger and the proof ends: see [`SparseDistanceEmbedding`].
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::guarantee::{DistanceEmbedding, Distances, Verdict, check};
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{SketchDistribution, SketchOperator, VerySparse};
///
/// let (n, d) = (20, 240);
/// let projection = VerySparse::achlioptas(d, n)?;
/// let images = |points: &DMatrix<f64>, key| projection.sample(key).sketch(points);
/// let theorem = DistanceEmbedding { dim: d, sparsity: 3.0, epsilon: 0.5, pairs: 190, images };
/// let corners = Distances::between(DMatrix::identity(n, n));
/// let evidence = check(&theorem, &corners, 400, 1e-6, StreamKey::from_seed(1)); // δ = 0.0173
/// assert_eq!(evidence.verdict, Verdict::Supported);
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DistanceEmbedding<F> {
    /// d, the number of coordinates of an image.
    pub dim: usize,
    /// s; 3 for Gaussian entries.
    pub sparsity: f64,
    /// ε < 1.
    pub epsilon: f64,
    /// P, at least the number of pairs of the instance.
    pub pairs: usize,
    /// The map held against the theorem: images of the points, one a column, under the draw that a key names.
    pub images: F,
}

/// The smallest d for which [`DistanceEmbedding`] gives all P pairs distortion ε with failure probability δ.
///
/// ```
/// use proofsketch::guarantee::distance_embedding_dim;
///
/// // 100 points, γ = 1: (4 + 2γ)/(ε²/2 − ε³/3)·ln 100 = 332, which counts 100²/2 pairs.
/// assert_eq!(distance_embedding_dim(100 * 100 / 2, 0.5, 0.01), 332);
/// ```
#[must_use]
pub fn distance_embedding_dim(pairs: usize, epsilon: f64, delta: f64) -> usize {
    (2.0 * (2.0 * pairs as f64 / delta).ln() / (epsilon.powi(2) / 2.0 - epsilon.powi(3) / 3.0)).ceil()
        as usize
}

impl<F: Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync> Guarantee for DistanceEmbedding<F> {
    type Instance = Distances;

    const CITATION: Citation = Citation {
        key: "Achlioptas2003",
        authors: "D. Achlioptas",
        title: "Database-friendly Random Projections: Johnson-Lindenstrauss with Binary Coins",
        venue: "Journal of Computer and System Sciences 66",
        year: 2003,
        locator: "Theorem 1.1",
    };

    fn hypotheses(&self, distances: &Distances) -> Vec<Hypothesis> {
        let (s, pairs) = (self.sparsity, distances.pairs());
        let mut hypotheses = distances.hypotheses(self.epsilon);
        hypotheses
            .push(Hypothesis::require("1 ≤ s ≤ 3", (1.0..=3.0).contains(&s), || format!("s = {s}")));
        hypotheses
            .push(Hypothesis::require("at most P pairs", pairs <= self.pairs, || format!("{pairs} pairs")));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        let exponent = self.epsilon.powi(2) / 2.0 - self.epsilon.powi(3) / 3.0;
        2.0 * self.pairs as f64 * (-exponent * self.dim as f64 / 2.0).exp()
    }

    fn trial(&self, distances: &Distances, key: StreamKey) -> Outcome {
        let images = (self.images)(distances.points(), key);
        Outcome { bound: self.epsilon, observed: distances.largest_distortion(&images) }
    }
}

/// The distances between finitely many points survive a very sparse projection, whatever its sparsity s: all pairs have
/// (1 − ε)‖z‖² ≤ ‖Sz‖² ≤ (1 + ε)‖z‖², z = u − v, but with probability Σ_z [`sparse_norm_tail`]\(z, s, d, ε).
///
/// No bound in terms of ε, d and the number of points alone can hold for s ≫ 1: a point at distance z = e₁ is moved to a
/// zero vector with probability (1 − 1/s)ᵈ, whatever ε. The bound therefore looks at the differences themselves.
#[derive(Clone, Debug)]
pub struct SparseDistanceEmbedding<F> {
    /// d, the number of coordinates of an image.
    pub dim: usize,
    /// s.
    pub sparsity: f64,
    /// ε < 1.
    pub epsilon: f64,
    /// δ, at least the sum of the tails over the differences of the instance.
    pub delta: f64,
    /// The map held against the theorem: images of the points, one a column, under the draw that a key names.
    pub images: F,
}

impl<F: Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync> Guarantee for SparseDistanceEmbedding<F> {
    type Instance = Distances;

    const CITATION: Citation = Citation {
        key: "SparseDistances",
        authors: "proofsketch",
        title: "Chernoff bounds for the norm of a very sparse projection",
        venue: "documentation of sparse_norm_tail",
        year: 2026,
        locator: "proof given there; lower tail by Maurer, JIPAM 4 (2003), article 15, inequality (1.1)",
    };

    fn hypotheses(&self, distances: &Distances) -> Vec<Hypothesis> {
        let Self { dim, sparsity, epsilon, delta, .. } = *self;
        let mut hypotheses = distances.hypotheses(epsilon);
        hypotheses.push(Hypothesis::require("s ≥ 1", sparsity >= 1.0, || format!("s = {sparsity}")));
        if hypotheses.iter().any(Hypothesis::is_failing) {
            return hypotheses;
        }
        let tails = distances.differences().map(|z| sparse_norm_tail(z.as_slice(), sparsity, dim, epsilon));
        let sum: f64 = tails.sum();
        hypotheses.push(Hypothesis::require("the tails sum to at most δ", sum <= delta, || {
            format!("they sum to {sum:.3e}, δ = {delta}")
        }));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        self.delta
    }

    fn trial(&self, distances: &Distances, key: StreamKey) -> Outcome {
        let images = (self.images)(distances.points(), key);
        Outcome { bound: self.epsilon, observed: distances.largest_distortion(&images) }
    }
}

/// A bound of Pr\[|‖Sz‖² − ‖z‖²| > ε‖z‖²\] for S ∈ ℝᵈˣⁿ with independent entries ±√(s/d) with probability 1/(2s) each,
/// else 0; at most 1.
///
/// With ‖z‖ = 1, ‖Sz‖² = ΣQᵢ/d over d independent copies of Q = y², y = Σ zⱼrⱼ, E Q = 1 and
/// E Q² = B = 3 + (s − 3)‖z‖₄⁴.
/// * below: Q ≥ 0 gives e^(−hQ) ≤ 1 − hQ + h²Q²/2, so that Pr\[‖Sz‖² ≤ 1 − ε\] ≤ exp(−dε²/(2B)) (Maurer 2003);
/// * above: Pr\[‖Sz‖² ≥ 1 + ε\] ≤ min over h > 0 of exp(d(ln E e^(hQ) − h(1 + ε))), Chernoff's bound, with the moment
///   generating function itself: e^(hQ) = E e^(√(2h)·g·y) over a normal number g, so that
///   E e^(hQ) = E Πⱼ(1 + (cosh(√(2hs)·g·zⱼ) − 1)/s). The product is a mixture of exponentials of g, so that the
///   trapezoidal rule of step ½ integrates it to a relative error of 2e^(−8π²) < 10⁻³³.
///
/// Cost: some thousand times the number of nonzeros of z.
///
/// ```
/// use proofsketch::guarantee::sparse_norm_tail;
///
/// let flat = vec![0.1; 100];
/// let spiked: Vec<f64> = (0..100).map(|i| if i == 0 { 10.0 } else { 0.1 }).collect();
/// assert!(sparse_norm_tail(&flat, 10.0, 512, 0.5) < 1e-9);
/// assert!(sparse_norm_tail(&spiked, 10.0, 512, 0.5) > 1e-4); // nearly e₁: the norm is that of one sparse column
/// ```
#[must_use]
pub fn sparse_norm_tail(z: &[f64], sparsity: f64, dim: usize, epsilon: f64) -> f64 {
    let norm = z.iter().map(|x| x * x).sum::<f64>().sqrt();
    if norm == 0.0 {
        return 0.0;
    }
    let d = dim as f64;
    let second = 3.0 + (sparsity - 3.0) * concentration(z);
    let below = (-d * epsilon * epsilon / (2.0 * second)).exp();
    let unit: Vec<f64> = z.iter().filter(|x| **x != 0.0).map(|x| x.abs() / norm).collect();
    let exponent = |h: f64| log_square_mgf(&unit, sparsity, h) - h * (1.0 + epsilon);
    (below + (d * least(exponent, 0.5)).exp()).min(1.0)
}

/// ln E e^(hQ).
fn log_square_mgf(unit: &[f64], sparsity: f64, h: f64) -> f64 {
    const STEP: f64 = 0.5;
    let rate = (2.0 * h * sparsity).sqrt();
    let reach = rate * unit.iter().sum::<f64>() + 9.0; // beyond, the integrand is below e^(−40) of its largest value
    let logarithm = |node: i32| {
        let g = STEP * f64::from(node);
        let factors = unit.iter().map(|x| log_factor(rate * g * x, sparsity));
        factors.sum::<f64>() - 0.5 * g * g
    };
    let values: Vec<f64> = (0..=(reach / STEP).ceil() as i32).map(logarithm).collect();
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scaled = |value: &f64| (value - largest).exp();
    let sum = scaled(&values[0]) + 2.0 * values[1..].iter().map(scaled).sum::<f64>();
    largest + (sum * STEP / std::f64::consts::TAU.sqrt()).ln()
}

/// ln(1 + (cosh u − 1)/s), without overflow.
fn log_factor(u: f64, sparsity: f64) -> f64 {
    if u < 300.0 { (2.0 * (0.5 * u).sinh().powi(2) / sparsity).ln_1p() } else { u - (2.0 * sparsity).ln() }
}

/// The least value of a convex function with f(0) = 0 on [0, upper], by golden sections.
fn least(f: impl Fn(f64) -> f64, upper: f64) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut low, mut high) = (0.0, upper);
    let (mut left, mut right) = (high - RATIO * (high - low), low + RATIO * (high - low));
    let (mut at_left, mut at_right) = (f(left), f(right));
    let mut least = at_left.min(at_right).min(0.0);
    for _ in 0..24 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - RATIO * (high - low);
            at_left = f(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + RATIO * (high - low);
            at_right = f(right);
        }
        least = least.min(at_left).min(at_right);
    }
    least
}
