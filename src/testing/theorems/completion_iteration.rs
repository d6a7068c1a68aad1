//! Alternating minimization as a whole.

use nalgebra::DMatrix;

use super::{ALPHA, Kind, Theorem};
use crate::completion::{
    Duplicates, ErrorFloor, HalfStepContraction, Instance, LowRankMatrix, MatrixCompletion, NoLeak,
    ObservationModel, PartlyObserved, Ridge, RowSolver, Settings, Side, Spectrum, incoherence,
    multiple_response_regression, solve,
};
use crate::guarantee::check;
use crate::random::StreamKey;
use crate::testing::turned;

const SHAPE: (usize, usize) = (8192, 16);
const RANK: usize = 2;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![half_step_contraction(), error_floor(), no_leak()]
}

type HalfStep = fn(&DMatrix<f64>, usize, &[(u32, u32, f64)]) -> DMatrix<f64>;

fn by_cholesky(basis: &DMatrix<f64>, ncols: usize, entries: &[(u32, u32, f64)]) -> DMatrix<f64> {
    let problem = MatrixCompletion::from_triplets(basis.nrows(), ncols, entries, Duplicates::Refuse);
    let (solver, key) = (RowSolver::Cholesky, StreamKey::from_seed(0));
    let factor = problem.and_then(|problem| {
        multiple_response_regression(&problem, Side::Columns, basis, &solver, 0.0, None, key)
    });
    factor.unwrap_or_else(|_| DMatrix::from_element(ncols, basis.ncols(), f64::NAN))
}

fn half_step_contraction() -> Theorem {
    // The recalled constant 1/4.
    let at = |distance: f64, half_step: HalfStep| {
        let instance = turned(SHAPE, RANK, distance);
        HalfStepContraction {
            shape: SHAPE,
            rank: RANK,
            probability: 0.25,
            incoherence: incoherence(&instance.basis),
            condition: 1.0,
            distance: instance.distance() * (1.0 + 1e-12),
            factor: 0.25,
            half_step,
        }
    };
    let statement = "dist(V̂, V★) ≤ dist(U, U★)/4 with fresh entries, but for Chernoff and Markov terms";
    Theorem::new("completion", "HalfStepContraction", Kind::Explicit, statement)
        .held("Cholesky, 8192 × 16, rank 2, p = 1/4, distance 0.5", 150, move |trials, key| {
            check(&at(0.5, by_cholesky), &turned(SHAPE, RANK, 0.5), trials, ALPHA, key)
        })
        .held("the same at distance 0.01", 150, move |trials, key| {
            check(&at(0.01, by_cholesky), &turned(SHAPE, RANK, 0.01), trials, ALPHA, key)
        })
        .mutant("rows of the neighbour", 60, move |trials, key| {
            let neighbours: HalfStep = |basis, n, entries| {
                let m = basis.nrows();
                let rolled = DMatrix::from_fn(m, basis.ncols(), |i, j| basis[((i + 1) % m, j)]);
                by_cholesky(&rolled, n, entries)
            };
            check(&at(0.01, neighbours), &turned(SHAPE, RANK, 0.01), trials, ALPHA, key)
        })
        .mutant("unobserved entries read as zero", 60, move |trials, key| {
            let zeros: HalfStep = |basis, n, entries| {
                let mut v = DMatrix::zeros(n, basis.ncols());
                for &(i, j, value) in entries {
                    let mut row = v.row_mut(j as usize);
                    row += basis.row(i as usize) * value;
                }
                v
            };
            check(&at(0.01, zeros), &turned(SHAPE, RANK, 0.01), trials, ALPHA, key)
        })
        .mutant("weights on A, not on b", 60, move |trials, key| {
            let weighted: HalfStep = |basis, n, entries| {
                let weight = |i: usize| 1.0 + (i % 3) as f64;
                let scaled = DMatrix::from_fn(basis.nrows(), basis.ncols(), |i, j| basis[(i, j)] * weight(i));
                by_cholesky(&scaled, n, entries)
            };
            check(&at(0.01, weighted), &turned(SHAPE, RANK, 0.01), trials, ALPHA, key)
        })
        .mutant("one entry of 256", 60, move |trials, key| {
            let few: HalfStep = |basis, n, entries| {
                let some: Vec<_> = entries.iter().copied().step_by(256).collect();
                by_cholesky(basis, n, &some)
            };
            check(&at(0.01, few), &turned(SHAPE, RANK, 0.01), trials, ALPHA, key)
        })
        .outside("U at distance 0.5 where 0.2 was said", move |trials, key| {
            check(&at(0.2, by_cholesky), &turned(SHAPE, RANK, 0.5), trials, ALPHA, key)
        })
}

/// Alternating minimization on a draw of Ω with every half-step off by ε, until it moves no more. Without the vanishing ridge a
/// few rows fitted by large entries can keep it from X★: up to ten of 24 draws with spiky rows, none of 400 with it.
fn ends_at(truth: &LowRankMatrix, ratio: f64, epsilon: f64, key: StreamKey) -> f64 {
    let model = ObservationModel::oversampled(ratio, truth.shape(), truth.rank());
    let settings = Settings {
        solver: RowSolver::Cholesky,
        ridge: Ridge::Vanishing,
        validation: 0.0,
        tol: 0.0,
        xtol: 0.0,
        max_iterations: 200,
        step_error: epsilon,
        ..Settings::of_rank(truth.rank())
    };
    let ended = || {
        let instance = Instance::draw_determined(truth.clone(), model, key.named("instance")).ok()?;
        let solution = solve(&instance.problem, &settings, key.named("solver")).ok()?.solution;
        instance.relative_error(&solution.u, &solution.v).ok()
    };
    ended().unwrap_or(f64::NAN)
}

fn error_floor() -> Theorem {
    type FinalError = fn(&LowRankMatrix, f64, StreamKey) -> f64;
    let of =
        |epsilon, final_error: FinalError| ErrorFloor { epsilon, failure_probability: 0.15, final_error };
    let matrix = |shape, rank, condition, spike, key: StreamKey| {
        let spectrum = Spectrum::Geometric { condition };
        LowRankMatrix::coherent(shape, rank, spectrum, spike, key.named("truth")).expect(SETTINGS)
    };
    let ours: FinalError = |truth, epsilon, key| ends_at(truth, 8.0, epsilon, key);
    let more: FinalError = |truth, epsilon, key| ends_at(truth, 16.0, epsilon, key);
    let statement = "relative error ends at or below c·ε, for half-steps off by ε";
    Theorem::new("completion", "ErrorFloor", Kind::Calibrated, statement)
        .held("300 × 150, rank 5, κ = 1, ε = 10⁻⁸", 40, move |trials, key| {
            check(&of(1e-8, ours), &matrix((300, 150), 5, 1.0, 1.0, key), trials, ALPHA, key)
        })
        .held("250 × 250, rank 4, κ = 100, 16 times the degrees of freedom", 40, move |trials, key| {
            check(&of(1e-8, more), &matrix((250, 250), 4, 100.0, 1.0, key), trials, ALPHA, key)
        })
        .held("200 × 300, rank 3, spiky rows, 16 times the degrees of freedom", 40, move |trials, key| {
            check(&of(1e-8, more), &matrix((200, 300), 3, 5.0, 5.0, key), trials, ALPHA, key)
        })
        .mutant("ε in the objective", 24, move |trials, key| {
            let roots: FinalError = |truth, epsilon, key| ends_at(truth, 8.0, epsilon.sqrt(), key);
            check(&of(1e-8, roots), &matrix((300, 150), 5, 1.0, 1.0, key), trials, ALPHA, key)
        })
        .outside("ε = 2", move |trials, key| {
            check(&of(2.0, ours), &matrix((300, 150), 5, 1.0, 1.0, key), trials, ALPHA, key)
        })
}

fn partly_observed(shape: (usize, usize), probability: f64, key: StreamKey) -> PartlyObserved {
    let truth = LowRankMatrix::incoherent(shape, 2, Spectrum::Flat, key.named("truth")).expect(SETTINGS);
    let model = ObservationModel::Bernoulli { probability };
    let entries = model.draw(shape, key.named("entries")).expect(SETTINGS);
    PartlyObserved { matrix: truth.to_dense(), entries }
}

fn seen(given: &PartlyObserved) -> Option<MatrixCompletion> {
    let (m, n) = given.matrix.shape();
    let value = |&(i, j): &(u32, u32)| (i, j, given.matrix[(i as usize, j as usize)]);
    let triplets: Vec<_> = given.entries.iter().map(value).collect();
    MatrixCompletion::from_triplets(m, n, &triplets, Duplicates::Refuse).ok()
}

fn completed(given: &PartlyObserved, scale: f64) -> DMatrix<f64> {
    let (m, n) = given.matrix.shape();
    let answer = seen(given).and_then(|problem| {
        let problem = problem.with_values(|_, _, value| value * scale).ok()?;
        let solution = solve(&problem, &Settings::of_rank(2), StreamKey::from_seed(3)).ok()?.solution;
        Some(&solution.u * solution.v.transpose() / scale)
    });
    answer.unwrap_or_else(|| DMatrix::from_element(m, n, f64::NAN))
}

fn no_leak() -> Theorem {
    type Solver = fn(&PartlyObserved) -> DMatrix<f64>;
    let of = |solver: Solver| NoLeak { solver };
    let ours: Solver = |given| completed(given, 1.0);
    let statement = "a completion has the same bits whatever the unobserved entries are";
    Theorem::new("completion", "NoLeak", Kind::Deterministic, statement)
        .held("60 × 50, rank 2, p = 0.4", 10, move |trials, key| {
            check(&of(ours), &partly_observed((60, 50), 0.4, key), trials, ALPHA, key)
        })
        .mutant("scaled by the largest entry of the whole matrix", 10, move |trials, key| {
            let leaky: Solver = |given| completed(given, 1.0 / given.matrix.amax());
            check(&of(leaky), &partly_observed((60, 50), 0.4, key), trials, ALPHA, key)
        })
        .mutant("one unobserved entry is read", 10, move |trials, key| {
            let one_more: Solver = |given| {
                let mut more = given.clone();
                let missing = (0..50).find(|&j| !given.entries.contains(&(7, j))).unwrap_or(0);
                more.entries.push((7, missing));
                completed(&more, 1.0)
            };
            check(&of(one_more), &partly_observed((60, 50), 0.4, key), trials, ALPHA, key)
        })
        .mutant("a mask of zeros and ones read as row numbers", 10, move |trials, key| {
            let by_mask: Solver = |given| {
                let (m, n) = given.matrix.shape();
                let entries = (2..m as u32).flat_map(|i| (0..n as u32).map(move |j| (i, j)));
                completed(&PartlyObserved { matrix: given.matrix.clone(), entries: entries.collect() }, 1.0)
            };
            check(&of(by_mask), &partly_observed((60, 50), 0.4, key), trials, ALPHA, key)
        })
        .outside("every entry is observed", move |trials, key| {
            check(&of(ours), &partly_observed((10, 8), 1.0, key), trials, ALPHA, key)
        })
}
