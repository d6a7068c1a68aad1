use nalgebra::{DMatrix, dmatrix};
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    Error, LeverageSketch, LewisSettings, LewisStep, RowBasis, approximate_leverage_scores, instances,
    leverage_scores, lewis_weights, online_leverage_scores,
};
use proofsketch::solve::Status;

const KEY: u64 = 5;

/// The refusal of every entry point that takes the matrix itself; they agree.
fn refusal(a: &DMatrix<f64>) -> Error {
    let error = RowBasis::new(a).unwrap_err();
    let message = error.to_string();
    let key = StreamKey::from_seed(KEY);
    let others = [
        leverage_scores(a).unwrap_err(),
        online_leverage_scores(a).unwrap_err(),
        approximate_leverage_scores(a, &LeverageSketch::default(), key).unwrap_err(),
    ];
    assert!(others.iter().all(|other| other.to_string() == message));
    error
}

fn small() -> RowBasis {
    RowBasis::new(&instances::gaussian(30, 3, StreamKey::from_seed(KEY))).unwrap()
}

#[test]
fn matrices_without_scores_are_refused_with_the_place() {
    let mut holes = DMatrix::from_element(5, 3, 1.0);
    holes[(4, 0)] = f64::INFINITY;
    holes[(2, 1)] = f64::NAN;
    for (a, message) in [
        (DMatrix::zeros(0, 3), "the matrix is empty: 0×3"),
        (DMatrix::zeros(3, 0), "the matrix is empty: 3×0"),
        (DMatrix::zeros(4, 2), "the 4×2 matrix is zero: no row has a score"),
        (holes, "entry (2, 1) is NaN: every entry must be finite (counted from 0)"),
        (
            dmatrix![1.0, f64::NEG_INFINITY],
            "entry (0, 1) is -inf: every entry must be finite (counted from 0)",
        ),
    ] {
        assert_eq!(refusal(&a).to_string(), message);
    }
}

#[test]
fn exponents_without_a_meaning_are_refused() {
    for p in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = lewis_weights(&small(), p, &LewisSettings::default()).unwrap_err();
        assert_eq!(error.to_string(), format!("p = {p} is out of range: need 0 < p < ∞"));
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let of = |settings: LewisSettings| lewis_weights(&small(), 3.0, &settings).unwrap_err().to_string();
    let default = LewisSettings::default;
    assert_eq!(
        of(LewisSettings { tolerance: 0.0, ..default() }),
        "tolerance = 0 is out of range: need 0 < tolerance < 1"
    );
    assert_eq!(
        of(LewisSettings { tolerance: f64::NAN, ..default() }),
        "tolerance = NaN is out of range: need 0 < tolerance < 1"
    );
    assert_eq!(
        of(LewisSettings { max_iterations: 0, ..default() }),
        "max_iterations = 0 is out of range: need max_iterations ≥ 1"
    );
    for theta in [0.0, 2.0, -1.0, f64::NAN] {
        let settings = LewisSettings { step: LewisStep::Damped(theta), ..default() };
        assert_eq!(of(settings), format!("theta = {theta} is out of range: need 0 < theta < 2"));
    }
    let a = instances::gaussian(30, 3, StreamKey::from_seed(KEY));
    let sketched = |settings| {
        approximate_leverage_scores(&a, &settings, StreamKey::from_seed(KEY)).unwrap_err().to_string()
    };
    assert_eq!(
        sketched(LeverageSketch { rows_per_column: 1.0, nonzeros: 2 }),
        "rows_per_column = 1 is out of range: need 2 ≤ rows_per_column ≤ 10⁶"
    );
    assert_eq!(
        sketched(LeverageSketch { rows_per_column: 4.0, nonzeros: 0 }),
        "nonzeros = 0 is out of range: need 1 ≤ nonzeros ≤ 32"
    );
}

/// Every score of every method is a number in [0, 1], whatever the matrix and p.
#[test]
fn degenerate_matrices_have_scores() {
    let key = StreamKey::from_seed(KEY);
    let gaussian = instances::gaussian(12, 3, key);
    let proportional = DMatrix::from_fn(9, 2, |i, j| (i as f64 - 4.0) * [1.0, 3.0][j]);
    let mut zeros = gaussian.clone();
    zeros.row_mut(0).fill(0.0);
    zeros.row_mut(11).fill(0.0);
    let mut graded = gaussian.clone();
    graded.row_iter_mut().enumerate().for_each(|(i, mut row)| row *= 10.0_f64.powi(20 * i as i32 - 120));
    let mut subnormal = gaussian.clone();
    subnormal.row_mut(4).fill(5e-324);
    for (name, a) in [
        ("one entry", dmatrix![-7.0]),
        ("one row", dmatrix![1.0, 2.0, 3.0]),
        ("n < d", instances::gaussian(3, 8, key)),
        ("proportional rows", proportional),
        ("one row over and over", DMatrix::from_fn(10, 3, |_, j| j as f64 + 1.0)),
        ("zero rows", zeros),
        ("zero column", gaussian.clone().insert_column(1, 0.0)),
        ("a column twice", DMatrix::from_fn(12, 4, |i, j| gaussian[(i, j % 3)])),
        ("rows of all sizes", graded),
        ("a subnormal row", subnormal),
        ("huge", &gaussian * 1e307),
        ("tiny", &gaussian * 1e-307),
        ("identity", DMatrix::identity(5, 5)),
    ] {
        let valid = |scores: &[f64]| scores.iter().all(|score| (0.0..=1.0 + 1e-9).contains(score));
        let basis = RowBasis::new(&a).unwrap();
        let rank = basis.rank() as f64;
        let leverage = leverage_scores(&a).unwrap();
        assert!(valid(&leverage) && (leverage.iter().sum::<f64>() - rank).abs() < 1e-9, "{name}");
        assert!(valid(&online_leverage_scores(&a).unwrap()), "{name}");
        let approximate = approximate_leverage_scores(&a, &LeverageSketch::default(), key).unwrap();
        assert!(approximate.distortion.is_finite(), "{name}");
        for p in [1e-3, 0.1, 1.0, 2.0, 5.0, 100.0, 1e6] {
            let report = lewis_weights(&basis, p, &LewisSettings::default()).unwrap();
            let found = report.solution;
            assert!(
                found.weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0),
                "{name}, p = {p}"
            );
            assert!((0.0..=1.0).contains(&found.gamma), "{name}, p = {p}: {}", found.gamma);
            if report.status == Status::Converged {
                assert!((found.total() - rank).abs() < 1e-6 * rank, "{name}, p = {p}: {}", found.total());
            }
        }
    }
}
