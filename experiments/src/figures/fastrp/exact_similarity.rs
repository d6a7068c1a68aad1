//! What FastRP sketches, without the sketch: the similarity U = Σₖ wₖ norm(Mᵏ L) ∈ ℝᴺˣᴺ.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, Settings};
use proofsketch::linalg::{LinearOperator, low_rank_svd, range_basis};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{Gaussian, SketchDistribution, SketchOperator};
use rayon::prelude::*;

use crate::error::Fault;

/// Columns that row norms are computed from at a time.
const BLOCK: usize = 256;
/// Columns beyond the rank in the sample of the range.
const OVERSAMPLING: usize = 24;
/// Nodes that a task handles.
const TASK_NODES: usize = 128;

/// How the norms of the rows of Mᵏ L are had.
#[derive(Debug, Clone, Copy)]
pub(super) enum RowNorms {
    /// From all N columns.
    Exact,
    /// From this many Gaussian combinations of them: relative standard error 1/√(2m).
    Sketched(usize, StreamKey),
}

/// U of an undirected graph without weights, as a linear map; N × N entries are never held.
pub(super) struct ExactSimilarity<'g> {
    graph: &'g Graph,
    /// wₖ/‖row i of Mᵏ L‖ for each power k = 1, 2, … and node i; empty where wₖ = 0.
    row_scales: Vec<Vec<f64>>,
    inverse_degrees: Vec<f64>,
    /// The diagonal of L.
    column_scale: Vec<f64>,
}

impl<'g> ExactSimilarity<'g> {
    /// The similarity that `settings` sketch: their weights and their β.
    pub(super) fn new(graph: &'g Graph, settings: &Settings, norms: RowNorms) -> Result<Self, Fault> {
        let power = |exponent: f64| {
            let scale = |node| match graph.degree(node) {
                0.0 => 0.0,
                degree => degree.powf(exponent),
            };
            (0..graph.node_count()).map(scale).collect::<Vec<f64>>()
        };
        let mut similarity = Self {
            graph,
            row_scales: vec![Vec::new(); settings.weights.len()],
            inverse_degrees: power(-1.0),
            column_scale: power(settings.beta),
        };
        let squares = similarity.squared_norms(&settings.weights, norms)?;
        for ((scales, squares), &weight) in
            similarity.row_scales.iter_mut().zip(squares).zip(&settings.weights)
        {
            let scale = |square: f64| if square > 0.0 { weight / square.sqrt() } else { 0.0 };
            *scales = squares.into_iter().map(scale).collect();
        }
        Ok(similarity)
    }

    /// ‖row i of Mᵏ L‖² for each k with a weight and each i.
    fn squared_norms(&self, weights: &[f64], norms: RowNorms) -> Result<Vec<Vec<f64>>, Fault> {
        let nodes = self.graph.node_count();
        let mut squares: Vec<Vec<f64>> =
            weights.iter().map(|&weight| vec![0.0; if weight == 0.0 { 0 } else { nodes }]).collect();
        let columns = match norms {
            RowNorms::Exact => nodes,
            RowNorms::Sketched(columns, _) => columns,
        };
        for start in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - start);
            let mut block = match norms {
                RowNorms::Exact => DMatrix::from_fn(width, nodes, |j, i| f64::from(u8::from(i == start + j))),
                RowNorms::Sketched(_, key) => {
                    let part = Gaussian::new(width, nodes)?.sample(key.indexed(start as u64));
                    part.columns(0..nodes) * (width as f64 / columns as f64).sqrt()
                }
            };
            scale_columns(&mut block, &self.column_scale);
            for squares in &mut squares {
                block = self.propagated(&block);
                squares
                    .par_iter_mut()
                    .enumerate()
                    .for_each(|(i, square)| *square += block.column(i).norm_squared());
            }
        }
        Ok(squares)
    }

    /// The columns of Σⱼ S_ij Y_j/dᵢ, for one vector a node.
    fn propagated(&self, vectors: &DMatrix<f64>) -> DMatrix<f64> {
        let mut sums = self.neighbour_sums(vectors);
        scale_columns(&mut sums, &self.inverse_degrees);
        sums
    }

    /// Σⱼ S_ij Y_j for each i.
    fn neighbour_sums(&self, vectors: &DMatrix<f64>) -> DMatrix<f64> {
        let (width, nodes) = vectors.shape();
        let mut sums = DMatrix::zeros(width, nodes);
        sums.as_mut_slice().par_chunks_mut(width * TASK_NODES).enumerate().for_each(|(task, chunk)| {
            for (offset, sum) in chunk.chunks_exact_mut(width).enumerate() {
                for &j in self.graph.neighbours(task * TASK_NODES + offset) {
                    let start = j as usize * width;
                    let vector = &vectors.as_slice()[start..start + width];
                    sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value);
                }
            }
        });
        sums
    }

    /// The `rank` leading left singular vectors times their singular values, one node a column, centred and scaled as a whole to
    /// variance 1 a coordinate.
    ///
    /// Scaling each coordinate by itself would turn the similarity into another: all singular values would be one.
    pub(super) fn principal_coordinates(&self, rank: usize, key: StreamKey) -> Result<DMatrix<f32>, Fault> {
        let nodes = self.graph.node_count();
        let sample =
            Gaussian::new((rank + OVERSAMPLING).min(nodes), nodes)?.sample(key).columns(0..nodes).transpose();
        let svd = low_rank_svd(self, &range_basis(self, &self.apply(&sample), 1)?, rank)?;
        let mut coordinates = (svd.u * DMatrix::from_diagonal(&svd.singular_values)).transpose();
        let mean = coordinates.column_mean();
        coordinates.column_iter_mut().for_each(|mut column| column -= &mean);
        let variance = coordinates.norm_squared() / (rank * nodes) as f64;
        Ok((coordinates / variance.sqrt()).map(|value| value as f32))
    }
}

impl LinearOperator for ExactSimilarity<'_> {
    fn nrows(&self) -> usize {
        self.graph.node_count()
    }

    fn ncols(&self) -> usize {
        self.graph.node_count()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        let mut power = x.transpose();
        scale_columns(&mut power, &self.column_scale);
        let mut sum = DMatrix::zeros(power.nrows(), power.ncols());
        for scales in &self.row_scales {
            power = self.propagated(&power);
            add_scaled(&mut sum, &power, scales);
        }
        sum.transpose()
    }

    /// By Horner's rule: Uᵀ Y = L (Mᵀ Λ₁ Y + Mᵀ (Mᵀ Λ₂ Y + …)).
    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        let y = y.transpose();
        let mut sum = DMatrix::zeros(y.nrows(), y.ncols());
        for scales in self.row_scales.iter().rev() {
            add_scaled(&mut sum, &y, scales);
            scale_columns(&mut sum, &self.inverse_degrees);
            sum = self.neighbour_sums(&sum);
        }
        scale_columns(&mut sum, &self.column_scale);
        sum.transpose()
    }
}

fn scale_columns(matrix: &mut DMatrix<f64>, scales: &[f64]) {
    matrix.column_iter_mut().zip(scales).for_each(|(mut column, &scale)| column *= scale);
}

/// sum += Y diag(scales); nothing for no scales.
fn add_scaled(sum: &mut DMatrix<f64>, vectors: &DMatrix<f64>, scales: &[f64]) {
    for ((mut sum, vector), &scale) in sum.column_iter_mut().zip(vectors.column_iter()).zip(scales) {
        sum.axpy(scale, &vector, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use proofsketch::embedding::{Mode, Standardize, embed};

    use super::*;
    use crate::graphs::karate;

    fn settings(dim: usize) -> Settings {
        Settings {
            weights: vec![0.5, 0.0, 2.0],
            beta: -0.3,
            standardize: Standardize::None,
            ..Settings::of(Mode::Official, dim)
        }
    }

    #[test]
    fn it_is_what_the_embedding_sketches() {
        let graph = karate().unwrap().graph;
        let exact = ExactSimilarity::new(&graph, &settings(1), RowNorms::Exact).unwrap().to_dense();
        let gram = &exact * exact.transpose();
        // Rows are divided by their own sketched norms, so that the sketch is exact but for d → ∞.
        let key = StreamKey::from_seed(3);
        let vectors = embed(&graph, &settings(40_000), key).unwrap().vectors.map(f64::from);
        let sketched = vectors.transpose() * &vectors;
        assert!(
            (&sketched - &gram).amax() < 0.05 * gram.amax(),
            "{}",
            (&sketched - &gram).amax() / gram.amax()
        );
    }

    #[test]
    fn its_adjoint_is_its_transpose_and_its_norms_can_be_sketched() {
        let graph = karate().unwrap().graph;
        let exact = ExactSimilarity::new(&graph, &settings(1), RowNorms::Exact).unwrap();
        let identity = DMatrix::identity(34, 34);
        assert!((exact.adjoint_apply(&identity) - exact.apply(&identity).transpose()).amax() < 1e-13);
        let norms = RowNorms::Sketched(20_000, StreamKey::from_seed(1));
        let sketched = ExactSimilarity::new(&graph, &settings(1), norms).unwrap();
        let ratio = sketched.apply(&identity).component_div(&exact.apply(&identity).map(|x| x + 1e-300));
        assert!(ratio.iter().filter(|&&r| r > 0.0).all(|r| (r - 1.0).abs() < 0.03));
    }

    #[test]
    fn principal_coordinates_have_the_distances_of_the_best_approximation() {
        let graph = karate().unwrap().graph;
        let exact = ExactSimilarity::new(&graph, &settings(1), RowNorms::Exact).unwrap();
        let mut svd = exact.to_dense().svd(true, true);
        svd.singular_values.rows_range_mut(10..).fill(0.0);
        let rows = svd.recompose().unwrap();
        let coordinates = exact.principal_coordinates(10, StreamKey::from_seed(1)).unwrap().map(f64::from);
        let distance = |i: usize, j: usize| (rows.row(i) - rows.row(j)).norm();
        let seen = |i: usize, j: usize| (coordinates.column(i) - coordinates.column(j)).norm();
        let scale = seen(0, 33) / distance(0, 33);
        for (i, j) in [(0, 1), (4, 20), (8, 30)] {
            assert!((seen(i, j) / scale - distance(i, j)).abs() < 1e-5 * distance(0, 33), "{i}, {j}");
        }
    }
}
