use nalgebra::DMatrix;
use rayon::prelude::*;

use super::bipartite::is_bipartite;
use super::column_moments::ColumnMoments;
use super::coordinate_blocks::{CoordinateBlocks, count, nonzero_rows};
use super::features::Features;
use super::halves::Half;
use super::powers::Powers;
use super::tiles::{Tiles, WIDTH, sum_of_squares};
use super::weighted_sum::{Coefficients, sum_in_place};
use super::write_vectors::Finished;
use super::{Embedding, Error, Graph, Settings, Standardize, Warning};
use crate::random::StreamKey;

/// Embeds the nodes of a graph: Σ_k w_k·normalise(M^k L R), standardised as the settings say.
///
/// The vector of a node depends on the keyed graph, the settings and the key of the stream only: bit for bit the same for
/// any number of threads and any order of nodes and edges.
///
/// # Errors
/// [`Error::ZeroDimension`], [`Error::OddDimension`], [`Error::NoWeight`], [`Error::Setting`], [`Error::Sketch`] for
/// settings that mean nothing; [`Error::Overflow`] if an entry exceeds `f32`.
///
/// ```
/// use proofsketch::embedding::{Graph, Mode, Settings, embed};
/// use proofsketch::random::StreamKey;
///
/// // Two triangles joined by an edge: nodes of one triangle end up closer than nodes of both.
/// let edges = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)];
/// let graph = Graph::undirected((0..6).collect(), &edges, None)?;
/// let settings = Settings { weights: vec![1.0, 1.0], ..Settings::of(Mode::Paper, 64) };
/// let vectors = embed(&graph, &settings, StreamKey::from_seed(1))?.vectors;
/// let distance = |i: usize, j: usize| (vectors.column(i) - vectors.column(j)).norm();
/// assert!(distance(0, 1) < distance(0, 5));
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
pub fn embed(graph: &Graph, settings: &Settings, key: StreamKey) -> Result<Embedding, Error> {
    embed_features(graph, None, settings, key)
}

/// [`embed`], with features in place of a part of the random coordinates.
///
/// # Errors
/// As [`embed`], and [`Error::FeatureShape`], [`Error::FeatureNotFinite`], [`Error::Setting`] for features that do not fit.
pub fn embed_with_features(
    graph: &Graph,
    features: &Features,
    settings: &Settings,
    key: StreamKey,
) -> Result<Embedding, Error> {
    embed_features(graph, Some(features), settings, key)
}

fn embed_features(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    key: StreamKey,
) -> Result<Embedding, Error> {
    settings.check()?;
    let halves = Half::all(settings, key);
    let vectors = match &halves[..] {
        [whole] => vectors_of(graph, features, settings, whole)?,
        halves => {
            let mut vectors = DMatrix::zeros(settings.dim, graph.node_count());
            for half in halves {
                let part = vectors_of(graph, features, settings, half)?;
                vectors.rows_mut(half.first, half.dim).copy_from(&part);
            }
            vectors
        }
    };
    finish(graph, settings, &halves, vectors)
}

/// The coordinates of one half, one node a column; rows are not normalised yet.
fn vectors_of(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    half: &Half,
) -> Result<DMatrix<f32>, Error> {
    let powers = Powers::new(graph, features, settings, half)?;
    let (kept, matrix) = (powers.weighted.len(), powers.tiles() * powers.tile_bytes());
    let budget = powers.budget(settings);
    let wants_norms = settings.normalize_powers || settings.standardize == Standardize::Columns;
    let held = (kept.max(1 + powers.staged()) - 1) * matrix + 2 * powers.tile_bytes();
    if wants_norms && held.max(matrix) <= budget {
        return vectors_from_kept_powers(&powers, settings);
    }
    let mut vectors = vec![0.0; half.dim * powers.nodes()];
    CoordinateBlocks::new(&powers, settings, budget, 2)?.for_each(|first, finished| {
        let width = WIDTH * finished.tiles.len();
        finished.write(&mut vectors, half.dim, first, width.min(half.dim - first))
    })?;
    Ok(DMatrix::from_vec(half.dim, powers.nodes(), vectors))
}

/// All weighted powers are kept until the norms of their rows are known, and added up then.
fn vectors_from_kept_powers(powers: &Powers<'_>, settings: &Settings) -> Result<DMatrix<f32>, Error> {
    let (nodes, dim) = (powers.nodes(), powers.dim);
    let schedule = powers.schedule(&powers.weighted);
    let mut slots: Vec<_> = (0..schedule.slots).map(|_| Tiles::zeros(nodes, powers.tiles())).collect();
    let mut squares = powers.no_squares();
    powers.compute(&(0..powers.tiles()), &schedule, &mut slots, Some(&mut squares), |_, _, _| {});

    let coefficients = Coefficients::new(settings, powers.scale, nodes, Some(&squares));
    let columns = settings.standardize == Standardize::Columns;
    let nonzero = columns.then(|| nonzero_rows(&squares));
    let mut moments = ColumnMoments::default();
    let mut kept = schedule.kept_of(slots);
    let (lowest, mut sum) = kept.remove(0);
    sum_in_place(&coefficients, &mut sum, &kept, lowest, |tile| {
        if let Some(nonzero) = &nonzero {
            moments.push(tile, &powers.propagation.positions_by_key, count(nonzero));
        }
    });
    // The memory of a power that has been added becomes that of the vectors.
    let mut vectors = kept.pop().map(|(_, tiles)| tiles.into_vec()).unwrap_or_default();
    drop(kept);
    vectors.resize(nodes * dim, 0.0);
    let standardization = nonzero.as_deref().map(|nonzero| (&moments, nonzero));
    let finished = Finished { tiles: sum.all(), nodes: &powers.propagation.nodes, standardization };
    finished.write(&mut vectors, dim, 0, dim)?;
    Ok(DMatrix::from_vec(dim, nodes, vectors))
}

/// Normalises rows if asked for, and counts.
pub(super) fn finish(
    graph: &Graph,
    settings: &Settings,
    halves: &[Half],
    mut vectors: DMatrix<f32>,
) -> Result<Embedding, Error> {
    let columns = vectors.as_mut_slice().par_chunks_mut(settings.dim).with_min_len(256);
    let zero_vectors = columns
        .map(|vector| {
            if settings.standardize == Standardize::Rows {
                normalize(vector, halves);
            }
            vector.iter().all(|&entry| entry == 0.0)
        })
        .filter(|&is_zero| is_zero)
        .count();
    let warnings = warnings(graph, settings, zero_vectors);
    Ok(Embedding { isolated: graph.isolated(), zero_vectors, warnings, vectors })
}

/// Divides a vector by its norm, summed tile by tile in each half.
pub(super) fn normalize(vector: &mut [f32], halves: &[Half]) {
    let tiles = halves.iter().flat_map(|half| vector[half.first..half.first + half.dim].chunks(WIDTH));
    let squares = tiles.map(|tile| {
        let mut row = [0.0; WIDTH];
        row[..tile.len()].copy_from_slice(tile);
        sum_of_squares(&row)
    });
    let norm = squares.sum::<f64>().sqrt();
    if norm > 0.0 {
        vector.iter_mut().for_each(|entry| *entry = (f64::from(*entry) / norm) as f32);
    }
}

fn warnings(graph: &Graph, settings: &Settings, zero_vectors: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if zero_vectors > 0 {
        warnings.push(Warning::ZeroVectors { count: zero_vectors, nodes: graph.node_count() });
    }
    let weighted =
        |parity: usize| (parity..=settings.weights.len()).step_by(2).any(|k| settings.weight(k) != 0.0);
    if weighted(0) != weighted(1) && is_bipartite(graph) {
        warnings.push(Warning::OneParity { even: weighted(0) });
    }
    warnings
}
