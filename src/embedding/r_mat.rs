use super::instances::{check_size, distinct_edges};
use super::{Error, Instance};
use crate::random::{StreamKey, uniform_below, uniform_unit};

/// The recursive matrix model R-MAT: an edge descends into one quadrant of the adjacency matrix after another.
///
/// Ends beyond N (which need not be a power of two) are drawn again, and nodes are numbered in random order, so that a
/// number says nothing of a degree.
///
/// Source: Chakrabarti, Zhan and Faloutsos, "R-MAT: a recursive model for graph mining", SDM 2004.
///
/// ```
/// use proofsketch::embedding::RMat;
/// use proofsketch::random::StreamKey;
///
/// let instance = RMat { nodes: 1000, edges: 5000, ..Default::default() }.sample(StreamKey::from_seed(1))?;
/// let graph = instance.graph()?;
/// let largest = (0..1000).map(|node| graph.neighbours(node).len()).max();
/// assert!(largest > Some(50)); // the mean is 10
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RMat {
    /// N.
    pub nodes: usize,
    /// Number of edges.
    pub edges: usize,
    /// The probabilities a, b, c, d of the quadrants: upper left, upper right, lower left, lower right.
    pub quadrants: [f64; 4],
}

impl Default for RMat {
    /// 10⁵ nodes, 2·10⁶ edges, quadrants 0.57, 0.19, 0.19, 0.05 as in the Graph 500 benchmark.
    fn default() -> Self {
        Self { nodes: 100_000, edges: 2_000_000, quadrants: [0.57, 0.19, 0.19, 0.05] }
    }
}

impl RMat {
    /// The instance that `key` names; it has no communities.
    ///
    /// # Errors
    /// [`Error::EmptyGraph`], [`Error::TooManyNodes`], [`Error::Setting`] for parameters out of range, or so many edges
    /// that distinct ones cannot be found.
    pub fn sample(&self, key: StreamKey) -> Result<Instance, Error> {
        check_size(self.nodes, self.edges)?;
        let [a, b, c, d] = self.quadrants;
        let sum = a + b + c + d;
        if !(sum.is_finite() && (sum - 1.0).abs() < 1e-9 && self.quadrants.iter().all(|&p| p >= 0.0)) {
            return Err(Error::Setting { name: "quadrants", value: sum, range: "probabilities of sum 1" });
        }
        let levels = usize::BITS - (self.nodes - 1).leading_zeros();
        let number = shuffled(self.nodes, key.named("numbers"));
        let edges = distinct_edges(self.edges, key.named("edges"), |rng| {
            loop {
                let (mut u, mut v) = (0, 0);
                for _ in 0..levels {
                    let point = uniform_unit(rng);
                    u = 2 * u + usize::from(point >= a + b);
                    v = 2 * v + usize::from((a..a + b).contains(&point) || point >= a + b + c);
                }
                if u.max(v) < self.nodes {
                    return (number[u], number[v]);
                }
            }
        })?;
        Ok(Instance { nodes: self.nodes, edges, communities: Vec::new() })
    }
}

/// 0..n in random order (Fisher–Yates).
fn shuffled(n: usize, key: StreamKey) -> Vec<u32> {
    let mut rng = key.block(0);
    let mut order: Vec<u32> = (0..n as u32).collect();
    for last in (1..n).rev() {
        order.swap(last, uniform_below(&mut rng, last as u32 + 1) as usize);
    }
    order
}
