//! How far a weighted subset of the rows is from the whole, over all directions.

mod ascent;
mod ratio;
mod starts;
mod vertices;

use nalgebra::{DMatrix, DVector};

use self::ascent::{Found, Side, ascend};
use self::ratio::{Power, Ratio};
use self::starts::starts;
use self::vertices::ascend_vertices;
use super::error::check_exponent;
use super::{Coreset, Error, RowBasis};
use crate::linalg::{SymmetricEigen, gram};
use crate::random::{StreamKey, normal_matrix};

/// Directions drawn at once.
const DRAW: usize = 64;

/// How the directions of extreme ratio are sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DistortionSettings {
    /// Ascents from Gaussian directions, on either side.
    pub gaussian_starts: usize,
    /// Ascents from the heaviest rows: kept ones on the upper side, dropped ones on the lower.
    pub heavy_starts: usize,
    /// Steps of every ascent before the best are chosen.
    pub screening: usize,
    /// How many of the best go on.
    pub refined: usize,
    /// Their further steps at most.
    pub max_iterations: usize,
    /// An ascent ends when five steps in a row each gain less than this in ln ρ.
    pub tol: f64,
    /// At p = 1, exchanges of vertices at most that end an ascent.
    pub exchanges: usize,
    /// Gaussian directions whose ratios are looked at besides, to tell how much less they see.
    pub random_directions: usize,
}

impl Default for DistortionSettings {
    fn default() -> Self {
        Self {
            gaussian_starts: 10,
            heavy_starts: 10,
            screening: 15,
            refined: 6,
            max_iterations: 200,
            tol: 1e-8,
            exchanges: 50,
            random_directions: 0,
        }
    }
}

/// A ratio ρ(x) and the direction where it is found.
#[derive(Clone, Debug, PartialEq)]
pub struct RatioWitness {
    /// ρ(x).
    pub ratio: f64,
    /// x ∈ ℝʳ, of norm 1, in the coordinates of the basis: Qx is a vector of the column space.
    pub direction: DVector<f64>,
}

/// The range of ρ(x) = Σ Wᵢ|aᵢᵀx|ᵖ / ‖Ax‖ₚᵖ that was seen over the directions x.
///
/// Each end is the ratio at a direction that is given with it. So [`distortion`](Self::distortion) is a *lower* bound on
/// the distortion of the subset, certain but for rounding; it is the distortion itself where `exact` says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Distortion {
    /// The least ratio seen.
    pub lower: RatioWitness,
    /// The largest ratio seen.
    pub upper: RatioWitness,
    /// Whether both are the extremes over all directions: p = 2, one dimension, or a space of which nothing is kept.
    pub exact: bool,
    /// Least and largest ratio over the Gaussian directions that the settings ask for.
    pub random: Option<(f64, f64)>,
}

impl Distortion {
    /// max(ρ_max − 1, 1 − ρ_min), of p-th powers of norms.
    #[must_use]
    pub fn distortion(&self) -> f64 {
        (self.upper.ratio - 1.0).max(1.0 - self.lower.ratio)
    }
}

/// The distortion of the weighted rows Wᵢ ≥ 0 of A, zero for those dropped, in ℓp: how far
/// ρ(x) = Σ Wᵢ|aᵢᵀx|ᵖ / Σ |aᵢᵀx|ᵖ is from 1 over all x with Ax ≠ 0.
///
/// * p = 2: exact, from the extreme eigenvalues of QᵀWQ. Cost nr².
/// * Otherwise ρ has many local extremes. They are sought by limited-memory BFGS ascents of ±ln ρ from several
///   directions, and at p = 1, where extremes are directions that r − 1 rows vanish on, by exchanges of such rows. What
///   is found bounds the distortion from below. Cost nr a step and start.
/// * A weighted subset of lower rank than A has ρ_min = 0.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{DistortionSettings, RowBasis, weighted_distortion};
///
/// // Rows (1, 0), (0, 1), (1, 1); the last is dropped.
/// let basis = RowBasis::new(&dmatrix![1.0, 0.0; 0.0, 1.0; 1.0, 1.0])?;
/// let settings = DistortionSettings::default();
/// let seen = weighted_distortion(&basis, &[1.0, 1.0, 0.0], 1.0, &settings, StreamKey::from_seed(1))?;
/// // (|x| + |y|)/(|x| + |y| + |x + y|) is least where x = y and largest where x = −y.
/// assert!((seen.lower.ratio - 0.5).abs() < 1e-12 && (seen.upper.ratio - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Exponent`] unless 0 < p < ∞; [`Error::Length`] for other than n weights; [`Error::Score`] with the first
/// that is negative or not finite; [`Error::Factorization`].
pub fn weighted_distortion(
    basis: &RowBasis,
    weights: &[f64],
    p: f64,
    settings: &DistortionSettings,
    key: StreamKey,
) -> Result<Distortion, Error> {
    check(basis, weights, p)?;
    let q = basis.q();
    let spectrum = spectrum(q, weights)?;
    let ratio = Ratio { q, weights, power: Power::new(p) };
    let order = q.ncols();
    let ends = [(Side::Lower, 0), (Side::Upper, order - 1)];
    let [lower, upper] = ends.map(|(side, j)| {
        let direction = spectrum.eigenvectors.column(j).into_owned();
        let at_eigenvector = Found { ratio: values_at(&ratio, &direction), direction };
        if p == 2.0 {
            return Found { ratio: spectrum.eigenvalues[j].max(0.0), ..at_eigenvector };
        }
        if side == Side::Lower && is_singular(&spectrum, q.nrows()) {
            return Found { ratio: 0.0, ..at_eigenvector };
        }
        if order == 1 { at_eigenvector } else { seek(&ratio, &spectrum, side, settings, key) }
    });
    let nothing = weights.iter().all(|&weight| weight == 0.0);
    let random = (settings.random_directions > 0)
        .then(|| random_range(&ratio, settings.random_directions, key.named("random directions")));
    let (mut lower, mut upper) = (lower, upper);
    if let Some((least, most)) = random.as_ref().filter(|_| p != 2.0) {
        lower = if Side::Lower.prefers(least.ratio, lower.ratio) { least.clone() } else { lower };
        upper = if Side::Upper.prefers(most.ratio, upper.ratio) { most.clone() } else { upper };
    }
    let random = random.map(|(least, most)| (least.ratio, most.ratio));
    Ok(Distortion {
        lower: witness(lower),
        upper: witness(upper),
        exact: p == 2.0 || order == 1 || nothing,
        random,
    })
}

/// [`weighted_distortion`] of a coreset, in the norm that it was drawn for.
///
/// # Errors
/// [`Error::Length`] for a coreset of a matrix with another number of rows; [`Error::Factorization`].
pub fn distortion(
    basis: &RowBasis,
    coreset: &Coreset,
    settings: &DistortionSettings,
    key: StreamKey,
) -> Result<Distortion, Error> {
    let mut weights = vec![0.0; coreset.nrows()];
    coreset.indices().iter().zip(coreset.weights()).for_each(|(&i, &weight)| weights[i] = weight);
    weighted_distortion(basis, &weights, coreset.norm_exponent(), settings, key)
}

fn check(basis: &RowBasis, weights: &[f64], p: f64) -> Result<(), Error> {
    check_exponent(p, |p| p > 0.0, "0 < p < ∞")?;
    let nrows = basis.nrows();
    if weights.len() != nrows {
        return Err(Error::Length { what: "weights", found: weights.len(), nrows });
    }
    match weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        Some(row) => Err(Error::Score { row, value: weights[row] }),
        None => Ok(()),
    }
}

/// The eigendecomposition of QᵀWQ.
fn spectrum(q: &DMatrix<f64>, weights: &[f64]) -> Result<SymmetricEigen, Error> {
    let kept: Vec<usize> = (0..q.nrows()).filter(|&i| weights[i] > 0.0).collect();
    let scaled = DMatrix::from_fn(kept.len(), q.ncols(), |i, j| weights[kept[i]].sqrt() * q[(kept[i], j)]);
    Ok(SymmetricEigen::new(&gram(&scaled))?)
}

/// Whether the kept rows span less than the column space, up to rounding.
fn is_singular(spectrum: &SymmetricEigen, nrows: usize) -> bool {
    let eigenvalues = &spectrum.eigenvalues;
    eigenvalues.min() <= nrows as f64 * f64::EPSILON * eigenvalues.max()
}

/// The best of all ascents on one side.
fn seek(
    ratio: &Ratio<'_>,
    spectrum: &SymmetricEigen,
    side: Side,
    settings: &DistortionSettings,
    key: StreamKey,
) -> Found {
    let name = if side == Side::Upper { "upper" } else { "lower" };
    let counts = (settings.gaussian_starts, settings.heavy_starts);
    let starts = starts(ratio.q, ratio.weights, spectrum, side, counts, key.named(name));
    let steps = (settings.screening, settings.refined, settings.max_iterations);
    let ascended = ascend(ratio, &starts, side, steps, settings.tol);
    let ended = ascended.into_iter().map(|found| {
        if ratio.power.exponent == 1.0 {
            ascend_vertices(ratio, found, side, settings.exchanges)
        } else {
            found
        }
    });
    let best = ended.reduce(|best, found| if side.prefers(found.ratio, best.ratio) { found } else { best });
    best.expect("the eigenvectors are among the starts")
}

fn values_at(ratio: &Ratio<'_>, direction: &DVector<f64>) -> f64 {
    ratio.values(&DMatrix::from_column_slice(direction.len(), 1, direction.as_slice()))[0]
}

/// The Gaussian directions of least and of largest ratio.
fn random_range(ratio: &Ratio<'_>, count: usize, key: StreamKey) -> (Found, Found) {
    let nothing = |ratio| Found { ratio, direction: DVector::zeros(0) };
    let (mut least, mut most) = (nothing(f64::INFINITY), nothing(f64::NEG_INFINITY));
    for (i, first) in (0..count).step_by(DRAW).enumerate() {
        let directions = normal_matrix(ratio.q.ncols(), DRAW.min(count - first), key.indexed(i as u64));
        for (j, value) in ratio.values(&directions).into_iter().enumerate() {
            let found = || Found { ratio: value, direction: directions.column(j).normalize() };
            least = if value < least.ratio { found() } else { least };
            most = if value > most.ratio { found() } else { most };
        }
    }
    (least, most)
}

fn witness(found: Found) -> RatioWitness {
    RatioWitness { ratio: found.ratio, direction: found.direction }
}
