//! Draws of rows and how they are measured, shared by the figures.

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    Distortion, DistortionSettings, Error, LewisSettings, RowBasis, lewis_weights, weighted_distortion,
};
use proofsketch::sketch::{RowSampling, SketchDistribution};

/// A search from fewer directions than the default, where only its order of size counts.
pub const QUICK: DistortionSettings = DistortionSettings {
    gaussian_starts: 6,
    heavy_starts: 6,
    screening: 12,
    refined: 3,
    max_iterations: 80,
    tol: 1e-6,
    exchanges: 5,
    random_directions: 0,
};

/// wᵢ at p.
pub fn lewis(basis: &RowBasis, p: f64) -> Result<Vec<f64>, Error> {
    let settings = LewisSettings { tolerance: 1e-6, ..LewisSettings::default() };
    Ok(lewis_weights(basis, p, &settings)?.solution.weights)
}

/// Wᵢ = 1/qᵢ of the kept rows of one draw, zero for the others.
pub fn draw(sampling: &RowSampling, key: StreamKey) -> Vec<f64> {
    let probabilities = sampling.probabilities();
    let mut weights = vec![0.0; probabilities.len()];
    sampling.sample(key).kept().iter().for_each(|&i| weights[i] = 1.0 / probabilities[i]);
    weights
}

/// The 2ᵈ patterns of d signs. The matrix that has each of them equally often as a row is flat: a change of signs of
/// columns takes any row to any other, so that every score is the same for all.
pub fn sign_patterns(d: usize) -> DMatrix<f64> {
    DMatrix::from_fn(1 << d, d, |i, j| if i >> j & 1 == 0 { 1.0 } else { -1.0 })
}

/// Wᵢ of a draw of rows that repeat `patterns` rows in turn, as the mean over the copies of each pattern: the ratio of all
/// rows with the one is that of the patterns with the other.
pub fn merged_draw(sampling: &RowSampling, patterns: usize, key: StreamKey) -> Vec<f64> {
    let weights = draw(sampling, key);
    let copies = (weights.len() / patterns) as f64;
    let mut merged = vec![0.0; patterns];
    weights.iter().enumerate().for_each(|(i, weight)| merged[i % patterns] += weight / copies);
    merged
}

/// The distortion of one draw.
pub fn measure(
    basis: &RowBasis,
    sampling: &RowSampling,
    settings: &DistortionSettings,
    key: StreamKey,
) -> Result<Distortion, Error> {
    let weights = draw(sampling, key.named("draw"));
    weighted_distortion(basis, &weights, sampling.norm_exponent(), settings, key.named("search"))
}

/// x where the piecewise linear curve through the points, on logarithmic axes, first reaches `level` from above.
pub fn crossing(points: &[(f64, f64)], level: f64) -> Option<f64> {
    points.windows(2).find_map(|pair| {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        let reaches = y0 > level && y1 <= level;
        let share = (level.ln() - y0.ln()) / (y1.ln() - y0.ln());
        reaches.then(|| (x0.ln() + share * (x1.ln() - x0.ln())).exp())
    })
}
