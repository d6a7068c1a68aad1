use super::{Direction, Settings};
use crate::random::StreamKey;

/// Consecutive coordinates that follow the arcs one way: all of them, or half where both ways are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    /// `Out` or `In`.
    pub(super) direction: Direction,
    /// The first coordinate.
    pub(super) first: usize,
    /// Number of coordinates.
    pub(super) dim: usize,
    /// Names the projection.
    pub(super) key: StreamKey,
}

impl Half {
    /// The parts that make up an embedding.
    pub(super) fn all(settings: &Settings, key: StreamKey) -> Vec<Self> {
        let dim = settings.dim;
        match settings.direction {
            Direction::Both => vec![
                Self { direction: Direction::Out, first: 0, dim: dim / 2, key },
                Self { direction: Direction::In, first: dim / 2, dim: dim / 2, key: key.named("in") },
            ],
            direction => vec![Self { direction, first: 0, dim, key }],
        }
    }
}
