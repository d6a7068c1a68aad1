//! The figures: a folder a paper, a file a figure, each file named as its figure.

use crate::{Dataset, Figure};

pub mod completion;
pub mod fastrp;
pub mod linf_regression;

/// The registry, in the order of the reports.
pub(crate) const ALL: &[Figure] = &[
    linf_regression::student_t_rows::FIGURE,
    linf_regression::benign_rate::FIGURE,
    linf_regression::adversarial_growth::FIGURE,
    linf_regression::density_threshold::FIGURE,
    linf_regression::embedding_is_not_enough::FIGURE,
    linf_regression::kronecker::FIGURE,
    linf_regression::even_spread::FIGURE,
    linf_regression::row_rules::FIGURE,
    linf_regression::apply_cost::FIGURE,
    linf_regression::certificate_coverage::FIGURE,
    linf_regression::exact_law::FIGURE,
    linf_regression::counterexamples::FIGURE,
    completion::geometric_convergence::FIGURE,
    completion::error_floor::FIGURE,
    completion::inexact_steps::FIGURE,
    completion::phase_transition::FIGURE,
    completion::splitting_or_reuse::FIGURE,
    completion::incoherence_kept::FIGURE,
    completion::initialization_quality::FIGURE,
    completion::cost_in_rank::FIGURE,
    completion::scaled_gradient_descent::FIGURE,
    completion::matrix_irls_setting::FIGURE,
];

/// The figures that run on data which is not shipped, each with what it needs.
pub(crate) const ON_OUTSIDE_DATA: &[(&str, &Dataset)] = &[];
