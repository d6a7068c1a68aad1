use super::{Error, MatrixCompletion};
use crate::sketch::SketchFamily;

/// Iterations that may be asked for with a subset of their own.
const MOST_ITERATIONS: usize = 1_000_000;

/// Which entries of Ω a half-step reads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sampling {
    /// All of Ω in every half-step: the practical default.
    #[default]
    Reuse,
    /// A subset of its own for each half-step, as the theory assumes: Ω is cut at random into 2T + 1 subsets, one for the
    /// initialisation and two an iteration.
    Split {
        /// T; by default ⌈ln(k/tol)⌉.
        iterations: Option<usize>,
        /// μ of the clipping |uᵢⱼ| ≤ 2μ√(k/m) in the initialisation; by default three times the median row norm.
        incoherence: Option<f64>,
    },
}

/// How the k-variable regressions of a half-step are solved, one a row or column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum RowSolver {
    /// Cholesky or a few steps of conjugate gradients, whichever the measured rule expects to be faster.
    #[default]
    Auto,
    /// Normal equations and Cholesky; pivoted QR where they are singular to rounding.
    Cholesky,
    /// Householder QR: the reference.
    Qr,
    /// Conjugate gradients on the normal equations from the last iterate.
    Cg {
        /// Steps at most.
        steps: usize,
        /// Stops when ‖Aᵀr‖ ≤ tol·‖Aᵀb‖.
        tol: f64,
    },
    /// Conjugate gradients preconditioned by a sketch of c·k rows, from the sketch-and-solve start: the paper's solver.
    /// Rows with at most c·k entries are solved by Cholesky.
    SketchPcg {
        /// c.
        c: usize,
        /// The family of the sketch.
        kind: SketchFamily,
    },
}

/// The ridge of the regressions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Ridge {
    /// A ridge that vanishes with the residual r on Ω, relative to ‖P_Ω M‖_F: (AᵀA + λ·diag(σ₁/σⱼ)) v = Aᵀb in the basis of
    /// the singular vectors of the last U Vᵀ, λ = p̂·min(½r^(3/2), 0.9ᵗ) at iteration t.
    ///
    /// To first order this is λ times the nuclear norm of U Vᵀ: small singular values enter only as the ridge falls, which
    /// keeps rows with few entries from being fitted by large ones. λ is o(r), so that the rate stays linear. A restart
    /// takes λ = p̂·hᵗ with h nearer to 1 until it is below 10⁻³p̂.
    #[default]
    Vanishing,
    /// The same λ throughout, and factors that are not orthonormalised: alternating minimisation of
    /// ‖P_Ω(U Vᵀ − M)‖_F² + λ(‖U‖_F² + ‖V‖_F²).
    Fixed(f64),
    /// λ = 0.
    None,
}

/// Settings of [`solve`](super::solve).
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// k, the rank of U Vᵀ.
    pub rank: usize,
    /// Which entries a half-step reads.
    pub sampling: Sampling,
    /// How its regressions are solved.
    pub solver: RowSolver,
    /// The ridge of its regressions ([`Sampling::Reuse`] only: split regressions have none).
    pub ridge: Ridge,
    /// Share of Ω held out of the regressions to tell recovery from fitting, 0 for none ([`Sampling::Reuse`] only).
    pub validation: f64,
    /// Starts anew at most, each with a ridge that falls more slowly, where the entries held out contradict the fit
    /// ([`Ridge::Vanishing`] only).
    pub restarts: usize,
    /// Converged when ‖P_Ω(U Vᵀ − M)‖_F ≤ tol·‖P_Ω M‖_F.
    pub tol: f64,
    /// Converged when ‖U Vᵀ − U′V′ᵀ‖_F ≤ xtol·‖U Vᵀ‖_F for the iterate U′V′ᵀ before.
    pub xtol: f64,
    /// Iterations at most of each start ([`Sampling::Reuse`] only).
    pub max_iterations: usize,
    /// Relative spectral size of a Gaussian error added to the factor of every half-step: the model of an inexact
    /// regression, for experiments; 0 for none.
    pub step_error: f64,
}

impl Default for Settings {
    /// Rank 10, all of Ω reused, automatic solver, vanishing ridge, 5 % held out, two restarts, tolerances 10⁻¹², 500 iterations.
    fn default() -> Self {
        Self {
            rank: 10,
            sampling: Sampling::Reuse,
            solver: RowSolver::Auto,
            ridge: Ridge::Vanishing,
            validation: 0.05,
            restarts: 2,
            tol: 1e-12,
            xtol: 1e-13,
            max_iterations: 500,
            step_error: 0.0,
        }
    }
}

impl Settings {
    /// The defaults for rank k.
    #[must_use]
    pub fn of_rank(rank: usize) -> Self {
        Self { rank, ..Self::default() }
    }

    pub(super) fn check(&self, problem: &MatrixCompletion) -> Result<(), Error> {
        let (nrows, ncols) = (problem.nrows(), problem.ncols());
        if self.rank == 0 || self.rank > nrows.min(ncols) {
            return Err(Error::Rank { rank: self.rank, nrows, ncols });
        }
        in_range("tol", self.tol, self.tol >= 0.0 && self.tol < 1.0, "0 ≤ tol < 1")?;
        in_range("xtol", self.xtol, self.xtol >= 0.0 && self.xtol < 1.0, "0 ≤ xtol < 1")?;
        let share = self.validation;
        in_range("validation", share, (0.0..=0.5).contains(&share), "0 ≤ validation ≤ 0.5")?;
        let error = self.step_error;
        in_range("step_error", error, (0.0..1.0).contains(&error), "0 ≤ step_error < 1")?;
        if let Ridge::Fixed(ridge) = self.ridge {
            in_range("ridge", ridge, ridge >= 0.0 && ridge.is_finite(), "0 ≤ ridge < ∞")?;
        }
        if let Sampling::Split { iterations: Some(count), .. } = self.sampling {
            let holds = (1..=MOST_ITERATIONS).contains(&count);
            in_range("iterations", count as f64, holds, "1 ≤ iterations ≤ 10⁶")?;
        }
        self.solver.check()
    }
}

impl RowSolver {
    pub(super) fn check(&self) -> Result<(), Error> {
        match *self {
            Self::Cg { steps, tol } => {
                in_range("steps", steps as f64, steps > 0, "steps ≥ 1")?;
                in_range("tol of the row solver", tol, (0.0..1.0).contains(&tol), "0 ≤ tol < 1")
            }
            Self::SketchPcg { c, .. } => in_range("c", c as f64, c >= 2, "c ≥ 2"),
            _ => Ok(()),
        }
    }
}

/// Refuses a setting that is out of its range.
pub(super) fn in_range(
    name: &'static str,
    value: f64,
    holds: bool,
    range: &'static str,
) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Setting { name, value, range }) }
}
