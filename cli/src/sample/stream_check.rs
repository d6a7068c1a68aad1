use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{Error, SymmetricEigen, gram, product};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sampling::{Coreset, Distortion, RatioWitness, StreamedLeverage};

use super::stream::Columns;
use crate::failure::Failure;
use crate::passes::Passes;

/// Directions whose ratios are looked at where p ≠ 2.
const DIRECTIONS: usize = 64;

/// What a pass after the draw leaves.
pub(super) struct Checked {
    /// The kept rows.
    pub(super) rows: DMatrix<f64>,
    /// The same, whitened, each times √W.
    weighted: DMatrix<f64>,
    /// Directions x in whitened coordinates, with Σ W|aᵀx|ᵖ over the kept rows and Σ|aᵀx|ᵖ over all.
    directions: DMatrix<f64>,
    kept: Vec<f64>,
    all: Vec<f64>,
}

impl Checked {
    pub(super) fn pass(
        coreset: &Coreset,
        leverage: &StreamedLeverage,
        columns: &Columns,
        passes: &mut Passes<'_>,
        key: StreamKey,
    ) -> Result<Self, Failure> {
        let (m, p) = (coreset.len(), coreset.norm_exponent());
        let directions = normal_matrix(leverage.rank(), DIRECTIONS, key.named("directions"));
        let mut checked = Self {
            rows: DMatrix::zeros(m, columns.names.len()),
            weighted: DMatrix::zeros(m, leverage.rank()),
            kept: vec![0.0; DIRECTIONS],
            all: vec![0.0; DIRECTIONS],
            directions,
        };
        let mut next = 0;
        passes.each(|first, block| {
            let rows = columns.of(block);
            let whitened = leverage.whitened(&rows);
            let along = product(&whitened, &checked.directions);
            let powers = |column: usize| along.column(column).iter().map(|y| y.abs().powf(p)).sum::<f64>();
            checked.all.iter_mut().enumerate().for_each(|(k, all)| *all += powers(k));
            while next < m && coreset.indices()[next] < first + rows.nrows() {
                let (i, weight) = (coreset.indices()[next] - first, coreset.weights()[next]);
                checked.rows.row_mut(next).copy_from(&rows.row(i));
                checked.weighted.row_mut(next).copy_from(&(whitened.row(i) * weight.sqrt()));
                let term = |k: usize| weight * along[(i, k)].abs().powf(p);
                checked.kept.iter_mut().enumerate().for_each(|(k, kept)| *kept += term(k));
                next += 1;
            }
            Ok(())
        })?;
        Ok(checked)
    }

    /// The range of ratios seen: exact at p = 2, over random directions otherwise.
    pub(super) fn distortion(&self, whole: &DMatrix<f64>, p: f64) -> Result<Distortion, Error> {
        if p == 2.0 {
            return self.exact(whole);
        }
        let ratio = |k: &usize| self.kept[*k] / self.all[*k];
        let order = |i: &usize, j: &usize| ratio(i).total_cmp(&ratio(j));
        let witness =
            |k: usize| RatioWitness { ratio: ratio(&k), direction: self.directions.column(k).normalize() };
        let lower = witness((0..DIRECTIONS).min_by(order).unwrap_or(0));
        let upper = witness((0..DIRECTIONS).max_by(order).unwrap_or(0));
        let random = Some((lower.ratio, upper.ratio));
        Ok(Distortion { lower, upper, exact: false, random })
    }

    /// The extreme eigenvalues of the weighted Gram matrix beside the whole one.
    fn exact(&self, whole: &DMatrix<f64>) -> Result<Distortion, Error> {
        let whole = SymmetricEigen::new(whole)?;
        let mut root = whole.eigenvectors;
        for (mut column, eigenvalue) in root.column_iter_mut().zip(whole.eigenvalues.iter()) {
            column.unscale_mut(eigenvalue.sqrt());
        }
        let pencil = SymmetricEigen::new(&gram(&product(&self.weighted, &root)))?;
        let witness = |j: usize| {
            let direction: DVector<f64> = &root * pencil.eigenvectors.column(j);
            RatioWitness { ratio: pencil.eigenvalues[j].max(0.0), direction: direction.normalize() }
        };
        let (lower, upper) = (witness(0), witness(pencil.eigenvalues.len() - 1));
        Ok(Distortion { lower, upper, exact: true, random: None })
    }
}
