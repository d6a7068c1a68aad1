use nalgebra::DMatrix;

use crate::linalg::{adjoint_product, product};

/// Running sums of one pass over a column.
const LANES: usize = 8;
/// |r|/max|r| below this enters ψ as this where p < 1, for ψ is unbounded at 0.
const FLOOR: f64 = f64::MIN_POSITIVE;

/// ρ(x) = Σ Wᵢ|qᵢᵀx|ᵖ / Σ |qᵢᵀx|ᵖ of many directions at once.
#[derive(Debug)]
pub(super) struct Ratio<'a> {
    /// Q ∈ ℝⁿˣʳ with orthonormal columns.
    pub q: &'a DMatrix<f64>,
    /// Wᵢ, zero for rows that are not kept.
    pub weights: &'a [f64],
    pub power: Power,
}

impl Ratio<'_> {
    /// ρ of every column of X.
    pub fn values(&self, x: &DMatrix<f64>) -> Vec<f64> {
        let mut r = product(self.q, x);
        let columns = r.as_mut_slice().chunks_exact_mut(self.q.nrows());
        columns.map(|column| self.power.sums(column, self.weights).ratio()).collect()
    }

    /// ρ of every column of X, and the gradients of ln ρ, one a column.
    pub fn values_and_gradients(&self, x: &DMatrix<f64>) -> (Vec<f64>, DMatrix<f64>) {
        let mut psi = product(self.q, x);
        let columns = psi.as_mut_slice().chunks_exact_mut(self.q.nrows());
        let mut scales = Vec::with_capacity(x.ncols());
        let values = columns.map(|column| {
            let sums = self.power.sums(column, self.weights);
            for (psi, weight) in column.iter_mut().zip(self.weights) {
                *psi *= weight / sums.kept - 1.0 / sums.all;
            }
            scales.push(self.power.exponent / sums.largest);
            sums.ratio()
        });
        let values = values.collect();
        let mut gradients = adjoint_product(self.q, &psi);
        for (mut column, scale) in gradients.column_iter_mut().zip(scales) {
            column *= scale;
        }
        (values, gradients)
    }
}

/// Sums over one column, in units of its largest entry to the p-th power.
struct Sums {
    largest: f64,
    kept: f64,
    all: f64,
}

impl Sums {
    fn ratio(&self) -> f64 {
        self.kept / self.all
    }
}

/// t ↦ tᵖ⁻¹ for 0 ≤ t ≤ 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Power {
    pub exponent: f64,
    /// 2p, if it is an integer and so small that products are faster than logarithms.
    halves: Option<u32>,
}

impl Power {
    pub fn new(exponent: f64) -> Self {
        let halves = 2.0 * exponent;
        let quick = halves == halves.round() && (2.0..=24.0).contains(&halves);
        Self { exponent, halves: quick.then_some(halves as u32) }
    }

    /// The sums of |r|ᵖ; r becomes sign(r)(|r|/max|r|)ᵖ⁻¹.
    fn sums(self, r: &mut [f64], weights: &[f64]) -> Sums {
        match self.halves {
            Some(2) => sums(r, weights, |_| 1.0),
            Some(3) => sums(r, weights, f64::sqrt),
            Some(4) => sums(r, weights, |t| t),
            Some(5) => sums(r, weights, |t| t * t.sqrt()),
            Some(6) => sums(r, weights, |t| t * t),
            Some(8) => sums(r, weights, |t| t * t * t),
            Some(halves) if halves % 2 == 0 => sums(r, weights, |t| t.powi(halves as i32 / 2 - 1)),
            Some(halves) => sums(r, weights, |t| t.powi(halves as i32 / 2 - 1) * t.sqrt()),
            None if self.exponent < 1.0 => sums(r, weights, |t| t.max(FLOOR).powf(self.exponent - 1.0)),
            None => sums(r, weights, |t| t.powf(self.exponent - 1.0)),
        }
    }
}

#[inline(always)]
fn sums(r: &mut [f64], weights: &[f64], power: impl Fn(f64) -> f64) -> Sums {
    let largest = r.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest == 0.0 {
        return Sums { largest: 1.0, kept: 0.0, all: 0.0 };
    }
    let scale = 1.0 / largest;
    let (mut kept, mut all) = ([0.0; LANES], [0.0; LANES]);
    for (r, weights) in r.chunks_mut(LANES).zip(weights.chunks(LANES)) {
        for (lane, (r, weight)) in r.iter_mut().zip(weights).enumerate() {
            let t = r.abs() * scale;
            let psi = power(t);
            kept[lane] += weight * (psi * t);
            all[lane] += psi * t;
            *r = psi.copysign(*r);
        }
    }
    Sums { largest, kept: kept.iter().sum(), all: all.iter().sum() }
}
