//! The ℓ∞ guarantee of sketched regression.

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::check;
use crate::random::StreamKey;
use crate::regression::{BgpLinf, GaussianLinf, Instance, SketchSize, SolvedInstance, SrhtLinf};
use crate::sketch::{Bgp, DynDistribution, Gaussian, Replacement, SketchDistribution, SparseSign, Srht};

const EPSILON: f64 = 0.5;
const DELTA: f64 = 0.1;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![gaussian(), srht(), bgp()]
}

fn solved(instance: Instance) -> SolvedInstance {
    SolvedInstance::new(instance).expect("an instance with an answer")
}

/// Identity rows and a residual in `residual_rows` rows.
fn adversarial(n: usize, d: usize, residual_rows: usize) -> SolvedInstance {
    solved(Instance::adversarial_sparse(n, d, residual_rows))
}

fn benign(n: usize, d: usize, key: StreamKey) -> SolvedInstance {
    solved(Instance::gaussian(n, d, key.named("instance")))
}

/// A copied column.
fn dependent(n: usize, d: usize, key: StreamKey) -> SolvedInstance {
    let mut instance = Instance::gaussian(n, d, key.named("instance"));
    let copy = instance.a.column(0).into_owned();
    instance.a.set_column(d - 1, &copy);
    solved(instance)
}

/// The guarantee of the Gaussian sketch at the m of its exact rule, with another implementation put in its place.
fn at_exact_rows(n: usize, d: usize, family: fn(usize, usize) -> Box<DynDistribution>) -> GaussianLinf {
    let size = SketchSize::GaussianExact { epsilon: EPSILON, delta: DELTA };
    let sketch_rows = size.rows(n, d).expect(SETTINGS);
    GaussianLinf { epsilon: EPSILON, sketch_rows, ncols: d, distribution: family(sketch_rows, n) }
}

fn gaussian() -> Theorem {
    let ours = |m, n| Gaussian::new(m, n).expect(SETTINGS).boxed();
    let statement = "‖x′ − x★‖_∞ ≤ (ε/√d)‖r‖‖A⁺‖, but for 2d·Pr[t_{m−d+1} > ε√((m − d + 1)/d)]";
    Theorem::new("regression", "GaussianLinf", Kind::Explicit, statement)
        .held(
            "Gaussian sketch at m of the exact rule, Gaussian data, n = 1024, d = 16",
            500,
            move |trials, key| {
                check(&at_exact_rows(1024, 16, ours), &benign(1024, 16, key), trials, ALPHA, key)
            },
        )
        .held("the same at condition 10⁶", 500, move |trials, key| {
            let instance =
                Instance::conditioned((1024, 16), 1e6, 0.1, key.named("instance")).expect(SETTINGS);
            check(&at_exact_rows(1024, 16, ours), &solved(instance), trials, ALPHA, key)
        })
        .mutant("a quarter of the rows", 300, |trials, key| {
            let quarter = at_exact_rows(1024, 16, |m, n| Gaussian::new(m / 4, n).expect(SETTINGS).boxed());
            check(&quarter, &adversarial(1024, 16, 1), trials, ALPHA, key)
        })
        .mutant("CountSketch, whose error sits in few coordinates, n = 4096, d = 32", 300, |trials, key| {
            let sparse = at_exact_rows(4096, 32, |m, n| SparseSign::new(m, n, 1).expect(SETTINGS).boxed());
            check(&sparse, &adversarial(4096, 32, 36), trials, ALPHA, key)
        })
        .outside("a copied column", move |trials, key| {
            check(&at_exact_rows(256, 8, ours), &dependent(256, 8, key), trials, ALPHA, key)
        })
}

fn srht() -> Theorem {
    let n = 2048;
    let with = |distribution| SrhtLinf { epsilon: EPSILON, delta: DELTA, distribution };
    let by = move |rows| with(Srht::with_replacement(rows, n, Replacement::With).expect(SETTINGS).boxed());
    let rows = move |d| SrhtLinf::sketch_rows(EPSILON, DELTA, (n, d)).expect(SETTINGS);
    let statement = "‖x′ − x★‖_∞ ≤ (ε/√d)‖r‖‖A⁺‖ at m = c·ε⁻²·d·ln³(n/δ), but for δ";
    Theorem::new("regression", "SrhtLinf", Kind::Calibrated, statement)
        .held("SRHT at m of the claim, identity rows, n = 2048, d = 8", 200, move |trials, key| {
            check(&by(rows(8)), &adversarial(n, 8, 1), trials, ALPHA, key)
        })
        .held("the same on Gaussian data, d = 4", 200, move |trials, key| {
            check(&by(rows(4)), &benign(n, 4, key), trials, ALPHA, key)
        })
        .mutant("d + 2 rows", 200, move |trials, key| {
            check(&by(10), &adversarial(n, 8, 1), trials, ALPHA, key)
        })
        .outside("a copied column", move |trials, key| {
            check(&by(64), &dependent(n, 8, key), trials, ALPHA, key)
        })
}

fn bgp() -> Theorem {
    let n = 2048;
    let by = move |rows| BgpLinf {
        epsilon: EPSILON,
        delta: DELTA,
        distribution: Bgp::new(rows, n).expect(SETTINGS).boxed(),
    };
    let statement = "‖x′ − x★‖_∞ ≤ (ε/√d)‖r‖‖A⁺‖ at m = c·ε⁻²·d·ln(d/δ), but for δ";
    Theorem::new("regression", "BgpLinf", Kind::Calibrated, statement)
        .held(
            "balanced Gaussian pooling at m of the theorem, identity rows, n = 2048, d = 8",
            200,
            move |trials, key| {
                check(&by(BgpLinf::sketch_rows(EPSILON, DELTA, 8)), &adversarial(n, 8, 1), trials, ALPHA, key)
            },
        )
        .held("the same on Gaussian data, d = 4", 200, move |trials, key| {
            check(&by(BgpLinf::sketch_rows(EPSILON, DELTA, 4)), &benign(n, 4, key), trials, ALPHA, key)
        })
        .mutant("2d rows", 200, move |trials, key| check(&by(16), &adversarial(n, 8, 1), trials, ALPHA, key))
        .outside("δ = 0.6", move |trials, key| {
            let vague = BgpLinf { delta: 0.6, ..by(64) };
            check(&vague, &adversarial(n, 8, 1), trials, ALPHA, key)
        })
}
