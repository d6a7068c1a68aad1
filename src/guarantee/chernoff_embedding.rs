use super::{Citation, Guarantee, Hypothesis, Outcome, Subspace};
use crate::random::StreamKey;
use crate::sketch::{RowSampling, SketchDistribution};

/// The matrix Chernoff bound: independent positive semidefinite X₁, X₂, … ∈ ℝᵈˣᵈ with ‖Xᵢ‖ ≤ R and E ΣXᵢ = I have
/// ‖ΣXᵢ − I‖₂ ≥ ε with probability at most
/// d·[e^{−ε}/(1−ε)^{1−ε}]^{1/R} + d·[e^ε/(1+ε)^{1+ε}]^{1/R}, the first term only for ε < 1.
///
/// `repetitions` = 1/R. Terms that are certain may be cut into pieces, so that only the random ones count for R.
///
/// Source: Tropp, Foundations of Computational Mathematics 12 (2012), Theorem 1.1.
///
/// ```
/// use proofsketch::guarantee::matrix_chernoff;
///
/// assert!((matrix_chernoff(4, 0.5, 100.0) - 4.0 * ((-15.343_f64).exp() + (-10.820_f64).exp())).abs() < 1e-7);
/// ```
#[must_use]
pub fn matrix_chernoff(d: usize, epsilon: f64, repetitions: f64) -> f64 {
    let above = epsilon - (1.0 + epsilon) * epsilon.ln_1p();
    let below = if epsilon < 1.0 {
        -epsilon - (1.0 - epsilon) * (-epsilon).ln_1p()
    } else if epsilon == 1.0 {
        -1.0
    } else {
        f64::NEG_INFINITY
    };
    d as f64 * ((repetitions * below).exp() + (repetitions * above).exp())
}

/// The SRHT embeds every d-dimensional space with distortion ε but with probability
/// 1/β + Chernoff(d, ε, m/M), M = (√d + √(8 ln(βN)))², for every β > 1; the least over β is taken.
///
/// Signs and Hadamard transform make all N rows of √N·H D U shorter than √M but with probability 1/β: the length of
/// one is a convex 1-Lipschitz function of the signs with mean at most √d. Given that, the m sampled rows of S U, with
/// or without replacement, are a matrix Chernoff sum with R = M/m.
///
/// The theorem takes β = d and m ≥ 4(√d + √(8 ln(dN)))² ln d, and states that the singular values lie in [0.40, 1.48]
/// but with probability O(1/d); here m and ε are free, and the constant of the O is kept.
#[derive(Clone, Debug)]
pub struct SrhtEmbedding<D> {
    /// The sketch held against the theorem.
    pub distribution: D,
    /// m, its number of rows.
    pub sketch_rows: usize,
    /// d.
    pub ncols: usize,
    /// ε > 0.
    pub epsilon: f64,
}

impl<D: SketchDistribution> Guarantee for SrhtEmbedding<D> {
    type Instance = Subspace;

    const CITATION: Citation = Citation {
        key: "Tropp2011",
        authors: "J. A. Tropp",
        title: "Improved Analysis of the Subsampled Randomized Hadamard Transform",
        venue: "Advances in Adaptive Data Analysis 3",
        year: 2011,
        locator: "Theorem 1.3, with the constants of its proof",
    };

    fn hypotheses(&self, space: &Subspace) -> Vec<Hypothesis> {
        let mut hypotheses = space.hypotheses(self.ncols, self.distribution.ncols());
        let epsilon = self.epsilon;
        hypotheses.push(Hypothesis::require("ε > 0", epsilon > 0.0, || format!("ε = {epsilon}")));
        hypotheses.push(Hypothesis::assumed("S = √(N/m) P H D"));
        hypotheses
    }

    /// β runs over the powers of 2^(1/4) up to 2¹⁰⁰. N is the ambient dimension, zero-padded to a power of two.
    fn failure_probability(&self) -> f64 {
        let d = self.ncols as f64;
        let padded = self.distribution.ncols().next_power_of_two() as f64;
        let total = |beta: f64| {
            let longest = (d.sqrt() + (8.0 * (beta * padded).ln()).sqrt()).powi(2);
            1.0 / beta + matrix_chernoff(self.ncols, self.epsilon, self.sketch_rows as f64 / longest)
        };
        (1..=400).map(|quarters| total((f64::from(quarters) / 4.0).exp2())).fold(f64::INFINITY, f64::min)
    }

    fn trial(&self, space: &Subspace, key: StreamKey) -> Outcome {
        Outcome { bound: self.epsilon, observed: space.distortion(&self.distribution.sample(key)) }
    }
}

/// Row sampling by leverage scores embeds a d-dimensional space with distortion ε but with probability
/// Chernoff(d, ε, c), if row i is kept with probability qᵢ ≥ min(1, c·ℓᵢ).
///
/// (SU)ᵀSU = Σ(bᵢ/qᵢ)uᵢuᵢᵀ over the rows uᵢ of U, bᵢ the independent indicators of the kept rows; a random term has
/// norm at most ℓᵢ/qᵢ ≤ 1/c. The expected number of rows is at most c·d.
#[derive(Clone, Debug)]
pub struct LeverageSamplingEmbedding {
    /// The sampling held against the theorem, p = 2.
    pub distribution: RowSampling,
    /// c, the oversampling.
    pub oversampling: f64,
    /// d.
    pub ncols: usize,
    /// ε > 0.
    pub epsilon: f64,
}

impl Guarantee for LeverageSamplingEmbedding {
    type Instance = Subspace;

    const CITATION: Citation = Citation {
        key: "Tropp2012",
        authors: "J. A. Tropp",
        title: "User-Friendly Tail Bounds for Sums of Random Matrices",
        venue: "Foundations of Computational Mathematics 12",
        year: 2012,
        locator: "Theorem 1.1",
    };

    fn hypotheses(&self, space: &Subspace) -> Vec<Hypothesis> {
        let mut hypotheses = space.hypotheses(self.ncols, self.distribution.ncols());
        let scores = space.leverage_scores();
        let probabilities = self.distribution.probabilities();
        let short = scores.iter().zip(probabilities).position(|(score, &probability)| {
            probability < (self.oversampling * score).min(1.0) * (1.0 - 1e-12)
        });
        hypotheses.push(match short {
            None => Hypothesis::holds("qᵢ ≥ min(1, c·ℓᵢ)"),
            Some(i) => Hypothesis::fails(
                "qᵢ ≥ min(1, c·ℓᵢ)",
                format!("q = {} and c·ℓ = {} at row {i}", probabilities[i], self.oversampling * scores[i]),
            ),
        });
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        matrix_chernoff(self.ncols, self.epsilon, self.oversampling)
    }

    fn trial(&self, space: &Subspace, key: StreamKey) -> Outcome {
        Outcome { bound: self.epsilon, observed: space.distortion(&self.distribution.sample(key)) }
    }
}
