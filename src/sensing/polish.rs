use super::{
    Error, MatrixSensing, ScaledSubgradientSettings, SubgradientRecord, SymmetricFactor, SymmetricStart,
    scaled_subgradient_method,
};
use crate::linalg::Svd;
use crate::random::StreamKey;
use crate::solve::Report;

/// Eigenvalues below this share of the first are no candidates for the last that is kept.
const NEGLIGIBLE: f64 = 1e-6;

/// Removes the error that the small start of [`subgradient_method`](super::subgradient_method) leaves: the rank r̂ is read off
/// U Uᵀ at the largest ratio of consecutive eigenvalues, and the scaled subgradient method continues from the best
/// approximation of rank r̂. An extension of this library.
///
/// `settings` gives steps and tolerance; its rank and start are not used. A `first_step` of the order of the error of U Uᵀ
/// relative to ‖X★‖_F suffices.
///
/// # Errors
/// [`Error::Shape`] if U has other than d rows, [`Error::NotSquare`], [`Error::Setting`], [`Error::Factorization`].
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{
///     Corruption, LowRankTruth, MatrixSensing, MeasurementMap, OutlierLaw, PackedGaussian, ScaledSubgradientSettings,
///     SubgradientSettings, polish, subgradient_method,
/// };
///
/// let key = StreamKey::from_seed(2);
/// let truth = LowRankTruth::psd(20, &[2.0, 1.5, 1.0], key.named("truth"))?;
/// let map = PackedGaussian::draw(20, 600, key.named("map"))?;
/// let outliers = Corruption { fraction: 0.1, law: OutlierLaw::Normal { deviation: 10.0 } };
/// let y = outliers.added_to(&map.apply(truth.matrix()), key)?;
/// let problem = MatrixSensing::new(&map, &y)?;
/// let rough = subgradient_method(&problem, &SubgradientSettings::for_problem(&problem, 20), key)?.solution;
/// let settings = ScaledSubgradientSettings { first_step: 0.05, ..ScaledSubgradientSettings::default() };
/// let polished = polish(&problem, &rough, &settings)?.solution;
/// assert_eq!(polished.u.ncols(), 3);
/// assert!(truth.frobenius_error(&polished.matrix()) < 1e-12);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn polish(
    problem: &MatrixSensing<'_>,
    rough: &SymmetricFactor,
    settings: &ScaledSubgradientSettings,
) -> Result<Report<SymmetricFactor, SubgradientRecord>, Error> {
    let (found, needed) = (rough.u.shape(), (problem.shape().0, rough.u.ncols()));
    if found != needed {
        return Err(Error::Shape { what: "the rough factor", found, needed });
    }
    let svd = Svd::new(&rough.u)?;
    let rank = revealed_rank(svd.singular_values.as_slice());
    let mut u = svd.u.columns(0, rank).into_owned();
    for (mut column, &value) in u.column_iter_mut().zip(&svd.singular_values) {
        column *= value;
    }
    let settings = ScaledSubgradientSettings { rank, start: SymmetricStart::Given(u), ..settings.clone() };
    scaled_subgradient_method(problem, &settings, StreamKey::from_seed(0))
}

/// The r with the largest σᵣ²/σᵣ₊₁² among those of σᵣ² ≥ 10⁻⁶σ₁².
fn revealed_rank(singular_values: &[f64]) -> usize {
    let squared: Vec<f64> = singular_values.iter().map(|value| value * value).collect();
    let floor = f64::EPSILON * squared[0];
    let candidates = 0..squared.iter().take_while(|&&value| value >= NEGLIGIBLE * squared[0]).count();
    let ratio = |j: usize| squared[j] / squared.get(j + 1).copied().unwrap_or(floor).max(floor);
    candidates.max_by(|&i, &j| ratio(i).total_cmp(&ratio(j))).map_or(1, |last| last + 1)
}
