//! Subspace embeddings.

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::{
    Citation, GaussianEmbedding, Guarantee, Hypothesis, LeverageSamplingEmbedding, MomentEmbedding, Outcome,
    SrhtEmbedding, Subspace, check,
};
use crate::random::StreamKey;
use crate::sketch::{
    ExplicitSketch, Gaussian, RowSampling, SketchDistribution, SketchOperator, SparseSign, Srht,
};
use crate::testing::{Altered, hard_subspace, rank_deficient};

const N: usize = 256;
const D: usize = 4;
const M: usize = 200;
/// n of the sampling theorems, so that an unweighted row is far too short.
const ROWS: usize = 2048;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![gaussian_embedding(), moment_embedding(), srht_embedding(), leverage_embedding()]
}

fn space(name: &str) -> Subspace {
    hard_subspace(N, D, name)
}

fn deficient() -> Subspace {
    Subspace::of(&rank_deficient(N, D)).expect("finite numbers")
}

fn gaussian_embedding() -> Theorem {
    fn theorem<S: SketchDistribution>(distribution: S) -> GaussianEmbedding<S> {
        GaussianEmbedding { distribution, sketch_rows: M, ncols: D, t: 3.0 }
    }
    let gaussian = || Gaussian::new(M, N).expect(SETTINGS);
    let statement = "max(1 − σ_min(SU), σ_max(SU) − 1) ≤ √(d/m) + t/√m, but for 2 exp(−t²/2)";
    Theorem::new("guarantee", "GaussianEmbedding", Kind::Explicit, statement)
        .held("200 × 256 Gaussian sketch, one heavy row, d = 4", 300, move |trials, key| {
            check(&theorem(gaussian()), &space("one heavy row"), trials, ALPHA, key)
        })
        .held("200 × 256 Gaussian sketch, condition 10⁸, d = 4", 300, move |trials, key| {
            check(&theorem(gaussian()), &space("condition 1e8"), trials, ALPHA, key)
        })
        .mutant("entries of variance 1 in place of 1/m", 60, move |trials, key| {
            let unscaled = Altered { of: gaussian(), change: |s| s * (M as f64).sqrt() };
            check(&theorem(unscaled), &space("one heavy row"), trials, ALPHA, key)
        })
        .mutant("4 rows in place of 200", 60, |trials, key| {
            let few = Gaussian::new(M / 50, N).expect(SETTINGS);
            check(&theorem(few), &space("one heavy row"), trials, ALPHA, key)
        })
        .outside("A of rank 3 with 4 columns", move |trials, key| {
            check(&theorem(gaussian()), &deficient(), trials, ALPHA, key)
        })
}

fn moment_embedding() -> Theorem {
    fn theorem<S: SketchDistribution>(distribution: S) -> MomentEmbedding<S> {
        MomentEmbedding { distribution, sketch_rows: M, kurtosis: 1.0, ncols: D, epsilon: 0.9 }
    }
    let sparse = |nonzeros| SparseSign::new(M, N, nonzeros).expect(SETTINGS);
    let statement = "‖(SU)ᵀSU − I‖₂ ≤ ε, but for (d² + d + max(κ − 3, 0)d)/(mε²)";
    Theorem::new("guarantee", "MomentEmbedding", Kind::Explicit, statement)
        .held("200 × 256 CountSketch, identity rows, d = 4, ε = 0.9", 300, move |trials, key| {
            check(&theorem(sparse(1)), &space("identity rows"), trials, ALPHA, key)
        })
        .held("8 signs a column, repeated rows, d = 4, ε = 0.9", 300, move |trials, key| {
            check(&theorem(sparse(8)), &space("repeated rows"), trials, ALPHA, key)
        })
        .mutant("all signs of CountSketch +, equal leverage", 60, move |trials, key| {
            let unsigned = Altered { of: sparse(1), change: |s| s.abs() };
            check(&theorem(unsigned), &space("equal leverage"), trials, ALPHA, key)
        })
        .mutant("4 rows in place of 200", 60, |trials, key| {
            let few = SparseSign::new(M / 50, N, 1).expect(SETTINGS);
            check(&theorem(few), &space("identity rows"), trials, ALPHA, key)
        })
        .outside("ε = 0.1, where δ > 1", move |trials, key| {
            let vacuous = MomentEmbedding { epsilon: 0.1, ..theorem(sparse(1)) };
            check(&vacuous, &space("identity rows"), trials, ALPHA, key)
        })
}

fn srht_embedding() -> Theorem {
    const LONG: usize = 2048;
    const ENOUGH: usize = 1400;
    fn theorem<S: SketchDistribution>(distribution: S) -> SrhtEmbedding<S> {
        SrhtEmbedding { distribution, sketch_rows: ENOUGH, ncols: 2, epsilon: 0.95 }
    }
    let srht = |m| Srht::new(m, LONG).expect(SETTINGS);
    let statement = "‖(SU)ᵀSU − I‖₂ ≤ ε, but for 1/β + the matrix Chernoff bound at R = (√d + √(8 ln βN))²/m";
    Theorem::new("guarantee", "SrhtEmbedding", Kind::Explicit, statement)
        .held("1400 × 2048 SRHT, identity rows, d = 2, ε = 0.95", 100, move |trials, key| {
            check(&theorem(srht(ENOUGH)), &hard_subspace(LONG, 2, "identity rows"), trials, ALPHA, key)
        })
        .mutant("no transform before the sampling", 300, |trials, key| {
            let rows = RowSampling::uniform(LONG, ENOUGH as f64, 2.0).expect(SETTINGS);
            check(&theorem(rows), &hard_subspace(LONG, 2, "identity rows"), trials, ALPHA, key)
        })
        .mutant("2 rows in place of 1400", 60, move |trials, key| {
            check(&theorem(srht(2)), &hard_subspace(LONG, 2, "identity rows"), trials, ALPHA, key)
        })
        .outside("m = 100, where δ > 1", move |trials, key| {
            let vacuous = SrhtEmbedding { sketch_rows: 100, ..theorem(srht(100)) };
            check(&vacuous, &hard_subspace(LONG, 2, "identity rows"), trials, ALPHA, key)
        })
}

/// Kept rows without their weights.
#[derive(Debug)]
struct Unweighted(LeverageSamplingEmbedding);

impl Guarantee for Unweighted {
    type Instance = Subspace;

    const CITATION: Citation = LeverageSamplingEmbedding::CITATION;

    fn hypotheses(&self, space: &Subspace) -> Vec<Hypothesis> {
        self.0.hypotheses(space)
    }

    fn failure_probability(&self) -> f64 {
        self.0.failure_probability()
    }

    fn trial(&self, space: &Subspace, key: StreamKey) -> Outcome {
        let sketch = self.0.distribution.sample(key);
        let ones = sketch.columns(0..ROWS).map(|entry| f64::from(u8::from(entry != 0.0)));
        Outcome { bound: self.0.epsilon, observed: space.distortion(&ExplicitSketch::new(ones)) }
    }
}

fn leverage_embedding() -> Theorem {
    let rows = |name: &str| hard_subspace(ROWS, D, name);
    let by = |probabilities| {
        let distribution = RowSampling::new(probabilities, 2.0).expect(SETTINGS);
        LeverageSamplingEmbedding { distribution, oversampling: 16.0, ncols: D, epsilon: 0.9 }
    };
    let leverage =
        move |space: &Subspace| by(space.leverage_scores().iter().map(|l| (16.0 * l).min(1.0)).collect());
    let statement = "‖(SU)ᵀSU − I‖₂ ≤ ε, but for the matrix Chernoff bound at R = 1/c, qᵢ ≥ min(1, cℓᵢ)";
    let theorem = Theorem::new("guarantee", "LeverageSamplingEmbedding", Kind::Explicit, statement);
    theorem
        .held("c = 16 on one heavy row of 2048, d = 4, ε = 0.9", 600, move |trials, key| {
            let space = rows("one heavy row");
            check(&leverage(&space), &space, trials, ALPHA, key)
        })
        .held("c = 16 on 2048 rows of equal leverage, d = 4, ε = 0.9", 600, move |trials, key| {
            let space = rows("equal leverage");
            check(&leverage(&space), &space, trials, ALPHA, key)
        })
        .mutant("kept rows without their weights 1/√qᵢ", 60, move |trials, key| {
            let space = rows("condition 1e8");
            check(&Unweighted(leverage(&space)), &space, trials, ALPHA, key)
        })
        .mutant("the same on rows of equal leverage", 60, move |trials, key| {
            let space = rows("equal leverage");
            check(&Unweighted(leverage(&space)), &space, trials, ALPHA, key)
        })
        .outside("uniform qᵢ on one heavy row", move |trials, key| {
            let uniform = by(vec![16.0 * D as f64 / ROWS as f64; ROWS]);
            check(&uniform, &rows("one heavy row"), trials, ALPHA, key)
        })
}
