use rand_chacha::ChaCha8Rng;

use super::instances::{check_size, distinct_edges};
use super::{Error, Instance};
use crate::random::{StreamKey, uniform_below, uniform_unit};

/// The degree-corrected stochastic block model with power-law degrees.
///
/// Each node belongs to one of the blocks, chosen uniformly, and has a propensity θ of density ∝ θ^(−γ) on [1, √N]. An
/// edge starts at a node drawn ∝ θ; with probability `within` it ends in the same block, else anywhere, at a node drawn
/// ∝ θ again. Edges are drawn until `edges` of them are distinct.
///
/// Source: Karrer and Newman, "Stochastic blockmodels and community structure in networks", Phys. Rev. E 83 (2011).
///
/// ```
/// use proofsketch::embedding::StochasticBlockModel;
/// use proofsketch::random::StreamKey;
///
/// let model = StochasticBlockModel { nodes: 500, blocks: 5, edges: 4000, ..Default::default() };
/// let instance = model.sample(StreamKey::from_seed(1))?;
/// let inside = |&&(u, v): &&(u32, u32)| instance.communities[u as usize] == instance.communities[v as usize];
/// assert!(instance.edges.iter().filter(inside).count() > 2500);
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StochasticBlockModel {
    /// N.
    pub nodes: usize,
    /// Number of blocks.
    pub blocks: usize,
    /// Number of edges.
    pub edges: usize,
    /// The probability that an edge is drawn inside a block, in [0, 1].
    pub within: f64,
    /// γ > 1.
    pub exponent: f64,
}

impl Default for StochasticBlockModel {
    /// 10⁵ nodes in 50 blocks, 2·10⁶ edges, 70 % of them inside, γ = 2.5.
    fn default() -> Self {
        Self { nodes: 100_000, blocks: 50, edges: 2_000_000, within: 0.7, exponent: 2.5 }
    }
}

/// Nodes drawn ∝ θ.
struct Propensities {
    nodes: Vec<u32>,
    /// Running sums of θ.
    sums: Vec<f64>,
}

impl Propensities {
    fn new(nodes: Vec<u32>, propensity: &[f64]) -> Self {
        let mut total = 0.0;
        let sums = nodes
            .iter()
            .map(|&node| {
                total += propensity[node as usize];
                total
            })
            .collect();
        Self { nodes, sums }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> u32 {
        let point = uniform_unit(rng) * self.sums[self.sums.len() - 1];
        self.nodes[self.sums.partition_point(|&sum| sum <= point).min(self.nodes.len() - 1)]
    }
}

impl StochasticBlockModel {
    /// The instance that `key` names.
    ///
    /// # Errors
    /// [`Error::EmptyGraph`], [`Error::TooManyNodes`], [`Error::Setting`] for parameters out of range, or so many edges
    /// that distinct ones cannot be found.
    pub fn sample(&self, key: StreamKey) -> Result<Instance, Error> {
        self.check()?;
        let mut rng = key.named("nodes").block(0);
        let communities: Vec<u32> =
            (0..self.nodes).map(|_| uniform_below(&mut rng, self.blocks as u32)).collect();
        let propensity: Vec<f64> = (0..self.nodes).map(|_| self.propensity(uniform_unit(&mut rng))).collect();
        let everyone = Propensities::new((0..self.nodes as u32).collect(), &propensity);
        let mut members = vec![Vec::new(); self.blocks];
        communities.iter().enumerate().for_each(|(node, &block)| members[block as usize].push(node as u32));
        let blocks: Vec<_> = members.into_iter().map(|nodes| Propensities::new(nodes, &propensity)).collect();
        let edges = distinct_edges(self.edges, key.named("edges"), |rng| {
            let start = everyone.draw(rng);
            let inside = uniform_unit(rng) < self.within;
            let ends = if inside { &blocks[communities[start as usize] as usize] } else { &everyone };
            (start, ends.draw(rng))
        })?;
        Ok(Instance { nodes: self.nodes, edges, communities })
    }

    /// The u-quantile of θ.
    fn propensity(&self, u: f64) -> f64 {
        let power = 1.0 - self.exponent;
        let last = (self.nodes as f64).sqrt().powf(power);
        (1.0 - u * (1.0 - last)).powf(1.0 / power)
    }

    fn check(&self) -> Result<(), Error> {
        check_size(self.nodes, self.edges)?;
        if self.blocks == 0 || self.blocks > self.nodes {
            return Err(Error::Setting {
                name: "blocks",
                value: self.blocks as f64,
                range: "between 1 and the number of nodes",
            });
        }
        if !(0.0..=1.0).contains(&self.within) {
            return Err(Error::Setting { name: "within", value: self.within, range: "a probability" });
        }
        if !(self.exponent.is_finite() && self.exponent > 1.0) {
            return Err(Error::Setting { name: "exponent", value: self.exponent, range: "a number above 1" });
        }
        Ok(())
    }
}
