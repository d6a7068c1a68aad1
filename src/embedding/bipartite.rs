use super::Graph;

/// Whether the nodes fall into two sides with arcs between the sides only, and there is an arc at all.
///
/// Directions and weights are of no account. Stops at the first cycle of odd length.
#[must_use]
pub fn is_bipartite(graph: &Graph) -> bool {
    let mut sides = vec![None; graph.node_count()];
    let mut stack = Vec::new();
    for start in 0..graph.node_count() {
        if sides[start].is_some() {
            continue;
        }
        sides[start] = Some(false);
        stack.push(start);
        while let Some(node) = stack.pop() {
            let side = sides[node].is_some_and(|side: bool| side);
            let back = if graph.is_directed() { graph.incoming().targets(node) } else { &[] };
            for &next in graph.neighbours(node).iter().chain(back) {
                match sides[next as usize] {
                    None => {
                        sides[next as usize] = Some(!side);
                        stack.push(next as usize);
                    }
                    Some(other) if other == side => return false,
                    Some(_) => {}
                }
            }
        }
    }
    graph.arc_count() > 0
}
