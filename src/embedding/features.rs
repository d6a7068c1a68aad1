use nalgebra::DMatrix;

use super::{Error, Projection};
use crate::random::StreamKey;
use crate::sketch::{Gaussian, SketchDistribution, SketchOperator, VerySparse};

/// Features of nodes that take the place of random coordinates: X ∈ ℝᴺˣᶠ, numbers, text vectors or whatever there is.
///
/// The last ⌊ratio·d⌋ initial coordinates of node i are those of S x_i, where S is a d × f sketch named by
/// `key.named("features")`: very sparse with s = 3, or Gaussian where the projection is. Only those rows of S are used, so
/// that coordinates of both kinds have one scale; degrees do not scale them. A ratio of 1 leaves no coordinate that
/// depends on the key of a node, so that nodes with equal features and neighbourhoods have equal vectors, in other graphs
/// too.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// f × N: column i holds the features of node i.
    pub values: DMatrix<f32>,
    /// The part of the coordinates that start from features, in [0, 1].
    pub ratio: f64,
}

impl Features {
    /// The number of coordinates that start from features.
    pub(super) fn coordinates(&self, dim: usize) -> usize {
        (self.ratio * dim as f64) as usize
    }

    /// The coordinates of all nodes, one node a column.
    pub(super) fn project(
        &self,
        nodes: usize,
        dim: usize,
        projection: Projection,
        key: StreamKey,
    ) -> Result<DMatrix<f64>, Error> {
        self.check(nodes)?;
        let (features, coordinates) = (self.values.nrows(), self.coordinates(dim));
        let key = key.named("features");
        let sketch = match projection {
            Projection::VerySparse { .. } => {
                VerySparse::achlioptas(dim, features)?.sample(key).columns(0..features)
            }
            Projection::Gaussian { .. } => Gaussian::new(dim, features)?.sample(key).columns(0..features),
        };
        let mut projected = DMatrix::zeros(coordinates, nodes);
        for (i, mut column) in projected.column_iter_mut().enumerate() {
            for (f, value) in self.values.column(i).iter().enumerate() {
                column.axpy(
                    f64::from(*value),
                    &sketch.view((dim - coordinates, f), (coordinates, 1)).column(0),
                    1.0,
                );
            }
        }
        Ok(projected)
    }

    fn check(&self, nodes: usize) -> Result<(), Error> {
        if !(0.0..=1.0).contains(&self.ratio) {
            return Err(Error::Setting {
                name: "feature ratio",
                value: self.ratio,
                range: "a number in [0, 1]",
            });
        }
        if self.values.nrows() == 0 || self.values.ncols() != nodes {
            let (features, columns) = self.values.shape();
            return Err(Error::FeatureShape { features, columns, nodes });
        }
        match self.values.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(index) => {
                let (node, feature) = (index / self.values.nrows(), index % self.values.nrows());
                Err(Error::FeatureNotFinite { node, feature, value: self.values[(feature, node)] })
            }
        }
    }
}
