//! Inequalities between scores on random matrices: heavy rows, rows twice, multiples of rows, rows of zeros.

use nalgebra::DMatrix;
use proofsketch::guarantee::Verdict;
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sampling::{
    ExponentChange, LargestSensitivity, LewisLowerBound, LewisSettings, LewisUpperBound, LowRankPlusSparse,
    LowRankPlusSparseTotal, PerturbedMatrix, PerturbedTotal, PolynomialTotal, RootLeverageSum, RowBasis,
    RowScores, SampledPolynomials, TotalSensitivityRange, instances, lewis_weights,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::sampling_inequalities::{lewis, sigma, verdict};

/// Relative slack of an inequality that is read with certified intervals.
const SLACK: f64 = 1e-9;

/// What a row is replaced by.
#[derive(Clone, Debug)]
enum Change {
    Zero,
    /// This multiple of another row; 1 is a copy.
    Multiple(f64, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let multiple = prop_oneof![Just(1.0), Just(-1.0), 1e-3_f64..1e3];
    prop_oneof![
        1 => Just(Change::Zero),
        3 => (multiple, any::<Index>()).prop_map(|(factor, row)| Change::Multiple(factor, row)),
    ]
}

/// n × d with n ≤ 60 and d ≤ 6, rows scaled by up to exp(2g), g ~ N(0, 1), up to eight of them replaced.
fn matrix() -> impl Strategy<Value = DMatrix<f64>> {
    let changes = prop::collection::vec((any::<Index>(), change()), 0..9);
    (2..=60_usize, 1..=6_usize, 0.0_f64..2.0, any::<u64>(), changes).prop_map(
        |(nrows, ncols, spread, seed, changes)| {
            let mut a = instances::heavy_tails(nrows, ncols, spread, StreamKey::from_seed(seed));
            for (row, change) in changes {
                let new = match change {
                    Change::Zero => a.row(0) * 0.0,
                    Change::Multiple(factor, of) => a.row(of.index(nrows)) * factor,
                };
                a.set_row(row.index(nrows), &new);
            }
            a
        },
    )
}

/// A basis, unless every row was replaced by zeros.
fn basis() -> impl Strategy<Value = RowBasis> {
    matrix().prop_filter_map("a matrix of zeros", |a| RowBasis::new(&a).ok())
}

fn exponent() -> impl Strategy<Value = f64> {
    select(vec![1.0, 1.2, 1.5, 1.8, 2.0, 2.4, 3.0, 4.0, 6.0])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// c1 to c3.
    #[test]
    fn lewis_weights_and_totals_bound_sensitivities(basis in basis(), p in exponent()) {
        let intervals = sigma(&basis, p);
        let known = |_: &RowBasis, _: f64| intervals.clone();
        let above = LewisUpperBound { p, sensitivities: known, lewis_weights: lewis };
        let below = LewisLowerBound { p, sensitivities: known, lewis_weights: lewis };
        prop_assert_eq!(verdict(&above, &basis), Verdict::Supported);
        prop_assert_eq!(verdict(&below, &basis), Verdict::Supported);
        let total = TotalSensitivityRange { p, sensitivities: known };
        prop_assert_eq!(verdict(&total, &basis), Verdict::Supported);
    }

    /// σᵢ ≤ wᵢ/γ for p ≤ 2 and σᵢ ≤ γ^(−p/2)(Σw)^(p/2−1)wᵢ for p ≥ 2, for γ-one-sided weights of a few iterations.
    #[test]
    fn one_sided_lewis_weights_bound_sensitivities(
        basis in basis(), p in exponent(), max_iterations in 1..5_usize,
    ) {
        let settings = LewisSettings { max_iterations, ..LewisSettings::default() };
        let found = lewis_weights(&basis, p, &settings).unwrap().solution;
        prop_assert!(found.gamma <= 1.0);
        let factor = if p <= 2.0 {
            1.0 / found.gamma
        } else {
            found.gamma.powf(-p / 2.0) * found.total().powf(p / 2.0 - 1.0)
        };
        for (i, (sigma, weight)) in sigma(&basis, p).iter().zip(&found.weights).enumerate() {
            let bound = factor * weight * (1.0 + SLACK);
            prop_assert!(sigma.lower <= bound, "row {}: {} > {}", i, sigma.lower, bound);
        }
    }

    /// c4.
    #[test]
    fn sensitivities_at_two_exponents_bound_each_other(basis in basis(), one in exponent(), two in exponent()) {
        let (p, q) = (one.min(two), one.max(two));
        let (at_p, at_q) = (sigma(&basis, p), sigma(&basis, q));
        let known = |_: &RowBasis, of: f64| if of == p { at_p.clone() } else { at_q.clone() };
        let change = ExponentChange { p, q, sensitivities: known };
        prop_assert_eq!(verdict(&change, &basis), Verdict::Supported);
        let largest = LargestSensitivity { p, q, sensitivities: known };
        prop_assert_eq!(verdict(&largest, &basis), Verdict::Supported);
    }

    /// c4 and c5: root leverage scores are upper bounds of a small sum.
    #[test]
    fn root_leverage_scores_bound_sensitivities(basis in basis(), p in exponent()) {
        let scores = |basis: &RowBasis, p: f64| {
            RowScores::root_leverage(&basis.leverage_scores(), p).unwrap().values().to_vec()
        };
        prop_assert_eq!(verdict(&RootLeverageSum { p, scores }, &basis), Verdict::Supported);
        for (sigma, score) in sigma(&basis, p).iter().zip(scores(&basis, p)) {
            prop_assert!(sigma.lower <= score * (1.0 + SLACK), "{} > {}", sigma.lower, score);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// c8, rows of low rank changed in few places.
    #[test]
    fn low_rank_plus_sparse_matrices_have_small_totals(
        (n, d, rank, nonzeros) in (10..=60_usize, 2..=6_usize, 1..=2_usize, 0..=1_usize),
        p in select(vec![2.0, 2.5, 3.0, 4.0, 6.0]), seed in any::<u64>(),
    ) {
        let a = instances::low_rank_plus_sparse((n, d), rank, nonzeros, StreamKey::from_seed(seed));
        let instance = LowRankPlusSparse { basis: RowBasis::new(&a).unwrap(), rank, nonzeros };
        let theorem = LowRankPlusSparseTotal { p, sensitivities: sigma };
        prop_assert_eq!(verdict(&theorem, &instance), Verdict::Supported);
    }

    /// c8, polynomials at random points.
    #[test]
    fn polynomials_have_small_totals(
        (n, variables, degree) in (10..=60_usize, 1..=2_usize, 1..=3_usize),
        p in select(vec![2.0, 4.0, 6.0]), seed in any::<u64>(),
    ) {
        let a = instances::polynomial_features(n, variables, degree, StreamKey::from_seed(seed));
        let instance = SampledPolynomials { basis: RowBasis::new(&a).unwrap(), variables, degree };
        let theorem = PolynomialTotal { p, sensitivities: sigma };
        prop_assert_eq!(verdict(&theorem, &instance), Verdict::Supported);
    }

    /// c8, perturbations up to the limit.
    #[test]
    fn perturbations_within_the_limit_keep_the_total(
        a in matrix(), p in select(vec![2.0, 3.0, 4.0]), share in 0.01_f64..1.0, seed in any::<u64>(),
    ) {
        let e = normal_matrix(a.nrows(), a.ncols(), StreamKey::from_seed(seed));
        prop_assume!(RowBasis::new(&a).is_ok_and(|basis| basis.rank() == a.ncols()));
        let unit = PerturbedMatrix::new(&a, &e).unwrap();
        let scaled = &e * (share * unit.limit(p) / unit.perturbation);
        let instance = PerturbedMatrix::new(&a, &scaled).unwrap();
        let theorem = PerturbedTotal { p, sensitivities: sigma };
        prop_assert_eq!(verdict(&theorem, &instance), Verdict::Supported);
    }
}
