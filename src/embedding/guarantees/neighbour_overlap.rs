use nalgebra::DMatrix;
use rayon::prelude::*;

/// How stable the neighbourhoods of an embedding are: the mean, over the query nodes, of the fraction of the k nearest
/// neighbours by cosine similarity that two embeddings of one graph share.
///
/// 1 says that the seed does not matter to a user who looks up neighbours, k/(N − 1) that the two have nothing in common.
/// Nodes with a zero vector in either embedding have no neighbours and are left out; NaN if none is left. Ties go to the
/// node of lower index.
///
/// Cost: 2·d·N multiply–adds a query.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::embedding::neighbour_overlap;
///
/// let first = DMatrix::from_column_slice(2, 4, &[1.0_f32, 0.0, 0.9, 0.1, 0.0, 1.0, 0.1, 0.9]);
/// let second = DMatrix::from_column_slice(2, 4, &[1.0_f32, 0.0, 0.0, 1.0, 0.9, 0.1, 0.1, 0.9]);
/// assert_eq!(neighbour_overlap(&first, &(2.0 * &first), 1, &[0, 1, 2, 3]), 1.0);
/// assert_eq!(neighbour_overlap(&first, &second, 1, &[0, 1, 2, 3]), 0.0);
/// ```
///
/// # Panics
/// If the embeddings have different numbers of nodes, or a query is not among them.
#[must_use]
pub fn neighbour_overlap(first: &DMatrix<f32>, second: &DMatrix<f32>, k: usize, queries: &[usize]) -> f64 {
    assert_eq!(first.ncols(), second.ncols(), "two embeddings of one graph");
    let (first, second) = (unit_columns(first), unit_columns(second));
    let shares: Vec<Option<f64>> = queries
        .par_iter()
        .map(|&query| {
            let (a, b) = (nearest(&first, query, k)?, nearest(&second, query, k)?);
            let shared = a.iter().filter(|node| b.contains(node)).count();
            (!a.is_empty()).then(|| shared as f64 / a.len() as f64)
        })
        .collect();
    let shares: Vec<f64> = shares.into_iter().flatten().collect();
    shares.iter().sum::<f64>() / shares.len() as f64
}

fn unit_columns(vectors: &DMatrix<f32>) -> DMatrix<f32> {
    let mut unit = vectors.clone();
    for mut column in unit.column_iter_mut() {
        let norm = column.norm();
        if norm > 0.0 {
            column /= norm;
        }
    }
    unit
}

/// The k nearest other nodes in order of index; `None` for a zero vector.
fn nearest(unit: &DMatrix<f32>, query: usize, k: usize) -> Option<Vec<u32>> {
    let vector = unit.column(query);
    if vector.iter().all(|&x| x == 0.0) {
        return None;
    }
    let others = (0..unit.ncols()).filter(|&node| node != query);
    let mut ranked: Vec<(f32, u32)> =
        others.map(|node| (-unit.column(node).dot(&vector), node as u32)).collect();
    let k = k.min(ranked.len());
    if k == 0 {
        return Some(Vec::new());
    }
    if k < ranked.len() {
        ranked.select_nth_unstable_by(k - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }
    Some(ranked[..k].iter().map(|&(_, node)| node).collect())
}
