//! Row sampling for ℓp norms by sensitivities, Lewis weights and leverage scores.

use crate::{OpenClaim, Paper};

pub mod bucketed_sensitivities;
pub mod incidence_witness;
pub mod lewis_iteration;
pub mod lp_distortion;
pub mod lp_large_exponent;
pub mod lp_regression_excess;
pub mod lp_separation;
pub mod lp_tightness;
pub mod lp_total_sensitivity;
pub mod sensitivity_certificate;

mod lewis_rules;
mod sampled_regression;
mod sampling;

/// Woodruff and Yasuda, ICML 2023.
pub static PAPER: Paper = Paper {
    id: "lp_sampling",
    title: "Sharper Bounds for ℓp Sensitivity Sampling",
    citation: "Woodruff and Yasuda. ICML 2023, arXiv:2306.00732.",
    standing: "The paper is theory alone and shows no experiment; every figure here is this library's. It asks how many \
        rows keep ‖Ax‖ₚ up to a factor 1 ± ε for all x when row i is kept with probability proportional to its \
        ℓp sensitivity σᵢ = sup |aᵢᵀx|ᵖ/‖Ax‖ₚᵖ, and answers in terms of the total sensitivity 𝔖 = Σσᵢ: about \
        ε⁻²𝔖^(2/p) rows for p < 2 and ε⁻²𝔖^(2−2/p) for p > 2, up to logarithms, where 𝔖·d was known. As its second \
        version says itself, the bound for p < 2 is subsumed by ε⁻²d^(1−p/2)𝔖 of Chen and Derezinski (2021), since \
        𝔖 ≥ d^(p/2): a figure that draws the one draws the other too. Munteanu and Omlor (ICML 2024) show that \
        d^(1−p/2)𝔖 is what sensitivities alone can give for p ≤ 2, and that sampling by the sum of sensitivities and \
        leverage scores needs about ε⁻²(𝔖 + d) only. Whether 𝔖 + d suffices for all p is open; a manuscript of 2026 \
        that has not been reviewed claims that for p > 2 the dependence on ε cannot stay ε⁻². Distortions at p ≠ 2 are \
        maxima of functions that are not convex: what is plotted is the worst direction found, a certain lower bound.",
    open_claims: &[
        OpenClaim {
            sentence: "ε⁻²𝔖^(2−2/p) rows, times logarithms, suffice for p > 2",
            place: "the main theorem for p > 2",
            reason: "its constants are hidden and its rate is an upper bound that generic matrices stay far below; \
                embedding failures are held against a calibrated constant (`sampling::ScoreEmbedding`)",
        },
        OpenClaim {
            sentence: "ε⁻²d^(2/p)𝔖^(2−4/p) rows suffice for p > 2 when leverage scores and sensitivities are combined",
            place: "the abstract",
            reason: "the algorithm is given by its analysis, with hidden constants; where leverage scores and \
                sensitivities are alike, as on all matrices tried here, the samplers cannot be told apart",
        },
        OpenClaim {
            sentence: "Low-rank plus s-sparse rows have a total sensitivity of at most dˢ(k + s)ᵖ for p > 2",
            place: "the section on structured matrices",
            reason: "the bound exceeds the trivial d^(p/2) for all sizes at hand; the inequality itself is asserted in \
                the tests",
        },
    ],
};

/// What is said where a check concerns the paper's theorem in a form that this library chose.
const OWN: &str = "not in the paper: measured by this library";
