//! Inequalities between scores of rows.

use nalgebra::{DMatrix, dmatrix};

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::check;
use crate::random::{StreamKey, normal_matrix};
use crate::sampling::{
    ExponentChange, Interval, LargestSensitivity, LewisLowerBound, LewisSettings, LewisUpperBound,
    LowRankPlusSparse, LowRankPlusSparseTotal, PerturbedMatrix, PerturbedTotal, PolynomialTotal,
    RootLeverageSum, RowBasis, RowScores, SampledPolynomials, SensitivitySettings, TotalSensitivityRange,
    instances, lewis_weights, sensitivities,
};
use crate::testing::hard_instances;

const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![
        lewis_upper_bound(),
        lewis_lower_bound(),
        total_sensitivity_range(),
        exponent_change(),
        largest_sensitivity(),
        root_leverage_sum(),
        polynomial_total(),
        low_rank_plus_sparse_total(),
        perturbed_total(),
    ]
}

type Sigma = fn(&RowBasis, f64) -> Vec<Interval>;
type Weights = fn(&RowBasis, f64) -> Vec<f64>;

/// σᵢ between certificates; none where there is no certificate, which no theorem forgives.
fn sigma(basis: &RowBasis, p: f64) -> Vec<Interval> {
    let none = || vec![Interval { lower: f64::NAN, upper: f64::NAN }; basis.nrows()];
    sensitivities(basis, p, &SensitivitySettings::default()).unwrap_or_else(|_| none())
}

fn lewis(basis: &RowBasis, p: f64) -> Vec<f64> {
    let weights = lewis_weights(basis, p, &LewisSettings::default());
    weights.map_or_else(|_| vec![f64::NAN; basis.nrows()], |report| report.solution.weights)
}

/// Leverage scores in the place of Lewis weights.
fn leverage(basis: &RowBasis, _: f64) -> Vec<f64> {
    basis.leverage_scores()
}

fn leverage_intervals(basis: &RowBasis, _: f64) -> Vec<Interval> {
    basis.leverage_scores().into_iter().map(Interval::exact).collect()
}

fn basis(a: &DMatrix<f64>) -> RowBasis {
    RowBasis::new(a).expect(SETTINGS)
}

/// The rows 1 and 10: σ = 1/(1 + 10ᵖ) of the first falls with p, and leverage scores bound it neither way.
fn line() -> RowBasis {
    basis(&dmatrix![1.0; 10.0])
}

fn gaussian(key: StreamKey) -> RowBasis {
    basis(&instances::gaussian(60, 5, key.named("rows")))
}

/// Heavy rows, one repeated, one zero.
fn heavy(key: StreamKey) -> RowBasis {
    let mut a = instances::heavy_tails(41, 4, 1.5, key.named("rows"));
    let repeated = a.row(0).into_owned();
    a.set_row(1, &repeated);
    a.row_mut(2).fill(0.0);
    basis(&a)
}

fn ill_conditioned() -> RowBasis {
    let mut hard = hard_instances(24, 4);
    hard.retain(|(name, _)| *name == "condition 1e8");
    basis(&hard.swap_remove(0).1)
}

const HEAVY: &str = "41 × 4, heavy rows, one repeated, one zero, p = ";

fn lewis_upper_bound() -> Theorem {
    let of = |p, lewis_weights: Weights| LewisUpperBound { p, sensitivities: sigma as Sigma, lewis_weights };
    let statement = "σᵢ ≤ wᵢ for p ≤ 2, σᵢ ≤ r^(p/2−1)wᵢ for p ≥ 2";
    Theorem::new("sampling", "LewisUpperBound", Kind::Deterministic, statement)
        .held(format!("{HEAVY}1"), 1, move |trials, key| {
            check(&of(1.0, lewis), &heavy(key), trials, ALPHA, key)
        })
        .held("24 × 4 of condition 10⁸, p = 3", 1, move |trials, key| {
            check(&of(3.0, lewis), &ill_conditioned(), trials, ALPHA, key)
        })
        .mutant("leverage scores for Lewis weights, rows 1 and 10, p = 1", 1, move |trials, key| {
            check(&of(1.0, leverage), &line(), trials, ALPHA, key)
        })
        .outside("p = −1", move |trials, key| check(&of(-1.0, lewis), &heavy(key), trials, ALPHA, key))
}

fn lewis_lower_bound() -> Theorem {
    let of = |p, lewis_weights: Weights| LewisLowerBound { p, sensitivities: sigma as Sigma, lewis_weights };
    let statement = "wᵢ ≤ r^(1−p/2)σᵢ for p ≤ 2, wᵢ ≤ σᵢ for p ≥ 2";
    Theorem::new("sampling", "LewisLowerBound", Kind::Deterministic, statement)
        .held(format!("{HEAVY}3"), 1, move |trials, key| {
            check(&of(3.0, lewis), &heavy(key), trials, ALPHA, key)
        })
        .held("24 × 4 of condition 10⁸, p = 1", 1, move |trials, key| {
            check(&of(1.0, lewis), &ill_conditioned(), trials, ALPHA, key)
        })
        .mutant("leverage scores for Lewis weights, rows 1 and 10, p = 4", 1, move |trials, key| {
            check(&of(4.0, leverage), &line(), trials, ALPHA, key)
        })
        .outside("p = −1", move |trials, key| check(&of(-1.0, lewis), &heavy(key), trials, ALPHA, key))
}

fn total_sensitivity_range() -> Theorem {
    let of = |p, sensitivities: Sigma| TotalSensitivityRange { p, sensitivities };
    let statement = "r^(p/2) ≤ S ≤ r for p ≤ 2, r ≤ S ≤ r^(p/2) for p ≥ 2";
    Theorem::new("sampling", "TotalSensitivityRange", Kind::Deterministic, statement)
        .held("60 × 5 Gaussian, p = 3", 1, move |trials, key| {
            check(&of(3.0, sigma), &gaussian(key), trials, ALPHA, key)
        })
        .held(format!("{HEAVY}1.5"), 1, move |trials, key| {
            check(&of(1.5, sigma), &heavy(key), trials, ALPHA, key)
        })
        .mutant("a quarter of every sensitivity", 1, move |trials, key| {
            let quarter: Sigma =
                |basis, p| sigma(basis, p).iter().map(|s| Interval::exact(s.upper / 4.0)).collect();
            check(&of(3.0, quarter), &gaussian(key), trials, ALPHA, key)
        })
        .outside("p = −1", move |trials, key| check(&of(-1.0, sigma), &gaussian(key), trials, ALPHA, key))
}

fn exponent_change() -> Theorem {
    let of = |p, q, sensitivities: Sigma| ExponentChange { p, q, sensitivities };
    let statement = "(σᵢᵖ)^(1/p) ≤ (σᵢ^q)^(1/q) ≤ n^(1/p−1/q)(σᵢᵖ)^(1/p) for p ≤ q";
    Theorem::new("sampling", "ExponentChange", Kind::Deterministic, statement)
        .held(format!("{HEAVY}1 and 4.5"), 1, move |trials, key| {
            check(&of(1.0, 4.5, sigma), &heavy(key), trials, ALPHA, key)
        })
        .mutant("leverage scores at every exponent, rows 1 and 10", 1, move |trials, key| {
            check(&of(1.0, 4.0, leverage_intervals), &line(), trials, ALPHA, key)
        })
        .outside("p = 3 and q = 1", move |trials, key| {
            check(&of(3.0, 1.0, sigma), &gaussian(key), trials, ALPHA, key)
        })
}

fn largest_sensitivity() -> Theorem {
    let of = |p, q, sensitivities: Sigma| LargestSensitivity { p, q, sensitivities };
    let statement = "maxᵢ σᵢᵖ ≤ maxᵢ σᵢ^q for p ≤ q";
    Theorem::new("sampling", "LargestSensitivity", Kind::Deterministic, statement)
        .held(format!("{HEAVY}1 and 4.5"), 1, move |trials, key| {
            check(&of(1.0, 4.5, sigma), &heavy(key), trials, ALPHA, key)
        })
        .mutant("sensitivities divided by p⁶", 1, move |trials, key| {
            let fallen: Sigma =
                |basis, p| sigma(basis, p).iter().map(|s| Interval::exact(s.upper / p.powi(6))).collect();
            check(&of(1.0, 3.0, fallen), &gaussian(key), trials, ALPHA, key)
        })
        .outside("p = 3 and q = 1", move |trials, key| {
            check(&of(3.0, 1.0, sigma), &gaussian(key), trials, ALPHA, key)
        })
}

fn root_leverage_sum() -> Theorem {
    let of = |p, scores: Weights| RootLeverageSum { p, scores };
    let ours: Weights = |basis, p| {
        let scores = RowScores::root_leverage(&basis.leverage_scores(), p);
        scores.map_or_else(|_| vec![f64::NAN; basis.nrows()], |scores| scores.values().to_vec())
    };
    let statement =
        "Στᵢ^(p/2) ≤ n^(1−p/2)r^(p/2) for p ≤ 2, Σ min(1, n^(p/2−1)τᵢ^(p/2)) ≤ 2n^(1−2/p)r for p ≥ 2";
    Theorem::new("sampling", "RootLeverageSum", Kind::Deterministic, statement)
        .held(format!("{HEAVY}3"), 1, move |trials, key| {
            check(&of(3.0, ours), &heavy(key), trials, ALPHA, key)
        })
        .held(format!("{HEAVY}1.3"), 1, move |trials, key| {
            check(&of(1.3, ours), &heavy(key), trials, ALPHA, key)
        })
        .mutant("a score of 1 for every row", 1, move |trials, key| {
            let ones: Weights = |basis, _| vec![1.0; basis.nrows()];
            check(&of(3.0, ones), &gaussian(key), trials, ALPHA, key)
        })
        .outside("p = −1", move |trials, key| check(&of(-1.0, ours), &gaussian(key), trials, ALPHA, key))
}

fn polynomial_total() -> Theorem {
    let of = |p, sensitivities: Sigma| PolynomialTotal { p, sensitivities };
    let polynomials =
        |degree| SampledPolynomials { basis: basis(&instances::chebyshev(60, degree)), variables: 1, degree };
    let statement = "S ≤ (pq/2 + 1)ᵏ for polynomials of degree q in each of k variables, p even";
    Theorem::new("sampling", "PolynomialTotal", Kind::Deterministic, statement)
        .held("degree 3 at 60 points, p = 4", 1, move |trials, key| {
            check(&of(4.0, sigma), &polynomials(3), trials, ALPHA, key)
        })
        .held("two variables of degree 2 at 80 points, p = 4", 1, move |trials, key| {
            let features = instances::polynomial_features(80, 2, 2, key.named("points"));
            let features = SampledPolynomials { basis: basis(&features), variables: 2, degree: 2 };
            check(&of(4.0, sigma), &features, trials, ALPHA, key)
        })
        .mutant("twice every sensitivity", 1, move |trials, key| {
            let doubled: Sigma =
                |basis, p| sigma(basis, p).iter().map(|s| Interval::exact(2.0 * s.lower)).collect();
            check(&of(4.0, doubled), &polynomials(3), trials, ALPHA, key)
        })
        .outside("p = 3", move |trials, key| check(&of(3.0, sigma), &polynomials(3), trials, ALPHA, key))
}

fn low_rank_plus_sparse_total() -> Theorem {
    let of = |p, sensitivities: Sigma| LowRankPlusSparseTotal { p, sensitivities };
    let matrix = |key: StreamKey| LowRankPlusSparse {
        basis: basis(&instances::low_rank_plus_sparse((80, 8), 2, 1, key.named("rows"))),
        rank: 2,
        nonzeros: 1,
    };
    let statement = "S ≤ dˢ(k + s)^(p/2) for rank k plus s changed entries a row, p ≥ 2";
    Theorem::new("sampling", "LowRankPlusSparseTotal", Kind::Deterministic, statement)
        .held("80 × 8, rank 2 plus 1 entry a row, p = 4", 1, move |trials, key| {
            check(&of(4.0, sigma), &matrix(key), trials, ALPHA, key)
        })
        .mutant("a sensitivity of 1 for every row", 1, move |trials, key| {
            let ones: Sigma = |basis, _| vec![Interval::exact(1.0); basis.nrows()];
            check(&of(4.0, ones), &matrix(key), trials, ALPHA, key)
        })
        .outside("p = 1", move |trials, key| check(&of(1.0, sigma), &matrix(key), trials, ALPHA, key))
}

/// A with E of `factor` times the largest norm that the theorem allows at p = 4.
fn perturbed(a: &DMatrix<f64>, factor: f64, key: StreamKey) -> PerturbedMatrix {
    let e = normal_matrix(a.nrows(), a.ncols(), key.named("perturbation"));
    let unit = PerturbedMatrix::new(a, &e).expect(SETTINGS);
    PerturbedMatrix::new(a, &(e * (factor * unit.limit(4.0) / unit.perturbation))).expect(SETTINGS)
}

/// One over the number of copies of a row: right for copies of an orthogonal basis, until they differ.
fn by_copies(basis: &RowBasis, _: f64) -> Vec<Interval> {
    let rows = basis.q();
    let is_copy = |i: usize, j: usize| (rows.row(i) - rows.row(j)).norm() < 1e-10;
    let copies = |i: usize| (0..rows.nrows()).filter(|&j| is_copy(i, j)).count();
    (0..rows.nrows()).map(|i| Interval::exact(1.0 / copies(i) as f64)).collect()
}

fn perturbed_total() -> Theorem {
    let of = |sensitivities: Sigma| PerturbedTotal { p: 4.0, sensitivities };
    let chebyshev = || instances::chebyshev(50, 4);
    let copies = || DMatrix::from_fn(100, 4, |i, j| f64::from(u8::from(i % 4 == j)));
    let statement = "S(A + E) ≤ 2ᵖ(S(A) + 1) for ‖E‖₂ ≤ σ_min(A)/(2n^(1+1/p)), p ≥ 2";
    Theorem::new("sampling", "PerturbedTotal", Kind::Deterministic, statement)
        .held("50 × 5 Chebyshev, ‖E‖₂ at the limit, p = 4", 1, move |trials, key| {
            check(&of(sigma), &perturbed(&chebyshev(), 1.0, key), trials, ALPHA, key)
        })
        .held("25 copies of the rows of I₄, ‖E‖₂ at the limit, p = 4", 1, move |trials, key| {
            check(&of(sigma), &perturbed(&copies(), 1.0, key), trials, ALPHA, key)
        })
        .mutant("σᵢ shared over rows that are equal, which E ends", 1, move |trials, key| {
            check(&of(by_copies), &perturbed(&copies(), 1.0, key), trials, ALPHA, key)
        })
        .outside("‖E‖₂ at 1.5 times the limit", move |trials, key| {
            check(&of(sigma), &perturbed(&chebyshev(), 1.5, key), trials, ALPHA, key)
        })
}
