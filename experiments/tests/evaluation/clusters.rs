//! k-means.

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch_experiments::evaluation::{k_means, normalized_mutual_information};
use rand::RngExt;

/// 300 points about 6 centres, far apart.
fn clouds() -> (DMatrix<f32>, Vec<u32>) {
    let mut rng = StreamKey::from_seed(3).named("clouds").block(0);
    let clusters: Vec<u32> = (0..300).map(|i| i % 6).collect();
    let points = DMatrix::from_fn(5, 300, |j, i| {
        let centre = if j == i % 6 || j + 1 == i % 6 { 20.0 } else { 0.0 };
        centre + rng.random::<f32>()
    });
    (points, clusters)
}

#[test]
fn clouds_far_apart_are_found() {
    let (points, clusters) = clouds();
    let found = k_means(&points, 6, 10, StreamKey::from_seed(1));
    assert_eq!(normalized_mutual_information(&found, &clusters), 1.0);
}

#[test]
fn every_point_is_nearest_to_the_mean_of_its_cluster() {
    let (points, _) = clouds();
    let found = k_means(&points, 4, 3, StreamKey::from_seed(2));
    let mean = |cluster: u32| {
        let members: Vec<usize> = (0..300).filter(|&i| found[i] == cluster).collect();
        points.select_columns(&members).column_mean()
    };
    let means: Vec<_> = (0..4).map(mean).collect();
    for (i, point) in points.column_iter().enumerate() {
        let own = (point - &means[found[i] as usize]).norm();
        assert!(means.iter().all(|mean| own <= (point - mean).norm() + 1e-4), "point {i}");
    }
}

#[test]
fn points_that_coincide_are_no_trouble() {
    let same = DMatrix::from_element(2, 5, 1.0_f32);
    assert_eq!(k_means(&same, 3, 2, StreamKey::from_seed(1)), [0; 5]);
}

#[test]
fn same_key_same_clusters_on_any_number_of_threads() {
    let (points, _) = clouds();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| k_means(&points, 9, 8, StreamKey::from_seed(5)))
    };
    let one = on(1);
    assert!([2, 3, 8].into_iter().all(|threads| on(threads) == one));
}
