//! Measurement maps: every fast product is the definition, and every map is a sketch.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::{
    Corruption, DenseGaussian, ExplicitMeasurements, Identity, LowRankTruth, MeasurementMap, OutlierLaw,
    PackedGaussian, RankOne, SketchMeasurements, VectorizedMap, sign, with_gaussian_noise,
};
use proofsketch::sketch::{Gaussian, Rademacher, SketchDistribution, Srht};

use crate::common::{seed, with_thread_counts};
use crate::sketch_suite::assert_laws;

/// Maps of each family by name: with few and many measurements, entries on both sides of a cache line, m that is not a
/// multiple of anything.
fn maps(key: StreamKey) -> Vec<(String, Box<dyn MeasurementMap>)> {
    let mut maps: Vec<(String, Box<dyn MeasurementMap>)> = Vec::new();
    for (d, m) in [(1, 1), (1, 7), (2, 3), (5, 131), (6, 130), (7, 4), (20, 333)] {
        let mut add = |name: &str, map: Box<dyn MeasurementMap>| maps.push((format!("{name} {d}, {m}"), map));
        add("packed", Box::new(PackedGaussian::draw(d, m, key).unwrap()));
        add("dense", Box::new(DenseGaussian::draw((d, d + 3), m, key).unwrap()));
        add("rank one", Box::new(RankOne::draw((d + 2, d), m, key).unwrap()));
        add("symmetric rank one", Box::new(RankOne::draw_symmetric(d, m, key).unwrap()));
        add("identity", Box::new(Identity::new((d, d + 1)).unwrap()));
        add("symmetric identity", Box::new(Identity::symmetric(d).unwrap()));
        let gaussian = Gaussian::new(m, d * (d + 2)).unwrap().sample(key);
        add("seeded", Box::new(SketchMeasurements::new((d, d + 2), gaussian).unwrap()));
        let signs = Rademacher::new(m, d * (d + 1) / 2).unwrap().sample(key);
        add("symmetric signs", Box::new(SketchMeasurements::symmetric(d, signs).unwrap()));
        let srht = Srht::new(m.min(d * d), d * d).unwrap().sample(key);
        add("srht", Box::new(SketchMeasurements::new((d, d), srht).unwrap()));
    }
    maps
}

fn matrix_for(map: &dyn MeasurementMap, key: StreamKey) -> DMatrix<f64> {
    normal_matrix(map.shape().0, map.shape().1, key.named("x"))
}

fn vector_for(map: &dyn MeasurementMap, key: StreamKey) -> DVector<f64> {
    normal_matrix(map.measurements(), 1, key.named("w")).column(0).into_owned()
}

#[test]
fn products_are_those_of_the_matrices() {
    for (name, map) in maps(seed().named("products")) {
        let (x, w) = (matrix_for(&*map, seed()), vector_for(&*map, seed()));
        let m = map.measurements();
        let matrices: Vec<_> = (0..m).map(|i| map.matrix(i)).collect();
        let scale: f64 = matrices.iter().map(DMatrix::norm).fold(0.0, f64::max);
        let image = DVector::from_iterator(m, matrices.iter().map(|a| a.dot(&x)));
        assert!((map.apply(&x) - image).amax() <= 1e-14 * scale * x.norm(), "{name}: 𝒜(X)");
        let mut mean = DMatrix::zeros(map.shape().0, map.shape().1);
        matrices.iter().zip(w.iter()).for_each(|(a, w)| mean += a * (*w / m as f64));
        assert!((map.adjoint(&w) - mean).norm() <= 1e-14 * scale * w.norm(), "{name}: (1/m) 𝒜*(w)");
    }
}

#[test]
fn the_adjoint_is_the_adjoint() {
    for (name, map) in maps(seed().named("adjoint")) {
        let (x, w) = (matrix_for(&*map, seed()), vector_for(&*map, seed()));
        let (left, right) = (map.apply(&x).dot(&w), map.adjoint(&w).dot(&x) * map.measurements() as f64);
        let scale = map.apply(&x).norm() * w.norm();
        assert!((left - right).abs() <= 1e-13 * scale, "{name}: {left} and {right}");
    }
}

#[test]
fn symmetric_maps_measure_and_return_symmetric_parts() {
    for (name, map) in maps(seed().named("symmetric")).into_iter().filter(|(_, map)| map.is_symmetric()) {
        let (x, w) = (matrix_for(&*map, seed()), vector_for(&*map, seed()));
        assert_eq!(map.matrix(0), map.matrix(0).transpose(), "{name}: A₀");
        assert_eq!(map.adjoint(&w), map.adjoint(&w).transpose(), "{name}: (1/m) 𝒜*(w)");
        let part = (&x + x.transpose()) * 0.5;
        let gap = (map.apply(&x) - map.apply(&part)).amax();
        assert!(gap <= 1e-13 * map.apply(&x).amax().max(x.norm()), "{name}: differs by {gap:e}");
    }
}

#[test]
fn one_pass_has_the_bits_of_two() {
    for (name, map) in maps(seed().named("fused")) {
        let (x, y) = (matrix_for(&*map, seed()), vector_for(&*map, seed()));
        for weight in [sign, |r: f64| r, |r: f64| r.clamp(-0.5, 0.5)] {
            let pass = map.fused(&x, &y, &weight);
            let residual = map.apply(&x) - &y;
            assert_eq!(pass.residual, residual, "{name}: residual");
            assert_eq!(pass.gradient, map.adjoint(&residual.map(weight)), "{name}: gradient");
            let m = residual.len() as f64;
            assert!((pass.mean_absolute() - residual.lp_norm(1) / m).abs() <= 1e-14 * residual.amax());
            assert!((pass.root_mean_square() - residual.norm() / m.sqrt()).abs() <= 1e-14 * residual.amax());
            assert_eq!(pass.largest(), residual.amax());
        }
    }
}

/// Storages below and above the size from which passes run in parallel.
#[test]
fn bits_do_not_depend_on_threads() {
    let key = seed().named("threads");
    let (small, packed) =
        (PackedGaussian::draw(20, 500, key).unwrap(), PackedGaussian::draw(40, 1501, key).unwrap());
    let (dense, rank_one) =
        (DenseGaussian::draw((30, 41), 777, key).unwrap(), RankOne::draw((30, 40), 900, key).unwrap());
    let maps: [&dyn MeasurementMap; 4] = [&small, &packed, &dense, &rank_one];
    for map in maps {
        let (x, y) = (matrix_for(map, key), vector_for(map, key));
        let answers = with_thread_counts(|| (map.fused(&x, &y, &sign), map.apply(&x), map.adjoint(&y)));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{map:?}");
    }
    let drawn = with_thread_counts(|| PackedGaussian::draw(40, 600, key).unwrap());
    assert!(drawn.iter().all(|map| *map == drawn[0]));
}

/// Stored numbers are the map: with y by the same map, the residual at the truth is 0 to the bit, and near it it is linear.
#[test]
fn single_precision_storage_is_no_approximation() {
    let key = seed().named("storage");
    let truth = LowRankTruth::psd(20, &[10.0, 5.0, 1.0], key).unwrap();
    let map = PackedGaussian::draw(20, 500, key).unwrap();
    let y = truth.measured_by(&map);
    assert_eq!(map.fused(truth.matrix(), &y, &sign).largest(), 0.0);
    assert_eq!(map.fused(truth.matrix(), &y, &sign).gradient, DMatrix::zeros(20, 20));
    let off = truth.matrix() * (1.0 + 1e-12);
    let pass = map.fused(&off, &y, &|r| r);
    let expected = map.adjoint(&y) * 1e-12;
    assert!((pass.gradient - &expected).norm() < 2e-3 * expected.norm());
}

#[test]
fn a_map_with_fewer_measurements_is_the_beginning_of_one_with_more() {
    let key = seed().named("nested");
    let packed = |m| PackedGaussian::draw(9, m, key).unwrap();
    let dense = |m| DenseGaussian::draw((4, 9), m, key).unwrap();
    for i in [0, 1, 99] {
        assert_eq!(packed(100).matrix(i), packed(777).matrix(i));
        assert_eq!(dense(100).matrix(i), dense(777).matrix(i));
    }
    assert_ne!(packed(100).matrix(0), packed(100).matrix(1));
}

/// Scaling X and y by a power of two scales residuals and linear gradients, and leaves the signs, to the bit.
#[test]
fn powers_of_two_scale_exactly() {
    let key = seed().named("scaling");
    let map = PackedGaussian::draw(12, 300, key).unwrap();
    let (x, y) = (matrix_for(&map, key), vector_for(&map, key));
    let (one, four) = (map.fused(&x, &y, &sign), map.fused(&(4.0 * &x), &(4.0 * &y), &sign));
    assert_eq!(one.gradient, four.gradient);
    assert_eq!(one.residual * 4.0, four.residual);
    let linear = |scale: f64| map.fused(&(scale * &x), &(scale * &y), &|r| r).gradient;
    assert_eq!(linear(1.0) * 0.25, linear(0.25));
}

#[test]
fn huge_residuals_stay_finite() {
    let key = seed().named("huge");
    let packed = PackedGaussian::draw(8, 200, key).unwrap();
    let identity = Identity::symmetric(8).unwrap();
    let maps: [&dyn MeasurementMap; 2] = [&packed, &identity];
    for map in maps {
        let x = matrix_for(map, key);
        let corruption = Corruption { fraction: 0.3, law: OutlierLaw::Fixed { magnitude: 1e300 } };
        let y = corruption.added_to(&map.apply(&x), key).unwrap();
        let pass = map.fused(&x, &y, &sign);
        assert!(pass.gradient.iter().all(|entry| entry.is_finite()));
        let hit = corruption.support(y.len(), key).unwrap().len() as f64 / y.len() as f64;
        assert!((pass.mean_absolute() / (hit * 1e300) - 1.0).abs() < 1e-12);
        assert!((pass.root_mean_square() / (hit.sqrt() * 1e300) - 1.0).abs() < 1e-12);
        let clean = map.fused(&x, &corruption_of(&map.apply(&x), corruption.fraction, 1e6, key), &sign);
        assert_eq!(pass.gradient, clean.gradient, "the sign sees no size");
        let largest = map.fused(&x, &DVector::from_element(y.len(), f64::MAX / 2.0), &sign);
        assert!(largest.mean_absolute().is_finite() && largest.root_mean_square().is_finite());
    }
}

fn corruption_of(y: &DVector<f64>, fraction: f64, magnitude: f64, key: StreamKey) -> DVector<f64> {
    Corruption { fraction, law: OutlierLaw::Fixed { magnitude } }.added_to(y, key).unwrap()
}

#[test]
fn the_sign_of_a_tie_is_zero() {
    assert_eq!([sign(3.0), sign(-1e-320), sign(0.0), sign(-0.0)], [1.0, -1.0, 0.0, 0.0]);
    assert!(sign(f64::NAN).is_nan());
}

#[test]
fn the_identity_is_the_identity() {
    for shape in [(1, 1), (4, 4), (3, 7)] {
        let map = Identity::new(shape).unwrap();
        let x = matrix_for(&map, seed());
        assert!((map.adjoint(&map.apply(&x)) - &x).amax() <= 4.0 * f64::EPSILON * x.amax(), "{shape:?}");
        let pass = map.fused(&x, &DVector::zeros(map.measurements()), &|r| r);
        assert!((pass.root_mean_square() - x.norm()).abs() <= 1e-15 * x.norm() * 8.0);
    }
    let symmetric = Identity::symmetric(5).unwrap();
    let x = matrix_for(&symmetric, seed());
    let part = (&x + x.transpose()) * 0.5;
    assert!((symmetric.adjoint(&symmetric.apply(&x)) - &part).amax() <= 4.0 * f64::EPSILON * x.amax());
}

/// A symmetric Gaussian map and a Gaussian sketch of svec(X) are of one law, and given matrices make the same map.
#[test]
fn the_same_map_by_other_ways() {
    let key = seed().named("ways");
    let packed = PackedGaussian::draw(6, 50, key).unwrap();
    let matrices: Vec<_> = (0..50).map(|i| packed.matrix(i)).collect();
    let explicit = ExplicitMeasurements::new(&matrices).unwrap();
    assert!(explicit.is_symmetric());
    let (x, w) = (matrix_for(&packed, key), vector_for(&packed, key));
    assert!((packed.apply(&x) - explicit.apply(&x)).amax() < 1e-13 * x.norm() * 10.0);
    assert!((packed.adjoint(&w) - explicit.adjoint(&w)).amax() < 1e-13 * w.norm());
    let sketch = SketchMeasurements::symmetric(6, VectorizedMap::new(&packed)).unwrap();
    assert!((packed.apply(&x) - sketch.apply(&x)).amax() < 1e-13 * x.norm() * 10.0);
    assert!((packed.matrix(3) - sketch.matrix(3)).amax() < 1e-14);
}

/// A family of maps as a distribution of sketches.
#[derive(Clone, Debug)]
struct Ensemble<M> {
    ncols: usize,
    draw: fn(StreamKey) -> M,
}

impl<M: MeasurementMap + Send + 'static> SketchDistribution for Ensemble<M> {
    type Operator = VectorizedMap<M>;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> VectorizedMap<M> {
        VectorizedMap::new((self.draw)(key))
    }
}

#[test]
fn maps_obey_the_laws_of_sketches() {
    let key = seed().named("sketch laws");
    assert_laws(&Ensemble { ncols: 1, draw: |key| PackedGaussian::draw(1, 9, key).unwrap() }, key);
    assert_laws(&Ensemble { ncols: 300, draw: |key| PackedGaussian::draw(24, 40, key).unwrap() }, key);
    assert_laws(&Ensemble { ncols: 272, draw: |key| DenseGaussian::draw((16, 17), 30, key).unwrap() }, key);
    assert_laws(&Ensemble { ncols: 90, draw: |key| RankOne::draw((9, 10), 20, key).unwrap() }, key);
    assert_laws(&Ensemble { ncols: 78, draw: |key| RankOne::draw_symmetric(12, 20, key).unwrap() }, key);
}

#[test]
fn truths_have_their_spectrum() {
    let key = seed().named("truth");
    let spectrum = [7.0, 7.0, 0.25];
    let truth = LowRankTruth::psd(9, &spectrum, key).unwrap();
    let (left, x) = (truth.left_basis(), truth.matrix());
    assert_eq!(*x, x.transpose());
    assert!((left.transpose() * left - DMatrix::identity(3, 3)).norm() < 1e-14);
    assert!((x * left - left * DMatrix::from_diagonal(truth.spectrum())).norm() < 1e-13);
    assert!((truth.operator_error(&DMatrix::zeros(9, 9)).unwrap() - 7.0).abs() < 1e-13);
    let other = LowRankTruth::rectangular((9, 5), &spectrum, key).unwrap();
    let error = other.frobenius_error(&DMatrix::zeros(9, 5));
    assert!((error - DVector::from_column_slice(&spectrum).norm()).abs() < 1e-13);
    assert!((other.operator_error(&DMatrix::zeros(9, 5)).unwrap() - 7.0).abs() < 1e-13);
    assert_ne!(other.left_basis().rows(0, 5).into_owned(), *other.right_basis());
}

#[test]
fn corruption_changes_nothing_but_what_it_says() {
    let key = seed().named("corruption");
    let y = normal_matrix(4000, 1, key).column(0).into_owned();
    let normal = |fraction, deviation| Corruption { fraction, law: OutlierLaw::Normal { deviation } };
    assert_eq!(normal(0.0, 10.0).added_to(&y, key).unwrap(), y);
    let (few, more) = (normal(0.1, 8.0), normal(0.4, 8.0));
    let (hit, hit_more) = (few.support(4000, key).unwrap(), more.support(4000, key).unwrap());
    assert!(hit.iter().all(|index| hit_more.contains(index)), "supports are nested in p");
    let (y_few, y_more) = (few.added_to(&y, key).unwrap(), more.added_to(&y, key).unwrap());
    for (index, (&before, &after)) in y.iter().zip(y_few.iter()).enumerate() {
        assert_eq!(before == after, hit.binary_search(&index).is_err());
        assert!(before == after || after == y_more[index], "the outliers of a smaller p are kept");
    }
    let zero = DVector::zeros(4000);
    let scaled = normal(0.1, 32.0).added_to(&zero, key).unwrap();
    assert_eq!(few.added_to(&zero, key).unwrap() * 4.0, scaled, "a larger law scales the same draws");
    for law in [OutlierLaw::Uniform { bound: 3.0 }, OutlierLaw::Fixed { magnitude: 3.0 }] {
        let outliers = Corruption { fraction: 1.0, law }.added_to(&zero, key).unwrap();
        assert!(outliers.amax() <= 3.0);
        let (mean, variance) = (outliers.mean(), outliers.variance());
        let expected = if matches!(law, OutlierLaw::Uniform { .. }) { 3.0 } else { 9.0 };
        // Six standard deviations of the mean and of the variance of 4000 draws.
        assert!(mean.abs() < 6.0 * (expected / 4000.0_f64).sqrt(), "{law:?}: mean {mean}");
        assert!((variance / expected - 1.0).abs() < 6.0 * (0.8 / 4000.0_f64).sqrt(), "{law:?}: {variance}");
    }
    let cauchy = Corruption { fraction: 1.0, law: OutlierLaw::Cauchy { scale: 2.0 } };
    let beyond = cauchy.added_to(&zero, key).unwrap().iter().filter(|value| value.abs() > 2.0).count();
    assert!((1800..2200).contains(&beyond), "half of |Cauchy| exceeds its scale: {beyond} of 4000");
    let noisy = with_gaussian_noise(&zero, 0.5, key).unwrap();
    assert_eq!(with_gaussian_noise(&zero, 2.0, key).unwrap(), noisy * 4.0);
}
