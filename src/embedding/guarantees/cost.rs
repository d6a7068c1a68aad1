use nalgebra::DMatrix;

use super::SimilarityMatrices;
use crate::embedding::{Direction, Error, Graph, Matrix, RandomProjection, Settings};
use crate::random::StreamKey;

/// The multiplications and additions that FastRP takes, exactly: affine in the number of arcs and proportional to d.
///
/// With a arcs, q the last power of nonzero weight, and ρ_j the number of nonzeros in row j of R:
/// * the first product M·(L R) takes Σ_j c_j ρ_j multiply–adds, c_j the number of arcs that meet column j; in expectation
///   a·d/s;
/// * each of the q − 1 others takes a·d;
/// * each power of nonzero weight takes N·d squares for its norms, if normalised, and N·d multiply–adds into the sum.
///
/// Scaling the rows of R and of the powers (N·d multiplications each) is part of the products' additions into a row and is
/// not counted. An implementation may find a dense first product quicker where s is small; the count is that of the algorithm.
/// Chen et al. (CIKM 2019) state O(m·d·q) time for m edges; here the constants stand.
///
/// ```
/// use proofsketch::embedding::{Graph, Mode, OperationCount, Settings};
///
/// let triangle = Graph::undirected(vec![0, 1, 2], &[(0, 1), (1, 2), (0, 2)], None)?;
/// let settings = Settings::of(Mode::Paper, 10); // powers 1 to 4, of which 3 and 4 have a weight
/// let count = OperationCount::of(&triangle, &settings, &[2, 0, 1]);
/// assert_eq!(count.first_product, 2 * 2 + 0 + 2);
/// assert_eq!(count.later_products, 3 * 6 * 10);
/// assert_eq!(count.sums, 2 * 2 * 3 * 10);
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OperationCount {
    /// Multiply–adds of M·(L R), which skips the zeros of R.
    pub first_product: u64,
    /// Multiply–adds of the other products.
    pub later_products: u64,
    /// Squares for norms, and multiply–adds of the weighted sum.
    pub sums: u64,
}

impl OperationCount {
    /// The count by formula, for a graph whose node j has `row_nonzeros[j]` nonzeros in its row of R.
    /// [`Direction::Both`] is read as [`Direction::Out`].
    ///
    /// # Panics
    /// If there is not one number a node.
    #[must_use]
    pub fn of(graph: &Graph, settings: &Settings, row_nonzeros: &[u64]) -> Self {
        let nodes = graph.node_count();
        assert_eq!(row_nonzeros.len(), nodes, "one number of nonzeros a node");
        let dim = settings.dim as u64;
        let last = settings.weights.iter().rposition(|&w| w != 0.0).map_or(0, |place| place as u64 + 1);
        let met = |(_, j, _)| row_nonzeros[j];
        let first_product = if last > 0 { arcs(graph, settings).map(met).sum() } else { 0 };
        let powers = std::iter::once(&settings.self_influence).chain(&settings.weights);
        let summed = powers.filter(|&&weight| weight != 0.0).count() as u64;
        let passes = if settings.normalize_powers { 2 } else { 1 };
        Self {
            first_product,
            later_products: last.saturating_sub(1) * graph.arc_count() as u64 * dim,
            sums: summed * passes * nodes as u64 * dim,
        }
    }

    /// The count by running the iteration, adding one at each multiply–add as it is made, and the vectors it gave before
    /// any standardisation (d × N): evidence that what was counted is the embedding.
    ///
    /// # Errors
    /// As [`RandomProjection::new`].
    pub fn measure(
        graph: &Graph,
        settings: &Settings,
        key: StreamKey,
    ) -> Result<(Self, DMatrix<f64>), Error> {
        let rows = RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key)?;
        let mut current = rows.matrix(graph)?;
        let Scales { row, column } = Scales::of(graph, settings);
        current.column_iter_mut().zip(&column).for_each(|(mut vector, &scale)| vector *= scale);
        let mut count = Self::default();
        let mut sum = DMatrix::zeros(settings.dim, graph.node_count());
        let last = settings.weights.iter().rposition(|&w| w != 0.0).map_or(0, |place| place + 1);
        for power in 0..=last {
            if power > 0 {
                let made = if power == 1 { &mut count.first_product } else { &mut count.later_products };
                current = multiply(graph, settings, (&current, power == 1), &row, made);
            }
            let weight = if power == 0 { settings.self_influence } else { settings.weights[power - 1] };
            if weight != 0.0 {
                add(&current, weight, settings.normalize_powers, &mut sum, &mut count.sums);
            }
        }
        Ok((count, sum))
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.first_product + self.later_products + self.sums
    }
}

/// What the rows of S are multiplied by, and the diagonal of L.
struct Scales {
    row: Vec<f64>,
    column: Vec<f64>,
}

impl Scales {
    fn of(graph: &Graph, settings: &Settings) -> Self {
        let mut row = vec![0.0; graph.node_count()];
        for (i, _, weight) in arcs(graph, settings) {
            row[i] += if settings.matrix == Matrix::CountTransition { 1.0 } else { weight };
        }
        let inverse = |sum: f64| if sum > 0.0 { 1.0 / sum } else { 0.0 };
        let adjacency = settings.matrix == Matrix::Adjacency;
        let row = row.into_iter().map(|sum| if adjacency { 1.0 } else { inverse(sum) }).collect();
        Self { row, column: SimilarityMatrices::diagonal(graph, settings).as_slice().to_vec() }
    }
}

/// (i, j, S_ij) for all arcs of S.
fn arcs<'g>(graph: &'g Graph, settings: &Settings) -> impl Iterator<Item = (usize, usize, f64)> + 'g {
    let transposed = settings.direction == Direction::In;
    (0..graph.node_count()).flat_map(move |node| {
        let weights = graph.neighbour_weights(node);
        graph.neighbours(node).iter().enumerate().map(move |(place, &other)| {
            let weight = weights.map_or(1.0, |weights| f64::from(weights[place]));
            if transposed { (other as usize, node, weight) } else { (node, other as usize, weight) }
        })
    })
}

/// M U; where U is sparse its zeros are skipped.
fn multiply(
    graph: &Graph,
    settings: &Settings,
    (power, sparse): (&DMatrix<f64>, bool),
    row_scale: &[f64],
    made: &mut u64,
) -> DMatrix<f64> {
    let mut product = DMatrix::zeros(power.nrows(), power.ncols());
    for (i, j, weight) in arcs(graph, settings) {
        for (coordinate, &value) in power.column(j).iter().enumerate() {
            if !sparse || value != 0.0 {
                product[(coordinate, i)] += weight * value;
                *made += 1;
            }
        }
    }
    product.column_iter_mut().zip(row_scale).for_each(|(mut vector, &scale)| vector *= scale);
    product
}

/// sum += weight·norm(U).
fn add(power: &DMatrix<f64>, weight: f64, normalize: bool, sum: &mut DMatrix<f64>, made: &mut u64) {
    for (i, vector) in power.column_iter().enumerate() {
        let mut square = 0.0;
        if normalize {
            for value in vector.iter() {
                square += value * value;
                *made += 1;
            }
        }
        let factor = if square > 0.0 { weight / square.sqrt() } else { weight };
        for (coordinate, &value) in vector.iter().enumerate() {
            sum[(coordinate, i)] += factor * value;
            *made += 1;
        }
    }
}
