use std::fmt::Debug;

use super::SketchOperator;
use crate::random::StreamKey;

/// A distribution over m × n matrices, normalised so that E‖Sx‖ₚᵖ = ‖x‖ₚᵖ
/// (p = 2, that is E SᵀS = I, for all but ℓp row sampling).
///
/// Drawing is a pure function of the key: the same key gives the same operator, bit for bit.
pub trait SketchDistribution: Debug + Send + Sync {
    /// One draw.
    type Operator: SketchOperator;

    /// n, the ambient dimension.
    fn ncols(&self) -> usize;

    /// Draws S.
    fn sample(&self, key: StreamKey) -> Self::Operator;

    /// The same distribution with its operator behind a pointer, so that families can be mixed in one list.
    ///
    /// ```
    /// use proofsketch::random::StreamKey;
    /// use proofsketch::sketch::{DynDistribution, Gaussian, SketchDistribution, SparseSign};
    ///
    /// let families: Vec<Box<DynDistribution>> =
    ///     vec![Gaussian::new(20, 300)?.boxed(), SparseSign::new(20, 300, 4)?.boxed()];
    /// for family in &families {
    ///     assert_eq!(family.sample(StreamKey::from_seed(0)).columns(0..5).shape(), (20, 5));
    /// }
    /// # Ok::<(), proofsketch::sketch::Error>(())
    /// ```
    fn boxed(self) -> Box<DynDistribution>
    where
        Self: Sized + 'static,
        Self::Operator: 'static,
    {
        Box::new(Boxed(self))
    }
}

/// Any sketch distribution, its draws behind a pointer.
pub type DynDistribution = dyn SketchDistribution<Operator = Box<dyn SketchOperator>>;

/// A sketch distribution whose draws are put behind a pointer; made by [`SketchDistribution::boxed`].
#[derive(Clone, Debug)]
pub struct Boxed<D>(pub D);

impl<D> SketchDistribution for Boxed<D>
where
    D: SketchDistribution,
    D::Operator: 'static,
{
    type Operator = Box<dyn SketchOperator>;

    fn ncols(&self) -> usize {
        self.0.ncols()
    }

    fn sample(&self, key: StreamKey) -> Self::Operator {
        Box::new(self.0.sample(key))
    }
}

impl<D: SketchDistribution + ?Sized> SketchDistribution for Box<D> {
    type Operator = D::Operator;

    fn ncols(&self) -> usize {
        (**self).ncols()
    }

    fn sample(&self, key: StreamKey) -> Self::Operator {
        (**self).sample(key)
    }
}
