use nalgebra::DMatrix;

use super::fast_random_projection::{finish, normalize};
use super::half_powers::HalfPowers;
use super::halves::Half;
use super::new_node::new_node;
use super::{Direction, Embedding, Error, Features, Graph, RandomProjection, Settings, Standardize};
use crate::random::StreamKey;

/// An embedding that holds all powers U_k = M^k L R, so that edges can come and go, and nodes be added, without
/// starting again.
///
/// For a changed graph U_k + ΔU_k = M' (U_{k−1} + ΔU_{k−1}): a row of U_k changes only where the row of M did, or where it
/// sees a row of U_{k−1} that did. Those rows are computed anew, by the sums that [`embed`](super::embed) runs, so that the
/// vectors are those of the changed graph bit for bit. In a graph of small diameter a few edges touch nearly every row of
/// M³: the gain is with low powers or large distances ([`Update::touched`] says what was touched).
///
/// Memory: (q + 2)·N·d·4 bytes, twice that while [`change_edges`](Self::change_edges) runs. Cost of the first
/// computation: q·nnz·d without the tiling of [`embed`](super::embed).
///
/// ```
/// use proofsketch::embedding::{DynamicEmbedding, Graph, Mode, Settings, embed};
/// use proofsketch::random::StreamKey;
///
/// let ring: Vec<_> = (0..50).map(|i| (i, (i + 1) % 50)).collect();
/// let graph = Graph::undirected((0..50).collect(), &ring, None)?;
/// let settings = Settings { weights: vec![1.0, 1.0], ..Settings::of(Mode::Gds, 32) };
/// let mut dynamic = DynamicEmbedding::new(graph, None, settings.clone(), StreamKey::from_seed(1))?;
/// let update = dynamic.change_edges(&[(3, 4)], &[(3, 40, 1.0)])?;
/// assert!(update.touched[2] < 20); // of 50 rows of U₂
/// let anew = embed(dynamic.graph(), &settings, StreamKey::from_seed(1))?;
/// assert_eq!(dynamic.embedding().vectors, anew.vectors);
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DynamicEmbedding {
    graph: Graph,
    features: Option<Features>,
    settings: Settings,
    halves: Vec<HalfPowers>,
    embedding: Embedding,
}

/// What a change of edges came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Rows of U_0, U_1, … that were computed again; over both halves where both directions are followed.
    pub touched: Vec<usize>,
}

impl DynamicEmbedding {
    /// The embedding of a graph. s = √N is that of this graph, whatever nodes are shown later.
    ///
    /// # Errors
    /// As [`embed_with_features`](super::embed_with_features).
    pub fn new(
        graph: Graph,
        features: Option<Features>,
        settings: Settings,
        key: StreamKey,
    ) -> Result<Self, Error> {
        settings.check()?;
        let halves = Half::all(&settings, key)
            .into_iter()
            .map(|half| HalfPowers::new(&graph, features.as_ref(), &settings, half));
        let mut halves: Vec<_> = halves.collect::<Result<_, _>>()?;
        let embedding = sum(&graph, &settings, &mut halves)?;
        Ok(Self { graph, features, settings, halves, embedding })
    }

    /// The graph as it is now.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The vectors as they are now.
    #[must_use]
    pub fn embedding(&self) -> &Embedding {
        &self.embedding
    }

    /// Removes edges, then inserts those of `inserted`, (u, v, weight), by node.
    ///
    /// Works on a copy of all powers, so that an error leaves them as they were: old and new are held together, at most
    /// 2·(q + 2)·N·d·4 bytes, whatever the number of edges.
    ///
    /// # Errors
    /// As [`Graph::with_changes`], and [`Error::Overflow`]; the embedding stays as it was.
    pub fn change_edges(
        &mut self,
        removed: &[(u32, u32)],
        inserted: &[(u32, u32, f32)],
    ) -> Result<Update, Error> {
        let graph = self.graph.with_changes(removed, inserted)?;
        let mut halves = self.halves.clone();
        let mut touched = vec![0; self.settings.last_power() + 1];
        for half in &mut halves {
            let counts = half.update(&self.graph, &graph, self.features.as_ref(), &self.settings)?;
            touched.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        self.embedding = sum(&graph, &self.settings, &mut halves)?;
        self.graph = graph;
        self.halves = halves;
        Ok(Update { touched })
    }

    /// The vector of a node that the graph does not have, from its arcs to nodes of the graph, (node, weight):
    /// U_k of the new node is its row of M times U_{k−1} of the graph.
    ///
    /// What points at the new node is left as it was, so the vector is exact where nothing does (arcs of a directed
    /// graph followed outwards) and an approximation otherwise. `incoming` is what points at it in a directed graph;
    /// undirected graphs take `outgoing` only. `key` names its random row, which only the self-influence needs and
    /// which is not made orthogonal to others; with features in the graph the new node's own are needed too.
    ///
    /// # Errors
    /// [`Error::EdgeOutOfRange`], [`Error::EdgeWeight`], counted in the list at fault; [`Error::FeatureShape`],
    /// [`Error::FeatureNotFinite`].
    pub fn out_of_sample(
        &self,
        key: u64,
        outgoing: &[(u32, f32)],
        incoming: &[(u32, f32)],
        features: Option<&[f32]>,
    ) -> Result<Vec<f32>, Error> {
        let own = self.own_features(features)?;
        let mut vector = Vec::with_capacity(self.settings.dim);
        for powers in &self.halves {
            let half = &powers.half;
            let (arcs, back) = match (half.direction, self.graph.is_directed()) {
                (Direction::In, true) => (incoming, outgoing),
                (_, true) => (outgoing, incoming),
                (_, false) => (outgoing, outgoing),
            };
            let node = new_node(&self.graph, &self.settings, arcs, back)?;
            let rows =
                RandomProjection::new(self.settings.projection, self.graph.node_count(), half.dim, half.key)?;
            let unit = powers.unit;
            let mut initial: Vec<f64> =
                rows.row(key).iter().map(|entry| entry * (node.column_scale / unit)).collect();
            if let Some(own) = &own {
                let map = own.map(1, half.dim, self.settings.projection, half.key)?;
                map.coordinates(0, map.first, &mut initial[map.first..]);
                initial[map.first..].iter_mut().for_each(|entry| *entry /= powers.scale);
            }
            let initial: Vec<f32> = initial.into_iter().map(|entry| entry as f32).collect();
            vector.extend(powers.vector_of(&self.settings, &initial, &node.arcs, node.row_scale));
        }
        if self.settings.standardize == Standardize::Rows {
            let halves: Vec<_> = self.halves.iter().map(|powers| powers.half).collect();
            normalize(&mut vector, &halves);
        }
        Ok(vector)
    }

    /// The features of one new node, in the form of those of a graph.
    fn own_features(&self, features: Option<&[f32]>) -> Result<Option<Features>, Error> {
        let known = self.features.as_ref().map(|known| (known.values.nrows(), known.ratio));
        match (known, features) {
            (None, None) => Ok(None),
            (Some((count, ratio)), Some(own)) if own.len() == count => {
                Ok(Some(Features { values: DMatrix::from_column_slice(count, 1, own), ratio }))
            }
            (_, own) => Err(Error::FeatureShape {
                features: own.map_or(0, <[f32]>::len),
                columns: usize::from(own.is_some()),
                nodes: 1,
            }),
        }
    }
}

/// The weighted sum of all halves.
fn sum(graph: &Graph, settings: &Settings, halves: &mut [HalfPowers]) -> Result<Embedding, Error> {
    let mut vectors = DMatrix::zeros(settings.dim, graph.node_count());
    for powers in halves.iter_mut() {
        powers.write_sum(graph, settings, vectors.as_mut_slice())?;
    }
    let halves: Vec<_> = halves.iter().map(|powers| powers.half).collect();
    finish(graph, settings, &halves, vectors)
}
