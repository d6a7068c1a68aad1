//! The figures: a folder a paper, a file a figure, each file named as its figure.

use crate::{Dataset, Figure, graphs};

pub mod completion;
pub mod fastrp;
pub mod linf_regression;
pub mod lp_sampling;
pub mod overparameterized_gd;
pub mod subgm;

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
    fastrp::training_ratio_blogcatalog::FIGURE,
    fastrp::training_ratio::FIGURE,
    fastrp::degree_exponent_blogcatalog::FIGURE,
    fastrp::degree_exponent::FIGURE,
    fastrp::dimension_blogcatalog::FIGURE,
    fastrp::dimension::FIGURE,
    fastrp::powers_blogcatalog::FIGURE,
    fastrp::powers::FIGURE,
    fastrp::block_model::FIGURE,
    fastrp::embedding_cost::FIGURE,
    fastrp::distance_distortion::FIGURE,
    fastrp::zero_rows::FIGURE,
    fastrp::zero_rows_blogcatalog::FIGURE,
    fastrp::incremental_update::FIGURE,
    fastrp::seed_stability::FIGURE,
    fastrp::seed_stability_blogcatalog::FIGURE,
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
    subgm::search_rank::FIGURE,
    subgm::corruption::FIGURE,
    subgm::initialization_scale::FIGURE,
    subgm::spurious_minima::FIGURE,
    subgm::gaussian_noise_losses::FIGURE,
    subgm::gaussian_noise_initialization::FIGURE,
    subgm::gaussian_noise_rate::FIGURE,
    subgm::three_phases::FIGURE,
    subgm::incremental_learning::FIGURE,
    subgm::signal_and_residual::FIGURE,
    subgm::head_to_head::FIGURE,
    lp_sampling::lp_distortion::FIGURE,
    lp_sampling::lp_tightness::FIGURE,
    lp_sampling::lp_separation::FIGURE,
    lp_sampling::lp_total_sensitivity::FIGURE,
    lp_sampling::lp_large_exponent::FIGURE,
    lp_sampling::lewis_iteration::FIGURE,
    lp_sampling::lp_regression_excess::FIGURE,
    lp_sampling::sensitivity_certificate::FIGURE,
    lp_sampling::bucketed_sensitivities::FIGURE,
    lp_sampling::incidence_witness::FIGURE,
    overparameterized_gd::sublinear_decay::FIGURE,
    overparameterized_gd::imbalanced_start::FIGURE,
    overparameterized_gd::rate_in_scale::FIGURE,
    overparameterized_gd::one_rebalancing::FIGURE,
    overparameterized_gd::search_rank_limit::FIGURE,
    overparameterized_gd::condition::FIGURE,
];

/// The figures that run on data which is not shipped, each with what it needs.
pub(crate) const ON_OUTSIDE_DATA: &[(&str, &Dataset)] = &[
    (fastrp::training_ratio_blogcatalog::FIGURE.id, &graphs::BLOGCATALOG),
    (fastrp::degree_exponent_blogcatalog::FIGURE.id, &graphs::BLOGCATALOG),
    (fastrp::dimension_blogcatalog::FIGURE.id, &graphs::BLOGCATALOG),
    (fastrp::powers_blogcatalog::FIGURE.id, &graphs::BLOGCATALOG),
    (fastrp::zero_rows_blogcatalog::FIGURE.id, &graphs::BLOGCATALOG),
    (fastrp::seed_stability_blogcatalog::FIGURE.id, &graphs::BLOGCATALOG),
];
