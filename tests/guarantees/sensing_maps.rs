//! Mean and variance of ‖𝒜(X)‖²/m against their exact values, and what is not isotropic.

use nalgebra::{DMatrix, dmatrix};
use proofsketch::guarantee::{mean_test, mean_test_estimated, variance_test};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::{DenseGaussian, MeasurementMap, PackedGaussian, RankOne};

use crate::common::seed;

const ALPHA: f64 = 1e-6;
const TRIALS: u64 = 4000;
const M: usize = 12;

fn mean_squares(
    name: &str,
    x: &DMatrix<f64>,
    draw: impl Fn(StreamKey) -> Box<dyn MeasurementMap>,
) -> Vec<f64> {
    let key = seed().named("map moments").named(name);
    (0..TRIALS).map(|i| draw(key.indexed(i)).apply(x).norm_squared() / M as f64).collect()
}

fn symmetric_matrices() -> [DMatrix<f64>; 3] {
    let mixed = normal_matrix(4, 4, seed().named("mixed"));
    [
        DMatrix::from_diagonal(&dmatrix![1.0, 0.0, 0.0, 0.0].transpose().column(0)),
        dmatrix![0.0, 0.0, 1.0, 0.0; 0.0, 0.0, 0.0, 0.0; 1.0, 0.0, 0.0, 0.0; 0.0, 0.0, 0.0, 0.0],
        &mixed + mixed.transpose(),
    ]
}

/// ⟨A, X⟩ is N(0, ‖X‖_F²): m values have mean square ‖X‖_F² with variance 2‖X‖_F⁴/m; a scale error of a tenth shows.
#[test]
fn gaussian_maps_are_isotropic() {
    for x in symmetric_matrices() {
        let square = x.norm_squared();
        for sample in [
            mean_squares("packed", &x, |key| Box::new(PackedGaussian::draw(4, M, key).unwrap())),
            mean_squares("dense", &x, |key| Box::new(DenseGaussian::draw((4, 4), M, key).unwrap())),
        ] {
            let variance = 2.0 * square * square / M as f64;
            assert!(!mean_test(&sample, square, variance).unwrap().is_refuted(ALPHA), "mean for {x}");
            assert!(!variance_test(&sample, variance).unwrap().is_refuted(ALPHA), "variance for {x}");
            let scaled: Vec<f64> = sample.iter().map(|value| 1.1 * value).collect();
            assert!(mean_test(&scaled, square, variance).unwrap().is_refuted(ALPHA), "scale unseen for {x}");
        }
    }
}

/// A map that measures the upper triangle only, its mirror image forgotten, has half the weight off the diagonal: refuted.
#[test]
fn one_triangle_alone_is_seen() {
    let [_, off_diagonal, _] = symmetric_matrices();
    let sample = mean_squares("triangle", &off_diagonal.upper_triangle(), |key| {
        Box::new(PackedGaussian::draw(4, M, key).unwrap())
    });
    let square = off_diagonal.norm_squared();
    assert!(mean_test(&sample, square, 2.0 * square * square / M as f64).unwrap().is_refuted(ALPHA));
}

/// E (aᵀXb)² = ‖X‖_F² and E (aᵀXb)⁴ = 3(‖X‖_F⁴ + 2‖XᵀX‖_F²): isotropic, with heavier tails than a Gaussian map.
#[test]
fn rank_one_maps_of_two_vectors_are_isotropic() {
    for x in symmetric_matrices() {
        let sample = mean_squares("rank one", &x, |key| Box::new(RankOne::draw((4, 4), M, key).unwrap()));
        let (square, gram) = (x.norm_squared(), (x.transpose() * &x).norm_squared());
        let variance = (3.0 * (square * square + 2.0 * gram) - square * square) / M as f64;
        assert!(!mean_test(&sample, square, variance).unwrap().is_refuted(ALPHA), "{x}");
        // The variance of a Gaussian map is refuted by the spread of these means.
        assert!(variance_test(&sample, 2.0 * square * square / M as f64).unwrap().is_refuted(ALPHA), "{x}");
    }
}

/// E (aᵀXa)² = 2‖X‖_F² + tr(X)², not ‖X‖_F².
#[test]
fn rank_one_maps_of_one_vector_are_not_isotropic() {
    for x in symmetric_matrices() {
        let draw = |key| -> Box<dyn MeasurementMap> { Box::new(RankOne::draw_symmetric(4, M, key).unwrap()) };
        let sample = mean_squares("one vector", &x, draw);
        let mean = 2.0 * x.norm_squared() + x.trace().powi(2);
        assert!(!mean_test_estimated(&sample, mean).unwrap().is_refuted(ALPHA), "{x}");
        assert!(mean_test_estimated(&sample, x.norm_squared()).unwrap().is_refuted(ALPHA), "{x}");
    }
}
