//! Inequalities between scores, on hard matrices and against wrong ones.

use nalgebra::DMatrix;
use proofsketch::guarantee::{Guarantee, Verdict, check};
use proofsketch::random::normal_matrix;
use proofsketch::sampling::{
    ExponentChange, Interval, LargestSensitivity, LewisLowerBound, LewisSettings, LewisUpperBound,
    LowRankPlusSparse, LowRankPlusSparseTotal, PolynomialTotal, RootLeverageSum, RowBasis, RowScores,
    SampledPolynomials, SensitivitySettings, TotalSensitivityRange, complete_graph_sensitivity,
    gaussian_total_sensitivity, instances, lewis_weights, sensitivities, sensitivity,
};

use crate::common::{hard_instances, seed};

pub(crate) fn sigma(basis: &RowBasis, p: f64) -> Vec<Interval> {
    sensitivities(basis, p, &SensitivitySettings::default()).unwrap()
}

pub(crate) fn lewis(basis: &RowBasis, p: f64) -> Vec<f64> {
    lewis_weights(basis, p, &LewisSettings::default()).unwrap().solution.weights
}

pub(crate) fn verdict<G: Guarantee>(theorem: &G, instance: &G::Instance) -> Verdict {
    let evidence = check(theorem, instance, 1, 1e-6, seed());
    println!("{evidence}");
    // One failure of a statement without exceptions refutes it.
    if evidence.verdict == Verdict::NotApplicable || evidence.failures > 0 {
        return evidence.verdict;
    }
    Verdict::Supported
}

/// Small matrices: hard ones, heavy rows, repeated rows, a zero row and deficient rank among them.
fn matrices() -> Vec<(String, RowBasis)> {
    let mut all: Vec<(String, DMatrix<f64>)> =
        hard_instances(24, 4).into_iter().map(|(name, a)| (name.to_owned(), a)).collect();
    for i in 0..6 {
        let (n, d) = (20 + 7 * i, 1 + i);
        let mut a = instances::heavy_tails(n, d, 1.5, seed().named("heavy").indexed(i as u64));
        let repeated = a.row(0).into_owned();
        a.set_row(1, &repeated);
        a.row_mut(2).fill(0.0);
        all.push((format!("heavy rows {i}"), a));
    }
    all.push(("deficient".into(), crate::common::rank_deficient(30, 4)));
    all.push(("fewer rows than columns".into(), normal_matrix(4, 6, seed().named("wide"))));
    all.into_iter().map(|(name, a)| (name, RowBasis::new(&a).unwrap())).collect()
}

const EXPONENTS: [f64; 6] = [1.0, 1.3, 1.5, 2.0, 3.0, 4.5];

#[test]
fn lewis_weights_and_totals_bound_sensitivities_from_both_sides() {
    for (name, basis) in matrices() {
        for p in EXPONENTS {
            println!("{name}, p = {p}");
            let above = LewisUpperBound { p, sensitivities: sigma, lewis_weights: lewis };
            let below = LewisLowerBound { p, sensitivities: sigma, lewis_weights: lewis };
            let total = TotalSensitivityRange { p, sensitivities: sigma };
            assert_eq!(verdict(&above, &basis), Verdict::Supported);
            assert_eq!(verdict(&below, &basis), Verdict::Supported);
            assert_eq!(verdict(&total, &basis), Verdict::Supported);
        }
    }
}

#[test]
fn sensitivities_at_two_exponents_bound_each_other() {
    let scores = |basis: &RowBasis, p: f64| {
        RowScores::root_leverage(&basis.leverage_scores(), p).unwrap().values().to_vec()
    };
    for (name, basis) in matrices() {
        for (p, q) in [(1.0, 1.5), (1.5, 2.0), (2.0, 3.0), (1.0, 4.5)] {
            println!("{name}, p = {p}, q = {q}");
            let change = ExponentChange { p, q, sensitivities: sigma };
            let largest = LargestSensitivity { p, q, sensitivities: sigma };
            assert_eq!(verdict(&change, &basis), Verdict::Supported);
            assert_eq!(verdict(&largest, &basis), Verdict::Supported);
        }
        for p in EXPONENTS {
            assert_eq!(verdict(&RootLeverageSum { p, scores }, &basis), Verdict::Supported);
        }
    }
}

#[test]
fn structured_matrices_have_small_totals() {
    let settings = |degree| SampledPolynomials {
        basis: RowBasis::new(&instances::chebyshev(60, degree)).unwrap(),
        variables: 1,
        degree,
    };
    for p in [2.0, 4.0, 6.0] {
        for degree in [1, 3, 6] {
            let theorem = PolynomialTotal { p, sensitivities: sigma };
            assert_eq!(verdict(&theorem, &settings(degree)), Verdict::Supported);
        }
    }
    let odd = PolynomialTotal { p: 3.0, sensitivities: sigma };
    assert_eq!(verdict(&odd, &settings(3)), Verdict::NotApplicable);
    let doubled = |basis: &RowBasis, p: f64| -> Vec<Interval> {
        sigma(basis, p).iter().map(|s| Interval::exact(2.0 * s.lower)).collect()
    };
    let mutant = PolynomialTotal { p: 4.0, sensitivities: doubled };
    assert_eq!(verdict(&mutant, &settings(3)), Verdict::Refuted);
    let features = instances::polynomial_features(80, 2, 2, seed());
    let features = SampledPolynomials { basis: RowBasis::new(&features).unwrap(), variables: 2, degree: 2 };
    assert_eq!(verdict(&PolynomialTotal { p: 4.0, sensitivities: sigma }, &features), Verdict::Supported);

    let sparse = LowRankPlusSparse {
        basis: RowBasis::new(&instances::low_rank_plus_sparse((80, 8), 2, 1, seed())).unwrap(),
        rank: 2,
        nonzeros: 1,
    };
    let theorem = LowRankPlusSparseTotal { p: 4.0, sensitivities: sigma };
    assert_eq!(verdict(&theorem, &sparse), Verdict::Supported);
}

#[test]
fn sensitivities_have_their_closed_forms() {
    let settings = SensitivitySettings::default();
    for vertices in [4, 12, 20] {
        let basis = RowBasis::new(&instances::complete_graph(vertices)).unwrap();
        for p in [1.0, 1.5, 2.0, 3.0, 6.0] {
            let exact = complete_graph_sensitivity(vertices, p);
            for row in [0, vertices - 1, basis.nrows() - 1] {
                let found = sensitivity(&basis, row, p, &settings).unwrap().solution;
                assert!(found.lower <= exact * (1.0 + 1e-9) && exact <= found.upper * (1.0 + 1e-9));
            }
        }
    }
    // Gaussian matrices, n = 200d, 40 rows of each: within 5 % of the limit.
    for (d, p) in [(4, 1.5), (8, 1.5), (4, 3.0), (8, 3.0), (8, 1.0)] {
        let n = 200 * d;
        let basis = RowBasis::new(&instances::gaussian(n, d, seed().indexed(d as u64))).unwrap();
        // Σσ estimated by the ratio to Σ‖gᵢ‖ᵖ-like scores, the Lewis weights, whose sum is known.
        let weights = lewis(&basis, p);
        let rows = (0..n).step_by(n / 40);
        let (mut sum, mut weight) = (0.0, 0.0);
        for row in rows {
            sum += sensitivity(&basis, row, p, &settings).unwrap().solution.upper;
            weight += weights[row];
        }
        let total = sum / weight * d as f64;
        let limit = gaussian_total_sensitivity(d, p);
        println!("d = {d}, p = {p}: {total:.4} for {limit:.4}");
        assert!((total / limit - 1.0).abs() < 0.05, "d = {d}, p = {p}: {total} for {limit}");
    }
}
