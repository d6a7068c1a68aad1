use rayon::prelude::*;

use super::column_moments::ColumnMoments;
use super::coordinate_blocks::{count, nonzero_rows};
use super::halves::Half;
use super::initial_rows::InitialRows;
use super::operator::Operator;
use super::powers::Squares;
use super::propagation::{Propagation, add, add_scaled};
use super::tiles::{Lanes, Tiles, WIDTH, sum_of_squares};
use super::weighted_sum::{Coefficients, add_rows, coefficient};
use super::write_vectors::Finished;
use super::{Error, Features, Graph, Settings, Standardize};

/// All powers M^k L R of one half, k = 0, …, q, held so that a change of the graph can be carried through them.
///
/// A power is N × d, node after node in order of the keys, each padded to whole tiles.
#[derive(Clone, Debug)]
pub(super) struct HalfPowers {
    pub(super) half: Half,
    tiles: usize,
    pub(super) powers: Vec<Vec<Lanes>>,
    /// As in [`Operator`].
    pub(super) scale: f64,
    /// As in [`Operator`].
    pub(super) unit: f64,
    /// How columns are standardised, as of the last sum.
    pub(super) moments: Option<ColumnMoments>,
}

/// Rows of power k − 1 in one graph, and where its arcs lead.
struct Source<'a> {
    graph: &'a Graph,
    operator: &'a Operator<'a>,
    rows: &'a [Lanes],
    tiles: usize,
}

impl HalfPowers {
    /// The powers of a graph.
    pub(super) fn new(
        graph: &Graph,
        features: Option<&Features>,
        settings: &Settings,
        half: Half,
    ) -> Result<Self, Error> {
        let tiles = half.dim.div_ceil(WIDTH);
        let zeros = vec![[0.0; WIDTH]; graph.node_count() * tiles];
        let powers = vec![zeros; settings.last_power() + 1];
        let mut new = Self { half, tiles, powers, scale: 1.0, unit: 1.0, moments: None };
        let everywhere = vec![true; graph.node_count()];
        new.recompute(graph, features, settings, |_| everywhere.clone())?;
        Ok(new)
    }

    /// Carries the change from `old` to `graph` through the powers; says how many rows of each were computed again.
    pub(super) fn update(
        &mut self,
        old: &Graph,
        graph: &Graph,
        features: Option<&Features>,
        settings: &Settings,
    ) -> Result<Vec<usize>, Error> {
        let before = Operator::new(old, settings, self.half.direction);
        self.recompute(graph, features, settings, |after| {
            let changed = |rank: usize| before.row_differs(after, graph.node_of_rank(rank));
            (0..graph.node_count()).into_par_iter().map(changed).collect()
        })
    }

    /// Computes the rows of power k whose row of M changed, or that see a row of power k − 1 that changed.
    fn recompute(
        &mut self,
        graph: &Graph,
        features: Option<&Features>,
        settings: &Settings,
        changed_rows: impl FnOnce(&Operator<'_>) -> Vec<bool>,
    ) -> Result<Vec<usize>, Error> {
        let operator = Operator::new(graph, settings, self.half.direction);
        let initial = self.initial(graph, features, settings, &operator)?;
        let changed_rows = changed_rows(&operator);
        let mut touched: Vec<bool> = (initial.chunks(self.tiles).zip(self.powers[0].chunks(self.tiles)))
            .map(|(new, old)| new != old)
            .collect();
        let mut counts = vec![count(&touched)];
        self.powers[0] = initial;
        self.scale = operator.scale;
        self.unit = operator.unit;
        for power in 1..self.powers.len() {
            let sees = |&rank: &usize| {
                changed_rows[rank]
                    || operator
                        .adjacency
                        .targets(graph.node_of_rank(rank))
                        .iter()
                        .any(|&j| touched[graph.rank_of_node(j as usize)])
            };
            let ranks: Vec<usize> = (0..graph.node_count()).into_par_iter().filter(sees).collect();
            let (before, after) = self.powers.split_at_mut(power);
            let source = Source { graph, operator: &operator, rows: &before[power - 1], tiles: self.tiles };
            source.products(&ranks, &mut after[0]);
            touched = vec![false; graph.node_count()];
            ranks.iter().for_each(|&rank| touched[rank] = true);
            counts.push(ranks.len());
        }
        Ok(counts)
    }

    /// L R in order of keys.
    fn initial(
        &self,
        graph: &Graph,
        features: Option<&Features>,
        settings: &Settings,
        operator: &Operator<'_>,
    ) -> Result<Vec<Lanes>, Error> {
        let propagation = Propagation::new(graph, operator);
        let rows = InitialRows::new(graph, features, settings, &self.half, operator, &propagation)?;
        Ok(rows.stage(&(0..self.tiles), &propagation).as_chunks().0.to_vec())
    }

    /// Writes the weighted sum of the powers, standardised, into the vectors of the nodes.
    pub(super) fn write_sum(
        &mut self,
        graph: &Graph,
        settings: &Settings,
        vectors: &mut [f32],
    ) -> Result<(), Error> {
        let nodes = graph.node_count();
        let weighted = settings.weighted_powers();
        let squares: Squares = weighted.iter().map(|&power| self.squares(power)).collect();
        let coefficients = Coefficients::new(settings, self.scale, nodes, Some(&squares));
        let nonzero = (settings.standardize == Standardize::Columns).then(|| nonzero_rows(&squares));
        let ranks: Vec<u32> = (0..nodes as u32).collect();
        let mut sum = Tiles::zeros(nodes, self.tiles);
        let mut moments = ColumnMoments::default();
        let mut rows = vec![[0.0; WIDTH]; nodes];
        for (tile, sum) in sum.all_mut().into_iter().enumerate() {
            for &power in &weighted {
                let of_tile = self.powers[power].iter().skip(tile).step_by(self.tiles);
                rows.iter_mut().zip(of_tile).for_each(|(row, lanes)| *row = *lanes);
                add_rows(sum, coefficients.of(power), &rows);
            }
            if let Some(nonzero) = &nonzero {
                moments.push(sum, &ranks, count(nonzero));
            }
        }
        let by_rank: Vec<u32> = (0..nodes).map(|rank| graph.node_of_rank(rank) as u32).collect();
        let standardization = nonzero.as_deref().map(|nonzero| (&moments, nonzero));
        let finished = Finished { tiles: sum.all(), nodes: &by_rank, standardization };
        finished.write(vectors, settings.dim, self.half.first, self.half.dim)?;
        self.moments = nonzero.is_some().then_some(moments);
        Ok(())
    }

    /// Sums of squares of the rows of a power.
    fn squares(&self, power: usize) -> Vec<f64> {
        let rows = self.powers[power].par_chunks(self.tiles);
        rows.map(squares_of_row).collect()
    }

    /// The vector, before rows are normalised, of a node that the graph does not have: `initial` is its row of L R, and its
    /// row of M is `row_scale` times the weights of `arcs`, which are in order of the keys they lead to.
    pub(super) fn vector_of(
        &self,
        settings: &Settings,
        initial: &[f32],
        arcs: &[(usize, f32)],
        row_scale: f32,
    ) -> Vec<f32> {
        let mut sum = vec![[0.0; WIDTH]; self.tiles];
        for power in settings.weighted_powers() {
            let mut row = vec![[0.0; WIDTH]; self.tiles];
            if power == 0 {
                row.as_flattened_mut()[..initial.len()].copy_from_slice(initial);
            } else {
                for &(rank, weight) in arcs {
                    let target = self.row(power - 1, rank);
                    row.iter_mut().zip(target).for_each(|(row, target)| add_scaled(row, weight, target));
                }
                row.as_flattened_mut().iter_mut().for_each(|entry| *entry *= row_scale);
            }
            let coefficient = coefficient(settings, power, self.scale, squares_of_row(&row));
            sum.iter_mut().zip(&row).for_each(|(sum, row)| add_scaled(sum, coefficient, row));
        }
        let mut vector = sum.as_flattened()[..self.half.dim].to_vec();
        if let (Some(moments), true) = (&self.moments, vector.iter().any(|&entry| entry != 0.0)) {
            moments.standardize(&mut vector);
        }
        vector
    }

    /// One row of a power.
    fn row(&self, power: usize, rank: usize) -> &[Lanes] {
        &self.powers[power][rank * self.tiles..(rank + 1) * self.tiles]
    }
}

/// Σ x² over a row, tile by tile.
fn squares_of_row(row: &[Lanes]) -> f64 {
    row.iter().fold(0.0, |sum, lanes| sum + sum_of_squares(lanes))
}

impl Source<'_> {
    /// Writes the rows of the next power at these ranks.
    fn products(&self, ranks: &[usize], power: &mut [Lanes]) {
        let mut rows: Vec<_> = power.chunks_exact_mut(self.tiles).map(Some).collect();
        let wanted: Vec<_> =
            ranks.iter().filter_map(|&rank| rows[rank].take().map(|row| (rank, row))).collect();
        let arch = pulp::Arch::new();
        wanted.into_par_iter().for_each(|(rank, row)| arch.dispatch(Product { source: self, rank, row }));
    }
}

/// One row of M U, summed in the order of [`Propagation`].
struct Product<'a> {
    source: &'a Source<'a>,
    rank: usize,
    row: &'a mut [Lanes],
}

impl pulp::NullaryFnOnce for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Source { graph, operator, rows, tiles } = *self.source;
        let node = graph.node_of_rank(self.rank);
        let weights = operator.adjacency.weights(node);
        self.row.fill([0.0; WIDTH]);
        for (arc, &target) in operator.adjacency.targets(node).iter().enumerate() {
            let start = graph.rank_of_node(target as usize) * tiles;
            for (sum, row) in self.row.iter_mut().zip(&rows[start..start + tiles]) {
                match weights {
                    None => add(sum, row),
                    Some(weights) => add_scaled(sum, weights[arc], row),
                }
            }
        }
        let scale = operator.row_scale.as_ref().map_or(1.0, |scale| scale[node] as f32);
        for entry in self.row.as_flattened_mut() {
            *entry *= scale;
        }
    }
}
