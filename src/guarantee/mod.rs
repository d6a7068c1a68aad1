//! Theorems as types, and the statistics that hold them against code.
//!
//! A [`Guarantee`] is a theorem of the form Pr\[observed > bound\] ≤ δ together with the implementation that is meant
//! to obey it. [`check`] runs independent trials on one instance and returns [`Evidence`], whose [`Verdict`] reads:
//!
//! * **refuted**: the implementation fails more often than the theorem allows. If it does obey the theorem, this
//!   verdict falls with probability at most α (10⁻⁶, say), whatever the number of trials.
//! * **supported**: not refuted, and the failure rate is at most δ with 95 % confidence *on this instance*. It speaks
//!   of no other instance, and a bound with much room supports wrong code too: read the tightness beside it.
//! * **undecided**: neither. δ asks for more trials ([`trials_to_support`]), or the true failure rate is near δ.
//! * **not applicable**: a hypothesis fails, and no trial was run.
//!
//! A check is worth what it can refute. Each theorem is therefore held against a mutant too, and [`trials_needed`]
//! says how many trials give the refutation its power.
//!
//! Theorems come in three kinds. *Explicit constants*: [`check`]. *Hidden constants*: a [`Calibrated`] constant, held
//! against other families of instances, and the exponent fitted over six sizes or more ([`fit_exponent`]).
//! *Deterministic under a hypothesis*: compute the hypothesis, assert the conclusion.
//!
//! | file | what |
//! | --- | --- |
//! | `check` | [`Guarantee`], [`check`], [`outcomes`] |
//! | `evidence` | [`Evidence`], [`Verdict`], [`Tightness`] |
//! | `hypothesis` | [`Hypothesis`], [`Standing`], [`Outcome`] |
//! | `citation` | [`Citation`] |
//! | `calibrated` | [`Calibrated`] constants |
//! | `binomial` | exact limits of a failure rate, [`lower_limit`] and [`upper_limit`]; [`binomial_test`]; numbers of trials |
//! | `student_t` | Student's t: [`student_t_tail`], [`student_t_quantile`] |
//! | `moments` | [`mean_test`], [`mean_test_estimated`], [`variance_test`]; [`norm_square_variance`] of a sketch |
//! | `moment_law` | [`MomentLaw`], a theorem that gives mean and variance exactly; [`check_moments`] |
//! | `kolmogorov_smirnov` | [`kolmogorov_smirnov`] test of a distribution |
//! | `exponent` | [`fit_exponent`] of a power law |
//! | `subspace` | [`Subspace`], the instance of embedding theorems, and its distortion under a sketch |
//! | `subspace_embedding` | [`GaussianEmbedding`] (Davidson and Szarek), [`MomentEmbedding`] (any sketch) |
//! | `chernoff_embedding` | [`matrix_chernoff`]; [`SrhtEmbedding`], [`LeverageSamplingEmbedding`] |
//! | `distances` | [`Distances`], the instance of Johnson–Lindenstrauss theorems |
//! | `distance_embedding` | [`DistanceEmbedding`] (Achlioptas), [`SparseDistanceEmbedding`] (any sparsity), [`sparse_norm_tail`] |
//!
//! # A theorem and its mutant
//!
//! ```
//! use proofsketch::guarantee::{Citation, Guarantee, Hypothesis, Outcome, Verdict, check};
//! use proofsketch::random::{StreamKey, uniform_unit};
//!
//! /// |mean of n flips − p| ≤ t but with probability 2 exp(−2nt²), for an implementation of a p-coin.
//! struct Hoeffding<F> {
//!     flips: usize,
//!     deviation: f64,
//!     flip: F,
//! }
//!
//! impl<F: Fn(f64, f64) -> bool + Sync> Guarantee for Hoeffding<F> {
//!     type Instance = f64;
//!     const CITATION: Citation = Citation {
//!         key: "Hoeffding1963",
//!         authors: "W. Hoeffding",
//!         title: "Probability Inequalities for Sums of Bounded Random Variables",
//!         venue: "Journal of the American Statistical Association 58",
//!         year: 1963,
//!         locator: "Theorem 1",
//!     };
//!     fn hypotheses(&self, p: &f64) -> Vec<Hypothesis> {
//!         let is_probability = (0.0..=1.0).contains(p);
//!         vec![
//!             Hypothesis::require("0 ≤ p ≤ 1", is_probability, || format!("p = {p}")),
//!             Hypothesis::assumed("the flips are independent"),
//!         ]
//!     }
//!     fn failure_probability(&self) -> f64 {
//!         2.0 * (-2.0 * self.flips as f64 * self.deviation.powi(2)).exp()
//!     }
//!     fn trial(&self, &p: &f64, key: StreamKey) -> Outcome {
//!         let mut rng = key.block(0);
//!         let heads = (0..self.flips).filter(|_| (self.flip)(uniform_unit(&mut rng), p)).count();
//!         Outcome { bound: self.deviation, observed: (heads as f64 / self.flips as f64 - p).abs() }
//!     }
//! }
//!
//! let key = StreamKey::from_seed(1963);
//! let coin = Hoeffding { flips: 100, deviation: 0.15, flip: |u: f64, p: f64| u < p }; // δ = 0.0222
//! assert_eq!(check(&coin, &0.3, 1000, 1e-6, key).verdict, Verdict::Supported);
//!
//! let mutant = Hoeffding { flips: 100, deviation: 0.15, flip: |u: f64, p: f64| u * u < p };
//! let evidence = check(&mutant, &0.3, 1000, 1e-6, key);
//! assert_eq!(evidence.verdict, Verdict::Refuted);
//! assert!(evidence.to_string().starts_with("Hoeffding1963 refuted: "));
//!
//! assert_eq!(check(&coin, &1.3, 1000, 1e-6, key).verdict, Verdict::NotApplicable);
//! ```

mod binomial;
mod calibrated;
mod check;
mod chernoff_embedding;
mod citation;
mod distance_embedding;
mod distances;
mod error;
mod evidence;
mod exponent;
mod hypothesis;
mod kolmogorov_smirnov;
mod moment_law;
mod moments;
mod student_t;
mod subspace;
mod subspace_embedding;

pub use binomial::{
    binomial_test, lower_limit, lower_tail, trials_needed, trials_to_support, upper_limit, upper_tail,
};
pub use calibrated::Calibrated;
pub use check::{Guarantee, check, outcomes};
pub use chernoff_embedding::{LeverageSamplingEmbedding, SrhtEmbedding, matrix_chernoff};
pub use citation::Citation;
pub use distance_embedding::{
    DistanceEmbedding, SparseDistanceEmbedding, distance_embedding_dim, sparse_norm_tail,
};
pub use distances::Distances;
pub use error::Error;
pub use evidence::{Evidence, SUPPORT_LEVEL, Tightness, Verdict};
pub use exponent::{ExponentFit, fit_exponent};
pub use hypothesis::{Hypothesis, Outcome, Standing};
pub use kolmogorov_smirnov::{KolmogorovSmirnov, kolmogorov_smirnov, kolmogorov_tail};
pub use moment_law::{MOMENT_MARGIN, MomentEvidence, MomentLaw, MomentTests, Moments, check_moments};
pub use moments::{MomentTest, mean_test, mean_test_estimated, norm_square_variance, variance_test};
pub use student_t::{student_t_quantile, student_t_tail};
pub use subspace::Subspace;
pub use subspace_embedding::{GaussianEmbedding, MomentEmbedding, moment_embedding_rows};
