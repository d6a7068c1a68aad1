//! The pattern B = 1_Ω, factorised beside the ratings: B ≈ U Yᵀ and B ≈ Z Vᵀ over all m·n entries.

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::super::compressed::Compressed;
use super::super::factor::Factor;
use super::super::half_step::{blocks, split_lines};
use crate::linalg::{Error, SymmetricEigen, add_combination, product};

/// An eigenvalue of a Gram matrix below this share of the largest is lost to rounding.
const LOST: f64 = 1e-14;

/// What ω‖B − U Yᵀ‖_F² says of a row u: ‖R u − t‖² up to a constant, RᵀR = ω YᵀY and Rᵀt = ω Σ yⱼ over j ∈ Ωᵢ. So k
/// more observations a row stand for all n entries of its pattern, the zeros among them.
#[derive(Clone, Debug)]
pub(super) struct PatternRows {
    /// R ∈ ℝᵏˣᵏ.
    pub(super) root: DMatrix<f64>,
    /// ω R⁻¹, by which a row of sums is multiplied to give t.
    inverse: DMatrix<f64>,
}

impl PatternRows {
    pub(super) fn new(y: &Factor, weight: f64) -> Result<Self, Error> {
        let SymmetricEigen { eigenvalues, eigenvectors } = SymmetricEigen::new(&y.gram())?;
        let largest = eigenvalues.max();
        let (mut root, mut inverse) = (eigenvectors.transpose(), eigenvectors);
        for (l, &value) in eigenvalues.iter().enumerate() {
            let length = if value > LOST * largest { (weight * value).sqrt() } else { 0.0 };
            root.row_mut(l).scale_mut(length);
            inverse.column_mut(l).scale_mut(if length > 0.0 { weight / length } else { 0.0 });
        }
        Ok(Self { root, inverse })
    }

    /// t for each row of `sums`.
    pub(super) fn targets(&self, sums: &DMatrix<f64>) -> DMatrix<f64> {
        product(sums, &self.inverse)
    }
}

/// B F: for each line the sum of the rows of `factor` where it is observed. Indices beyond the factor do not count.
pub(super) fn pattern_sums(lines: &Compressed, factor: &Factor) -> DMatrix<f64> {
    let mut sums = Factor::zeros(lines.len(), factor.ncols());
    let (width, crossing) = (sums.width(), factor.nrows() as u32);
    let ones = vec![1.0; (0..lines.len()).map(|i| lines.degree(i)).max().unwrap_or(0)];
    let parts = split_lines(sums.lines_mut(), &blocks(&lines.offsets), width);
    parts.into_par_iter().for_each(|(block, out)| {
        for (i, sum) in block.zip(out.chunks_exact_mut(width)) {
            let indices = lines.line(i).indices;
            let observed = &indices[..indices.partition_point(|&j| j < crossing)];
            add_combination(factor, observed, &ones[..observed.len()], sum);
        }
    });
    sums.to_matrix()
}

/// Y minimising ω‖B − U Yᵀ‖_F² + λ Σ ωⱼ‖yⱼ‖², from UᵀU = `gram`, BᵀU = `sums` and λωⱼ = `ridge(j)`; of least norm for
/// λ = 0.
pub(super) fn pattern_factor(
    gram: &DMatrix<f64>,
    sums: &DMatrix<f64>,
    weight: f64,
    ridge: impl Fn(usize) -> f64,
) -> Result<DMatrix<f64>, Error> {
    let eigen = SymmetricEigen::new(gram)?;
    let lost = LOST * eigen.eigenvalues.max();
    let mut rotated = product(sums, &eigen.eigenvectors);
    for (mut column, &value) in rotated.column_iter_mut().zip(&eigen.eigenvalues) {
        for (j, entry) in column.iter_mut().enumerate() {
            let ridge = ridge(j);
            let is_lost = value <= lost && ridge == 0.0;
            *entry = if is_lost { 0.0 } else { *entry * (weight / (weight * value.max(0.0) + ridge)) };
        }
    }
    Ok(product(&rotated, &eigen.eigenvectors.transpose()))
}
