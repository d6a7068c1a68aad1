//! The pattern B = 1_Ω, factorised beside the ratings: B ≈ U Yᵀ and B ≈ Z Vᵀ over all m·n entries.

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::super::compressed::Compressed;
use super::super::factor::Factor;
use super::super::half_step::blocks;
use crate::linalg::{Error, SymmetricEigen};

/// An eigenvalue of a Gram matrix below this share of the largest is lost to rounding.
const LOST: f64 = 1e-14;

/// What ω‖B − U Yᵀ‖_F² says of a row u: ‖R u − t‖² up to a constant, RᵀR = ω YᵀY and Rᵀt = ω Σ_{j ∈ Ωᵢ} yⱼ. So k more
/// observations a row stand for all n entries of its pattern, observed and not.
#[derive(Clone, Debug)]
pub(super) struct PatternRows {
    /// R ∈ ℝᵏˣᵏ.
    pub(super) root: DMatrix<f64>,
    /// R⁻ᵀ ω, so that t is this times the sum.
    inverse: DMatrix<f64>,
}

impl PatternRows {
    pub(super) fn new(factor: &Factor, weight: f64) -> Result<Self, Error> {
        let eigen = SymmetricEigen::new(&factor.gram())?;
        let largest = eigen.eigenvalues.max();
        let (mut root, mut inverse) = (eigen.eigenvectors.transpose(), eigen.eigenvectors.transpose());
        for (l, &value) in eigen.eigenvalues.iter().enumerate() {
            let length = if value > LOST * largest { (weight * value).sqrt() } else { 0.0 };
            root.row_mut(l).scale_mut(length);
            inverse.row_mut(l).scale_mut(if length > 0.0 { weight / length } else { 0.0 });
        }
        Ok(Self { root, inverse })
    }

    /// t for each row of `sums`.
    pub(super) fn targets(&self, sums: &Factor) -> Factor {
        sums.times(&self.inverse.transpose())
    }
}

/// B F: for each line the sum of the rows of `factor` where it is observed; indices from `crossing` on do not count.
pub(super) fn pattern_sums(lines: &Compressed, factor: &Factor, crossing: usize) -> Factor {
    let mut out = Factor::zeros(lines.len(), factor.rank());
    let stride = out.stride();
    let sums: Vec<Vec<f64>> = blocks(&lines.offsets)
        .into_par_iter()
        .map(|block| {
            let mut sums = vec![0.0; block.len() * stride];
            for (sum, i) in sums.chunks_exact_mut(stride).zip(block) {
                let observed = lines.line(i).indices.iter().map(|&j| j as usize);
                for j in observed.take_while(|&j| j < crossing) {
                    sum.iter_mut().zip(factor.row(j)).for_each(|(sum, entry)| *sum += entry);
                }
            }
            sums
        })
        .collect();
    out.data_mut().copy_from_slice(&sums.concat());
    out
}

/// Y minimising ω‖B − U Yᵀ‖_F² + λ Σ ωⱼ‖yⱼ‖², from `sums` = BᵀU, U = `factor` and the ωⱼ; of least norm for λ = 0.
pub(super) fn pattern_factor(
    factor: &Factor,
    sums: &Factor,
    weight: f64,
    ridge: impl Fn(usize) -> f64,
) -> Result<Factor, Error> {
    let eigen = SymmetricEigen::new(&factor.gram())?;
    let largest = eigen.eigenvalues.max();
    let mut rotated = sums.times(&eigen.eigenvectors);
    let (stride, rank) = (rotated.stride(), rotated.rank());
    for (j, row) in rotated.data_mut().chunks_exact_mut(stride).enumerate() {
        let ridge = ridge(j);
        for (entry, &value) in row[..rank].iter_mut().zip(&eigen.eigenvalues) {
            let is_lost = value <= LOST * largest && ridge == 0.0;
            *entry = if is_lost { 0.0 } else { *entry * weight / (weight * value.max(0.0) + ridge) };
        }
    }
    Ok(rotated.times(&eigen.eigenvectors.transpose()))
}
