//! Sketched regression with the ℓ∞ guarantee.

use crate::{OpenClaim, Paper};

pub mod adversarial_growth;
pub mod apply_cost;
pub mod benign_rate;
pub mod certificate_coverage;
pub mod counterexamples;
pub mod density_threshold;
pub mod embedding_is_not_enough;
pub mod even_spread;
pub mod exact_law;
pub mod kronecker;
pub mod row_rules;
pub mod student_t_rows;

mod families;
mod flights;
mod identity_rows;
mod normalized_error;

/// Song, Ye, Yin and Zhang, ICML 2023.
pub static PAPER: Paper = Paper {
    id: "linf_regression",
    title: "A Nearly-Optimal Bound for Fast Regression with ℓ∞ Guarantee",
    citation: "Song, Ye, Yin and Zhang. ICML 2023, PMLR 202:32463–32482, arXiv:2302.00248.",
    standing: "Theorem 1.1 claims m = O(ε⁻² d ln³(n/δ)) rows for the subsampled randomized Hadamard transform. A 2026 \
        manuscript by two of the authors (7 August 2026, not peer reviewed) reports that its proof is incomplete: a \
        property shown for each *fixed* pair of vectors is applied to a vector that depends on the same sketch, and \
        \"the issue cannot be repaired within the same argument\". The bound is neither proved nor refuted at the time of \
        writing. Proved for this transform is m = O(ε⁻² d^(1+γ)) with γ = Θ(√(ln ln n/ln d)) (Price, Song and Woodruff, \
        ICALP 2017, Theorem 10, as quoted in that manuscript); for the Gaussian sketch the law of the error is exact.",
    open_claims: &[
        OpenClaim {
            sentence: "m = O(ε⁻² d ln³(n/δ)) rows of the subsampled randomized Hadamard transform suffice",
            place: "Theorem 1.1",
            reason: "the constant is hidden, and with constant 1 the bound asks for 153,330 rows at n = 4096, d = 32, \
                ε = 0.5, δ = 0.1, 37 times n; the figures test how the error scales with m and d instead",
        },
        OpenClaim {
            sentence: "m = O(ε⁻² d ln(d/δ)) rows of the balanced Gaussian-pooled sketch suffice",
            place: "the 2026 manuscript, Theorem 10.1",
            reason: "its constants and those of its block length are hidden; the figures run blocks of 64 and more",
        },
    ],
};
