//! Over-parameterized gradient descent in matrix sensing.

use crate::Paper;

pub mod condition;
pub mod imbalanced_start;
pub mod one_rebalancing;
pub mod rate_in_scale;
pub mod search_rank_limit;
pub mod sublinear_decay;

mod trajectory;

/// Xiong, Ding and Du, ICLR 2024.
pub static PAPER: Paper = Paper {
    id: "overparameterized_gd",
    title: "How Over-Parameterization Slows Down Gradient Descent in Matrix Sensing: The Curses of Symmetry and \
        Initialization",
    citation: "Xiong, Ding and Du. ICLR 2024, arXiv:2310.01769.",
    standing: "The paper shows synthetic 50×50 matrices of rank 3. Its k, m, η and α were not at hand: those here are \
        this library's, n = 50, X★ = diag(1, 0.8, 0.5, 0, …), every entry measured, so that (1/m)𝒜*𝒜 is the identity \
        and what is seen is the method alone, without the error of a finite number of measurements. The formula of \
        its one modified step (5.1) is this library's reading of it. Nothing is quoted from the body of the paper.",
    open_claims: &[],
};

/// What is said where a check concerns the paper's theorem in a form that this library chose.
const OWN: &str = "not in the paper: measured by this library";
