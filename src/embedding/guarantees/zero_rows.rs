use crate::embedding::{Graph, Projection, Settings};
use crate::guarantee::{Citation, Hypothesis, binomial_test};

/// Pr\[a row of R is zero\] = (1 − 1/s)ᵈ: each of its d entries is zero with probability 1 − 1/s, independently.
///
/// The number of zero rows among N is therefore Binomial(N, (1 − 1/s)ᵈ), exactly. d ≥ s ln(1/p) keeps the expected fraction
/// below p.
///
/// ```
/// use proofsketch::embedding::ZeroRows;
///
/// // BlogCatalog, s = √10312: more than half of the rows of R are zero at d = 64, one in 160 at d = 512.
/// let s = 10312_f64.sqrt();
/// assert!((ZeroRows { sparsity: s, dim: 64 }.probability() - 0.531).abs() < 5e-4);
/// assert!((ZeroRows { sparsity: s, dim: 512 }.probability() - 0.0063).abs() < 5e-5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZeroRows {
    /// s.
    pub sparsity: f64,
    /// d.
    pub dim: usize,
}

impl ZeroRows {
    /// Where the statement stands.
    pub const CITATION: Citation = Citation {
        key: "FastRpZeroRows",
        authors: "proofsketch",
        title: "The number of zero rows of a very sparse projection is binomial",
        venue: "documentation of this type",
        year: 2026,
        locator: "independence of the entries",
    };

    /// The statement for these settings on this graph; the failing hypothesis where R is not very sparse.
    ///
    /// # Errors
    /// The hypothesis that R is very sparse, for Gaussian rows: none of them is zero.
    pub fn of(settings: &Settings, graph: &Graph) -> Result<Self, Hypothesis> {
        match settings.projection {
            Projection::VerySparse { sparsity } => {
                let sparsity = sparsity.unwrap_or((graph.node_count() as f64).sqrt());
                Ok(Self { sparsity, dim: settings.dim })
            }
            Projection::Gaussian { .. } => Err(Hypothesis::fails("R is very sparse", "it is Gaussian")),
        }
    }

    /// (1 − 1/s)ᵈ.
    #[must_use]
    pub fn probability(&self) -> f64 {
        (self.dim as f64 * (-1.0 / self.sparsity).ln_1p()).exp()
    }

    /// The exact two-sided p-value of `zeros` zero rows among `rows` rows, of any number of independent draws.
    #[must_use]
    pub fn p_value(&self, zeros: u64, rows: u64) -> f64 {
        binomial_test(zeros, rows, self.probability())
    }

    /// Pr\[xᵀR = 0\] for a row x of M or of another matrix, exact if its nonzero entries have one magnitude, as in the
    /// transition matrix of an unweighted graph with β = 0; otherwise a lower bound that leaves out cancellations between
    /// entries of different magnitudes.
    ///
    /// For c entries of one magnitude a coordinate vanishes if as many of them meet +1 as −1:
    /// Σ_j c!/(j!²(c − 2j)!)·(1/2s)²ʲ(1 − 1/s)^(c−2j).
    #[must_use]
    pub fn combined_probability(&self, x: &[f64]) -> f64 {
        let mut magnitudes: Vec<f64> = x.iter().map(|value| value.abs()).filter(|&m| m > 0.0).collect();
        magnitudes.sort_unstable_by(f64::total_cmp);
        let groups = magnitudes.chunk_by(|a, b| a == b);
        let coordinate: f64 = groups.map(|group| self.balance_probability(group.len()).ln()).sum();
        (self.dim as f64 * coordinate).exp()
    }

    /// Pr\[as many +1 as −1 among c independent signs of density 1/s\], summed from its ratios of terms.
    fn balance_probability(&self, count: usize) -> f64 {
        let zero = 1.0 - 1.0 / self.sparsity;
        if zero == 0.0 {
            return central_binomial(count);
        }
        let odds = (0.5 / self.sparsity / zero).powi(2);
        let c = count as f64;
        let mut logarithm = c * zero.ln();
        let mut sum = 0.0;
        for j in 0..=count / 2 {
            sum += logarithm.exp();
            let (j, left) = (j as f64 + 1.0, c - 2.0 * j as f64);
            logarithm += (left * (left - 1.0) / (j * j) * odds).ln();
        }
        sum
    }
}

/// C(c, c/2)/2ᶜ, zero for odd c.
fn central_binomial(count: usize) -> f64 {
    if count % 2 == 1 {
        return 0.0;
    }
    (1..=count / 2).map(|j| (2.0 * j as f64 - 1.0) / (2.0 * j as f64)).product()
}
