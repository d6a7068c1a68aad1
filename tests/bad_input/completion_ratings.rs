//! Models of ratings that cannot be fitted, and which error says so.

use proofsketch::completion::ratings::{Settings, select, solve};
use proofsketch::completion::{Duplicates, Error, MatrixCompletion, RowSolver};
use proofsketch::random::StreamKey;

fn problem() -> MatrixCompletion {
    let triplets = [(0, 0, 1.0), (0, 1, 2.0), (1, 1, 5.0), (2, 0, 3.0)];
    MatrixCompletion::from_triplets(3, 2, &triplets, Duplicates::Refuse).unwrap()
}

fn refusal(settings: Settings) -> Error {
    solve(&problem(), &settings, StreamKey::from_seed(1)).unwrap_err()
}

#[test]
fn ranks() {
    let of_rank = |rank| Settings { rank, ..Settings::default() };
    assert_eq!(refusal(of_rank(3)), Error::Rank { rank: 3, nrows: 3, ncols: 2 });
    let nothing = Settings { biases: false, ..of_rank(0) };
    assert_eq!(refusal(nothing), Error::Rank { rank: 0, nrows: 3, ncols: 2 });
    assert!(solve(&problem(), &of_rank(0), StreamKey::from_seed(1)).is_ok());
}

#[test]
fn settings_out_of_range_are_named() {
    let base = Settings { rank: 1, ..Settings::default() };
    let cases = [
        (Settings { ridge: Some(-1.0), ..base.clone() }, "ridge"),
        (Settings { ridge: Some(f64::NAN), ..base.clone() }, "ridge"),
        (Settings { bias_ridge: Some(f64::INFINITY), ..base.clone() }, "bias_ridge"),
        (Settings { bias_ridge: Some(0.0), ..base.clone() }, "bias_ridge"),
        (Settings { ridge: Some(0.0), bias_ridge: Some(1.0), ..base.clone() }, "bias_ridge"),
        (Settings { pattern: Some(0.0), ..base.clone() }, "pattern"),
        (Settings { tol: 1.0, ..base.clone() }, "tol"),
        (Settings { solver: RowSolver::Cg { steps: 0, tol: 0.1 }, ..base.clone() }, "steps"),
    ];
    for (settings, expected) in cases {
        let refused = refusal(settings);
        assert!(matches!(refused, Error::Setting { name, .. } if name == expected), "{refused}");
    }
}

#[test]
fn values_too_far_apart() {
    let far = problem().with_values(|i, j, _| if (i, j) == (0, 0) { -f64::MAX } else { f64::MAX }).unwrap();
    let refused = solve(&far, &Settings { rank: 1, ..Settings::default() }, StreamKey::from_seed(1));
    assert!(matches!(refused, Err(Error::Setting { name: "the spread of the values", .. })), "{refused:?}");
}

#[test]
fn nothing_to_choose_from_or_to_choose_by() {
    let key = StreamKey::from_seed(1);
    let settings = [Settings { rank: 1, ..Settings::default() }];
    for share in [0.0, 1.0, -0.5, f64::NAN, 1e-12] {
        let refused = select(&problem(), &settings, share, key);
        assert!(matches!(refused, Err(Error::Setting { name: "share", .. })), "{share}: {refused:?}");
    }
    let held_out = select(&problem(), &[], 0.5, key);
    assert!(matches!(held_out, Err(Error::Setting { .. })), "{held_out:?}");
}
