use nalgebra::{DMatrix, DVector};

use super::Effort;
use super::block_cholesky::is_sound;
use crate::completion::factor::Factor;
use crate::completion::held_out::Observations;
use crate::linalg::{Cholesky, PivotedQr, PowerOfTwo, Qr, gram};

/// min ‖A x − b‖₂² + Σⱼ λⱼxⱼ² with A and b formed: the obvious way, one row or column at a time.
#[derive(Clone, Debug)]
pub(crate) struct Regression {
    pub(super) a: DMatrix<f64>,
    pub(super) b: DVector<f64>,
    pub(super) ridge: Vec<f64>,
}

impl Regression {
    /// The regression of line `i` on the rows of `basis`, rows weighted by √w.
    pub(crate) fn of_line(observations: &Observations<'_>, i: usize, basis: &Factor, ridge: &[f64]) -> Self {
        let lines = observations.lines;
        let kept: Vec<usize> = lines.range(i).filter(|&place| observations.is_kept(place)).collect();
        let root = |place: usize| lines.weights.as_ref().map_or(1.0, |weights| weights[place].sqrt());
        let entry = |place: usize, j| basis.entry(lines.indices[place] as usize, j);
        let a = DMatrix::from_fn(kept.len(), basis.ncols(), |t, j| root(kept[t]) * entry(kept[t], j));
        let value = |t: usize| root(kept[t]) * (lines.values[kept[t]] * observations.scale);
        Self { b: DVector::from_fn(kept.len(), |t, _| value(t)), a, ridge: ridge.to_vec() }
    }

    /// d.
    pub(super) fn degree(&self) -> usize {
        self.a.nrows()
    }

    /// k.
    pub(super) fn order(&self) -> usize {
        self.a.ncols()
    }

    pub(super) fn has_ridge(&self) -> bool {
        self.ridge.iter().any(|&ridge| ridge > 0.0)
    }

    /// Whether there are fewer entries than unknowns and no ridge that would decide between the solutions.
    pub(super) fn is_underdetermined(&self) -> bool {
        self.degree() < self.order() && !self.has_ridge()
    }

    /// (AᵀA + diag λ)⁻¹ Aᵀb.
    pub(super) fn by_cholesky(&self) -> (Vec<f64>, Effort) {
        let mut normal = gram(&self.a);
        for j in 0..self.order() {
            normal[(j, j)] += self.ridge[j];
        }
        let factor = Cholesky::new(&normal).ok().filter(is_sound);
        let Some(factor) = factor else { return self.by_pivoted_qr() };
        let x = factor.solve_vector(&self.a.tr_mul(&self.b));
        (x.as_slice().to_vec(), Effort::of_cholesky(self.degree(), self.order()))
    }

    /// By Householder QR of A, stacked on diag √λ where there is a ridge.
    pub(super) fn by_qr(&self) -> (Vec<f64>, Effort) {
        let (a, b) = self.stacked();
        let x = Qr::new(&a).and_then(|qr| qr.solve_least_squares_vector(&b));
        let (d, k) = (a.nrows() as u64, a.ncols() as u64);
        let effort = Effort { steps: 0, multiply_adds: d * k * k };
        x.map_or_else(|_| self.by_pivoted_qr(), |x| (x.as_slice().to_vec(), effort))
    }

    /// Whether A and b are, and a solution can be.
    pub(crate) fn is_finite(&self) -> bool {
        self.a.iter().chain(&self.b).all(|entry| entry.is_finite())
    }

    /// The shortest minimiser, by a complete orthogonal decomposition of A and b scaled by powers of two.
    pub(crate) fn by_pivoted_qr(&self) -> (Vec<f64>, Effort) {
        let (mut a, mut b) = self.stacked();
        let (d, k) = (a.nrows() as u64, a.ncols() as u64);
        let units = [a.as_mut_slice(), b.as_mut_slice()].map(|values| {
            let unit = PowerOfTwo::normalising(values);
            unit.inspect(|unit| unit.multiply(values))
        });
        let mut x = PivotedQr::new(&a)
            .and_then(|qr| qr.minimum_norm_solution_vector(&b, qr.default_tolerance()))
            .map_or_else(|_| vec![0.0; self.order()], |x| x.as_slice().to_vec());
        if let [Some(of_a), Some(of_b)] = units {
            of_a.over(of_b).multiply(&mut x);
        }
        (x, Effort { steps: 0, multiply_adds: d * k * d.min(k) })
    }

    fn stacked(&self) -> (DMatrix<f64>, DVector<f64>) {
        if !self.has_ridge() {
            return (self.a.clone(), self.b.clone());
        }
        let (d, k) = self.a.shape();
        let mut a = DMatrix::zeros(d + k, k);
        a.rows_mut(0, d).copy_from(&self.a);
        for (j, ridge) in self.ridge.iter().enumerate() {
            a[(d + j, j)] = ridge.sqrt();
        }
        let mut b = DVector::zeros(d + k);
        b.rows_mut(0, d).copy_from(&self.b);
        (a, b)
    }
}
