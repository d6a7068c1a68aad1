//! Sketched regression with the ℓ∞ guarantee.

use crate::{OpenClaim, Paper};

pub mod adversarial_growth;
pub mod benign_rate;
pub mod density_threshold;
pub mod embedding_is_not_enough;
pub mod kronecker;
pub mod student_t_rows;

mod families;
mod normalized_error;

/// Song, Ye, Yin and Zhang, ICML 2023.
pub static PAPER: Paper = Paper {
    id: "linf_regression",
    title: "A Nearly-Optimal Bound for Fast Regression with ℓ∞ Guarantee",
    citation: "Song, Ye, Yin and Zhang. ICML 2023, PMLR 202:32463–32482, arXiv:2302.00248.",
    standing: "A 2026 manuscript by two of the authors reports that the proof of Theorem 1.1 is incomplete: its \
        coordinate-wise embedding holds for a fixed pair of vectors and is applied to one that depends on the same \
        sketch. The bound for the subsampled randomized Hadamard transform is claimed and neither proved nor refuted.",
    open_claims: &[OpenClaim {
        sentence: "m = O(ε⁻² d log³(n/δ)) rows of the subsampled randomized Hadamard transform suffice",
        place: "Theorem 1.1",
        reason: "the constant is hidden, and with constant 1 the bound asks for 153,330 rows at n = 4096, d = 32, \
            ε = 0.5, δ = 0.1; figures test how the error scales instead",
    }],
};
