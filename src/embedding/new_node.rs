use super::{BetaDegree, Error, Graph, Matrix, Settings};

/// The row of M and the entry of L of a node that a graph does not have.
pub(super) struct NewNode {
    /// Arcs in order of the keys they lead to: rank of the key, weight.
    pub(super) arcs: Vec<(usize, f32)>,
    /// What sums over the arcs are multiplied by.
    pub(super) row_scale: f32,
    /// d^β.
    pub(super) column_scale: f64,
}

/// A node with `arcs` to nodes of the graph and `back` from them.
pub(super) fn new_node(
    graph: &Graph,
    settings: &Settings,
    arcs: &[(u32, f32)],
    back: &[(u32, f32)],
) -> Result<NewNode, Error> {
    check(graph, arcs)?;
    check(graph, back)?;
    let sum = |arcs: &[(u32, f32)]| arcs.iter().map(|&(_, weight)| f64::from(weight)).sum::<f64>();
    let (row_sum, count) = (sum(arcs), arcs.len() as f64);
    let inverse = |sum: f64| if sum > 0.0 { 1.0 / sum } else { 0.0 };
    let row_scale = match settings.matrix {
        Matrix::Transition => inverse(row_sum),
        Matrix::CountTransition => inverse(count),
        Matrix::Adjacency => 1.0,
    };
    let degree = match settings.beta_degree {
        BetaDegree::RowSum => row_sum,
        BetaDegree::ColumnSum => sum(back),
        BetaDegree::RowCount => count,
    };
    let column_scale = if degree > 0.0 { degree.powf(settings.beta) } else { 1.0 };
    let mut arcs: Vec<_> =
        arcs.iter().map(|&(node, weight)| (graph.rank_of_node(node as usize), weight)).collect();
    arcs.sort_unstable_by_key(|&(rank, weight)| (rank, weight.to_bits()));
    Ok(NewNode { arcs, row_scale: row_scale as f32, column_scale })
}

fn check(graph: &Graph, arcs: &[(u32, f32)]) -> Result<(), Error> {
    let nodes = graph.node_count();
    for (edge, &(node, value)) in arcs.iter().enumerate() {
        if node as usize >= nodes {
            return Err(Error::EdgeOutOfRange { edge, node, nodes });
        }
        if !(value.is_finite() && value >= 0.0) {
            return Err(Error::EdgeWeight { edge, value });
        }
    }
    Ok(())
}
