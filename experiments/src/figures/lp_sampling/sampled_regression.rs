//! Regressions on samples of rows and their excess.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sampling::{
    RowBasis, RowScores, SamplingPlan, SensitivitySettings, sensitivities_to_factor,
};
use proofsketch::solve::{LpRegression, LpRegressionSettings, lp_regression};

use super::sampling::lewis;
use crate::error::Fault;

pub const NORMAL: &str = "normal noise";
pub const CAUCHY: &str = "Cauchy noise";
pub const UNIFORM: &str = "uniform";
pub const LEVERAGE: &str = "leverage";
pub const ROOT: &str = "root leverage";
pub const LEWIS: &str = "Lewis";
pub const SENSITIVITY: &str = "sensitivity";
/// Sensitivities up to this factor.
const FACTOR: f64 = 2.0;
/// An excess below this is rounding.
const LEAST: f64 = 1e-9;

/// The excess at one exponent, by one sampler, for one size.
pub struct Seen {
    pub p: f64,
    pub scores: &'static str,
    pub rows: f64,
    pub excess: Vec<f64>,
    /// The mean excess to first order; NaN at p = 1.
    pub predicted: f64,
}

/// tr(H⁻¹V)/(2p‖r‖ₚᵖ) for rows kept with probabilities q.
fn first_order(a: &DMatrix<f64>, residual: &DVector<f64>, p: f64, q: &[f64]) -> f64 {
    if p == 1.0 {
        return f64::NAN;
    }
    let largest = residual.amax();
    let sizes = residual.map(|value| (value.abs() / largest).max(f64::MIN_POSITIVE));
    let gram = |weight: &dyn Fn(usize) -> f64| {
        let mut scaled = a.clone();
        scaled.row_iter_mut().enumerate().for_each(|(i, mut row)| row *= weight(i));
        a.tr_mul(&scaled)
    };
    let curvature = gram(&|i| p * (p - 1.0) * sizes[i].powf(p - 2.0));
    let variance = gram(&|i| p * p * (1.0 / q[i] - 1.0) * sizes[i].powf(2.0 * p - 2.0));
    let total: f64 = sizes.iter().map(|size| size.powf(p)).sum();
    let trace = curvature.cholesky().map_or(f64::NAN, |factor| factor.solve(&variance).trace());
    trace / (2.0 * p * total)
}

/// Noise of a kind, one number a row.
pub fn noise(name: &str, n: usize, key: StreamKey) -> DVector<f64> {
    let normal = normal_matrix(n, 2, key);
    DVector::from_fn(n, |i, _| if name == NORMAL { normal[(i, 0)] } else { normal[(i, 0)] / normal[(i, 1)] })
}

/// The scores of the rows that are held against each other at p; sensitivities at p = 1 take a linear program a row.
fn samplers(basis: &RowBasis, p: f64) -> Result<Vec<(&'static str, RowScores)>, Fault> {
    let leverage = basis.leverage_scores();
    let mut scores = vec![
        (UNIFORM, RowScores::uniform(basis.nrows(), p)?),
        (LEVERAGE, RowScores::leverage(&leverage, p)?),
        (ROOT, RowScores::root_leverage(&leverage, p)?),
        (LEWIS, RowScores::lewis(&lewis(basis, p)?, p)?),
    ];
    if p > 1.0 {
        let intervals = sensitivities_to_factor(basis, p, FACTOR, &SensitivitySettings::default())?;
        let upper: Vec<f64> = intervals.iter().map(|interval| interval.upper).collect();
        scores.push((SENSITIVITY, RowScores::sensitivity(&upper, p)?));
    }
    Ok(scores)
}

/// The excess of the regressions of A and b on samples of rows, by p, scores and size in this order.
pub fn regressions(
    (a, b): (&DMatrix<f64>, &DVector<f64>),
    exponents: &[f64],
    sizes: &[f64],
    draws: usize,
    key: StreamKey,
) -> Result<Vec<Seen>, Fault> {
    let settings = LpRegressionSettings::default();
    let mut both = a.clone().insert_column(a.ncols(), 0.0);
    both.set_column(a.ncols(), b);
    let basis = RowBasis::new(&both)?;
    let mut seen = Vec::new();
    for &p in exponents {
        let whole = LpRegression::new(a, b, p)?;
        let solution = lp_regression(&whole, &settings)?.solution;
        let best = solution.objective;
        let residual = b - a * &solution.x;
        let excess = |plan: &SamplingPlan, key: StreamKey| -> Result<f64, Fault> {
            let coreset = plan.sample(key);
            let (rows, entries) = (coreset.rows(a), coreset.entries(b));
            let part = LpRegression::new(&rows, &entries, p)?.weighted(coreset.weights())?;
            let x = lp_regression(&part, &settings)?.solution.x;
            Ok((whole.objective(&x) / best - 1.0).max(LEAST))
        };
        let key = key.indexed((2.0 * p) as u64);
        for (name, scores) in samplers(&basis, p)? {
            for &rows in sizes {
                let plan = SamplingPlan::budget(&scores, rows)?;
                let key = key.named(name).indexed(rows as u64);
                let excess = (0..draws).map(|draw| excess(&plan, key.indexed(draw as u64)));
                let excess = excess.collect::<Result<_, _>>()?;
                let predicted = first_order(a, &residual, p, plan.probabilities());
                seen.push(Seen { p, scores: name, rows, excess, predicted });
            }
        }
    }
    Ok(seen)
}
