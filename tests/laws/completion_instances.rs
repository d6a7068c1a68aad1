//! Instances of matrix completion: truth, distances and observed entries against their definitions.

use nalgebra::DMatrix;
use proofsketch::completion::{
    LowRankMatrix, ObservationError, ObservationModel, Spectrum, incoherence, minimum_degree,
    orthonormal_basis, subspace_distance,
};
use proofsketch::linalg::Svd;
use proofsketch::random::{StreamKey, normal_matrix};

use crate::common::seed;

fn truth(key: StreamKey) -> LowRankMatrix {
    LowRankMatrix::incoherent((60, 45), 4, Spectrum::Geometric { condition: 100.0 }, key).unwrap()
}

#[test]
fn the_truth_is_its_singular_value_decomposition() {
    for spike in [1.0, 30.0] {
        for spectrum in
            [Spectrum::Flat, Spectrum::Linear { condition: 7.0 }, Spectrum::Geometric { condition: 1e4 }]
        {
            let matrix =
                LowRankMatrix::coherent((60, 45), 4, spectrum, spike, seed().named("truth")).unwrap();
            let values = Svd::new(&matrix.to_dense()).unwrap().singular_values;
            for (wanted, found) in spectrum.singular_values(4).iter().zip(values.iter()) {
                assert!((wanted - found).abs() < 1e-14, "{spectrum:?}: {wanted} for {found}");
            }
            assert!(values[4] < 1e-15);
            assert!((values[0] / values[3] - spectrum.condition()).abs() < 1e-9 * spectrum.condition());
            let dense = matrix.to_dense();
            assert!((0..60).all(|i| (0..45).all(|j| (dense[(i, j)] - matrix.entry(i, j)).abs() < 1e-15)));
        }
    }
}

#[test]
fn spikes_make_a_matrix_coherent() {
    let key = seed().named("spikes");
    let of = |spike| {
        LowRankMatrix::coherent((400, 400), 4, Spectrum::Flat, spike, key).map(|matrix| matrix.incoherence())
    };
    let (plain, spiky, most) = (of(1.0).unwrap(), of(10.0).unwrap(), of(1e6).unwrap());
    assert!(plain < 2.5 && spiky > 4.0 && most > 9.99, "{plain} {spiky} {most}, at most 10");
}

#[test]
fn factors_of_any_form_give_the_same_matrix() {
    let (left, right) = (normal_matrix(30, 3, seed().named("L")), normal_matrix(20, 3, seed().named("R")));
    let matrix = LowRankMatrix::from_factors(&left, &right).unwrap();
    assert!((matrix.to_dense() - &left * right.transpose()).amax() < 1e-13);
    // Rounding of three factorizations of 30 × 3, each of up to 30 sums of three terms: some tens of 2⁻⁵³.
    assert!(matrix.relative_error(&left, &right).unwrap() < 1e-14);
}

#[test]
fn the_relative_error_is_that_of_the_dense_matrices() {
    let matrix = truth(seed().named("error"));
    let dense = matrix.to_dense();
    for size in [1.0, 1e-3, 1e-9] {
        for columns in [2, 4, 7] {
            let key = seed().named("noise").indexed(columns as u64);
            let mut left = matrix.left_factor().resize_horizontally(columns, 0.0);
            let mut right = matrix.right_factor().resize_horizontally(columns, 0.0);
            left += normal_matrix(60, columns, key.named("left")) * size;
            right += normal_matrix(45, columns, key.named("right")) * size;
            let found = matrix.relative_error(&left, &right).unwrap();
            let wanted = (&left * right.transpose() - &dense).norm() / dense.norm();
            assert!((found - wanted).abs() < 1e-12 * wanted + 1e-15, "{found} for {wanted}");
        }
    }
    let zero = (DMatrix::zeros(60, 1), DMatrix::zeros(45, 1));
    assert!((matrix.relative_error(&zero.0, &zero.1).unwrap() - 1.0).abs() < 1e-15);
}

#[test]
fn the_distance_is_the_sine_of_the_largest_angle() {
    let (x, y) = (normal_matrix(40, 3, seed().named("X")), normal_matrix(40, 3, seed().named("Y")));
    let (x, y) = (orthonormal_basis(&x).unwrap(), orthonormal_basis(&y).unwrap());
    let cosine = Svd::new(&x.tr_mul(&y)).unwrap().singular_values.min();
    assert!((subspace_distance(&x, &y).unwrap() - (1.0 - cosine * cosine).sqrt()).abs() < 1e-14);
    assert!((subspace_distance(&y, &x).unwrap() - subspace_distance(&x, &y).unwrap()).abs() < 1e-14);
    assert!(subspace_distance(&x, &x).unwrap() < 1e-15);
    for angle in [1e-3, 1e-9, 1e-13] {
        let near = orthonormal_basis(&(&x + &y * angle)).unwrap();
        let seen = subspace_distance(&x, &near).unwrap() / angle;
        assert!((0.5..1.01).contains(&seen), "angle {angle}: {seen}");
    }
    assert!((1.0..3.7).contains(&incoherence(&x)));
}

#[test]
fn observed_entries_are_distinct_sorted_and_as_many_as_said() {
    let shape = (80, 50);
    let key = seed().named("observed");
    for probability in [0.02, 0.3, 0.97, 1.0] {
        let models = [
            ObservationModel::Bernoulli { probability },
            ObservationModel::PowerLaw { probability, exponent: 0.6 },
            ObservationModel::Uniform { count: (probability * 4000.0) as usize },
        ];
        for model in models {
            let entries = model.draw(shape, key).unwrap();
            assert!(entries.windows(2).all(|pair| pair[0] < pair[1]), "{model:?}");
            assert!(entries.iter().all(|&(i, j)| i < 80 && j < 50), "{model:?}");
            // Five standard deviations of a binomial count, which bounds that of unequal probabilities.
            let room = 5.0 * (4000.0 * probability * (1.0 - probability)).sqrt();
            assert!(
                (entries.len() as f64 - 4000.0 * probability).abs() <= room + 1e-9,
                "{model:?}: {}",
                entries.len()
            );
        }
    }
    let exact = ObservationModel::Uniform { count: 3100 }.draw(shape, key).unwrap();
    assert_eq!(exact.len(), 3100);
    assert_eq!(ObservationModel::oversampled(2.5, shape, 3).draw(shape, key).unwrap().len(), 953);
}

/// Each entry is seen as often as each other, over many draws.
#[test]
fn every_entry_is_equally_likely() {
    let (shape, draws) = ((5, 4), 4000);
    for model in [ObservationModel::Bernoulli { probability: 0.35 }, ObservationModel::Uniform { count: 7 }] {
        let mut seen = [0.0_f64; 20];
        for index in 0..draws {
            for (i, j) in model.draw(shape, seed().named("equal").indexed(index)).unwrap() {
                seen[(i * 4 + j) as usize] += 1.0;
            }
        }
        let mean = 0.35 * draws as f64;
        let worst = seen.iter().map(|count| (count - mean).abs()).fold(0.0, f64::max);
        assert!(worst < 5.5 * (mean * 0.65).sqrt(), "{model:?}: off by {worst} of {mean}");
    }
}

#[test]
fn popular_rows_are_seen_more_often() {
    let shape = (300, 300);
    let degrees = |exponent| {
        let model = ObservationModel::PowerLaw { probability: 0.1, exponent };
        let mut rows = vec![0.0; 300];
        for (i, _) in model.draw(shape, seed().named("popular")).unwrap() {
            rows[i as usize] += 1.0;
        }
        rows.sort_by(f64::total_cmp);
        rows[299] / rows[0]
    };
    let (even, skewed) = (degrees(0.0), degrees(0.7));
    assert!(even < 4.0 && skewed > 12.0, "largest over smallest degree: {even}, {skewed}");
}

#[test]
fn a_minimum_degree_is_met_or_refused() {
    let shape = (60, 40);
    let model = ObservationModel::Bernoulli { probability: 0.25 };
    let entries = model.draw_with_degree(shape, 5, 1000, seed().named("degree")).unwrap();
    assert!(minimum_degree(shape, &entries) >= 5);
    let refused = model.draw_with_degree(shape, 15, 3, seed().named("degree"));
    assert!(
        matches!(refused, Err(ObservationError::MinimumDegree { attempts: 3, wanted: 15, reached }) if reached < 15)
    );
}

#[test]
fn parameters_out_of_range_are_refused() {
    let key = seed();
    for probability in [0.0, -0.1, 1.5, f64::NAN] {
        let refused = ObservationModel::Bernoulli { probability }.draw((3, 3), key);
        assert!(matches!(refused, Err(ObservationError::Probability(_))), "{probability}");
    }
    for exponent in [-1.0, f64::NAN, f64::INFINITY] {
        let refused = ObservationModel::PowerLaw { probability: 0.5, exponent }.draw((3, 3), key);
        assert!(matches!(refused, Err(ObservationError::Exponent(_))), "{exponent}");
    }
    let refused = ObservationModel::Uniform { count: 10 }.draw((3, 3), key);
    assert_eq!(refused, Err(ObservationError::Count { count: 10, nrows: 3, ncols: 3 }));
    assert_eq!(ObservationModel::Bernoulli { probability: 0.5 }.draw((0, 3), key), Ok(Vec::new()));
}
