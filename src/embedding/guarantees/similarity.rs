use nalgebra::{DMatrix, DVector};

use crate::embedding::{BetaDegree, Direction, Graph, Matrix, Settings};

/// The matrices that FastRP sketches, written out densely from their definitions: the reference of every theorem here.
///
/// M ∈ ℝᴺˣᴺ and the diagonal of L, in f64. Memory: N² numbers, so for graphs of some thousand nodes.
///
/// ```
/// use proofsketch::embedding::{Graph, Mode, Settings, SimilarityMatrices};
///
/// let star = Graph::undirected(vec![0, 1, 2], &[(0, 1), (0, 2)], None)?;
/// let settings = Settings { beta: -1.0, ..Settings::of(Mode::Paper, 8) };
/// let matrices = SimilarityMatrices::of(&star, &settings);
/// assert_eq!(matrices.transition()[(0, 1)], 0.5);
/// assert_eq!(matrices.transition()[(1, 0)], 1.0);
/// assert_eq!(matrices.scale().as_slice(), [2.0, 4.0, 4.0]); // (d/2m)⁻¹
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarityMatrices {
    transition: DMatrix<f64>,
    scale: DVector<f64>,
    most_arcs: usize,
}

impl SimilarityMatrices {
    /// M and L of these settings; [`Direction::Both`] is read as [`Direction::Out`], its first half.
    #[must_use]
    pub fn of(graph: &Graph, settings: &Settings) -> Self {
        let n = graph.node_count();
        let (mut weights, mut counts) = (DMatrix::zeros(n, n), DMatrix::zeros(n, n));
        for i in 0..n {
            let given = graph.neighbour_weights(i);
            for (place, &j) in graph.neighbours(i).iter().enumerate() {
                let weight = given.map_or(1.0, |weights| f64::from(weights[place]));
                weights[(i, j as usize)] += weight;
                counts[(i, j as usize)] += 1.0;
            }
        }
        if settings.direction == Direction::In {
            (weights, counts) = (weights.transpose(), counts.transpose());
        }
        let row_sums = |matrix: &DMatrix<f64>| matrix.column_sum();
        let scale = Self::diagonal(graph, settings);
        let divisors = match settings.matrix {
            Matrix::Transition => row_sums(&weights),
            Matrix::CountTransition => row_sums(&counts),
            Matrix::Adjacency => DVector::from_element(n, 1.0),
        };
        let most_arcs = row_sums(&counts).max() as usize;
        let transition =
            DMatrix::from_fn(
                n,
                n,
                |i, j| {
                    if divisors[i] == 0.0 { 0.0 } else { weights[(i, j)] / divisors[i] }
                },
            );
        Self { transition, scale, most_arcs }
    }

    /// The diagonal of L alone, in time and memory linear in the arcs.
    pub(super) fn diagonal(graph: &Graph, settings: &Settings) -> DVector<f64> {
        let nodes = graph.node_count();
        let incoming = settings.direction == Direction::In;
        let (mut rows, mut columns, mut counts) =
            (DVector::zeros(nodes), DVector::zeros(nodes), DVector::zeros(nodes));
        for i in 0..nodes {
            let given = graph.neighbour_weights(i);
            for (place, &j) in graph.neighbours(i).iter().enumerate() {
                let (from, to) = if incoming { (j as usize, i) } else { (i, j as usize) };
                let weight = given.map_or(1.0, |weights| f64::from(weights[place]));
                rows[from] += weight;
                columns[to] += weight;
                counts[from] += 1.0;
            }
        }
        let degrees = match settings.beta_degree {
            BetaDegree::RowSum => rows,
            BetaDegree::ColumnSum => columns,
            BetaDegree::RowCount => counts,
        };
        let volume = if settings.beta_relative { degrees.sum() } else { 1.0 };
        let positive = |degree: f64| if degree > 0.0 { degree } else { 1.0 };
        degrees.map(|degree| (positive(degree) / positive(volume)).powf(settings.beta))
    }

    /// M.
    #[must_use]
    pub fn transition(&self) -> &DMatrix<f64> {
        &self.transition
    }

    /// The diagonal of L.
    #[must_use]
    pub fn scale(&self) -> &DVector<f64> {
        &self.scale
    }

    /// The largest number of arcs that a row of S sums.
    #[must_use]
    pub fn most_arcs(&self) -> usize {
        self.most_arcs
    }

    /// K = Σ_k w_k Mᵏ L, the matrix whose rows a linear embedding (no powers normalised) sketches: U = K R.
    #[must_use]
    pub fn linear_kernel(&self, settings: &Settings) -> DMatrix<f64> {
        let mut power = DMatrix::from_diagonal(&self.scale);
        let mut kernel = &power * settings.self_influence;
        for &weight in &settings.weights {
            power = &self.transition * power;
            kernel += &power * weight;
        }
        kernel
    }
}
