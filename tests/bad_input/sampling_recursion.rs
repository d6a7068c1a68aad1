//! Recursions on matrices, exponents and settings that they have no meaning for.

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    Coreset, Error, Flattening, HalvingSettings, RootLeverageSettings, RowBasis, RowScores, instances,
    recursive_leverage_sensitivity, recursive_root_leverage, recursive_sensitivity,
};

fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

/// Every recursion at an exponent of its own.
fn all(a: &DMatrix<f64>) -> [Result<Coreset, Error>; 3] {
    let halving = HalvingSettings::default();
    [
        recursive_root_leverage(a, 1.0, &RootLeverageSettings::default(), key()).map(|found| found.solution),
        recursive_sensitivity(a, 1.5, &halving, key()).map(|found| found.solution),
        recursive_leverage_sensitivity(a, 3.0, &halving, key()).map(|found| found.solution),
    ]
}

#[test]
fn matrices_without_a_row_to_sample_are_refused() {
    for empty in [DMatrix::zeros(0, 3), DMatrix::zeros(3, 0)] {
        assert!(all(&empty).iter().all(|found| matches!(found, Err(Error::Empty { .. }))));
    }
    let zero = DMatrix::zeros(5, 2);
    assert!(all(&zero).iter().all(|found| matches!(found, Err(Error::Zero { nrows: 5, ncols: 2 }))));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut a = instances::gaussian(20, 2, key());
        a[(13, 1)] = value;
        let place = |found: &Result<Coreset, Error>| {
            matches!(found, Err(Error::NotFinite { row: 13, column: 1, .. }))
        };
        assert!(all(&a).iter().all(place), "{value}");
    }
}

#[test]
fn exponents_have_ranges() {
    let a = instances::gaussian(20, 2, key());
    let refused = |found: Result<Coreset, Error>| matches!(found, Err(Error::Exponent { .. }));
    let halving = HalvingSettings::default();
    for p in [2.0, 0.0, -1.0, f64::NAN, f64::INFINITY] {
        let found = recursive_root_leverage(&a, p, &RootLeverageSettings::default(), key());
        assert!(refused(found.map(|found| found.solution)), "p = {p}");
    }
    for p in [0.5, 0.0, f64::NAN, f64::INFINITY] {
        assert!(
            refused(recursive_sensitivity(&a, p, &halving, key()).map(|found| found.solution)),
            "p = {p}"
        );
    }
    for p in [2.0, 1.5, f64::NAN, f64::INFINITY] {
        let found = recursive_leverage_sensitivity(&a, p, &halving, key());
        assert!(refused(found.map(|found| found.solution)), "p = {p}");
    }
}

#[test]
fn settings_have_ranges() {
    let a = instances::gaussian(20, 2, key());
    let good = RootLeverageSettings::default();
    let bad_alpha = [0.0, -0.1, 1.5, f64::NAN, f64::INFINITY]
        .map(|alpha| ("alpha", RootLeverageSettings { alpha, ..good }));
    let bad_share =
        [0.0, 1.0, f64::NAN].map(|shrinkage| ("shrinkage", RootLeverageSettings { shrinkage, ..good }));
    let no_rounds = [("max_rounds", RootLeverageSettings { max_rounds: 0, ..good })];
    for (name, settings) in bad_alpha.into_iter().chain(bad_share).chain(no_rounds) {
        let found = recursive_root_leverage(&a, 1.0, &settings, key()).unwrap_err();
        assert!(matches!(found, Error::Setting { name: found, .. } if found == name), "{found}");
    }
    let good = HalvingSettings::default;
    for (name, settings) in [
        ("epsilon", HalvingSettings { epsilon: 0.0, ..good() }),
        ("epsilon", HalvingSettings { epsilon: f64::NAN, ..good() }),
        ("constant", HalvingSettings { constant: f64::INFINITY, ..good() }),
        ("constant", HalvingSettings { constant: 0.0, ..good() }),
        ("flattening", HalvingSettings { flattening: 1.0, ..good() }),
        ("flattening", HalvingSettings { flattening: f64::NAN, ..good() }),
        ("factor", HalvingSettings { factor: 1.0, ..good() }),
        ("reuse", HalvingSettings { reuse: 0, ..good() }),
        ("max_draws", HalvingSettings { max_draws: 0, ..good() }),
        ("max_rounds", HalvingSettings { max_rounds: 0, ..good() }),
    ] {
        for found in [
            recursive_sensitivity(&a, 3.0, &settings, key()),
            recursive_leverage_sensitivity(&a, 3.0, &settings, key()),
        ] {
            let found = found.unwrap_err();
            assert!(matches!(found, Error::Setting { name: found, .. } if found == name), "{found}");
        }
    }
}

#[test]
fn flattenings_are_of_a_positive_constant_and_a_score_for_each_row() {
    let scores = RowScores::sensitivity(&[0.5, 0.1], 3.0).unwrap();
    for constant in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
        let found = Flattening::new(&scores, constant).unwrap_err();
        assert!(matches!(found, Error::Setting { name: "constant", .. }), "{found}");
    }
    let basis = RowBasis::new(&instances::gaussian(3, 2, key())).unwrap();
    let found = Flattening::by_sensitivity_and_leverage(&basis, &scores, 4.0).unwrap_err();
    assert!(matches!(found, Error::Length { found: 2, nrows: 3, .. }), "{found}");
    let low = RowScores::sensitivity(&[0.5, 0.1, 0.1], 1.5).unwrap();
    let found = Flattening::by_sensitivity_and_leverage(&basis, &low, 4.0).unwrap_err();
    assert!(matches!(found, Error::Exponent { .. }), "{found}");
    // Scores of nothing split nothing.
    let nothing = RowScores::sensitivity(&[0.0, 0.0], 1.0).unwrap();
    assert_eq!(Flattening::new(&nothing, 4.0).unwrap().copies(), [1, 1]);
    let huge = RowScores::sensitivity(&[1e308, 1e308, 0.0], 1.0).unwrap();
    assert_eq!(Flattening::new(&huge, 0.5).unwrap().copies(), [3, 3, 1]);
}

#[test]
fn weights_and_rows_at_the_ends_of_the_range_stay_finite() {
    let mut a = instances::gaussian(3000, 2, key()) * 1e300;
    a.row_mut(1).scale_mut(1e-290);
    for p in [0.05, 1.0, 30.0] {
        let found = recursive_root_leverage(&a, p, &RootLeverageSettings::default(), key()).unwrap();
        assert!(found.solution.weights().iter().all(|weight| weight.is_finite() && *weight > 0.0), "p = {p}");
    }
    let settings =
        HalvingSettings { target_rows: 500, epsilon: f64::INFINITY, reuse: 9, ..HalvingSettings::default() };
    let found = recursive_sensitivity(&a, 3.0, &settings, key()).unwrap();
    assert!(found.solution.len() <= 500 && found.solution.weights().iter().all(|weight| weight.is_finite()));
}
