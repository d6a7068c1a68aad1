use std::ops::Range;

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::features::FeatureMap;
use super::halves::Half;
use super::operator::Operator;
use super::propagation::{Propagation, add_squares};
use super::random_projection::{RandomProjection, Wanted};
use super::sparse_rows::{Drawn, SparseRows, draw};
use super::tiles::{Tiles, WIDTH};
use super::{Error, Features, Graph, Settings};

/// s from which on the first product takes R as sparse: below, its nonzeros one by one cost more than whole lanes.
const SPARSE_FROM: f64 = 24.0;

/// L R, with features in its last columns where there are any; drawn a group of tiles at a time.
pub(super) struct InitialRows<'a> {
    graph: &'a Graph,
    projection: RandomProjection,
    /// The entries of `column_scale` by position.
    scales: Vec<f64>,
    /// What features are multiplied by to stand beside rows scaled so.
    feature_scale: f64,
    features: Option<FeatureMap<'a>>,
    /// The nonzeros of R, if it is taken as sparse.
    drawn: Option<Drawn>,
    /// R itself, d × N, if its columns are orthogonal.
    orthogonal: Option<DMatrix<f64>>,
}

impl<'a> InitialRows<'a> {
    pub(super) fn new(
        graph: &'a Graph,
        features: Option<&'a Features>,
        settings: &Settings,
        half: &Half,
        operator: &Operator<'_>,
        propagation: &Propagation,
    ) -> Result<Self, Error> {
        let nodes = graph.node_count();
        let projection = RandomProjection::new(settings.projection, nodes, half.dim, half.key)?;
        let map = |features: &'a Features| features.map(nodes, half.dim, settings.projection, half.key);
        let features = features.map(map).transpose()?;
        let sparse = features.is_none() && projection.sparsity().is_some_and(|s| s >= SPARSE_FROM);
        let drawn = sparse.then(|| draw(&projection, projection.ranked(graph)));
        let orthogonal = projection.is_orthogonal().then(|| projection.matrix(graph)).transpose()?;
        let scales = propagation.nodes.iter().map(|&node| operator.column_scale[node as usize]).collect();
        Ok(Self {
            graph,
            projection,
            scales,
            feature_scale: 1.0 / operator.scale,
            features,
            drawn,
            orthogonal,
        })
    }

    /// Whether R is taken as sparse, so that no tile of L R itself is needed for its first power.
    pub(super) fn is_sparse(&self) -> bool {
        self.drawn.is_some()
    }

    /// The sparse rows of a group of tiles.
    pub(super) fn sparse(&self, tiles: &Range<usize>, propagation: &Propagation) -> Option<SparseRows> {
        let magnitude = self.projection.magnitude()?;
        let values = self.scales.iter().map(|scale| (scale * magnitude) as f32).collect();
        let columns = tiles.start * WIDTH..tiles.end * WIDTH;
        self.drawn.as_ref().map(|drawn| SparseRows::new(drawn, propagation, values, &columns))
    }

    /// A group of tiles of L R, dense; adds the squares of its rows to `squares`.
    pub(super) fn fill(
        &self,
        tiles: &Range<usize>,
        propagation: &Propagation,
        rows: &mut Tiles,
        mut squares: Option<&mut [f64]>,
    ) {
        let staged = self.stage(tiles, propagation);
        let count = tiles.len();
        for (tile, rows) in rows.all_mut().into_iter().enumerate() {
            let staged = staged.as_chunks::<WIDTH>().0;
            let ranked = rows.par_iter_mut().with_min_len(1024).enumerate();
            ranked.for_each(|(position, row)| *row = staged[self.rank(propagation, position) * count + tile]);
            if let Some(squares) = &mut squares {
                add_squares(rows, squares);
            }
        }
    }

    /// The rows in order of keys, each with all its coordinates in the group side by side.
    pub(super) fn stage(&self, tiles: &Range<usize>, propagation: &Propagation) -> Vec<f32> {
        let (columns, width) = (tiles.start * WIDTH..tiles.end * WIDTH, tiles.len() * WIDTH);
        let last = columns.end.min(self.projection.dim());
        let mut staged = vec![0.0_f32; self.graph.node_count() * width];
        let wanted = self.projection.ranked(self.graph);
        let mut rest = &mut staged[..];
        let parts: Vec<_> = wanted
            .iter()
            .map(|wanted| {
                let (part, others) = std::mem::take(&mut rest).split_at_mut(wanted.nodes.len() * width);
                rest = others;
                part
            })
            .collect();
        wanted.par_iter().zip(parts).for_each(|(wanted, part)| {
            let mut rows = part.chunks_exact_mut(width);
            self.visit(wanted, |rank, row| {
                let scale = self.scales[propagation.positions_by_key[rank] as usize];
                let staged = rows.next().into_iter().flatten();
                staged.zip(&row[columns.start..last]).for_each(|(new, entry)| *new = (scale * entry) as f32);
            });
        });
        self.stage_features(&(columns.start..last), width, &mut staged);
        staged
    }

    /// Rows of R that stand in one block.
    fn visit(&self, wanted: &Wanted, mut visit: impl FnMut(usize, &[f64])) {
        match &self.orthogonal {
            None => self.projection.draw(wanted, visit),
            Some(matrix) => {
                let row = |rank: usize| matrix.column(self.graph.node_of_rank(rank));
                wanted.nodes.iter().for_each(|&(rank, _)| visit(rank, row(rank).as_slice()));
            }
        }
    }

    /// Overwrites the coordinates that start from features.
    fn stage_features(&self, columns: &Range<usize>, width: usize, staged: &mut [f32]) {
        let Some(map) = &self.features else { return };
        let first = map.first.clamp(columns.start, columns.end);
        let skipped = first - columns.start;
        staged.par_chunks_mut(width).with_min_len(64).enumerate().for_each(|(rank, row)| {
            let mut coordinates = vec![0.0; columns.end - first];
            map.coordinates(self.graph.node_of_rank(rank), first, &mut coordinates);
            let new = row[skipped..].iter_mut().zip(&coordinates);
            new.for_each(|(new, entry)| *new = (self.feature_scale * entry) as f32);
        });
    }

    /// The rank of the key of the node at a position.
    fn rank(&self, propagation: &Propagation, position: usize) -> usize {
        self.graph.rank_of_node(propagation.nodes[position] as usize)
    }
}
