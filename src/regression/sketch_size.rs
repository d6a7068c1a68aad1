use super::Error;
use crate::guarantee::student_t_tail;

/// Largest number of rows that a rule is asked to find.
const ROWS_LIMIT: usize = 1 << 40;

/// How many rows m a sketch of A ∈ ℝⁿˣᵈ takes.
///
/// The target of the rules with ε and δ is ‖x′ − x★‖_∞ ≤ (ε/√d)·‖A x★ − b‖₂·‖A⁺‖₂ with probability 1 − δ.
///
/// ```
/// use proofsketch::regression::SketchSize;
///
/// let rows = SketchSize::GaussianExact { epsilon: 0.5, delta: 0.1 }.rows(1 << 20, 32)?;
/// assert_eq!(rows, 1154);
/// assert_eq!(SketchSize::Ratio(12.0).rows(1 << 20, 32)?, 384);
/// # Ok::<(), proofsketch::regression::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SketchSize {
    /// m itself.
    Explicit(usize),
    /// m = ⌈c·d⌉.
    Ratio(f64),
    /// The smallest m ≥ d + 1 with 2d·Pr[t_{m−d+1} > ε√((m−d+1)/d)] ≤ δ: enough for a Gaussian sketch on every
    /// problem of full column rank, by the exact Student law of each coordinate and a union bound.
    GaussianExact {
        /// ε > 0.
        epsilon: f64,
        /// 0 < δ < 1.
        delta: f64,
    },
    /// m = ⌈c·ε⁻²·d·ln³(n/δ)⌉: the form of Theorem 1.1 of Song, Ye, Yin and Zhang (ICML 2023), whose constant is
    /// hidden. See the [front page](super) for the status of its proof. At c = 1 it exceeds n on most data.
    Paper {
        /// ε > 0.
        epsilon: f64,
        /// 0 < δ < 1.
        delta: f64,
        /// c > 0, which the theorem does not state.
        constant: f64,
    },
}

impl SketchSize {
    /// m for n = `nrows` rows and d = `ncols` columns of data; it may exceed n.
    ///
    /// # Errors
    /// [`Error::Setting`] for a constant out of its range, [`Error::SketchTooSmall`] for m < d.
    pub fn rows(self, nrows: usize, ncols: usize) -> Result<usize, Error> {
        let d = ncols as f64;
        let rows = match self {
            Self::Explicit(rows) => rows,
            Self::Ratio(ratio) => {
                positive("ratio", ratio)?;
                ceiling(ratio * d)
            }
            Self::GaussianExact { epsilon, delta } => {
                positive("epsilon", epsilon)?;
                probability(delta)?;
                gaussian_rows(ncols, epsilon, delta)
            }
            Self::Paper { epsilon, delta, constant } => {
                positive("epsilon", epsilon)?;
                positive("constant", constant)?;
                probability(delta)?;
                ceiling(constant / (epsilon * epsilon) * d * (nrows as f64 / delta).ln().powi(3))
            }
        };
        if rows < ncols.max(1) {
            return Err(Error::SketchTooSmall { sketch_rows: rows, ncols });
        }
        Ok(rows)
    }
}

/// 2d·Pr[t_{m−d+1} > ε√((m−d+1)/d)]: bounds the failure probability of a Gaussian sketch with m rows.
///
/// Source: the exact law of a coordinate, x′ᵢ − x★ᵢ = ‖r‖·√(Cᵢᵢ/(m−d+1))·t_{m−d+1} with C = (AᵀA)⁻¹; as
/// √Cᵢᵢ ≤ ‖A⁺‖₂, coordinate i misses the target only if |t| > ε√((m−d+1)/d).
#[must_use]
pub fn gaussian_failure_bound(sketch_rows: usize, ncols: usize, epsilon: f64) -> f64 {
    if sketch_rows < ncols {
        return 1.0;
    }
    let freedom = (sketch_rows - ncols + 1) as f64;
    let d = ncols as f64;
    (d * student_t_tail(epsilon * (freedom / d).sqrt(), freedom)).min(1.0)
}

/// The bound falls with m, so doubling and bisection find the smallest m.
fn gaussian_rows(ncols: usize, epsilon: f64, delta: f64) -> usize {
    let enough = |rows| gaussian_failure_bound(rows, ncols, epsilon) <= delta;
    let mut low = ncols;
    let mut high = ncols + 1;
    while !enough(high) && high < ROWS_LIMIT {
        low = high;
        high *= 2;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle) { high = middle } else { low = middle }
    }
    high
}

fn positive(name: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(Error::Setting { name, value, range: "a finite number > 0" })
}

fn probability(delta: f64) -> Result<(), Error> {
    if delta > 0.0 && delta < 1.0 {
        return Ok(());
    }
    Err(Error::Setting { name: "delta", value: delta, range: "0 < δ < 1" })
}

fn ceiling(rows: f64) -> usize {
    rows.ceil().min(ROWS_LIMIT as f64) as usize
}
