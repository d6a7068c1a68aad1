//! Bounds of many sensitivities from the second and the fourth moments of the columns' products.

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::Interval;
use super::lewis_bounds::whitened;
use super::to_factor::interval;
use crate::linalg::PairSums;
use crate::sampling::{Error, LewisWeights, RowBasis};

/// Columns met at once.
const PANEL: usize = 512;
/// Partial sums of the quartic form, added in order.
const PARTS: usize = 8;
/// Largest r: the form has r²(r + 1)²/4 coefficients.
const LARGEST_RANK: usize = 48;
/// What rounding may take from a moment, as a share of it.
const ROUNDING: f64 = 1e-10;
/// Squared lengths below this are left to other methods: their powers vanish.
const SHORTEST: f64 = 1e-60;

/// Moments m_a(z) = Σ wⱼ tⱼᵃ, tⱼ = |zᵀzⱼ| wⱼ^(−1/p), of a vector z against the columns of Z with Z W^(1−2/p) Zᵀ = I.
///
/// m₀ = Σwⱼ, m₂ = ‖z‖² and m₄ = φ(z)ᵀTφ(z) is a quartic form, with φ(z) the products z_a z_b, a ≤ b. ln m_a is convex in a.
#[derive(Debug)]
pub(super) struct MomentBounds<'a> {
    lewis: &'a LewisWeights,
    z: DMatrix<f64>,
    total: f64,
    quartic: DMatrix<f64>,
}

impl<'a> MomentBounds<'a> {
    /// `None` where the moments do not bound m_p and m_p*, or cost more than what they save.
    pub(super) fn new(basis: &RowBasis, lewis: &'a LewisWeights) -> Result<Option<Self>, Error> {
        let rank = basis.rank();
        let covered = lewis.p >= 4.0 / 3.0 && lewis.p <= 4.0;
        if !covered || rank > LARGEST_RANK || rank.pow(3) > basis.nrows() {
            return Ok(None);
        }
        let z = whitened(basis, lewis)?;
        let quartic = quartic_form(&z, lewis);
        let finite = quartic.iter().all(|entry| entry.is_finite());
        Ok(finite.then(|| Self { lewis, z, total: lewis.total(), quartic }))
    }

    /// Bounds of the sensitivities of `rows`, with their indices; rows too short for their powers are left out.
    pub(super) fn of_rows(&self, rows: &[usize]) -> Vec<(usize, Interval)> {
        let panel = |rows: &[usize]| {
            let mut vectors = self.z.select_columns(rows);
            let squares: Vec<f64> = vectors.column_iter().map(|z| z.norm_squared()).collect();
            vectors.column_iter_mut().zip(&squares).for_each(|(mut z, square)| z /= square.sqrt());
            let features = features(&vectors);
            let images = &self.quartic * &features;
            let fourth = features.column_iter().zip(images.column_iter()).map(|(f, image)| f.dot(&image));
            let of = |((&row, square), fourth): ((&usize, f64), f64)| {
                (square > SHORTEST && self.lewis.weights[row] > 0.0)
                    .then(|| (row, self.bound(row, square, fourth)))
            };
            rows.iter().zip(squares).zip(fourth).filter_map(of).collect::<Vec<_>>()
        };
        rows.par_chunks(PANEL).flat_map_iter(panel).collect()
    }

    /// The bound of row i with ‖zᵢ‖² = `square` and the fourth moment of zᵢ/‖zᵢ‖.
    fn bound(&self, row: usize, square: f64, fourth: f64) -> Interval {
        let p = self.lewis.p;
        let weight = self.lewis.weights[row];
        // Everything for the unit vector: the row itself has t = ‖zᵢ‖ w^(−1/p).
        let own = square.sqrt() * weight.powf(-1.0 / p);
        let rest = |moment: f64, own: f64| (moment - own).max(0.0) + ROUNDING * moment;
        let moments =
            [rest(self.total, weight), rest(1.0, weight * own.powi(2)), rest(fourth, weight * own.powi(4))];
        let conjugate = p / (p - 1.0);
        let sums = PairSums {
            square,
            first: between(moments, p) * square.powf(p / 2.0),
            second: between(moments, conjugate) * square.powf(conjugate / 2.0),
        };
        interval(&sums, weight.powf(1.0 - 2.0 / p) * square, p)
    }
}

/// An upper bound of m_a from m₀, m₂ and m₄, 0 ≤ a ≤ 4.
fn between([zeroth, second, fourth]: [f64; 3], a: f64) -> f64 {
    if a <= 2.0 {
        zeroth.powf(1.0 - a / 2.0) * second.powf(a / 2.0)
    } else {
        second.powf(2.0 - a / 2.0) * fourth.powf(a / 2.0 - 1.0)
    }
}

/// T = Σ wⱼ φ(z̃ⱼ)φ(z̃ⱼ)ᵀ with z̃ⱼ = zⱼ wⱼ^(−1/p).
fn quartic_form(z: &DMatrix<f64>, lewis: &LewisWeights) -> DMatrix<f64> {
    let (rank, n) = z.shape();
    let order = rank * (rank + 1) / 2;
    let scales: Vec<f64> =
        lewis.weights.iter().map(|w| if *w > 0.0 { w.powf(0.25 - 1.0 / lewis.p) } else { 0.0 }).collect();
    let part = |part: usize| {
        let mut sum = DMatrix::zeros(order, order);
        let columns = part * n / PARTS..(part + 1) * n / PARTS;
        for start in columns.clone().step_by(PANEL) {
            let mut panel = z.columns_range(start..columns.end.min(start + PANEL)).into_owned();
            panel.column_iter_mut().zip(&scales[start..]).for_each(|(mut z, scale)| z *= *scale);
            let features = features(&panel);
            sum.gemm(1.0, &features, &features.transpose(), 1.0);
        }
        sum
    };
    let parts: Vec<DMatrix<f64>> = (0..PARTS).into_par_iter().map(part).collect();
    parts.into_iter().fold(DMatrix::zeros(order, order), |sum, part| sum + part)
}

/// φ of every column, with φ(x)ᵀφ(y) = (xᵀy)².
fn features(vectors: &DMatrix<f64>) -> DMatrix<f64> {
    let rank = vectors.nrows();
    let mut out = DMatrix::zeros(rank * (rank + 1) / 2, vectors.ncols());
    for (mut out, x) in out.column_iter_mut().zip(vectors.column_iter()) {
        let mut entries = out.iter_mut();
        for a in 0..rank {
            for b in a..rank {
                let product = if a == b { x[a] * x[a] } else { std::f64::consts::SQRT_2 * x[a] * x[b] };
                entries.next().into_iter().for_each(|entry| *entry = product);
            }
        }
    }
    out
}
