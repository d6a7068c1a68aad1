use std::fmt;

/// A law that does not hold, and by how much.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BrokenLaw {
    /// Two matrices that should agree have different shapes.
    #[error("{law}: {left:?} where {right:?} was expected")]
    Shape {
        /// What was computed.
        law: String,
        /// Its shape.
        left: (usize, usize),
        /// The shape it should have.
        right: (usize, usize),
    },
    /// Two matrices that should agree to rounding do not.
    #[error("{law}: off by {gap:e} of {norm:e} in the Frobenius norm")]
    Gap {
        /// What was computed.
        law: String,
        /// ‖left − right‖_F.
        gap: f64,
        /// ‖right‖_F.
        norm: f64,
    },
    /// Two answers that should have the same bits do not, or that should differ do not.
    #[error("{0}")]
    Bits(String),
}

impl BrokenLaw {
    pub(super) fn bits(law: impl fmt::Display) -> Self {
        Self::Bits(law.to_string())
    }
}
