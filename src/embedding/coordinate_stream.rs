use nalgebra::DMatrix;

use super::coordinate_blocks::CoordinateBlocks;
use super::features::Features;
use super::halves::Half;
use super::powers::Powers;
use super::tiles::{WIDTH, sum_of_squares};
use super::{Error, Graph, Settings, Standardize};
use crate::random::StreamKey;

/// Matrices of a block that are held while it is handed over: its tiles, and the block before and after transposition.
const MATRICES_A_BLOCK: usize = 3;

/// Some consecutive coordinates of all vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinateBlock {
    /// The first coordinate.
    pub first: usize,
    /// N × w: row i belongs to node i, and each coordinate is contiguous, as in a Fortran-order array of N × d.
    pub coordinates: DMatrix<f32>,
}

/// Embeds a graph whose N × d vectors need not fit the memory: hands over blocks of coordinates in ascending order, bit for
/// bit those of [`embed`](super::embed).
///
/// At most `settings.memory_budget` bytes are held beside the graph (`None`: 2·N·d·4), the block included. Where powers
/// are normalised or columns standardised all powers are computed twice, the first time for the norms of their rows; where
/// the vectors are normalised, once more. Orthogonal projections hold R whole.
///
/// # Errors
/// As [`embed`](super::embed), [`Error::MemoryBudget`] if not even 16 coordinates fit, and what `visit` returns.
///
/// ```
/// use proofsketch::embedding::{Error, Graph, Mode, Settings, embed, embed_blocks};
/// use proofsketch::random::StreamKey;
///
/// let graph = Graph::undirected((0..4).collect(), &[(0, 1), (1, 2), (2, 0), (2, 3)], None)?;
/// let settings = Settings { memory_budget: Some(2000), ..Settings::of(Mode::Official, 40) };
/// let whole = embed(&graph, &settings, StreamKey::from_seed(1))?.vectors;
/// embed_blocks(&graph, None, &settings, StreamKey::from_seed(1), |block| {
///     assert_eq!(block.coordinates.transpose(), whole.rows(block.first, block.coordinates.ncols()));
///     Ok::<(), Error>(())
/// })?;
/// # Ok::<(), Error>(())
/// ```
pub fn embed_blocks<E: From<Error>>(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    key: StreamKey,
    mut visit: impl FnMut(CoordinateBlock) -> Result<(), E>,
) -> Result<(), E> {
    settings.check()?;
    let mut squares = (settings.standardize == Standardize::Rows).then(|| vec![0.0; graph.node_count()]);
    if let Some(squares) = &mut squares {
        for_blocks(graph, features, settings, key, |_, rows: DMatrix<f32>| {
            add_squares(&rows, squares);
            Ok::<(), Error>(())
        })?;
    }
    for_blocks(graph, features, settings, key, |first, mut rows| {
        if let Some(squares) = &squares {
            normalize(&mut rows, squares);
        }
        visit(CoordinateBlock { first, coordinates: rows.transpose() })
    })
}

/// Blocks of w × N, not normalised.
fn for_blocks<E: From<Error>>(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    key: StreamKey,
    mut visit: impl FnMut(usize, DMatrix<f32>) -> Result<(), E>,
) -> Result<(), E> {
    for half in Half::all(settings, key) {
        let powers = Powers::new(graph, features, settings, &half)?;
        let blocks = CoordinateBlocks::new(&powers, settings, powers.budget(settings), MATRICES_A_BLOCK)?;
        blocks.for_each(|first, finished| {
            let width = (WIDTH * finished.tiles.len()).min(half.dim - first);
            let mut rows = vec![0.0; width * powers.nodes()];
            finished.write(&mut rows, width, 0, width)?;
            visit(half.first + first, DMatrix::from_vec(width, powers.nodes(), rows))
        })?;
    }
    Ok(())
}

/// Adds the squares of each column of w × N, tile by tile.
fn add_squares(rows: &DMatrix<f32>, squares: &mut [f64]) {
    for (row, sum) in rows.column_iter().zip(squares) {
        for tile in row.as_slice().chunks(WIDTH) {
            let mut lanes = [0.0; WIDTH];
            lanes[..tile.len()].copy_from_slice(tile);
            *sum += sum_of_squares(&lanes);
        }
    }
}

/// Divides each column by the root of its square.
fn normalize(rows: &mut DMatrix<f32>, squares: &[f64]) {
    for (mut row, square) in rows.column_iter_mut().zip(squares) {
        let norm = square.sqrt();
        if norm > 0.0 {
            row.iter_mut().for_each(|entry| *entry = (f64::from(*entry) / norm) as f32);
        }
    }
}
