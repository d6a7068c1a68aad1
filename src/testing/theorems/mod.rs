//! Every theorem of the library with what it is held against: the implementation here, a mutant that must be refuted, and an
//! instance outside its hypotheses.
//!
//! [`theorems`] is the list; `tests/guarantees` and the page `reports/guarantees.md` read nothing else. A [`Theorem`] names
//! a type that implements [`Guarantee`](crate::guarantee::Guarantee) or [`MomentLaw`](crate::guarantee::MomentLaw); the
//! bound, the hypotheses and δ are that type's.
//!
//! ```
//! use proofsketch::random::StreamKey;
//! use proofsketch::testing::{Role, theorems};
//!
//! let all = theorems();
//! let theorem = all.iter().find(|theorem| theorem.name == "GaussianEmbedding").unwrap();
//! for (role, case) in theorem.cases() {
//!     let finding = case.run(case.trials, theorem.key(StreamKey::from_seed(1), role));
//!     assert!(role.agrees(&finding), "{}: {finding}", case.instance);
//! }
//! ```

mod completion;
mod completion_iteration;
mod distances;
mod embedding;
mod finding;
mod regression;
mod sampling;
mod sampling_draws;
mod sampling_rounds;
mod sensing_descent;
mod sensing_expected_loss;
mod sensing_robust;
mod sensing_sign;
mod sketch;

pub use finding::Finding;

use std::fmt;

use crate::random::StreamKey;

/// α of every check: a theorem that is true comes out refuted with at most this probability.
pub const ALPHA: f64 = 1e-6;

/// Where the constants of a theorem come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All constants are in the theorem.
    Explicit,
    /// The source hides a constant: here it is a number, read off one family of instances or set beforehand, and held against
    /// others.
    Calibrated,
    /// No randomness is left under the hypotheses: δ = 0, and one exception refutes it.
    Deterministic,
    /// Mean and variance are given exactly.
    ExactMoments,
}

/// What a case is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The implementation here obeys the theorem.
    Held,
    /// An implementation with one mistake does not.
    Mutant,
    /// Outside its hypotheses the theorem says nothing.
    Outside,
}

/// A theorem held against one implementation on one instance.
pub struct Case {
    /// The implementation and the instance, in a few words.
    pub instance: String,
    /// Trials, or draws of a statistic, that the verdict needs.
    pub trials: u64,
    run: Box<dyn Fn(u64, StreamKey) -> Finding + Send + Sync>,
}

/// A theorem with its cases.
#[derive(Debug)]
pub struct Theorem {
    /// The type that states it.
    pub name: &'static str,
    /// The module of that type.
    pub family: &'static str,
    /// Where its constants come from.
    pub kind: Kind,
    /// Its bound in a line.
    pub statement: &'static str,
    /// Cases that it holds in: one at least.
    pub held: Vec<Case>,
    /// Mutants that it must refute: one at least.
    pub mutants: Vec<Case>,
    /// Instances it must not apply to: one at least.
    pub outside: Vec<Case>,
}

/// Every theorem of the library, by family.
#[must_use]
pub fn theorems() -> Vec<Theorem> {
    [
        sketch::theorems(),
        distances::theorems(),
        regression::theorems(),
        embedding::theorems(),
        completion::theorems(),
        completion_iteration::theorems(),
        sensing_sign::theorems(),
        sensing_expected_loss::theorems(),
        sensing_robust::theorems(),
        sensing_descent::theorems(),
        sampling_draws::theorems(),
        sampling_rounds::theorems(),
        sampling::theorems(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Case {
    /// Runs the trials, the i-th of which draws from `key.indexed(i)`.
    #[must_use]
    pub fn run(&self, trials: u64, key: StreamKey) -> Finding {
        (self.run)(trials, key)
    }
}

impl Theorem {
    fn new(family: &'static str, name: &'static str, kind: Kind, statement: &'static str) -> Self {
        let [held, mutants, outside] = [const { Vec::new() }; 3];
        Self { name, family, kind, statement, held, mutants, outside }
    }

    fn held<F: Into<Finding>>(
        mut self,
        instance: impl Into<String>,
        trials: u64,
        run: impl Fn(u64, StreamKey) -> F + Send + Sync + 'static,
    ) -> Self {
        self.held.push(case(instance, trials, run));
        self
    }

    fn mutant<F: Into<Finding>>(
        mut self,
        instance: impl Into<String>,
        trials: u64,
        run: impl Fn(u64, StreamKey) -> F + Send + Sync + 'static,
    ) -> Self {
        self.mutants.push(case(instance, trials, run));
        self
    }

    fn outside<F: Into<Finding>>(
        mut self,
        instance: impl Into<String>,
        run: impl Fn(u64, StreamKey) -> F + Send + Sync + 'static,
    ) -> Self {
        self.outside.push(case(instance, 1, run));
        self
    }

    /// Its cases, each with what it is there to show.
    pub fn cases(&self) -> impl Iterator<Item = (Role, &Case)> {
        [(Role::Held, &self.held), (Role::Mutant, &self.mutants), (Role::Outside, &self.outside)]
            .into_iter()
            .flat_map(|(role, cases)| cases.iter().map(move |case| (role, case)))
    }

    /// The key of its cases in a role.
    #[must_use]
    pub fn key(&self, seed: StreamKey, role: Role) -> StreamKey {
        seed.named("theorem").named(self.name).indexed(role as u64)
    }
}

fn case<F: Into<Finding>>(
    instance: impl Into<String>,
    trials: u64,
    run: impl Fn(u64, StreamKey) -> F + Send + Sync + 'static,
) -> Case {
    Case { instance: instance.into(), trials, run: Box::new(move |trials, key| run(trials, key).into()) }
}

impl Role {
    /// Whether a finding is what a case of this role is there to show: held without a refutation and with as much support as
    /// δ allows, refuted, not applicable.
    #[must_use]
    pub fn agrees(self, finding: &Finding) -> bool {
        match self {
            Self::Held => finding.is_supported() || finding.is_without_exception(),
            Self::Mutant => finding.is_refuted(),
            Self::Outside => !finding.is_applicable(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Explicit => "explicit",
            Self::Calibrated => "calibrated",
            Self::Deterministic => "deterministic",
            Self::ExactMoments => "exact moments",
        })
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("instance", &self.instance)
            .field("trials", &self.trials)
            .finish_non_exhaustive()
    }
}
