//! Matrix completion by robust alternating minimization.

use crate::{OpenClaim, Paper};

pub mod cost_in_rank;
pub mod error_floor;
pub mod geometric_convergence;
pub mod incoherence_kept;
pub mod inexact_steps;
pub mod initialization_quality;
pub mod matrix_irls_setting;
pub mod phase_transition;
pub mod scaled_gradient_descent;
pub mod splitting_or_reuse;

mod recovery;
mod scaled_gd;

/// Gu, Song, Yin and Zhang, ICLR 2024.
pub static PAPER: Paper = Paper {
    id: "completion",
    title: "Low Rank Matrix Completion via Robust Alternating Minimization in Nearly Linear Time",
    citation: "Gu, Song, Yin and Zhang. ICLR 2024, arXiv:2302.11068.",
    standing: "The paper is theory alone and shows no experiment; every figure here is this library's. It proves \
        that alternating minimization tolerates *approximate* regressions, so that O~(|Ω| k) operations suffice \
        where exact ones take O~(|Ω| k²). *Robust* means robust to the error of the solver, not to outliers among \
        the entries; the matrix is known exactly where it is observed. Its public reviews asked whether splitting \
        the samples can be avoided (`splitting_or_reuse`), whether the gain from k² to k materialises \
        (`cost_in_rank`), and how robust the method is (`error_floor`, `inexact_steps`). Two of their remarks \
        concern proofs. The forward error of an approximate regression follows from Pythagoras' theorem, as A(x′ − \
        x★) is orthogonal to the residual: it holds (`completion::ForwardError`). A bound of σ_min of a perturbed \
        basis needs the perturbation to be below σ_min/2, without which it is false (`completion::IncoherenceKept`). \
        Algorithms of the figures follow Jain, Netrapalli and Sanghavi (STOC 2013) and the reviews; nothing here is \
        quoted from the body of the paper.",
    open_claims: &[
        OpenClaim {
            sentence: "O~(n) samples, times powers of κ, μ and k, suffice for M to be recovered with high probability",
            place: "the main theorem",
            reason: "its constants are hidden; `phase_transition` shows where recovery sets in, which is at a few \
                times the degrees of freedom of M, far below what such bounds ask for",
        },
        OpenClaim {
            sentence: "Approximate regressions keep the distance to the true column space contracting by a constant \
                at every half-step",
            place: "the induction behind the main theorem",
            reason: "it is proved for fresh entries in each half-step, in a number with hidden constants; \
                `completion::HalfStepContraction` proves and checks a form with explicit ones, and \
                `splitting_or_reuse` measures the rate",
        },
    ],
};

/// What is said where a check concerns the paper's theorem in a form that this library chose.
const OWN: &str = "not in the paper: measured by this library";
