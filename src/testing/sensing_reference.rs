//! The iterations of matrix sensing from their definitions, and mutants of them: what theorems are held against beside the
//! solvers.

use crate::linalg::SymmetricEigen;
use crate::random::{StreamKey, normal_matrix};
use crate::sensing::{LowRankTruth, MeasurementMap, MeasurementNoise, PackedGaussian, SensingInstance};
use nalgebra::{DMatrix, DVector};

/// X★ with eigenvalues 10, 5, 1.
///
/// # Panics
/// Below three dimensions.
#[must_use]
pub fn ten_five_one(dim: usize, key: StreamKey) -> LowRankTruth {
    LowRankTruth::psd(dim, &[10.0, 5.0, 1.0], key.named("truth")).expect("three dimensions or more")
}

/// X★ measured m times by a Gaussian map, both drawn by the key.
///
/// # Panics
/// For m = 0.
#[must_use]
pub fn measured(truth: &LowRankTruth, m: usize, noise: &MeasurementNoise, key: StreamKey) -> SensingInstance {
    let map = PackedGaussian::draw(truth.shape().0, m, key.named("map")).expect("a measurement or more");
    SensingInstance::measure(truth.clone(), Box::new(map), noise, key.named("noise"))
        .expect("a map of the shape of the truth")
}

/// U₀, …, U_T of U ← U − η(UUᵀ − X★)U.
#[must_use]
pub fn population_descent(
    truth: &LowRankTruth,
    start: &DMatrix<f64>,
    eta: f64,
    steps: usize,
) -> Vec<DMatrix<f64>> {
    let step = |u: &DMatrix<f64>| u - (u * u.transpose() - truth.matrix()) * u * eta;
    std::iter::successors(Some(start.clone()), |u| Some(step(u))).take(steps + 1).collect()
}

/// U₀ = α L√D₊ for the r′ leading eigenpairs of (1/m) Σ weight(yᵢ)(Aᵢ + Aᵢᵀ)/2.
///
/// # Panics
/// If the data are not finite.
#[must_use]
pub fn leading_start(
    instance: &SensingInstance,
    weight: fn(f64) -> f64,
    rank: usize,
    alpha: f64,
) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(&instance.map.adjoint(&instance.y.map(weight))).expect("finite data");
    let dim = eigen.eigenvalues.len();
    DMatrix::from_fn(dim, rank, |i, j| {
        let last = dim - 1 - j;
        alpha * eigen.eigenvectors[(i, last)] * eigen.eigenvalues[last].max(0.0).sqrt()
    })
}

/// The subgradient method with steps ηρᵗ/‖Q‖ that are `weight`ed: by the sign, or by what a mutant puts in its place.
#[derive(Clone, Copy, Debug)]
pub struct Geometric {
    /// η.
    pub eta: f64,
    /// ρ.
    pub decay: f64,
    /// What takes the place of the sign of a residual.
    pub weight: fn(f64) -> f64,
}

impl Geometric {
    /// U₀, …, U_T for data y.
    pub fn iterates(
        &self,
        map: &dyn MeasurementMap,
        y: &DVector<f64>,
        start: DMatrix<f64>,
        steps: usize,
    ) -> Vec<DMatrix<f64>> {
        let mut iterates = vec![start];
        for t in 0..steps {
            let u = &iterates[t];
            let q = map.adjoint(&(map.apply(&(u * u.transpose())) - y).map(self.weight));
            let norm = SymmetricEigen::new(&q).map_or(f64::NAN, |eigen| eigen.eigenvalues.amax());
            let step = 2.0 * self.eta * self.decay.powi(t as i32) / norm;
            let next = u - q * u * step;
            iterates.push(next);
        }
        iterates
    }
}

/// ‖UUᵀ − X★‖_F along iterates.
#[must_use]
pub fn errors(truth: &LowRankTruth, iterates: &[DMatrix<f64>]) -> Vec<f64> {
    iterates.iter().map(|u| truth.frobenius_error(&(u * u.transpose()))).collect()
}

/// F₀ = αF̃ and G₀ = cαG̃ of independent N(0, 1) entries.
#[must_use]
pub fn imbalanced_start(
    (n, k): (usize, usize),
    alpha: f64,
    ratio: f64,
    key: StreamKey,
) -> (DMatrix<f64>, DMatrix<f64>) {
    (normal_matrix(n, k, key.named("f")) * alpha, normal_matrix(n, k, key.named("g")) * (alpha * ratio))
}

/// (F₀, G₀), …, (F_T, G_T) of F ← F − ηZG, G ← G − ηZᵀF with Z = (1/m)𝒜*(𝒜(FGᵀ) − y); one after the other, G by the new F, if
/// not `simultaneous`.
#[must_use]
pub fn asymmetric_descent(
    instance: &SensingInstance,
    start: (DMatrix<f64>, DMatrix<f64>),
    eta: f64,
    steps: usize,
    simultaneous: bool,
) -> Vec<(DMatrix<f64>, DMatrix<f64>)> {
    let z = |f: &DMatrix<f64>, g: &DMatrix<f64>| {
        instance.map.adjoint(&(instance.map.apply(&(f * g.transpose())) - &instance.y))
    };
    let step = |(f, g): &(DMatrix<f64>, DMatrix<f64>)| {
        let gradient = z(f, g);
        let next = f - &gradient * g * eta;
        let second =
            if simultaneous { g - gradient.tr_mul(f) * eta } else { g - z(&next, g).tr_mul(&next) * eta };
        (next, second)
    };
    std::iter::successors(Some(start), |pair| Some(step(pair))).take(steps + 1).collect()
}
