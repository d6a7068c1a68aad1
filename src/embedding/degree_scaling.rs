use super::adjacency::Adjacency;
use super::{BetaDegree, Direction, Graph, Matrix, Settings};

/// The matrices that powers are taken of, in one direction: M = diag(row_scale)·S and L = c·diag(column_scale).
#[derive(Clone, Debug)]
pub(super) struct Operator<'g> {
    /// S.
    pub(super) adjacency: &'g Adjacency,
    /// What sums over the arcs of a row are multiplied by; `None` if by 1.
    pub(super) row_scale: Option<Vec<f64>>,
    /// d_j^β.
    pub(super) column_scale: Vec<f64>,
    /// c = v^(−β) where L is relative to the volume v = Σ d_j, else 1.
    pub(super) volume_scale: f64,
}

impl<'g> Operator<'g> {
    /// The matrices of a graph in direction `Out` or `In`.
    pub(super) fn new(graph: &'g Graph, settings: &Settings, direction: Direction) -> Self {
        let (rows, columns) = match direction {
            Direction::In => (graph.incoming(), graph.outgoing()),
            Direction::Out | Direction::Both => (graph.outgoing(), graph.incoming()),
        };
        let row_scale = match settings.matrix {
            Matrix::Transition => Some(inverses(rows, |node| rows.row_sum(node))),
            Matrix::CountTransition => Some(inverses(rows, |node| rows.count(node) as f64)),
            Matrix::Adjacency => None,
        };
        let degree = |node: usize| match settings.beta_degree {
            BetaDegree::RowSum => rows.row_sum(node),
            BetaDegree::ColumnSum => columns.row_sum(node),
            BetaDegree::RowCount => rows.count(node) as f64,
        };
        let nodes = graph.node_count();
        let positive = |degree: f64| if degree > 0.0 { degree } else { 1.0 };
        let column_scale = match settings.beta {
            0.0 => vec![1.0; nodes],
            beta => (0..nodes).map(|node| positive(degree(node)).powf(beta)).collect(),
        };
        let volume_scale = match settings.beta_relative && settings.beta != 0.0 {
            true => {
                let volume: f64 = (0..nodes).map(|rank| degree(graph.node_of_rank(rank))).sum();
                positive(volume).powf(-settings.beta)
            }
            false => 1.0,
        };
        Self { adjacency: rows, row_scale, column_scale, volume_scale }
    }
}

fn inverses(rows: &Adjacency, sum: impl Fn(usize) -> f64) -> Vec<f64> {
    let inverse = |sum: f64| if sum > 0.0 { 1.0 / sum } else { 0.0 };
    (0..rows.node_count()).map(|node| inverse(sum(node))).collect()
}
