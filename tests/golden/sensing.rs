//! The first entries of each measurement map, and one pass.

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    Corruption, DenseGaussian, LowRankTruth, MeasurementMap, OutlierLaw, PackedGaussian, RankOne, sign,
};

fn key() -> StreamKey {
    StreamKey::from_seed(42)
}

fn assert_pinned(values: &[f64], pins: &[f64]) {
    let agree = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * b.abs();
    assert!(values.len() == pins.len() && values.iter().zip(pins).all(agree), "{values:?}");
}

/// Normal numbers rounded to single precision: the last measurement of a few, so that its stream is pinned too.
#[test]
fn entries_of_maps() {
    let packed = PackedGaussian::draw(2, 3, key()).unwrap().matrix(2);
    assert_pinned(
        packed.as_slice(),
        &[-0.18318793177604675, 0.07224195450544357, 0.07224195450544357, 0.07305815815925598],
    );
    let dense = DenseGaussian::draw((2, 2), 3, key()).unwrap().matrix(2);
    assert_pinned(
        dense.as_slice(),
        &[-0.18318793177604675, 0.10216554999351501, 0.07305815815925598, 0.3780013620853424],
    );
    let rank_one = RankOne::draw((2, 1), 3, key()).unwrap().matrix(2);
    assert_pinned(rank_one.as_slice(), &[0.389100050986687, 0.7386379352261107]);
}

#[test]
fn truth_and_outliers() {
    let truth = LowRankTruth::psd(3, &[4.0, 1.0], key()).unwrap();
    assert_pinned(
        &truth.matrix().as_slice()[..3],
        &[1.3922393187606983, 1.130035615430544, 0.5178269059008119],
    );
    let corruption = Corruption { fraction: 0.4, law: OutlierLaw::Normal { deviation: 10.0 } };
    let y = corruption.added_to(&nalgebra::DVector::zeros(6), key()).unwrap();
    assert_pinned(y.as_slice(), &[0.0, 15.324848368147013, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_pass() {
    let map = PackedGaussian::draw(5, 700, key()).unwrap();
    let truth = LowRankTruth::psd(5, &[4.0, 1.0], key()).unwrap();
    let pass = map.fused(&DMatrix::identity(5, 5), &truth.measured_by(&map), &sign);
    assert_pinned(
        &pass.gradient.as_slice()[..3],
        &[0.13625564673449844, -0.08641029289457947, -0.19760664522847426],
    );
    assert_pinned(
        &[pass.mean_absolute(), pass.root_mean_square()],
        &[2.8554029642141288, 3.5781306946121583],
    );
}
