use nalgebra::DMatrix;

use super::own;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::SymmetricEigen;
use crate::random::StreamKey;
use crate::sampling::{Coreset, RowBasis, SampleSize};

/// At p = 2 a plan of [`SampleSize`] with C ≥ 3 is a guarantee: with qᵢ ≥ min(1, C·ε⁻²·ln(2r/δ)·τᵢ), r = rank A,
/// Pr[‖SAx‖² ∈ (1 ± ε)‖Ax‖² for all x] ≥ 1 − δ. Leverage scores ask for at most 1 + C·ε⁻²·r·ln(2r/δ) rows in expectation.
///
/// Proof at [`SampleSize`], by the matrix Chernoff bound.
#[derive(Clone, Debug)]
pub struct LeverageSampleSize<D> {
    /// ε, δ and C.
    pub size: SampleSize,
    /// The implementation: one draw by a plan of this size.
    pub draw: D,
}

impl<D: Fn(&RowBasis, &SampleSize, StreamKey) -> Coreset + Sync> Guarantee for LeverageSampleSize<D> {
    type Instance = RowBasis;

    const CITATION: Citation = own("LeverageSampleSize", "How many rows embed at p = 2");

    fn hypotheses(&self, basis: &RowBasis) -> Vec<Hypothesis> {
        let SampleSize { epsilon, delta, constant, rank } = self.size;
        let open = epsilon > 0.0 && epsilon < 1.0 && delta > 0.0 && delta < 1.0;
        vec![
            Hypothesis::require("ε and δ lie between 0 and 1", open, || {
                format!("ε = {epsilon}, δ = {delta}")
            }),
            Hypothesis::require("C ≥ 3", constant >= SampleSize::CHERNOFF_CONSTANT, || {
                format!("C = {constant}")
            }),
            Hypothesis::require("the rank is that of A", rank == basis.rank(), || {
                format!("{rank} for {}", basis.rank())
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.size.delta
    }

    /// The largest |‖SAx‖²/‖Ax‖² − 1| of a draw, exactly, to be at most ε.
    fn trial(&self, basis: &RowBasis, key: StreamKey) -> Outcome {
        let coreset = (self.draw)(basis, &self.size, key);
        let rows = coreset.rows(basis.q());
        let weighted =
            DMatrix::from_fn(rows.nrows(), rows.ncols(), |i, j| coreset.weights()[i] * rows[(i, j)]);
        let observed = SymmetricEigen::new(&rows.tr_mul(&weighted)).map_or(f64::NAN, |eigen| {
            eigen.eigenvalues.iter().map(|value| (value - 1.0).abs()).fold(0.0, f64::max)
        });
        Outcome { bound: self.size.epsilon, observed }
    }
}
