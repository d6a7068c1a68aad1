use super::{Citation, Guarantee, Hypothesis, Outcome, Subspace};
use crate::random::StreamKey;
use crate::sketch::SketchDistribution;

/// Gaussian sketches embed every d-dimensional space: with τ = (√d + t)/√m, all singular values of S U lie in
/// [1 − τ, 1 + τ] but with probability 2 exp(−t²/2).
///
/// √m·S U has independent N(0, 1) entries. Its extreme singular values are 1-Lipschitz functions of them, and by
/// Gordon's inequality √m − √d ≤ E σ_min and E σ_max ≤ √m + √d; Gaussian concentration ends the proof.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::guarantee::{GaussianEmbedding, Subspace, Verdict, check};
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::Gaussian;
///
/// let (n, d, m) = (300, 3, 120);
/// let theorem = GaussianEmbedding { distribution: Gaussian::new(m, n)?, sketch_rows: m, ncols: d, t: 3.0 };
/// assert!((theorem.singular_value_deviation() - 0.432).abs() < 1e-3); // δ = 0.0222
///
/// let identity_rows = Subspace::of(&DMatrix::identity(n, d))?;
/// let evidence = check(&theorem, &identity_rows, 300, 1e-6, StreamKey::from_seed(1));
/// assert_eq!(evidence.verdict, Verdict::Supported);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct GaussianEmbedding<D> {
    /// The sketch held against the theorem.
    pub distribution: D,
    /// m, its number of rows.
    pub sketch_rows: usize,
    /// d.
    pub ncols: usize,
    /// t ≥ 0.
    pub t: f64,
}

impl<D> GaussianEmbedding<D> {
    /// τ = (√d + t)/√m.
    #[must_use]
    pub fn singular_value_deviation(&self) -> f64 {
        ((self.ncols as f64).sqrt() + self.t) / (self.sketch_rows as f64).sqrt()
    }
}

impl<D: SketchDistribution> Guarantee for GaussianEmbedding<D> {
    type Instance = Subspace;

    const CITATION: Citation = Citation {
        key: "DavidsonSzarek2001",
        authors: "K. R. Davidson and S. J. Szarek",
        title: "Local Operator Theory, Random Matrices and Banach Spaces",
        venue: "Handbook of the Geometry of Banach Spaces, volume 1",
        year: 2001,
        locator: "Theorem II.13",
    };

    fn hypotheses(&self, space: &Subspace) -> Vec<Hypothesis> {
        let (m, d) = (self.sketch_rows, self.ncols);
        let mut hypotheses = space.hypotheses(d, self.distribution.ncols());
        hypotheses.push(Hypothesis::require("m ≥ d", m >= d, || format!("m = {m}, d = {d}")));
        hypotheses.push(Hypothesis::require("t ≥ 0", self.t >= 0.0, || format!("t = {}", self.t)));
        hypotheses.push(Hypothesis::assumed("the entries of S are independent, N(0, 1/m)"));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        2.0 * (-self.t * self.t / 2.0).exp()
    }

    fn trial(&self, space: &Subspace, key: StreamKey) -> Outcome {
        let (smallest, largest) = space.extreme_singular_values(&self.distribution.sample(key));
        let observed = if smallest.is_nan() { f64::NAN } else { (1.0 - smallest).max(largest - 1.0) };
        Outcome { bound: self.singular_value_deviation(), observed }
    }
}

/// Sketches with a second moment embed every d-dimensional space with distortion ε but with probability
/// (d² + d + max(κ − 3, 0)·d)/(mε²).
///
/// By Markov's inequality, from ‖(SU)ᵀSU − I‖₂ ≤ ‖(SU)ᵀSU − I‖_F and
///
/// E‖(SU)ᵀSU − I‖_F² = (d² + d + (κ − 3)Σℓᵢ²)/m,  ℓᵢ the leverage scores, Σℓᵢ² ≤ d.
///
/// The identity holds for
/// * m·n independent entries of mean 0, variance 1/m and kurtosis κ (Gaussian 3, signs 1, very sparse s): each row
///   √m·y of √m·S U is a sum of independent terms, E yyᵀ = I, and E‖y‖⁴ = d² + 2d + (κ − 3)Σℓᵢ²;
/// * columns of norm 1 with independent random signs and E⟨Sⱼ, Sₖ⟩² = 1/m for j ≠ k, with κ = 1: sparse sign sketches
///   with any number of nonzeros a column, CountSketch among them. For columns u, v of U,
///   ⟨Su, Sv⟩ − ⟨u, v⟩ = Σ_{j<k}(uⱼvₖ + uₖvⱼ)⟨Sⱼ, Sₖ⟩ has variance (‖u‖²‖v‖² + ⟨u, v⟩² − 2Σuⱼ²vⱼ²)/m, which summed over
///   u and v is (d² + d − 2Σℓᵢ²)/m;
/// * the SRHT, with κ = 1, where given the signs its rows are independent with E yyᵀ = I: exactly with replacement, and
///   (N − m)/(N − 1) times as much without.
///
/// It bounds from above
/// * the tensor SRHT, with κ = 8d + 1, as E‖y‖⁴ ≤ 9d² for chaoses of order two;
/// * the balanced Gaussian-pooled sketch with pools of s rows, with κ = 3 + (d + 3)/s: given the rotation its rows are
///   N(0, Cᵢ), ΣCᵢ = I, so that E‖(SU)ᵀSU − I‖_F² = E Σ((tr Cᵢ)² + ‖Cᵢ‖_F²).
#[derive(Clone, Debug)]
pub struct MomentEmbedding<D> {
    /// The sketch held against the theorem.
    pub distribution: D,
    /// m, its number of rows.
    pub sketch_rows: usize,
    /// κ.
    pub kurtosis: f64,
    /// d.
    pub ncols: usize,
    /// ε > 0.
    pub epsilon: f64,
}

/// The smallest m for which [`MomentEmbedding`] gives distortion ε with failure probability δ.
///
/// ```
/// use proofsketch::guarantee::moment_embedding_rows;
///
/// // CountSketch: (d² + d)/(ε²δ).
/// assert_eq!(moment_embedding_rows(10, 1.0, 0.5, 0.25), 1760);
/// ```
#[must_use]
pub fn moment_embedding_rows(ncols: usize, kurtosis: f64, epsilon: f64, delta: f64) -> usize {
    (moment(ncols, kurtosis) / (epsilon * epsilon * delta)).ceil() as usize
}

/// m times the largest E‖(SU)ᵀSU − I‖_F² over all d-dimensional spaces.
fn moment(ncols: usize, kurtosis: f64) -> f64 {
    let d = ncols as f64;
    d * d + d + (kurtosis - 3.0).max(0.0) * d
}

impl<D: SketchDistribution> Guarantee for MomentEmbedding<D> {
    type Instance = Subspace;

    const CITATION: Citation = Citation {
        key: "NelsonNguyen2013",
        authors: "J. Nelson and H. L. Nguyễn",
        title: "OSNAP: Faster Numerical Linear Algebra Algorithms via Sparser Subspace Embeddings",
        venue: "54th IEEE Symposium on Foundations of Computer Science",
        year: 2013,
        locator: "Theorem 3, for CountSketch",
    };

    fn hypotheses(&self, space: &Subspace) -> Vec<Hypothesis> {
        let mut hypotheses = space.hypotheses(self.ncols, self.distribution.ncols());
        let epsilon = self.epsilon;
        hypotheses.push(Hypothesis::require("ε > 0", epsilon > 0.0, || format!("ε = {epsilon}")));
        hypotheses.push(Hypothesis::assumed("S has the second moment of kurtosis κ"));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        moment(self.ncols, self.kurtosis) / (self.sketch_rows as f64 * self.epsilon * self.epsilon)
    }

    fn trial(&self, space: &Subspace, key: StreamKey) -> Outcome {
        Outcome { bound: self.epsilon, observed: space.distortion(&self.distribution.sample(key)) }
    }
}
