//! Regression problems and settings that have no answer, and which error says so.

use nalgebra::{DMatrix, DVector, dmatrix, dvector};
use nalgebra_sparse::CsrMatrix;
use proofsketch::random::StreamKey;
use proofsketch::regression::{
    Error, Instance, LeastSquares, Settings, SketchSize, sketch_and_solve, solve, solve_from_sketch,
    solve_kronecker,
};
use proofsketch::sketch::{self, Gaussian, SketchDistribution, Srht};

fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

fn refusal(a: &DMatrix<f64>, b: &DVector<f64>) -> Error {
    LeastSquares::new(a, b).unwrap_err()
}

#[test]
fn shapes() {
    assert_eq!(refusal(&DMatrix::zeros(0, 3), &dvector![]), Error::Empty { nrows: 0, ncols: 3 });
    assert_eq!(refusal(&DMatrix::zeros(3, 0), &dvector![1.0, 2.0, 3.0]), Error::Empty { nrows: 3, ncols: 0 });
    assert_eq!(refusal(&DMatrix::zeros(3, 2), &dvector![1.0, 2.0]), Error::Shape { nrows: 3, entries: 2 });
    assert_eq!(refusal(&DMatrix::zeros(2, 3), &dvector![1.0, 2.0]), Error::TooFewRows { nrows: 2, ncols: 3 });
}

#[test]
fn the_first_entry_that_is_not_finite_is_named() {
    let b = dvector![1.0, 2.0, 3.0];
    let a = dmatrix![1.0, 2.0; 3.0, f64::INFINITY; f64::NAN, 4.0];
    assert_eq!(refusal(&a, &b), Error::NotFinite { row: 1, column: 1, value: f64::INFINITY });
    let sparse = CsrMatrix::from(&a);
    assert!(matches!(LeastSquares::new(&sparse, &b), Err(Error::NotFinite { row: 1, column: 1, .. })));
    let a = dmatrix![1.0, 2.0; 3.0, 5.0; 6.0, 4.0];
    let refused = refusal(&a, &dvector![1.0, f64::NEG_INFINITY, f64::NAN]);
    assert_eq!(refused, Error::TargetNotFinite { index: 1, value: f64::NEG_INFINITY });
    assert_eq!(refused.to_string(), "entry 1 of b is -inf: every entry must be finite (counted from 0)");
}

#[test]
fn sketches_that_do_not_fit() {
    let instance = Instance::gaussian(100, 5, key());
    let problem = instance.problem().unwrap();
    let small = Gaussian::new(4, 100).unwrap().sample(key());
    let refused = sketch_and_solve(&problem, &small, 0.95).unwrap_err();
    assert_eq!(refused, Error::SketchTooSmall { sketch_rows: 4, ncols: 5 });
    let other = Gaussian::new(20, 99).unwrap().sample(key());
    let refused = sketch_and_solve(&problem, &other, 0.95).unwrap_err();
    assert_eq!(refused, Error::SketchMismatch { sketch_columns: 99, nrows: 100 });
    for size in [SketchSize::Explicit(4), SketchSize::Explicit(0)] {
        let settings = Settings { size: Some(size), ..Settings::default() };
        assert!(matches!(solve(&problem, &settings, key()), Err(Error::SketchTooSmall { ncols: 5, .. })));
    }
}

#[test]
fn settings_out_of_range() {
    let instance = Instance::gaussian(100, 5, key());
    let problem = instance.problem().unwrap();
    let sizes = [
        SketchSize::Ratio(f64::NAN),
        SketchSize::Ratio(-1.0),
        SketchSize::GaussianExact { epsilon: 0.0, delta: 0.1 },
        SketchSize::GaussianExact { epsilon: f64::INFINITY, delta: 0.1 },
        SketchSize::GaussianExact { epsilon: 0.5, delta: 0.0 },
        SketchSize::GaussianExact { epsilon: 0.5, delta: 1.0 },
        SketchSize::Paper { epsilon: 0.5, delta: 0.1, constant: 0.0 },
        SketchSize::Paper { epsilon: 0.5, delta: f64::NAN, constant: 1.0 },
    ];
    for size in sizes {
        let settings = Settings { size: Some(size), ..Settings::default() };
        assert!(matches!(solve(&problem, &settings, key()), Err(Error::Setting { .. })), "{size:?}");
    }
    for level in [0.0, 1.0, f64::NAN, -0.5] {
        let settings = Settings { level, size: Some(SketchSize::Explicit(50)), ..Settings::default() };
        assert!(
            matches!(solve(&problem, &settings, key()), Err(Error::Setting { name: "level", .. })),
            "{level}"
        );
    }
    // A demand so high that no sketch is smaller than the data is met by solving exactly.
    let size = Some(SketchSize::GaussianExact { epsilon: 1e-9, delta: 1e-9 });
    let report = solve(&problem, &Settings { size, ..Settings::default() }, key()).unwrap();
    assert_eq!(report.solution.sketch_rows, 100);
}

#[test]
fn sketches_taken_elsewhere() {
    let (sa, norms) = (dmatrix![1.0, 0.0; 0.0, 1.0; 1.0, 1.0], dvector![1.0, 1.0]);
    let refused = solve_from_sketch(&sa, &dvector![1.0, 2.0], &norms, 0.9).unwrap_err();
    assert_eq!(refused, Error::Shape { nrows: 3, entries: 2 });
    let nan = dvector![1.0, f64::NAN, 2.0];
    assert!(matches!(
        solve_from_sketch(&sa, &nan, &norms, 0.9),
        Err(Error::TargetNotFinite { index: 1, .. })
    ));
    let mut broken = sa.clone();
    broken[(2, 0)] = f64::INFINITY;
    let b = dvector![1.0, 2.0, 3.0];
    assert!(matches!(solve_from_sketch(&broken, &b, &norms, 0.9), Err(Error::Factorization(_))));
}

#[test]
fn kronecker_factors() {
    let (a1, a2) = (DMatrix::identity(4, 2), DMatrix::identity(3, 2));
    let refused = solve_kronecker(&a1, &a2, &DMatrix::zeros(3, 4), 8, 0.95, key()).unwrap_err();
    assert_eq!(refused, Error::Shape { nrows: 12, entries: 12 });
    let wide = DMatrix::zeros(2, 3);
    let refused = solve_kronecker(&a1, &wide, &DMatrix::zeros(4, 2), 8, 0.95, key()).unwrap_err();
    assert_eq!(refused, Error::TooFewRows { nrows: 2, ncols: 3 });
    let refused = solve_kronecker(&a1, &a2, &DMatrix::zeros(4, 3), 3, 0.95, key()).unwrap_err();
    assert_eq!(refused, Error::SketchTooSmall { sketch_rows: 3, ncols: 4 });
    let nan = DMatrix::from_element(4, 3, f64::NAN);
    assert!(matches!(
        solve_kronecker(&a1, &a2, &nan, 8, 0.95, key()),
        Err(Error::NotFinite { row: 0, column: 0, .. })
    ));
}

#[test]
fn distributions_without_meaning() {
    assert_eq!(Srht::new(9, 8).unwrap_err(), sketch::Error::TooManyRows { nrows: 9, padded: 8 });
    assert_eq!(Gaussian::new(0, 8).unwrap_err(), sketch::Error::EmptyShape { nrows: 0, ncols: 8 });
    assert_eq!(
        sketch::SparseSign::new(4, 8, 5).unwrap_err(),
        sketch::Error::Nonzeros { nonzeros: 5, nrows: 4 }
    );
    assert!(matches!(sketch::VerySparse::new(4, 8, 0.5), Err(sketch::Error::Sparsity(_))));
    assert!(matches!(sketch::VerySparse::new(4, 8, f64::NAN), Err(sketch::Error::Sparsity(_))));
    assert!(matches!(sketch::TensorSrht::new(4, usize::MAX, 2), Err(sketch::Error::TooLarge { .. })));
    assert!(matches!(sketch::Bgp::new(4, usize::MAX), Err(sketch::Error::TooLarge { .. })));
    let sampling = sketch::RowSampling::new(vec![0.5, 1.5], 2.0).unwrap_err();
    assert_eq!(sampling, sketch::Error::Weight { what: "probability", index: 1, value: 1.5 });
    let sampling = sketch::RowSampling::from_scores(&[1.0, -1.0], 1.0, 2.0).unwrap_err();
    assert_eq!(sampling, sketch::Error::Weight { what: "score", index: 1, value: -1.0 });
    let sampling = sketch::RowSampling::from_scores(&[1.0, 0.0], 1.5, 2.0).unwrap_err();
    assert_eq!(sampling, sketch::Error::ExpectedRows { wanted: 1.5, available: 1 });
    assert!(matches!(sketch::RowSampling::uniform(4, 2.0, f64::NAN), Err(sketch::Error::NormExponent(_))));
    for name in ["sparse-sign:", "sparse-sign:x", "Gaussian", "", "srht:3"] {
        let unknown = name.parse::<sketch::SketchFamily>().unwrap_err();
        assert!(unknown.to_string().contains("known: srht"), "{unknown}");
    }
}
