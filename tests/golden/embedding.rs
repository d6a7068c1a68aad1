//! The bits of rows of the random projection, and the vectors of a small graph in each mode.

use proofsketch::embedding::{Graph, Mode, Projection, RandomProjection, Settings, embed};
use proofsketch::random::StreamKey;

fn key() -> StreamKey {
    StreamKey::from_seed(42)
}

/// Places of the nonzeros, counted from 1 and signed.
fn nonzeros(row: &[f64]) -> Vec<i64> {
    let signed = row.iter().enumerate().filter(|(_, entry)| **entry != 0.0);
    signed.map(|(place, entry)| (place as i64 + 1) * entry.signum() as i64).collect()
}

/// Keys on both sides of a block boundary, the largest key that shares a stream, and hashes.
#[test]
fn rows_of_the_projection() {
    let rows = RandomProjection::new(Projection::VerySparse { sparsity: None }, 100, 40, key()).unwrap();
    let keys = [0, 255, 256, (1 << 63) - 1, 1 << 63, u64::MAX];
    assert!(keys.iter().all(|&key| rows.row(key).iter().all(|x| *x == 0.0 || x.abs() == 0.5)));
    let seen = keys.map(|key| nonzeros(&rows.row(key)));
    let expected: [&[i64]; 6] = [
        &[5, 10, -15, 16, 23, 26],
        &[-5, 12, 19, -24, 28, 34],
        &[15, -19, -21],
        &[-20, 23, 29, 31],
        &[3, -4, 11, -12],
        &[15, 30],
    ];
    assert_eq!(seen.each_ref().map(Vec::as_slice), expected);
    let rows = RandomProjection::new(Projection::Gaussian { orthogonal: false }, 100, 2, key()).unwrap();
    let expected = [0.006231014083136874, -1.3218055857446738];
    let row = rows.row(7);
    assert!(row.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs()), "{row:?}");
}

/// Two triangles joined by an edge, one edge heavy, and a node alone; the vector of node 2 in four dimensions. Powers of
/// degrees and norms come from the platform's mathematics, hence the last digits; GDS has β = 0.
#[test]
fn vectors_of_each_mode() {
    let edges = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)];
    let weights = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.5];
    let graph = Graph::undirected((100..107).collect(), &edges, Some(&weights)).unwrap();
    for (mode, expected) in [
        (Mode::Official, [0.118760146_f32, 1.4762458, 0.15712081, -1.5573274]),
        (Mode::Paper, [0.19301027, -0.37019846, 0.19301027, -6.853538]),
        (Mode::Gds, [0.51323557, 0.884291, -0.43503195, -0.7731077]),
        (Mode::RandNe, [-6262.4507, -9905.082, 3496.1514, -46294.34]),
    ] {
        let embedding = embed(&graph, &Settings::of(mode, 4), key()).unwrap();
        assert!(embedding.vectors.column(6).iter().all(|&x| x == 0.0) || mode == Mode::RandNe);
        let vector: Vec<f32> = embedding.vectors.column(2).iter().copied().collect();
        let tolerance = if mode == Mode::Gds { 0.0 } else { 2e-6 };
        let close = vector.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= tolerance * b.abs());
        assert!(close, "{mode:?}: {vector:?}");
    }
}
