use std::io;
use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::embedding::{self, Error, Features, Graph, Settings, Warning, embed_blocks, warnings};
use proofsketch::io::write_npy_columns;
use proofsketch::random::StreamKey;

use super::Embed;
use crate::failure::Failure;

/// What came of an embedding.
#[derive(Debug)]
pub struct Outcome {
    pub isolated: usize,
    pub zero_vectors: usize,
    pub warnings: Vec<Warning>,
    /// d × N, unless they are in a file.
    pub vectors: Option<DMatrix<f32>>,
}

/// Why a stream of coordinates has ended.
enum Stop {
    Embedding(Error),
    Writing(io::Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Embedding(error)
    }
}

impl Embed {
    /// Embeds into memory.
    pub(super) fn embed(
        &self,
        graph: &Graph,
        features: Option<&Features>,
        settings: &Settings,
        key: StreamKey,
    ) -> Result<Outcome, Failure> {
        let bytes = 4 * graph.node_count() * settings.dim;
        let memory_budget = settings.memory_budget.map(|budget| budget - bytes);
        let settings = Settings { memory_budget, ..settings.clone() };
        let embedding = match features {
            Some(features) => embedding::embed_with_features(graph, features, &settings, key),
            None => embedding::embed(graph, &settings, key),
        };
        let embedding = embedding.map_err(|error| self.failure(&error))?;
        Ok(Outcome {
            isolated: embedding.isolated,
            zero_vectors: embedding.zero_vectors,
            warnings: embedding.warnings,
            vectors: Some(embedding.vectors),
        })
    }

    /// Embeds into a `.npy` file, some coordinates at a time.
    pub(super) fn embed_into(
        &self,
        out: &Path,
        graph: &Graph,
        features: Option<&Features>,
        settings: &Settings,
        key: StreamKey,
    ) -> Result<Outcome, Failure> {
        let nodes = graph.node_count();
        let mut is_zero = vec![true; nodes];
        let mut refusal = None;
        let written = write_npy_columns(out, nodes, settings.dim, |columns| {
            let embedded = embed_blocks(graph, features, settings, key, |block| {
                for coordinate in block.coordinates.column_iter() {
                    is_zero
                        .iter_mut()
                        .zip(&coordinate)
                        .for_each(|(is_zero, &entry)| *is_zero &= entry == 0.0);
                }
                columns.append(&block.coordinates).map_err(Stop::Writing)
            });
            match embedded {
                Ok(()) => Ok(()),
                Err(Stop::Writing(error)) => Err(error),
                Err(Stop::Embedding(error)) => {
                    refusal = Some(error);
                    Err(io::Error::other("there are no vectors"))
                }
            }
        });
        if let Some(error) = refusal {
            return Err(self.failure(&error));
        }
        written?;
        let zero_vectors = is_zero.into_iter().filter(|&is_zero| is_zero).count();
        let warnings = warnings(graph, settings, zero_vectors);
        Ok(Outcome { isolated: graph.isolated(), zero_vectors, warnings, vectors: None })
    }

    /// The failure of an embedding, with the name of its edges before it.
    pub(super) fn failure(&self, error: &Error) -> Failure {
        Failure::input(format!("{}: {error}", self.edges.display()))
    }
}
