use std::error::Error;
use std::path::Path;

use proofsketch::embedding::{Graph, Mode, Settings, embed};

use super::{Answer, Work, key, matrix, unknown, vector};

/// The vectors of the nodes of an undirected graph.
pub struct FastRp {
    graph: Graph,
    dim: usize,
}

impl FastRp {
    pub fn load(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let edges = matrix(folder, "edges.npy")?;
        let shape = vector(folder, "shape.npy")?;
        let edges: Vec<_> = edges.row_iter().map(|edge| (edge[0] as u32, edge[1] as u32)).collect();
        let graph = Graph::undirected((0..shape[0] as u64).collect(), &edges, None)?;
        Ok(Self { graph, dim: shape[1] as usize })
    }
}

impl Work for FastRp {
    fn run(&self, variant: &str) -> Result<Answer, Box<dyn Error>> {
        let mode = match variant {
            "official" => Mode::Official,
            _ => return Err(unknown(variant)),
        };
        Ok(Answer::Vectors(embed(&self.graph, &Settings::of(mode, self.dim), key())?.vectors))
    }
}
